"""`sizao backup`: an encrypted copy of the database, the delivered files and the chain's heads.

It is sealed with a key of the key ring; keep the ring apart from the backups, and a copy of it.
"""

import argparse
import sys
from pathlib import Path

from sizao.config.backup import copies
from sizao.config.backup.databases import Failed
from sizao.ops.governance.clock import now


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sizao backup", description=__doc__)
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="default: SIZAO_BACKUPS, else backups/ in the home")
    parser.add_argument("--keep", type=int, metavar="N", help="afterwards take away all but the N newest")
    options = parser.parse_args(argv)
    try:
        path, manifest = copies.make(at=now(), why="asked", out=options.out)
    except (OSError, Failed) as error:
        print(f"no backup was made: {error}", file=sys.stderr)
        return 1
    rows, size = sum(manifest.counts.values()), path.stat().st_size
    print(f"{path}: {rows:,} rows of {len(manifest.counts)} tables, {manifest.n_files} files, {size:,} bytes")
    print(f"chain of decisions: {manifest.head or 'empty'}")
    if options.keep:
        print(f"{len(copies.thin_out(options.out, options.keep))} older ones taken away")
    return 0
