"""Detectors over a province's series and the space-time scan, as ratios to plain implementations and, if asked, to R.

python -m bench.detection [--quick] [--with-r]

Whole size: Farrington Flexible over 1,000 series of 572 weeks (the 42 scenarios of Noufaily et al. 2013), 52 weeks
tested; EARS C1, C2 and C3 over 100,000 series of 365 days; the scan over 3,000 areas, 60 days, 999 permutations.
CPU seconds of one thread, and elapsed seconds on two. The baselines run on part of the work: Farrington with dense
least squares (bench/plain_farrington.py, whose thresholds must agree), EARS as a Python loop. `--with-r` installs
r-cran-surveillance from Debian if it is missing and runs farringtonFlexible and earsC on the same counts.
"""

import argparse
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import ndtri

from bench import plain_farrington
from sizao.epi.detection import farrington, scan
from sizao.epi.detection.ears import ALPHA, thresholds
from sizao.epi.detection.evaluation.scenarios import SCENARIOS, simulate

WEEKS, TESTED = 572, 52
UNTIL = date(2024, 3, 1)
R_SCRIPT = """
suppressPackageStartupMessages(library(surveillance))
args <- commandArgs(TRUE); X <- t(as.matrix(read.csv(args[1], header = FALSE)))
colnames(X) <- paste0("s", seq_len(ncol(X)))
if (args[2] == "farrington") {
  o <- sts(X, frequency = 52); rng <- (nrow(X) - 51):nrow(X)
  control <- list(range = rng, b = 5, w = 3, noPeriods = 10, reweight = TRUE, weightsThreshold = 2.58,
    pastWeeksNotIncluded = 26, trend = TRUE, pThresholdTrend = 1, limit54 = c(5, 4), alpha = 0.005,
    thresholdMethod = "nbPlugin", glmWarnings = FALSE)
  run <- function() farringtonFlexible(o, control)
} else {
  o <- sts(X, frequency = 365); run <- function() for (m in c("C1", "C2", "C3"))
    r <<- earsC(o, list(range = 12:nrow(X), method = m, baseline = 7, alpha = if (m == "C3") 0.025 else 0.001))
}
r <- NULL; spent <- system.time(suppressWarnings(suppressMessages(out <- run())))
cat(spent[["user.self"]] + spent[["sys.self"]], sum((if (is.null(out)) r else out)@alarm, na.rm = TRUE), "\\n")
"""


def scenario_counts(n_series: int) -> np.ndarray:
    """Series of the 42 scenarios in turn, four past outbreaks each (series by week)."""
    rng = np.random.default_rng(1)
    each = [
        simulate(scenario, replicates=-(-n_series // len(SCENARIOS)), past_size=5.0, size=0.0, rng=rng).counts[:, 52:]
        for scenario in SCENARIOS
    ]
    return np.stack(each, axis=1).reshape(-1, WEEKS)[:n_series]


def long(counts: np.ndarray) -> pl.DataFrame:
    n, length = counts.shape
    columns = {"series": np.repeat(np.arange(n), length), "date": np.tile(np.arange(length), n), "n": counts.ravel()}
    return pl.DataFrame(columns)


def run_farrington(counts: pl.DataFrame, threads: int = 1) -> pl.DataFrame:
    return farrington(counts, by="series", freq="week", until=WEEKS - 1, last=TESTED, threads=threads)


def run_ears(counts: np.ndarray) -> int:
    """C1, C2 and C3 of every series and day, 64 series at a time (what the cache holds); the alarms of C3."""
    alarms = 0
    for begin in range(0, len(counts), 64):
        part = counts[begin : begin + 64]
        began = np.zeros(len(part), dtype=np.int64)
        for kind in ("C1", "C2", "C3"):
            zs = np.full(len(part), -ndtri(ALPHA[kind]))
            _, _, upper, _ = thresholds(part, part, began, kind, zs, 7, 0.0)
            rang = part > upper
        alarms += int(rang.sum())
    return alarms


def plain_ears(counts: np.ndarray) -> None:
    """The thresholds of C1 and C2 and the memory of C3, one day after the other."""
    for y in counts:
        excess = [0.0] * len(y)
        for t in range(9, len(y)):
            for gap in (0, 2):
                window = [float(v) for v in y[t - gap - 7 : t - gap]]
                mean = sum(window) / 7
                sd = (sum((v - mean) ** 2 for v in window) / 6) ** 0.5
            excess[t] = max(0.0, (y[t] - mean) / sd - 1.0) if sd else 0.0
            _ = mean + 1.96 * sd - sd * (excess[t - 1] + excess[t - 2])


def city(n_areas: int, n_cases: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Areas on a square of 50 km, cases by size over 60 days, 15 more around one area in the last 3."""
    rng = np.random.default_rng(3)
    xy = rng.uniform(0, 50, (n_areas, 2))
    size = rng.lognormal(0, 1, n_areas)
    place, lag = rng.choice(n_areas, n_cases, p=size / size.sum()), rng.integers(0, 60, n_cases)
    near = np.argsort(((xy - xy[7]) ** 2).sum(axis=1))[:8]
    place[:15], lag[:15] = rng.choice(near, 15), rng.integers(0, 3, 15)
    days = [UNTIL - timedelta(days=int(step)) for step in lag]
    cases = pl.DataFrame({"place": place, "date": days})
    return cases, pl.DataFrame({"place": range(n_areas), "x_km": xy[:, 0], "y_km": xy[:, 1]})


def cpu(task: Callable[[], object]) -> float:
    begin = time.process_time()
    task()
    return time.process_time() - begin


def elapsed(task: Callable[[], object]) -> float:
    begin = time.perf_counter()
    task()
    return time.perf_counter() - begin


def say(name: str, unit: str, own: float, baseline: str, other: float, scale: float = 1e6) -> None:
    print(f"{name}: {own * scale:.3g} µs a {unit}; {baseline} {other * scale:.3g} µs; {other / own:.0f} times")


def with_r(kind: str, counts: np.ndarray) -> tuple[float, int]:
    """CPU seconds of R on these series, and its number of alarms (of C3 for EARS)."""
    with tempfile.TemporaryDirectory() as folder:
        table, script = Path(folder) / "counts.csv", Path(folder) / "run.R"
        np.savetxt(table, counts, fmt="%d", delimiter=",")
        script.write_text(R_SCRIPT)
        done = subprocess.run(["Rscript", str(script), str(table), kind], capture_output=True, text=True, check=True)
    spent, alarms = done.stdout.strip().splitlines()[-1].split()
    return float(spent), int(alarms)


def install_r() -> None:
    probe = subprocess.run(["sh", "-c", "Rscript -e 'library(surveillance)'"], capture_output=True, check=False)
    if probe.returncode:
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "r-base-core", "r-cran-surveillance"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def bench_farrington(n_series: int, n_plain: int, r_series: int) -> None:
    counts = scenario_counts(n_series)
    frame = long(counts)
    run_farrington(long(counts[:2]))  # what the first call compiles or loads is not what is measured
    own = cpu(lambda: run_farrington(frame)) / (n_series * TESTED)
    few = counts[:: max(1, n_series // n_plain)][:n_plain]
    answer = farrington(long(few), by="series", freq="week", until=WEEKS - 1, last=2, min_cases=None)
    plain: list[float] = []
    weeks = (WEEKS - 2, WEEKS - 1)
    spent = cpu(lambda: plain.extend(plain_farrington.threshold(y, week) for y in few for week in weeks))
    if not np.array_equal(np.array(plain), answer["upper"].fill_null(np.nan).to_numpy(), equal_nan=True):
        raise SystemExit("the plain Farrington and the detector disagree")
    say("Farrington Flexible", "series-week", own, "dense least squares", spent / len(plain))
    run_farrington(long(counts[:4]), 2)
    one, two = (elapsed(lambda threads=threads: run_farrington(frame, threads)) for threads in (1, 2))
    print(f"Farrington Flexible, two threads: {one / two:.2f} times one thread (elapsed)")
    if r_series:
        part = counts[:: max(1, n_series // r_series)][:r_series]
        spent, alarms = with_r("farrington", part)
        ours = int(run_farrington(long(part))["alarm"].sum())
        if alarms != ours:
            raise SystemExit(f"R rings {alarms} times, the detector {ours} times")
        say("Farrington Flexible", "series-week", own, "surveillance (R)", spent / (len(part) * TESTED))


def bench_ears(n_series: int, r_series: int) -> None:
    counts = np.random.default_rng(2).poisson(6.0, (n_series, 365)).astype(np.float64)
    run_ears(counts[:2])
    own = cpu(lambda: run_ears(counts)) / counts.size
    few = counts[:5]
    say("EARS C1+C2+C3", "series-day", own, "Python loop", cpu(lambda: plain_ears(few)) / few.size)
    if r_series:
        spent, alarms = with_r("ears", counts[:r_series])
        if alarms != run_ears(counts[:r_series]):
            raise SystemExit("R and the detector disagree on the alarms of C3")
        say("EARS C1+C2+C3", "series-day", own, "surveillance (R)", spent / counts[:r_series].size)


def bench_scan(n_areas: int, replicates: int, wide: bool) -> None:
    cases, places = city(n_areas, n_areas)
    scan(*city(40, 100), until=UNTIL, seed=1, replicates=2)
    windows: list[tuple[str, float | None, int]] = [("5 km, 7 days", 5.0, 7)]
    if wide:
        windows.append(("50 % of cases, 14 days", None, 14))
    for name, km, days in windows:
        spent = cpu(lambda km=km, days=days: run_scan(cases, places, km, days, replicates))
        print(f"scan, {n_areas} areas, 60 days, {replicates} permutations, {name}: {spent:.2f} s with neighbour lists")
    both = [
        elapsed(
            lambda threads=threads: scan(cases, places, until=UNTIL, seed=1, replicates=replicates, threads=threads)
        )
        for threads in (1, 2)
    ]
    print(f"scan, two threads: {both[0] / both[1]:.2f} times one thread (elapsed)")


def run_scan(cases: pl.DataFrame, places: pl.DataFrame, km: float | None, days: int, replicates: int) -> None:
    scan(cases, places, until=UNTIL, seed=1, max_km=km, max_days=days, replicates=replicates)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    parser.add_argument("--with-r", action="store_true", help="also run R's surveillance (installs it from Debian)")
    options = parser.parse_args()
    if options.with_r:
        install_r()
    r_series = (3 if options.quick else 14) if options.with_r else 0
    bench_farrington(84 if options.quick else 1000, 10 if options.quick else 42, r_series)
    bench_ears(5_000 if options.quick else 100_000, 100 if options.with_r else 0)
    bench_scan(500 if options.quick else 3000, 199 if options.quick else 999, wide=not options.quick)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
