"""Copies front-end files into sizao/config/static/vendor and writes their manifest.

Run `python tools/assets.py` after changing a version in package.json or django-htmx. Node is needed here
only: the copies are committed, so neither users nor CI need it.
"""

import hashlib
import json
import re
import shutil
import subprocess
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "sizao/config/static/vendor"

#: npm package: its SPDX licence and the files taken, as {name in vendor: path in the package}.
NPM = {
    "echarts": (
        "Apache-2.0",
        {
            "echarts.min.js": "dist/echarts.min.js",
            "echarts.LICENSE.txt": "LICENSE",
            "echarts.NOTICE.txt": "NOTICE",
            "d3.LICENSE.txt": "licenses/LICENSE-d3",  # parts of d3 live inside echarts
        },
    ),
    # Both are compiled into echarts.min.js, so only their licences are copied.
    "zrender": ("BSD-3-Clause", {"zrender.LICENSE.txt": "LICENSE"}),
    "tslib": ("0BSD", {"tslib.LICENSE.txt": "LICENSE.txt"}),
}

# django-htmx ships the script without its licence text.
HTMX_LICENCE = """Zero-Clause BSD
=============

Permission to use, copy, modify, and/or distribute this software for
any purpose with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED “AS IS” AND THE AUTHOR DISCLAIMS ALL
WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES
OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE
FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY
DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN
AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT
OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
"""


def main() -> None:
    subprocess.run(["npm", "ci"], cwd=ROOT, check=True)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    packages = [copy_npm(name, licence, files) for name, (licence, files) in NPM.items()]
    packages.append(copy_htmx())
    text = json.dumps({"packages": packages}, indent=2) + "\n"
    (VENDOR / "manifest.json").write_text(text, encoding="utf-8")


def copy_npm(name: str, licence: str, files: dict[str, str]) -> dict[str, object]:
    """Copy the files of one npm package, refusing a licence that is not the one we read."""
    package = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
    if package["license"] != licence:
        raise SystemExit(f"{name} {package['version']}: licence is now {package['license']}, not {licence}")
    for target, source in files.items():
        shutil.copyfile(MODULES / name / source, VENDOR / target)
    return entry(name, package["version"], licence, f"npm {name}", list(files))


def copy_htmx() -> dict[str, object]:
    """Copy htmx 2 out of the installed django-htmx, so the script and the package always agree."""
    package = distribution("django-htmx")
    source = Path(str(package.locate_file("django_htmx/static/django_htmx/htmx-2.min.js")))
    shutil.copyfile(source, VENDOR / "htmx.min.js")
    (VENDOR / "htmx.LICENSE.txt").write_text(HTMX_LICENCE, encoding="utf-8")
    version = re.search(r'version:"([0-9.]+)"', source.read_text(encoding="utf-8"))
    if version is None:
        raise SystemExit(f"{source}: no version in it")
    origin = f"PyPI django-htmx {package.version}"
    return entry("htmx", version[1], "0BSD", origin, ["htmx.min.js", "htmx.LICENSE.txt"])


def entry(name: str, version: str, licence: str, origin: str, files: list[str]) -> dict[str, object]:
    hashes = {file: hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() for file in sorted(files)}
    return {"name": name, "version": version, "licence": licence, "origin": origin, "sha256": hashes}


if __name__ == "__main__":
    main()
