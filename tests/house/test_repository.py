"""What must not be in the repository: machine paths, registry hosts, a second SQLite library, dead references."""

import re
import subprocess

import pytest

from tests.house.sources import ROOT, files, name_of

TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
TEXTS = [
    name
    for name in TRACKED
    if name.endswith((".py", ".md", ".toml", ".txt", ".in", ".json", ".yml", ".cfg", "Makefile", "run"))
]
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
