"""What must not be in the repository: machine paths, registry hosts, a second SQLite library, dead references."""

import re
import shutil
import subprocess

import pytest

from tests.house.sources import ROOT, files, name_of


def tracked() -> list[str]:
    """What git follows; without git, everything that is not obviously made here."""
    if shutil.which("git") and (ROOT / ".git").exists():
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.split("\0")
    made = {".venv", "var", "node_modules", "__pycache__"}
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(path) for path in paths if not made & set(path.parts)]


ENDINGS = (".py", ".md", ".toml", ".txt", ".in", ".json", ".yml", ".cfg", "Makefile", "run")
TEXTS = [name for name in tracked() if name.endswith(ENDINGS)]
#: Written in pieces, so that this file does not contain what it forbids.
FORBIDDEN = re.compile("|".join(["/wo" + "rk/", "/fa" + "rm/", "--index" + "-url[ =]*http", '"resol' + 'ved": *"http']))
SECOND_SQLITE = re.compile(r"adbc|apsw|ATTACH.*sqlite", re.IGNORECASE)


@pytest.mark.parametrize("name", TEXTS)
def test_no_path_of_a_machine_and_no_registry(name):
    path = ROOT / name
    if path.is_file():
        assert not FORBIDDEN.search(path.read_text(encoding="utf-8", errors="replace"))


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_one_sqlite_library_per_process(path):
    """A second one deletes the first one's write-ahead log and corrupts the file for good."""
    assert not SECOND_SQLITE.search(path.read_text(encoding="utf-8"))


def test_requirements_are_hashed_and_name_no_host():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "--hash=sha256:" in text
        assert "http" not in text
