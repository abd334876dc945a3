"""A city's contacts under one edition, and its duties, as ratios to a per-row loop of the same rules.

python -m bench.protocols [--quick]

Whole size: 1,000,000 exposures classified, with quarantine phases and test dates; the duties of 100,000
subjects. The loop does the same for one row at a time in plain Python, on a part of the rows, in this run.
In the operation: the duties of 20,000 new cases become tasks of posts in a database; the ratio is to the pure part.
"""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from bench.stored_duties import measured
from sizao.protocols import load
from sizao.protocols.checks import spans
from sizao.protocols.classify import FIRST_RING, classify_contacts
from sizao.protocols.duties import duties
from sizao.protocols.quarantine import quarantine
from sizao.protocols.shape import Protocol
from sizao.vocabulary.codes import Closeness, Setting

DAY = date(2022, 7, 1)
AT = datetime(2022, 7, 20, tzinfo=UTC)
Rows = list[dict[str, object]]


def exposures(n: int, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Simulated exposures to n/50 cases, the cases, and the day each person was found."""
    n_cases = max(1, n // 50)
    settings, kinds = [str(s) for s in Setting], [str(c) for c in Closeness]
    onset = [DAY + timedelta(days=int(d)) for d in rng.integers(0, 10, n_cases)]
    cases = pl.DataFrame({"case_id": [f"C{i}" for i in range(n_cases)], "date_onset": onset})
    offset = rng.integers(-6, 4, n)
    source = rng.integers(0, n_cases, n)
    frame = pl.DataFrame(
        {
            "source_id": pl.Series(np.char.add("C", source.astype(str))),
            "exposed_id": pl.Series(np.char.add("P", np.arange(n).astype(str))),
            "setting": pl.Series(np.array(settings)[rng.integers(0, len(settings), n)]),
            "closeness": pl.Series(np.array(kinds)[rng.integers(0, len(kinds), n)]),
            "date_exposure_last": pl.Series(onset).gather(source)
            + pl.Series(offset).cast(pl.Int64) * timedelta(days=1),
        }
    ).with_columns(pl.col("source_id", "exposed_id", "setting", "closeness").cast(pl.String))
    delay = pl.duration(days=pl.Series("d", rng.integers(0, 12, n)))
    found = frame.select(contact_id="exposed_id", date_found=pl.col("date_exposure_last") + delay)
    return frame, cases, found


def derived(frame: pl.DataFrame, cases: pl.DataFrame, found: pl.DataFrame, protocol: Protocol) -> int:
    """Contacts, phases and test dates of everyone; the number of test dates."""
    contacts = classify_contacts(exposures=frame, cases=cases, protocol=protocol).contacts
    dated = contacts.join(found, on="contact_id", how="left")
    return quarantine(contacts=dated, protocol=protocol, at=AT.date()).tests.height


def looped(rows: Rows, onset: dict[object, date], found: dict[object, date], protocol: Protocol) -> int:
    """The same rules, one person at a time."""
    return sum(len(tests_of(row, onset, found, protocol)) for row in rows)


def tests_of(
    row: dict[str, object], onset: dict[object, date], found: dict[object, date], protocol: Protocol
) -> list[date]:
    name = class_of(row, onset, protocol)
    rule = protocol.quarantine.get(name or "")
    if rule is None or not rule.determined:
        return []
    zero, dates = row["date_exposure_last"], []
    assert isinstance(zero, date)
    since = max(zero, found[row["exposed_id"]])
    for phase, (first, last) in zip(rule.phases, spans(rule.phases), strict=True):
        end = zero + timedelta(days=last)
        begin = max(zero + timedelta(days=first if first > 1 else 0), since)
        if end > since and phase.test_days:
            dates += sorted({min(begin + timedelta(days=day - 1), end) for day in phase.test_days.value})
    return dates


def class_of(row: dict[str, object], onset: dict[object, date], protocol: Protocol) -> str | None:
    last = row["date_exposure_last"]
    assert isinstance(last, date)
    for name in FIRST_RING:
        rule = protocol.contact.get(name)
        back = timedelta(days=int(rule.lookback.value)) if rule and rule.lookback else timedelta(0)
        if rule is None or not rule.determined or last < onset[row["source_id"]] - back:
            continue
        for kind in rule.exposures:
            near = not kind.closeness or row["closeness"] in kind.closeness
            placed = not kind.settings or row["setting"] in kind.settings
            if near and placed and kind.max_distance is None:
                return str(name)
    return None


def facts(n: int, rng: np.random.Generator) -> pl.DataFrame:
    """Four events for each of n cases, the last for some only."""
    start = pl.Series(rng.integers(0, 14 * 24 * 60, n)) * timedelta(minutes=1) + datetime(2022, 7, 1, tzinfo=UTC)
    ids = pl.Series(np.char.add("C", np.arange(n).astype(str))).cast(pl.String)
    events = ["positive_found", "network_reported", "team_arrived", "case_form_done"]
    parts = []
    for number, event in enumerate(events):
        delay = pl.Series(rng.integers(0, 1 + number * 600, n)) * timedelta(minutes=1)
        part = pl.DataFrame({"subject_id": ids, "about": "case", "event": event, "at": start + delay})
        parts.append(part.filter(pl.Series(rng.random(n) > 0.1 * number)))
    return pl.concat(parts)


def looped_duties(rows: Rows, protocol: Protocol) -> int:
    """The duties of each subject, one at a time."""
    by_subject: dict[object, dict[object, datetime]] = {}
    for row in rows:
        moment = row["at"]
        assert isinstance(moment, datetime)
        known = by_subject.setdefault(row["subject_id"], {})
        known[row["event"]] = min(moment, known.get(row["event"], moment))
    n_late = 0
    for known in by_subject.values():
        for deadline in protocol.deadline.values():
            if deadline.after in known and deadline.about == "case":
                due = known[deadline.after] + timedelta(hours=deadline.hours)
                n_late += known.get(deadline.closed_by[0], AT) > due
    return n_late


def timed(work: Callable[[], int]) -> tuple[float, float, int]:
    """Seconds on the wall, processor seconds, and what the work returned."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - wall, time.process_time() - processor, result


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--quick", action="store_true")
    quick = options.parse_args().quick
    rng, protocol = np.random.default_rng(1), load("cn-covid-9")
    n, n_loop = (100_000, 5_000) if quick else (1_000_000, 20_000)
    frame, cases, found = exposures(n, rng)
    seconds, processor, n_tests = timed(lambda: derived(frame, cases, found, protocol))
    rows = frame.head(n_loop).to_dicts()
    onset, days = dict(cases.iter_rows()), dict(found.head(n_loop).iter_rows())
    loop, _, _ = timed(lambda: looped(rows, onset, days, protocol))
    print(
        f"contacts: {n:,} classified, {n_tests:,} test dates in {seconds:.2f} s ({processor:.2f} processor s); ", end=""
    )
    print(f"{(loop / n_loop) / (seconds / n):.1f} times the per-row loop ({n_loop:,} rows in {loop:.2f} s)")
    n, n_loop = (20_000, 2_000) if quick else (100_000, 10_000)
    table = facts(n, rng)
    seconds, processor, n_duties = timed(lambda: duties(facts=table, protocol=protocol, at=AT).height)
    part = table.filter(pl.col("subject_id").str.slice(1).cast(pl.Int64) < n_loop).to_dicts()
    loop, _, _ = timed(lambda: looped_duties(part, protocol))
    print(f"duties: {n:,} subjects, {n_duties:,} duties in {seconds:.2f} s ({processor:.2f} processor s); ", end="")
    print(f"{(loop / n_loop) / (seconds / n):.1f} times the per-row loop ({n_loop:,} subjects in {loop:.2f} s)")
    n = 2_000 if quick else 20_000
    n_tasks, whole, planning, pure = measured(n)
    print(
        f"in the operation: {n:,} new cases, {n_tasks:,} tasks planned and written in {whole:.2f} processor s, ", end=""
    )
    print(f"of which planning {planning:.2f}; pure derivation {pure:.2f}, so {whole / pure:.0f} times that", end="; ")
    print(f"{1e6 * whole / n_tasks:.0f} µs a task")


if __name__ == "__main__":
    main()
