"""`sizao detect FILE.csv`: which series of a file are higher than expected, with any detector of the table.

The file has a day (`date`, or a number `t`), a count (`n`, `count` or `cases`), and any columns that name a series
(`--by`); optional `n_known` and `population`. Every option of the chosen detector can be given; `sizao detect
--method NAME --help` lists them. The answer has one row for each series and date asked.

`sizao detect FILE.csv --method scan --places PLACES.csv` looks for clusters in space and time.
`sizao detect evaluate` measures detectors on simulated outbreaks.
"""

import argparse
import inspect
import sys
import types
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import polars as pl

from sizao.config.commands import detect_evaluate, speaking
from sizao.epi.detection import DETECTORS, InputError, scan
from sizao.vocabulary.text import N_

DAYS, COUNTS = ("date", "t", "day"), ("n", "count", "cases")
#: Settings whose name this command already uses for something else.
OPTION_NAMES = {"method": "threshold_method"}
#: Given by this command itself, not taken from the detector's settings.
OWN = {"df", "cases", "places", "by", "freq", "until", "last", "exclude", "holidays"}


def main(argv: list[str]) -> int:
    if argv[:1] == ["evaluate"]:
        return detect_evaluate.main(argv[1:])
    method = chosen_method(argv)
    options = parser(method).parse_args(argv)
    try:
        answer = answer_of(method, options)
    except (InputError, ValueError, OSError, pl.exceptions.PolarsError) as fault:
        print(f"{options.file}: {fault}", file=sys.stderr)
        return 1
    if options.out:
        answer.write_csv(options.out)
        speaking.tell(N_("{file}: {n} rows", file=options.out, n=f"{answer.height:,}"))
    else:
        sys.stdout.write(answer.write_csv())
    return 0


def chosen_method(argv: Sequence[str]) -> str:
    """The detector named on the command line, needed before the others can be read."""
    first = argparse.ArgumentParser(add_help=False)
    first.add_argument("--method", choices=[*DETECTORS, "scan"], default="farrington")
    return str(first.parse_known_args(argv)[0].method)


def function_of(method: str) -> Callable[..., Any]:
    return scan if method == "scan" else DETECTORS[method].function


def parser(method: str) -> argparse.ArgumentParser:
    """The options all detectors share, and those of one."""
    build = argparse.ArgumentParser(
        prog="sizao detect", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    build.add_argument("file", type=Path, metavar="FILE.csv")
    build.add_argument("--method", choices=[*DETECTORS, "scan"], default="farrington")
    build.add_argument("--until", type=day, help="last date to test (default: the last in the file)")
    build.add_argument("--out", type=Path, metavar="FILE.csv", help="default: standard output")
    own = build.add_argument_group(f"options of {method}")
    if method == "scan":
        build.add_argument("--places", type=Path, metavar="PLACES.csv", help="place, lat, lon (or x_km, y_km)")
        build.add_argument("--members", type=Path, metavar="FILE.csv", help="write the places of each cluster here")
    else:
        build.add_argument("--by", type=names, default=[], metavar="A,B", help="columns that name a series")
        build.add_argument("--freq", choices=["day", "week", "month"], default="week")
        build.add_argument("--last", type=number_or_all, default=None, metavar="N|all", help="newest dates to test")
        own.add_argument("--exclude", type=date_range, action="append", default=[], metavar="FROM:TO")
    for name, setting in inspect.signature(function_of(method)).parameters.items():
        if name == "holidays":
            own.add_argument("--holidays", type=days, default=[], metavar="DATE,DATE")
        elif name not in OWN:
            add_option(own, name, setting.default, get_type_hints(function_of(method))[name])
    return build


def add_option(group: Any, name: str, default: Any, hint: Any) -> None:
    """One setting of a detector as an option, read as its type says."""
    flag, required = "--" + OPTION_NAMES.get(name, name).replace("_", "-"), default is inspect.Parameter.empty
    said = {"required": True} if required else {"default": default}
    shown = "" if required else f"default {default}"
    if hint is bool:
        group.add_argument(flag, action=argparse.BooleanOptionalAction, default=default, help=shown)
    elif name == "min_cases":
        group.add_argument(flag, type=pair_or_none, metavar="CASES,PERIODS|none", help=shown, **said)
    elif get_origin(hint) is Literal:
        group.add_argument(flag, choices=get_args(hint), help=shown, **said)
    else:
        group.add_argument(flag, type=reader(hint), help=shown, **said)


def reader(hint: Any) -> Callable[[str], Any]:
    """How the text of an option becomes the value of a setting."""
    parts = set(get_args(hint)) if get_origin(hint) in (Union, types.UnionType) else {hint}
    sequences = [part for part in parts if get_origin(part) is Sequence]
    if sequences:
        inner = get_args(sequences[0])[0]
        return lambda text: tuple(inner(item) for item in text.split(","))

    def read(text: str) -> Any:
        if text == "none" and type(None) in parts:
            return None
        if date in parts:
            return day(text)
        for kind in (int, float):
            if kind in parts:
                try:
                    return kind(text)
                except ValueError:
                    continue
        if str in parts or any(get_origin(part) is Literal for part in parts):
            return text
        raise argparse.ArgumentTypeError(f"{text!r} is not understood")

    return read


def answer_of(method: str, options: argparse.Namespace) -> pl.DataFrame:
    """Run the method on the file."""
    settings = {
        name: getattr(options, OPTION_NAMES.get(name, name))
        for name in inspect.signature(function_of(method)).parameters
        if name not in {"df", "cases", "places", "until"}
    }
    if method == "scan":
        cases = renamed(read(options.file))
        places = read(options.places) if options.places else None
        found = scan(cases, places, until=options.until or cases["date"].max(), **settings)
        if options.members:
            found.members.write_csv(options.members)
        return found.clusters
    df = renamed(read(options.file))
    until = options.until if options.until is not None else df["date"].max()
    answer = DETECTORS[method].function(df, until=until, **settings)
    assert isinstance(answer, pl.DataFrame)
    return answer


def read(path: Path) -> pl.DataFrame:
    """A CSV file; names such as 00123 stay text only where the file quotes them."""
    return pl.read_csv(path, try_parse_dates=True, infer_schema_length=None)


def renamed(frame: pl.DataFrame) -> pl.DataFrame:
    """The day as `date` and the count as `n`, under whichever of the known names they come."""
    for wanted, known in (("date", DAYS), ("n", COUNTS)):
        found = [name for name in known if name in frame.columns and frame[name].null_count() < frame.height]
        if found and found[0] != wanted:
            frame = frame.drop(wanted, strict=False).rename({found[0]: wanted})
    return frame


def names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def day(text: str) -> date | int:
    """A date (2024-03-31), or the number of a period in an undated file."""
    return int(text) if text.lstrip("-").isdigit() else date.fromisoformat(text)


def days(text: str) -> list[date]:
    return [date.fromisoformat(item) for item in text.split(",")]


def date_range(text: str) -> tuple[date | int, date | int]:
    first, _, last = text.partition(":")
    return day(first), day(last)


def number_or_all(text: str) -> int | None:
    return None if text == "all" else int(text)


def pair_or_none(text: str) -> tuple[int, int] | None:
    if text == "none":
        return None
    cases, periods = (int(item) for item in text.replace(" ", ",").split(","))
    return cases, periods
