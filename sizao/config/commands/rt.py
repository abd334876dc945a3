"""`sizao rt FILE.csv`: how many people each case infects, day by day (Cori et al. 2013), for every series of a file.

The file has a day (`date`, or a number `t`), a count (`n`, `count`, `cases` or `incidence`), and any columns that name
a series (`--by`). The answer has a row for each row of the file.
"""

import argparse
import sys
from pathlib import Path

import polars as pl

from sizao.config.commands import speaking
from sizao.epi.reproduction import QUANTILES, cori
from sizao.vocabulary.text import N_

DAYS, COUNTS = ("date", "t", "day"), ("n", "count", "cases", "incidence")


class Unusable(Exception):
    """The file cannot be used; the message says what is missing."""


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    try:
        answer = cori(
            _series(options), si=_serial_interval(options), window=options.window,
            prior=(options.prior_mean, options.prior_sd), quantiles=options.quantiles, by=options.by,
        )  # fmt: skip
    except (Unusable, ValueError, OSError, pl.exceptions.PolarsError) as fault:
        print(f"{options.file}: {fault}", file=sys.stderr)
        return 1
    if options.out:
        answer.write_csv(options.out)
        speaking.tell(N_("{file}: {n} rows", file=options.out, n=f"{answer.height:,}"))
    else:
        sys.stdout.write(answer.write_csv())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sizao rt", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--mean-si", type=float, help="mean of the serial interval, days")
    parser.add_argument("--sd-si", type=float, help="its standard deviation, days")
    parser.add_argument("--si-distr", type=Path, metavar="FILE", help="instead: a CSV whose column `w` has its weights")
    parser.add_argument("--by", type=_names, default=[], metavar="A,B", help="columns that name a series")
    parser.add_argument("--window", type=int, default=7, help="days that R is taken as constant (default 7)")
    parser.add_argument("--prior-mean", type=float, default=5.0)
    parser.add_argument("--prior-sd", type=float, default=5.0)
    parser.add_argument("--quantiles", type=_numbers, default=list(QUANTILES), metavar="P,P")
    parser.add_argument("--out", type=Path, metavar="FILE.csv", help="default: standard output")
    return parser


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]


def _series(options: argparse.Namespace) -> pl.DataFrame:
    frame = pl.read_csv(options.file, try_parse_dates=True)
    day, count = _first(frame, DAYS, "a day"), _first(frame, COUNTS, "a count")
    missing = [name for name in options.by if name not in frame.columns]
    if missing:
        raise Unusable(f"there is no column {missing[0]!r}; there are {', '.join(frame.columns)}")
    extra = ["n_imported"] if "n_imported" in frame.columns else []
    return frame.select(*options.by, *extra, pl.col(day).alias("date"), pl.col(count).alias("n"))


def _first(frame: pl.DataFrame, names: tuple[str, ...], what: str) -> str:
    """The first of these columns that has something in it."""
    found = [name for name in names if name in frame.columns and frame[name].null_count() < frame.height]
    if not found:
        raise Unusable(
            f"no column for {what}: one of {', '.join(names)} is needed; there are {', '.join(frame.columns)}"
        )
    return found[0]


def _serial_interval(options: argparse.Namespace):
    if options.si_distr:
        return pl.read_csv(options.si_distr)["w"].to_list()
    if options.mean_si is None or options.sd_si is None:
        raise Unusable("say the serial interval: --mean-si and --sd-si, or --si-distr FILE")
    return options.mean_si, options.sd_si
