"""`sizao visits`: keep who was where in a folder that any tool can read.

sizao visits add DIR FILE…            CSV or Parquet with person, place, room, start, end
sizao visits erase DIR --person ID    one person, out of every file
sizao visits retain DIR --since DAY   nothing that began before DAY
sizao visits compact DIR              late arrivals joined with their day
sizao visits show DIR                 what is kept, by day and source
"""

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path

from sizao import visits
from sizao.visits.store.manifest import Source
from sizao.visits.store.store import EPOCH


def main(argv: list[str]) -> int:
    options = parser().parse_args(argv)
    try:
        return int(options.act(options))
    except visits.VisitsError as refused:
        print(refused, file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    build = argparse.ArgumentParser(
        prog="sizao visits", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    acts = build.add_subparsers(required=True, metavar="add|erase|retain|compact|show")
    adding = acts.add_parser("add", help="add files; all of them or none")
    adding.add_argument("folder", type=Path, metavar="DIR")
    adding.add_argument("files", type=Path, nargs="+", metavar="FILE")
    adding.add_argument("--source", default="", help="whose visits these are, for example “ward moves, City Hospital”")
    adding.add_argument("--purpose", default="", help="what they may be used for")
    adding.add_argument("--legal-basis", default="", help="by what right they are kept")
    adding.add_argument("--max-stay-minutes", type=int, help="close a missing end (or start) by this stay, and mark it")
    adding.add_argument("--problems", type=Path, metavar="FILE.csv", help="write the rows to mend here")
    adding.set_defaults(act=add)
    erasing = acts.add_parser("erase", help="take one person out")
    erasing.add_argument("folder", type=Path, metavar="DIR")
    erasing.add_argument("--person", required=True, metavar="ID")
    erasing.set_defaults(act=erase)
    retaining = acts.add_parser("retain", help="drop days whose time is over")
    retaining.add_argument("folder", type=Path, metavar="DIR")
    retaining.add_argument("--since", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    retaining.set_defaults(act=retain)
    for name, act, said in (("compact", compact, "join late arrivals"), ("show", show, "list what is kept")):
        other = acts.add_parser(name, help=said)
        other.add_argument("folder", type=Path, metavar="DIR")
        other.set_defaults(act=act)
    return build


def add(options: argparse.Namespace) -> int:
    source = Source(options.source, options.purpose, options.legal_basis) if options.source else None
    stay = options.max_stay_minutes * 60 if options.max_stay_minutes else None
    added = visits.add(options.folder, options.files, source=source, max_stay_s=stay)
    print(f"{added.rows:,} visits added on {added.days:,} days; {added.joined:,} were the same stay as another")
    if added.problems.height:
        if options.problems:
            added.problems.write_csv(options.problems)
        print(f"{added.problems.height:,} rows could not be kept:", file=sys.stderr)
        for row in added.problems.head(10).iter_rows(named=True):
            print("  {file} row {row}, {column}: {found!r}. {problem}".format(**row), file=sys.stderr)
        return 1
    return 0


def erase(options: argparse.Namespace) -> int:
    erased = visits.erase(options.folder, options.person)
    print(f"{erased.rows:,} visits taken out; {erased.left:,} left in all files read anew")
    return 0 if erased.left == 0 else 1


def retain(options: argparse.Namespace) -> int:
    print(f"{visits.retain(options.folder, options.since):,} visits dropped")
    return 0


def compact(options: argparse.Namespace) -> int:
    print(f"{visits.compact(options.folder):,} days joined")
    return 0


def show(options: argparse.Namespace) -> int:
    store = visits.Store.existing(options.folder)
    for segment in store.segments():
        print(f"{EPOCH + timedelta(days=segment.day)}  {segment.rows:>13,}  {segment.source}".rstrip())
    for source in store.manifest.sources:
        purpose, basis = source.purpose or "purpose not stated", source.legal_basis or "no legal basis stated"
        print(f"{source.name}: {purpose}; {basis}")
    print(f"{store.rows:,} visits")
    return 0
