"""The front-end files in the repository are the ones the manifest names, unchanged."""

import hashlib
import json
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "sizao/config/static/vendor"
PACKAGES = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))["packages"]
FILES = {file: sha256 for package in PACKAGES for file, sha256 in package["sha256"].items()}


@pytest.mark.parametrize("file", FILES)
def test_a_file_has_the_hash_of_the_manifest(file: str) -> None:
    assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == FILES[file]


def test_every_file_is_in_the_manifest() -> None:
    present = {path.name for path in VENDOR.iterdir()} - {"manifest.json"}
    assert present == set(FILES)


def test_versions_are_the_pinned_ones() -> None:
    pinned = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    versions = {package["name"]: package["version"] for package in PACKAGES}
    assert {name: versions[name] for name in pinned} == pinned
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    inside = {name.removeprefix("node_modules/"): lock["version"] for name, lock in locked.items() if name}
    assert {name: versions[name] for name in inside} == inside


def test_htmx_is_the_one_of_the_installed_django_htmx() -> None:
    shipped = distribution("django-htmx").locate_file("django_htmx/static/django_htmx/htmx-2.min.js")
    assert (VENDOR / "htmx.min.js").read_bytes() == Path(str(shipped)).read_bytes()


def test_every_script_comes_with_a_licence_text() -> None:
    for package in PACKAGES:
        assert f"{package['name']}.LICENSE.txt" in package["sha256"]


def test_nothing_names_the_place_it_was_downloaded_from() -> None:
    for name in ("package-lock.json", ".npmrc"):
        assert "http" not in (ROOT / name).read_text(encoding="utf-8")
