"""Reproduction numbers of many areas, as ratios to one window at a time and, if asked, to R's EpiEstim.

python -m bench.rt [--quick] [--with-r]

Whole size: 300 simulated series of 200 days, windows of 7 days, mean, sd and seven quantiles; then the same with
an uncertain serial interval. CPU seconds. The loop evaluates the same formulas window by window with
scipy.stats; sampling draws 500 serial intervals and 50 values of R each, series by series. Both run on part of the
series. `--with-r` installs r-cran-epiestim from Debian if it is missing and runs EpiEstim on the same curves.
"""

import argparse
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import gamma

from sizao.epi.reproduction import QUANTILES, UncertainSI, cori, discretised_gamma

MEAN, SD, WINDOW = 5.0, 2.0, 7
UNCERTAIN = UncertainSI(MEAN, 0.75, 3.0, 7.0, SD, 0.3, 1.2, 2.8)
R_SCRIPT = """
suppressPackageStartupMessages(library(EpiEstim))
args <- commandArgs(TRUE); X <- as.matrix(read.csv(args[1], header = FALSE)); kind <- args[2]
T <- ncol(X); w <- list(t_start = 2:(T - 6), t_end = 8:T, mean_si = 5, std_si = 2)
u <- c(w, list(std_mean_si = 0.75, min_mean_si = 3, max_mean_si = 7, std_std_si = 0.3, min_std_si = 1.2,
               max_std_si = 2.8, n1 = 500, n2 = 50, seed = 1))
config <- make_config(if (kind == "parametric_si") w else u)
one <- function(i) suppressMessages(estimate_R(X[i, ], method = kind, config = config))
run <- function() lapply(seq_len(nrow(X)), one)
spent <- system.time(r <- run())
cat(spent[["user.self"]] + spent[["sys.self"]], "\\n"); cat(r[[1]]$R[["Mean(R)"]], "\\n")
"""


def simulated(n_series: int, n_days: int) -> pl.DataFrame:
    """Counts of areas of different size in two waves."""
    rng = np.random.default_rng(1)
    level = np.exp(2 + 1.5 * np.sin(np.arange(n_days) / 25)) * rng.gamma(2, 1, (n_series, 1))
    counts = rng.poisson(level)
    area, day = np.repeat(np.arange(n_series), n_days), np.tile(np.arange(n_days), n_series)
    return pl.DataFrame({"area": area, "date": day, "n": counts.ravel()})


def first_series(curves: pl.DataFrame, n: int) -> np.ndarray:
    return curves.filter(pl.col("area") < n)["n"].to_numpy().reshape(n, -1).astype(float)


def window_by_window(counts: np.ndarray) -> float:
    """The same numbers with scipy.stats, one window at a time; the last mean."""
    weight = discretised_gamma(MEAN, SD, counts.shape[1])[0]
    mean = 0.0
    for x in counts:
        pull = [float(weight[1 : t + 1] @ x[t - 1 :: -1][:t]) if t else 0.0 for t in range(len(x))]
        for end in range(WINDOW, len(x)):
            first = end - WINDOW + 1
            law = gamma(1 + x[first : end + 1].sum(), scale=1 / (1 / 5 + sum(pull[first : end + 1])))
            mean, _, _ = law.mean(), law.std(), law.ppf(QUANTILES)
    return float(mean)


def sampled(counts: np.ndarray, n_draws: int = 500, n_each: int = 50) -> float:
    """Serial intervals drawn at random, R drawn for each, quantiles of the pooled draws; the last mean."""
    rng = np.random.default_rng(2)
    means = np.clip(rng.normal(MEAN, 0.75, n_draws), 3, 7)
    sds = np.clip(rng.normal(SD, 0.3, n_draws), 1.2, 2.8)
    rows = discretised_gamma(means, sds, counts.shape[1])
    mean = 0.0
    for x in counts:
        pull = np.array([rows[:, 1 : t + 1] @ x[t - 1 :: -1][:t] if t else np.zeros(n_draws) for t in range(len(x))])
        for end in range(WINDOW, len(x)):
            first = end - WINDOW + 1
            scale = 1 / (1 / 5 + pull[first : end + 1].sum(axis=0))
            draws = rng.gamma(1 + x[first : end + 1].sum(), scale, (n_each, n_draws)).ravel()
            mean, _, _ = draws.mean(), draws.std(), np.quantile(draws, QUANTILES)
    return float(mean)


def cpu(task: Callable[[], object]) -> float:
    begin = time.process_time()
    task()
    return time.process_time() - begin


def say(name: str, per_series: float, baseline: str, baseline_per_series: float) -> None:
    ratio = baseline_per_series / per_series
    own, other = f"{per_series * 1000:.3f} ms a series", f"{baseline} {baseline_per_series * 1000:.1f} ms"
    print(f"{name}: {own}; {other}; {ratio:.0f} times")


def with_r(kind: str, counts: np.ndarray, own_mean: float) -> float:
    """CPU seconds of EpiEstim on these series; the last mean must agree (closely, or for draws roughly)."""
    with tempfile.TemporaryDirectory() as folder:
        table, script = Path(folder) / "counts.csv", Path(folder) / "run.R"
        np.savetxt(table, counts, fmt="%d", delimiter=",")
        script.write_text(R_SCRIPT)
        done = subprocess.run(["Rscript", str(script), str(table), kind], capture_output=True, text=True, check=True)
    spent, means = done.stdout.strip().splitlines()[-2:]
    tolerance = 1e-6 if kind == "parametric_si" else 0.03  # R prints seven digits
    if abs(float(means.split()[-1]) / own_mean - 1) > tolerance:
        raise SystemExit(f"EpiEstim and cori disagree: {means.split()[-1]} and {own_mean}")
    return float(spent)


def install_r() -> None:
    known = (
        shutil.which("Rscript")
        and not subprocess.run(["Rscript", "-e", "library(EpiEstim)"], capture_output=True, check=False).returncode
    )
    if not known:
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "r-base-core", "r-cran-epiestim"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the series")
    parser.add_argument("--with-r", action="store_true", help="also run EpiEstim (installs it from Debian)")
    options = parser.parse_args()
    n, few, fewest = (30, 2, 1) if options.quick else (300, 10, 3)
    curves = simulated(n, 200)
    cori(curves.filter(pl.col("area") == 0), si=(MEAN, SD))  # what the first call loads is not what is measured
    own = cpu(lambda: cori(curves, si=(MEAN, SD), window=WINDOW)) / n
    say(
        "known serial interval", own, "window by window", cpu(lambda: window_by_window(first_series(curves, few))) / few
    )
    uncertain = cpu(lambda: cori(curves, si=UNCERTAIN, window=WINDOW)) / n
    say("uncertain serial interval", uncertain, "sampling", cpu(lambda: sampled(first_series(curves, few))) / few)
    if options.with_r:
        install_r()
        last = curves.filter(pl.col("area") == 0)
        mean = cori(last, si=(MEAN, SD))["mean"][-1]
        say("known serial interval", own, "EpiEstim", with_r("parametric_si", first_series(curves, few), mean) / few)
        mean = cori(last, si=UNCERTAIN)["mean"][-1]
        spent = with_r("uncertain_si", first_series(curves, fewest), mean) / fewest
        say("uncertain serial interval", uncertain, "EpiEstim", spent)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
