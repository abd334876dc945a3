"""`sizao trace`: questions over kept visits, answered by any engine with the same rows.

    sizao trace contacts  --visits DIR --cases FILE --env-minutes 30 --out FILE
    sizao trace secondary --visits DIR --cases FILE --until MOMENT [--managed FILE] --out FILE
    sizao trace place     --visits DIR --place ID --from MOMENT --to MOMENT
    sizao trace where     --visits DIR --person ID … --from MOMENT --to MOMENT
    sizao trace sources   --visits DIR --cases FILE --incubation 5.5,2.4 --window 1,14

Cases: person, infectious_from, infectious_to (for sources: person, onset). Moments are UTC seconds since 1970 or
like 2021-01-05T14:30. Files are CSV, or Parquet by their name.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from sizao import visits
from sizao.visits.store.reading import seconds
from sizao.vocabulary.text import N_


def main(argv: list[str]) -> int:
    options = parser().parse_args(argv)
    try:
        write(options.act(options), options.out)
    except visits.VisitsError as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    build = argparse.ArgumentParser(
        prog="sizao trace", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    questions = build.add_subparsers(required=True, metavar="contacts|secondary|place|where|sources")

    def question(name: str, act: object, said: str) -> argparse.ArgumentParser:
        one = questions.add_parser(name, help=said)
        one.add_argument("--visits", type=Path, required=True, metavar="DIR")
        one.add_argument("--engine", choices=list(visits.ENGINES), default="fast")
        one.add_argument("--out", type=Path, metavar="FILE", help="default: standard output, as CSV")
        one.set_defaults(act=act)
        return one

    met = question("contacts", contacts, "who met these cases")
    ring = question("secondary", secondary, "who met their contacts")
    for one in (met, ring):
        one.add_argument("--cases", type=Path, required=True, metavar="FILE")
        one.add_argument("--env-minutes", type=float, default=30, help="air counts this long after the case has left")
    ring.add_argument("--until", type=moment, required=True, help="contacts not yet managed count until then")
    ring.add_argument("--managed", type=Path, metavar="FILE", help="person, managed_at")
    there = question("place", place, "who was at a place")
    there.add_argument("--place", required=True, metavar="ID")
    there.add_argument("--room", metavar="ID")
    whereabouts = question("where", where, "where persons were")
    whereabouts.add_argument("--person", required=True, nargs="+", metavar="ID")
    for one in (there, whereabouts):
        one.add_argument("--from", type=moment, required=True, dest="since")
        one.add_argument("--to", type=moment, required=True, dest="until")
    common = question("sources", sources, "which places cases have in common before onset")
    common.add_argument("--cases", type=Path, required=True, metavar="FILE")
    common.add_argument("--incubation", type=two(float), default=(5.5, 2.4), metavar="MEAN,SD", help="days")
    common.add_argument("--window", type=two(int), default=(1, 14), metavar="SHORTEST,LONGEST", help="days")
    return build


def contacts(options: argparse.Namespace) -> pl.DataFrame:
    asked = read(options.cases, "infectious_from", "infectious_to")
    return visits.contacts(options.visits, asked, env_minutes=options.env_minutes, engine=options.engine)


def secondary(options: argparse.Namespace) -> pl.DataFrame:
    return visits.secondary(
        options.visits,
        read(options.cases, "infectious_from", "infectious_to"),
        until=options.until,
        managed=read(options.managed, "managed_at") if options.managed else None,
        env_minutes=options.env_minutes,
        engine=options.engine,
    )


def place(options: argparse.Namespace) -> pl.DataFrame:
    return visits.place(
        options.visits,
        options.place,
        room=options.room,
        since=options.since,
        until=options.until,
        engine=options.engine,
    )


def where(options: argparse.Namespace) -> pl.DataFrame:
    return visits.where(options.visits, options.person, since=options.since, until=options.until, engine=options.engine)


def sources(options: argparse.Namespace) -> pl.DataFrame:
    return visits.sources(
        options.visits,
        read(options.cases, "onset").rename({"onset": "onset_s"}),
        incubation=options.incubation,
        window=options.window,
        engine=options.engine,
    )


def read(path: Path, *moments: str) -> pl.DataFrame:
    """The columns `person` and these moments (UTC seconds); `VisitsError` names the row that cannot be read."""
    try:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
        frame = frame.select("person", *moments)
    except (OSError, pl.exceptions.PolarsError) as fault:
        reason = str(fault).splitlines()[0]
        raise visits.VisitsError(N_("{file} cannot be read: {reason}", file=str(path), reason=reason)) from fault
    told = frame.with_columns(seconds(frame, name) for name in moments)
    for name in moments:
        if told[name].null_count():
            row = told[name].is_null().arg_max() or 0
            raise visits.VisitsError(
                N_(
                    "{file} row {row}, {column}: {found} is no moment. Write seconds since 1970 or 2021-01-05T14:30.",
                    file=str(path),
                    row=row + 2,
                    column=name,
                    found=repr(frame[name][row]),
                )
            )
    return told


def write(answer: pl.DataFrame, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(answer.write_csv())
    elif out.suffix == ".parquet":
        answer.write_parquet(out)
    else:
        answer.write_csv(out)
    if out:
        print(f"{out}: {answer.height:,} rows")


def moment(text: str) -> int:
    told = pl.DataFrame({"at": [text]}).select(seconds(pl.DataFrame({"at": [text]}), "at")).item()
    if told is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment; write seconds since 1970 or 2021-01-05T14:30")
    return int(told)


def two(kind: type) -> object:
    def read_two(text: str) -> Sequence[object]:
        parts = [kind(part) for part in text.split(",")]
        if len(parts) != 2:
            raise argparse.ArgumentTypeError("two numbers with a comma are needed")
        return tuple(parts)

    return read_two
