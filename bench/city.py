"""The simulated city: building it, asking for its days, and an epidemic at the cost of the infected.

python -m bench.city [--quick] [--with-covasim]

CPU seconds of one thread, compiled before measuring. Named baselines in the same run: the same epidemic (same imports,
same days) in a city a tenth of the size; a day's rows from the whole log; and, if asked, Covasim 3.1.9, installed into
an environment of its own.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sizao.epi.city import DISEASES, Import, Movement, Number, build, china_2020, spread

DAY = 18_632
COVASIM = """
import sys, time, covasim as cv
cv.options(verbose=0)
n = int(sys.argv[1])
t = time.process_time(); sim = cv.Sim(pop_size=n, pop_type="hybrid", pop_infected=20, n_days=60, rand_seed=1)
sim.initialize(); built = time.process_time() - t
t = time.process_time(); sim.run(); print(built, time.process_time() - t, int(sim.results["cum_infections"][-1]))
"""


def cpu(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    done = work()
    return done, time.process_time() - began


def warm() -> None:
    """Run everything once on a village, so that it is compiled or loaded."""
    movement = Movement(build(china_2020([5_000])))
    spread(movement, DISEASES["covid-delta"], imports=[Import(0, 5)], days=3, seed=1)
    movement.visits_of([1], DAY)
    movement.visitors_of([1], DAY)


def days_of(movement: Movement, n: int) -> None:
    rng = np.random.default_rng(1)
    persons, places = rng.integers(0, movement.world.n, n), rng.integers(0, movement.n_places, n // 20)
    for name, asked in (
        ("where", lambda: movement.visits_of(persons, DAY)),
        ("who", lambda: movement.visitors_of(places, DAY)),
    ):
        rows, took = cpu(asked)
        print(f"  {name:<6} {len(rows):>9,} rows  {1e9 * took / len(rows):6.0f} ns a row")
    with tempfile.TemporaryDirectory() as folder:
        written, rows, size = 0.0, 0, 0
        for number, frame in enumerate(movement.day_log(DAY)):
            path = Path(folder) / f"{number}.parquet"
            written += cpu(lambda frame=frame, path=path: frame.write_parquet(path))[1]
            rows, size = rows + len(frame), size + path.stat().st_size
        print(
            f"  day's log as Parquet: {rows:,} rows, {size / rows:.1f} bytes "
            f"and {1e9 * written / rows:.0f} ns a row to write"
        )


def free_spread(movement: Movement, imports: int) -> tuple[int, float]:
    """Infections and CPU seconds of the same near-critical epidemic, which a larger city does not make larger."""
    mild = replace(DISEASES["covid-delta"], r0=Number(1.6, "bench"), dispersion=Number(2, "bench"))
    epidemic, took = cpu(lambda: spread(movement, mild, imports=[Import(0, imports)], days=60, seed=1))
    return len(epidemic.infections), took


def covasim(people: int) -> tuple[float, float, int]:
    """Seconds to build and to run Covasim, and its infections; installed once into a folder of its own."""
    folder = Path(tempfile.gettempdir()) / "bench-covasim"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "covasim==3.1.9", "numpy<2", "setuptools<80"], check=True)
    said = subprocess.run([python, "-c", COVASIM, str(people)], check=True, capture_output=True, text=True).stdout
    built, run, infections = said.split()[-3:]
    return float(built), float(run), int(infections)


def compare_with_covasim(people: int) -> None:
    """Same people and days, one run each; ours begins with more imports until it has at least as many infections."""
    built, run, theirs = covasim(people)
    world, ours_built = cpu(lambda: build(china_2020([people]), seed=2))
    movement, disease, imports, n, ours = Movement(world), DISEASES["covid-ancestral"], 20, 0, 0.0
    while n < theirs:
        epidemic, ours = cpu(
            lambda: spread(movement, disease, imports=[Import(0, imports)], days=60, seed=1)  # noqa: B023
        )
        n, imports = len(epidemic.infections), 2 * imports
    print(
        f"Covasim 3.1.9, {people:,} people, 60 days of free spread: "
        f"built {built:.1f} s, run {run:.1f} s, {theirs:,} infections"
    )
    print(
        f"  city / Covasim: build {built / ours_built:.0f} times as fast, run {run / ours:.1f} times "
        f"({n:,} infections from {imports // 2} imported, {ours:.2f} s)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--with-covasim", action="store_true")
    options = parser.parse_args()
    small, large = (20_000, 200_000) if options.quick else (1_000_000, 10_000_000)
    print(f"compiling or loading what was compiled: {cpu(warm)[1]:.1f} s")
    spent = {}
    for people in (small, large):
        world, took = cpu(lambda people=people: build(china_2020([people]), seed=1))
        print(
            f"{people:,} people built in {took:.2f} s, {1e6 * took / people:.2f} s a million, "
            f"{world.bytes_per_person:.1f} bytes each"
        )
        movement = Movement(world)
        movement.world.ranges  # noqa: B018 -- made on first use; not part of a look-up
        days_of(movement, 20_000 if options.quick else 200_000)
        imports = 20 if options.quick else 100
        infections, took = free_spread(movement, imports)
        spent[people] = took / infections
        print(
            f"  60 days, {imports} imported: {infections:,} infections, {took:.3f} s, {1e6 * spent[people]:.1f} us each"
        )
    print(
        f"an infection in {large:,} people against one in {small:,}: {spent[large] / spent[small]:.2f} times the time"
    )
    if options.with_covasim:
        compare_with_covasim(small)


if __name__ == "__main__":
    main()
