"""The same city and epidemic as ever, compiled or not. Moving the baseline is a change of **Numbers**."""

import os
import subprocess
import sys

from sizao.epi.city import DISEASES, Import, Movement, Vaccination, build, china_2020, spread

SCRIPT = """
from sizao.epi.city import DISEASES, Import, Movement, build, china_2020, course, spread
course.SAMPLED = 40  # contacts counted of few people: plain Python is slow
world = build(china_2020([1_000]), seed=3)
print(world.fingerprint)
print(spread(Movement(world), DISEASES["covid-delta"], imports=[Import(0, 3)], days=4, seed=2).fingerprint)
"""
WORLD, EPIDEMIC = "3de36d0e1b3c464c", "ffd4d48bba2bdfcb"


def test_the_baseline_stands():
    world = build(china_2020([1_000]), seed=3)
    epidemic = spread(Movement(world), DISEASES["covid-delta"], imports=[Import(0, 3)], days=4, seed=2)
    assert len(epidemic.infections) == 5
    assert (world.fingerprint[:16], epidemic.fingerprint[:16]) == (WORLD, EPIDEMIC)


def test_plain_python_gives_the_same():
    said = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env=os.environ | more, capture_output=True, text=True, check=True
        )
        for more in ({}, {"NUMBA_DISABLE_JIT": "1"})
    ]
    assert said[0].stdout == said[1].stdout
    assert said[0].stdout.startswith(WORLD)


def test_what_changes_nothing_leaves_every_infection_as_it_was():
    movement = Movement(build(china_2020([10_000]), seed=3))
    without, useless = (
        spread(movement, DISEASES["measles"], imports=[Import(0, 5)], days=30, seed=2, vaccinations=vaccinations)
        for vaccinations in ((), (Vaccination(0.9, 0.0),))
    )
    assert len(without.infections) > 100
    assert without.fingerprint == useless.fingerprint
