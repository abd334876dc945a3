"""Compiled code is kept beside the package; a change in one file does not renew the callers in another."""

from pathlib import Path

import sizao.epi.detection

PACKAGE = Path(sizao.epi.detection.__file__).parent


def pytest_configure() -> None:
    """Throw compiled code away that is older than any source file that is compiled."""
    sources = [path for path in PACKAGE.rglob("*.py") if "compiled" in path.read_text(encoding="utf-8")]
    newest = max(path.stat().st_mtime for path in sources)
    for compiled in (*PACKAGE.rglob("*.nbi"), *PACKAGE.rglob("*.nbc")):
        if compiled.stat().st_mtime < newest:
            compiled.unlink(missing_ok=True)
