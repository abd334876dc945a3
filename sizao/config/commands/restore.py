"""`sizao restore FILE`: put a backup into an empty place, and say whether everything is there.

Nothing is ever overwritten: the home and, for PostgreSQL, the database must be empty. The key ring it was sealed with
must be at SIZAO_KEYRING. --check restores into a temporary place, compares, and leaves nothing behind.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from sizao.config.backup import copies
from sizao.config.backup.databases import Failed
from sizao.config.backup.sealing import Damaged


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sizao restore", description=__doc__)
    parser.add_argument("file", type=Path)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--home", type=Path, help="the new home (what SIZAO_HOME will name)")
    where.add_argument("--check", action="store_true", help="restore elsewhere, compare, and take it away again")
    parser.add_argument("--database", default="", metavar="ADDRESS", help="an empty PostgreSQL database")
    options = parser.parse_args(argv)
    try:
        if options.check:
            with tempfile.TemporaryDirectory(prefix="sizao-restore-") as name:
                return told(options.file, Path(name), options.database)
        return told(options.file, options.home, options.database)
    except (OSError, Failed, Damaged) as error:
        print(f"not restored: {error}", file=sys.stderr)
        return 1


def told(file: Path, home: Path, address: str) -> int:
    manifest, found = copies.restore(file, home=home, address=address)
    for difference in found:
        print(difference)
    rows = sum(manifest.counts.values())
    print(f"made {manifest.made_at} ({manifest.why})")
    print(f"{rows:,} rows of {len(manifest.counts)} tables, {manifest.n_files} files")
    print(f"chain of decisions: {manifest.head or 'empty'}")
    print("everything is there" if not found else f"{len(found)} differences")
    return 1 if found else 0
