"""The plain reference: slow, obvious, and the definition of the answer.

Every visit is compared with every other in ordinary Python. Use it to check, or on a few thousand visits.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import polars as pl

from sizao.visits.shapes import CASE_DAY, CONTACT, DAY_S, FOOTFALL, PRESENT, SECONDARY, STAY, UNKNOWN_ROOM
from sizao.visits.store.store import Store


class Stay(NamedTuple):
    """One merged visit."""

    person: int
    place: int
    room: int
    start: int
    end: int


class Shedding(NamedTuple):
    """A case's stay while infectious, and until when the air counts after the case has left."""

    stay: Stay
    till: int


def contacts(store: Store, cases: pl.DataFrame, env_s: int) -> pl.DataFrame:
    """Everybody who shared a place with a case: columns of `shapes.CONTACT`."""
    stays, rows = stays_of(store), []
    for case, windows in windows_by_person(cases).items():
        met: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
        for shed in shedding([stay for stay in stays if stay.person == case], windows, env_s):
            for other in stays:
                if other.person != case and meets(shed.stay, other) and overlap(other, shed.stay.start, shed.till) > 0:
                    met[other.person].append(exposure(shed, other))
        rows += [(case, person, *summed(exposures)) for person, exposures in met.items()]
    return framed(rows, CONTACT)


def secondary(store: Store, contacts: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
    """Everybody who met a contact: columns of `shapes.SECONDARY`.

    `contacts` has one window a person (`person, infectious_from, infectious_to`: first exposure until under
    management); persons of `hidden` (cases and contacts) are not listed.
    """
    stays, left_out, rows = stays_of(store), set(hidden["person"].to_list()), []
    present = [
        clipped
        for person, windows in windows_by_person(contacts).items()
        for clipped in clip([stay for stay in stays if stay.person == person], windows)
    ]
    met: dict[int, list[tuple[int, int]]] = defaultdict(list)
    visits: dict[int, int] = defaultdict(int)
    for other in stays:
        if other.person in left_out:
            continue
        pieces = union(
            (max(stay.start, other.start), min(stay.end, other.end)) for stay in present if meets(stay, other)
        )
        if pieces:
            visits[other.person] += 1
            met[other.person] += pieces
    for person, pieces in met.items():
        seconds = sum(end - start for start, end in pieces)
        rows.append((person, visits[person], seconds, min(a for a, _ in pieces), max(b for _, b in pieces)))
    return framed(rows, SECONDARY)


def place(store: Store, place: int, room: int, since: int, until: int) -> pl.DataFrame:
    """Everybody at the place (and room, when both are known) in `[since, until)`: columns of `shapes.PRESENT`."""
    asked, seen = Stay(-1, place, room, since, until), defaultdict(list)
    for stay in stays_of(store):
        if meets(asked, stay) and overlap(stay, since, until) > 0:
            seen[stay.person].append((max(stay.start, since), min(stay.end, until)))
    rows = [
        (person, len(parts), sum(b - a for a, b in parts), min(a for a, _ in parts), max(b for _, b in parts))
        for person, parts in seen.items()
    ]
    return framed(rows, PRESENT)


def where(store: Store, persons: list[int], since: int, until: int) -> pl.DataFrame:
    """All stays of these persons that touch `[since, until)`, whole: columns of `shapes.STAY`."""
    asked = set(persons)
    rows = [tuple(stay) for stay in stays_of(store) if stay.person in asked and overlap(stay, since, until) > 0]
    return framed(rows, STAY)


def case_days(store: Store, windows: pl.DataFrame) -> pl.DataFrame:
    """On which UTC days each person's visits began at which place, within the windows: `shapes.CASE_DAY`."""
    asked = windows_by_person(windows)
    rows = {
        (visit.person, visit.place, visit.start // DAY_S)
        for visit in visits_of(store)
        for since, until in asked.get(visit.person, ())
        if since <= visit.start < until
    }
    return framed(sorted(rows), CASE_DAY)


def footfall(store: Store, since_day: int, until_day: int) -> tuple[pl.DataFrame, int]:
    """Different persons who began a visit at each place on each day of `[since_day, until_day)`, and in all."""
    seen: dict[tuple[int, int], set[int]] = defaultdict(set)
    everybody: set[int] = set()
    for visit in visits_of(store):
        if since_day <= visit.start // DAY_S < until_day:
            seen[visit.place, visit.start // DAY_S].add(visit.person)
            everybody.add(visit.person)
    return framed([(*key, len(persons)) for key, persons in seen.items()], FOOTFALL), len(everybody)


def visits_of(store: Store) -> list[Stay]:
    columns = ("person", "place", "room", "start_s", "end_s")
    return [Stay(*row) for row in store.frame().select(columns).iter_rows()]


def stays_of(store: Store) -> list[Stay]:
    """All visits; those of one person at one place and room that overlap are one stay, equal ones count once."""
    merged: list[Stay] = []
    for visit in sorted(visits_of(store)):
        last = merged[-1] if merged else None
        if last and last[:3] == visit[:3] and visit.start < last.end:
            merged[-1] = last._replace(end=max(last.end, visit.end))
        else:
            merged.append(visit)
    return merged


def windows_by_person(windows: pl.DataFrame) -> dict[int, list[tuple[int, int]]]:
    asked: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person, since, until in windows.select("person", "infectious_from", "infectious_to").iter_rows():
        asked[person].append((since, until))
    return {person: union(parts) for person, parts in asked.items()}


def union(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Half-open intervals, those that overlap or touch joined, empty ones left out."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def clip(stays: Iterable[Stay], windows: list[tuple[int, int]]) -> Iterator[Stay]:
    for stay in stays:
        for since, until in windows:
            if overlap(stay, since, until) > 0:
                yield stay._replace(start=max(stay.start, since), end=min(stay.end, until))


def shedding(stays: list[Stay], windows: list[tuple[int, int]], env_s: int) -> list[Shedding]:
    """A case's infectious stays; the time after one ends when the case is there again."""
    infectious = list(clip(stays, windows))
    return [
        Shedding(stay, min([stay.end + env_s, *(max(later.start, stay.end) for later in again(stay, infectious))]))
        for stay in infectious
    ]


def again(stay: Stay, stays: list[Stay]) -> Iterator[Stay]:
    """The stays that keep or bring the same case to the same air after `stay` has ended."""
    return (other for other in stays if meets(stay, other) and other.end > stay.end)


def meets(one: Stay, other: Stay) -> bool:
    """Same place, and the same room when both rooms are known."""
    return one.place == other.place and (
        one.room == other.room or one.room == UNKNOWN_ROOM or other.room == UNKNOWN_ROOM
    )


def overlap(stay: Stay, since: int, until: int) -> int:
    return min(stay.end, until) - max(stay.start, since)


def exposure(shed: Shedding, other: Stay) -> tuple[int, int, int, int]:
    """Seconds together, seconds after, first and last moment of one meeting."""
    direct = max(0, overlap(other, shed.stay.start, shed.stay.end))
    indirect = max(0, overlap(other, shed.stay.end, shed.till))
    return direct, indirect, max(other.start, shed.stay.start), min(other.end, shed.till)


def summed(exposures: list[tuple[int, int, int, int]]) -> tuple[int, int, int, int, int]:
    direct, indirect, first, last = zip(*exposures, strict=True)
    return len(exposures), sum(direct), sum(indirect), min(first), max(last)


def framed(rows: Sequence[tuple[int, ...]], schema: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row").sort(pl.all())
