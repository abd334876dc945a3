"""Every code block of the documentation runs, and every link and path it names exists."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
#: Lines that set up or serve the whole application are tried by `make run` itself.
NOT_HERE = ("make ", "sizao serve", "sizao demo", "sizao setup", "sizao worker")


def blocks(language):
    for page in PAGES:
        for number, match in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8")), 1):
            if match[1] == language:
                yield pytest.param(page, match[2], id=f"{page.relative_to(ROOT)}#{number}")


@pytest.mark.parametrize(("page", "code"), blocks("python"))
def test_python_blocks_run(page, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(code, str(page), "exec"), {"__name__": "__docs__"})


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """A fresh installation with an incident, as the how-to pages assume."""
    home = tmp_path_factory.mktemp("home")
    env = {**os.environ, "SIZAO_HOME": str(home), "SIZAO_DATABASE": ""}
    for command in (["setup"], ["demo", "--small"]):
        done = subprocess.run(
            [sys.executable, "-m", "sizao", *command], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    return env


def pages_with_consoles():
    """Each page with all its console blocks: they go on from one another."""
    found = {}
    for page, block in (param.values for param in blocks("console")):
        found.setdefault(page, []).append(block)
    return [pytest.param(told, id=str(page.relative_to(ROOT))) for page, told in found.items()]


@pytest.mark.slow
@pytest.mark.parametrize("told", pages_with_consoles())
def test_console_blocks_run(told, installation):
    for line in "\n".join(told).splitlines():
        if not line.startswith("$ ") or line.startswith(tuple(f"$ {start}" for start in NOT_HERE)):
            continue
        command = shlex.split(line[2:])
        assert command[0] == "sizao", "only `sizao …` and `make …` lines can be tried here"
        done = subprocess.run(
            [sys.executable, "-m", *command], env=installation, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    broken = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert broken == []
