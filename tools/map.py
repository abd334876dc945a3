"""Writes docs/map.md: every package of the house with its one-line sign, as the code says it.

python tools/map.py          write the page
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "map.md"
HEAD = """# The map of the house

Generated from the first line of each package's docstring by `tools/map.py`. Floors, top first:
`drill > config > ops > protocols | exchange | visits > epi > vocabulary`. A room looks down and never up.

| package | what lives there |
|---|---|
"""


def packages() -> list[Path]:
    return sorted(path.parent for path in (ROOT / "sizao").rglob("__init__.py") if "migrations" not in path.parts)


def sign(package: Path) -> str:
    """The first line of a package's docstring."""
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    return text.splitlines()[0] if text else ""


def page() -> str:
    rows = (f"| `{'.'.join(path.relative_to(ROOT).parts)}` | {sign(path)} |" for path in packages())
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
