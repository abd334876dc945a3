"""The source files of the house, parsed once."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sizao"


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def files(*folders: str) -> list[Path]:
    found = [path for folder in folders or ("",) for path in (PACKAGE / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def is_action_file(path: Path) -> bool:
    return path.name == "actions.py" or "actions" in path.parts


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
