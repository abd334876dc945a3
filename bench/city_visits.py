"""Visits of a city that does not exist, with the skew of a real one, day by day."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from sizao.visits.shapes import DAY_S

FIRST_DAY = 18_632  # 2021-01-05
VISITS_A_DAY = 5.05  # a person's, on average over the week


def days(rows: int, n_days: int = 14, seed: int = 20210105) -> Iterator[pl.DataFrame]:
    """Frames of `person, place, room, start, end`, about `rows` in all.

    Each night at home over midnight, work or school on weekdays, Poisson(0.9) visits to hubs of up to a fiftieth of
    the city a day, Poisson(2.4) to places of lognormal popularity nearby.
    """
    people = max(1_000, int(rows / n_days / VISITS_A_DAY))
    rng = np.random.default_rng(seed)
    home = rng.permutation(people) // 3
    work = rng.zipf(1.8, people) % max(1, people // 12)
    popularity = rng.lognormal(0, 1.6, max(10, people // 25)).cumsum()
    for day in range(n_days):
        yield one_day(rng, FIRST_DAY + day, home, work, popularity)


def one_day(
    rng: np.random.Generator, day: int, home: np.ndarray, work: np.ndarray, popularity: np.ndarray
) -> pl.DataFrame:
    people, midnight = len(home), day * DAY_S
    homes, jobs, hubs = int(home.max()) + 1, int(work.max()) + 1, 40
    night = rng.normal(19.5 * 3600, 3600, people).astype(np.int64)
    parts = [stay(np.arange(people), home, 0, midnight + night, rng.normal(11.5 * 3600, 3600, people))]
    if day % 7 not in (3, 4):  # 1970-01-01 was a Thursday
        out = np.flatnonzero(rng.random(people) < 0.7)
        room = 1 + out % 4
        begun = midnight + rng.normal(8.2 * 3600, 1800, len(out))
        parts.append(stay(out, homes + work[out], room, begun, rng.normal(8 * 3600, 2400, len(out))))
    for mean, first, choice, longest in (
        (0.9, homes + jobs, lambda n: rng.zipf(1.6, n) % hubs, 1500),
        (2.4, homes + jobs + hubs, lambda n: popularity.searchsorted(rng.random(n) * popularity[-1]), 2400),
    ):
        who = np.repeat(np.arange(people), rng.poisson(mean, people))
        begun = midnight + rng.triangular(7, 13, 21, len(who)) * 3600
        parts.append(stay(who, first + choice(len(who)), 0, begun, rng.exponential(longest, len(who)) + 60))
    return pl.concat(parts).filter(pl.col("start") < midnight + DAY_S)


def stay(
    who: np.ndarray, place: np.ndarray, room: np.ndarray | int, begun: np.ndarray, length: np.ndarray
) -> pl.DataFrame:
    start = begun.astype(np.int64)
    return pl.DataFrame(
        {
            "person": who.astype(np.int32),
            "place": place.astype(np.int32),
            "room": np.broadcast_to(np.asarray(room, np.int32), who.shape),
            "start": start,
            "end": start + np.maximum(60, length.astype(np.int64)),
        }
    )


def cases(rows: int, n: int, n_days: int = 14, seed: int = 7) -> pl.DataFrame:
    """`n` persons, each infectious for four days within the time kept."""
    people = max(1_000, int(rows / n_days / VISITS_A_DAY))
    rng = np.random.default_rng(seed + n)
    since = (FIRST_DAY + rng.integers(0, n_days - 4, n)) * DAY_S + rng.integers(0, DAY_S, n)
    return pl.DataFrame(
        {"person": rng.choice(people, n, replace=False), "infectious_from": since, "infectious_to": since + 4 * DAY_S}
    )
