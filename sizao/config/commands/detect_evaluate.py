"""`sizao detect evaluate`: detectors on the 42 simulated scenarios of Noufaily et al. (2013).

Prints false-positive rate, probability of detection (in any week, in the first) and delay, averaged over
scenarios and outbreak sizes; `--out` writes every scenario and size, `--picture` draws them.
"""

import argparse
from functools import partial
from pathlib import Path

import polars as pl

from sizao.epi.detection import DETECTORS
from sizao.epi.detection.evaluation.measures import SETTINGS, Ready, by_scenario, evaluate, wins
from sizao.epi.detection.evaluation.picture import picture


def main(argv: list[str]) -> int:
    options = parser().parse_args(argv)
    table = evaluate(
        {name: ready(name) for name in options.detectors},
        scenarios=options.scenarios,
        replicates=options.replicates,
        sizes=options.sizes,
        past_size=options.past_size,
        seed=options.seed,
        equal_to=options.equal_to,
    )
    means = by_scenario(table)
    for row in means.group_by("detector", maintain_order=True).mean().iter_rows(named=True):
        delay = "–" if row["delay_weeks"] is None else f"{row['delay_weeks']:.2f} weeks"
        print(
            f"{row['detector']}: false positives {row['fpr']:.2%}, detected {row['pod']:.1%}, "
            f"in the first week {row['pod_week_1']:.1%}, delay {delay}"
        )
    for name in options.detectors:
        if options.equal_to and name != options.equal_to:
            won, of = wins(table, name, options.equal_to)
            print(f"{name} detects more than {options.equal_to} in {won} of {of} scenarios at the same false positives")
    write(table, options)
    return 0


def write(table: pl.DataFrame, options: argparse.Namespace) -> None:
    """The table and the picture, where asked."""
    if options.out:
        table.write_csv(options.out)
    if options.picture:
        svg = picture(table, across="Outbreak size (standard deviations)", up="Detected")
        options.picture.write_text(svg, encoding="utf-8")


def ready(name: str) -> Ready:
    """A detector with its own settings; the five-cases rule is left out, as in the published design."""
    limits = {"min_cases": None} if name in ("farrington", "recent_sums") else {}
    return partial(DETECTORS[name].function, **SETTINGS, **limits)


def parser() -> argparse.ArgumentParser:
    build = argparse.ArgumentParser(prog="sizao detect evaluate", description=__doc__)
    weekly = [name for name, detector in DETECTORS.items() if "week" in detector.freqs]
    build.add_argument("--detectors", nargs="+", choices=weekly, default=["farrington", "recent_sums"])
    build.add_argument("--scenarios", nargs="+", type=int, default=list(range(1, 43)), metavar="1…42")
    build.add_argument("--replicates", type=int, default=20, help="series per scenario and size (published: 100)")
    build.add_argument("--sizes", nargs="+", type=float, default=[2, 5, 8], metavar="K")
    build.add_argument("--past-size", type=float, default=5.0, help="size of the four past outbreaks")
    build.add_argument("--equal-to", metavar="DETECTOR", help="give all the false positives of this one")
    build.add_argument("--seed", type=int, default=1)
    build.add_argument("--out", type=Path, metavar="FILE.csv")
    build.add_argument("--picture", type=Path, metavar="FILE.svg")
    return build
