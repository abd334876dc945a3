"""`sizao check`: whether this installation is put together right; `--production`: whether real people may be in it."""

import argparse

from django.core.management import call_command
from django.core.management.base import SystemCheckError


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sizao check", description=__doc__)
    parser.add_argument("--production", action="store_true", help="refuse what no production may have")
    options = parser.parse_args(argv)
    try:
        call_command("check", deploy=options.production, fail_level="WARNING", databases=["default"])
    except SystemCheckError as wrong:
        print(wrong)
        return 1
    return 0
