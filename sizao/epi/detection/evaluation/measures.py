"""False alarms, outbreaks found, and how soon: every detector on the same simulated outbreaks.

Measures: false-positive rate (alarms per series-week without a current outbreak); probability of detection
(an alarm between the first and the last week with a case); the same in the first week; delay of the first
alarm among detected outbreaks, and with a missed outbreak counted as its duration plus one week.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.evaluation.scenarios import EVALUATED, WEEKS, outbreak_weeks, simulate
from sizao.epi.detection.grid import Flags, Floats

#: A detector ready to run: it takes a frame of `series, date, n` and gives verdicts of the evaluated weeks.
Ready = Callable[[pl.DataFrame], pl.DataFrame]
N_WEEKS = EVALUATED[1] - EVALUATED[0]
SETTINGS = {"by": "series", "freq": "week", "until": WEEKS, "last": N_WEEKS}


@dataclass(frozen=True)
class Verdicts:
    """Alarms of the evaluated weeks, and how strongly each week speaks for an outbreak (series by week)."""

    alarm: Flags
    evidence: Floats


def evaluate(
    detectors: Mapping[str, Ready],
    *,
    scenarios: Iterable[int],
    replicates: int,
    sizes: Sequence[float],
    seed: int,
    past_size: float = 5.0,
    equal_to: str | None = None,
) -> pl.DataFrame:
    """One row per detector, scenario and outbreak size.

    With `equal_to`, every other detector rings where its evidence is above the level that gives it the false
    alarms of that detector in the same scenario: only so are probabilities of detection comparable.
    """
    rows = []
    for scenario in scenarios:
        rng = np.random.default_rng([seed, scenario])
        quiet = simulate(scenario, replicates=replicates, past_size=past_size, size=0.0, rng=rng)
        silent = {name: run(detector, quiet.counts) for name, detector in detectors.items()}
        levels = {name: level_like(silent, name, equal_to) for name in detectors}
        outbreaks = [
            simulate(scenario, replicates=replicates, past_size=past_size, size=size, rng=rng) for size in sizes
        ]
        for name, detector in detectors.items():
            fpr = float(rings(silent[name], levels[name]).mean())
            for size, simulated in zip(sizes, outbreaks, strict=True):
                alarms = rings(run(detector, simulated.counts), levels[name])
                found = detection(alarms, outbreak_weeks(simulated.outbreak) - EVALUATED[0])
                rows.append({"detector": name, "scenario": scenario, "size": float(size), "fpr": fpr} | found)
    return pl.DataFrame(rows)


def run(detector: Ready, counts: Ints) -> Verdicts:
    """A detector's verdicts on replicates (series by week)."""
    n, weeks = counts.shape
    frame = pl.DataFrame(
        {
            "series": np.repeat(np.arange(n), weeks),
            "date": np.tile(np.arange(1, weeks + 1), n),
            "n": counts.ravel(),
        }
    )
    answer = detector(frame)
    p = answer["p_value"].fill_null(float("nan")).to_numpy().reshape(n, -1)
    score = answer["score"].fill_null(float("-inf")).to_numpy().reshape(n, -1)
    evidence = score if np.isnan(p).all() else -np.where(np.isnan(p), np.inf, p)
    evidence = np.where(answer["n"].to_numpy().reshape(n, -1) > 0, evidence, -np.inf)
    return Verdicts(answer["alarm"].to_numpy().reshape(n, -1), evidence)


def level_like(silent: Mapping[str, Verdicts], name: str, equal_to: str | None) -> float | None:
    """The evidence above which a detector rings as often as another without outbreaks; None: its own alarms."""
    if equal_to is None or name == equal_to:
        return None
    evidence = np.sort(silent[name].evidence, axis=None)
    allowed = int(silent[equal_to].alarm.sum())
    return float(evidence[len(evidence) - 1 - allowed])


def rings(verdicts: Verdicts, level: float | None) -> Flags:
    return verdicts.alarm if level is None else verdicts.evidence > level


def detection(alarms: Flags, weeks: Ints) -> dict[str, float]:
    """The measures of one outbreak per series; `weeks` are its first and last week with a case."""
    inside = np.arange(alarms.shape[1])[None, :]
    during = alarms & (inside >= weeks[:, :1]) & (inside <= weeks[:, 1:])
    found = during.any(1)
    delay = during.argmax(1) - weeks[:, 0]
    duration = weeks[:, 1] - weeks[:, 0] + 1
    return {
        "n": len(alarms),
        "pod": float(found.mean()),
        "pod_week_1": float((found & (delay == 0)).mean()),
        "delay_weeks": float(delay[found].mean()) if found.any() else float("nan"),
        "delay_or_missed": float(np.where(found, delay, duration + 1).mean()),
    }


def by_scenario(table: pl.DataFrame) -> pl.DataFrame:
    """Averages over outbreak sizes, with alarms per 1,000 series-weeks."""
    return table.group_by("detector", "scenario", maintain_order=True).agg(
        pl.col("fpr").first(),
        (pl.col("fpr").first() * 1000).alias("alarms_per_1000"),
        pl.col("pod", "pod_week_1").mean(),
        pl.col("delay_weeks").fill_nan(None).mean(),
        pl.col("delay_or_missed").mean(),
    )


def wins(table: pl.DataFrame, detector: str, over: str) -> tuple[int, int]:
    """In how many scenarios the mean probability of detection is higher; the number of scenarios."""
    means = by_scenario(table).pivot(on="detector", index="scenario", values="pod")
    return int((means[detector] > means[over]).sum()), means.height


def on_labelled(verdicts: pl.DataFrame, labels: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """The same measures on real series whose outbreak periods are known.

    `labels` has the columns of `by`, `date` and `outbreak` (true or false). One row per series: periods,
    false-positive rate, outbreaks (runs of labelled periods), found, and mean delay in periods.
    """
    joined = verdicts.join(labels.select(*by, "date", "outbreak"), on=[*by, "date"], how="inner").sort(*by, "date")
    run_number = (pl.col("outbreak") & ~pl.col("outbreak").shift(1, fill_value=False)).cum_sum().over(by)
    joined = joined.with_columns(run=run_number, step=pl.int_range(pl.len()).over(by))
    runs = (
        joined.filter("outbreak")
        .group_by(*by, "run", maintain_order=True)
        .agg(
            found=pl.col("alarm").any(),
            delay=pl.col("step").filter("alarm").min() - pl.col("step").min(),
        )
        .group_by(*by, maintain_order=True)
        .agg(outbreaks=pl.len(), found=pl.col("found").sum(), delay=pl.col("delay").mean())
    )
    quiet = joined.group_by(*by, maintain_order=True).agg(
        periods=pl.len(), fpr=pl.col("alarm").filter(~pl.col("outbreak")).mean()
    )
    return quiet.join(runs, on=list(by), how="left").with_columns(pl.col("outbreaks", "found").fill_null(0))
