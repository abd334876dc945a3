"""Keeping visits: late arrivals, names, problems, erasure, retention, and being killed at any step."""

import contextlib
import shutil
from datetime import date

import polars as pl
import pytest

from sizao import visits
from sizao.visits.store import publishing, segments, striking
from sizao.visits.store.manifest import Source
from tests.visits.conftest import cases, frame

DAY = 86_400
ROWS = [(person, person % 3, person % 2, day * DAY + person * 60, day * DAY + person * 60 + 3600)
        for day in range(3) for person in range(1, 40)]  # fmt: skip


def plain(store):
    return visits.Store(store).frame().drop("assumed").sort(pl.all()).rows()


def test_late_rows_and_repeats_count_once(store_of):
    whole, in_pieces = store_of(ROWS), store_of(ROWS[:50], ROWS[40:], ROWS[:10])
    asked = cases((1, 0, 5 * DAY), (2, 0, 5 * DAY))
    assert visits.contacts(whole, asked).equals(visits.contacts(in_pieces, asked))
    visits.compact(in_pieces)
    assert plain(whole) == plain(in_pieces) == sorted(ROWS)
    assert len(visits.Store(in_pieces).segments()) == 3


def test_names_are_kept_apart_and_told_again(tmp_path):
    file = tmp_path / "in.csv"
    file.write_text("person,place,room,start,end\n007,东风楼,,0,60\nB,东风楼,ward 2,30,90\nC,东风楼,ward 3,30,90\n")
    visits.add(tmp_path / "s", [file])
    asked = pl.DataFrame({"person": ["007"], "infectious_from": [0], "infectious_to": [DAY]})
    assert visits.contacts(tmp_path / "s", asked, env_minutes=0)["person"].to_list() == ["B", "C"]
    assert visits.where(tmp_path / "s", ["B"], since=0, until=DAY).rows() == [("B", "东风楼", "ward 2", 30, 90)]
    files = b"".join(path.read_bytes() for path in (tmp_path / "s" / "visits").rglob("*.parquet"))
    assert "东风楼".encode() not in files


def test_erasing_leaves_nothing_of_a_person(tmp_path):
    file = tmp_path / "in.csv"
    rows = "".join(
        f"{name},hall,,{day * DAY},{day * DAY + 60}\n" for day in range(3) for name in ("Zhao", "Qian", "Sun")
    )
    file.write_text("person,place,room,start,end\n" + rows)
    store = tmp_path / "s"
    visits.add(store, [file])
    erased = visits.erase(store, "Qian")
    assert (erased.rows, erased.left) == (3, 0)
    for path in store.rglob("*"):
        assert path.is_dir() or b"Qian" not in path.read_bytes(), path
    asked = pl.DataFrame({"person": ["Zhao"], "infectious_from": [0], "infectious_to": [9 * DAY]})
    for engine in ("fast", "duckdb", "reference"):
        assert visits.contacts(store, asked, engine=engine)["person"].to_list() == ["Sun"]
    with pytest.raises(visits.VisitsError, match="Qian"):
        visits.erase(store, "Qian")


@pytest.mark.parametrize("person", [1, 7, 39])
def test_erasing_changes_nobody_else(store_of, person):
    erased, never = store_of(ROWS), store_of([row for row in ROWS if row[0] != person])
    visits.erase(erased, person)
    asked = cases(*[(other, 0, 5 * DAY) for other in (2, 8, 38, person)])
    assert plain(erased) == plain(never)
    assert visits.contacts(erased, asked).equals(visits.contacts(never, asked))
    visits.erase(erased, 2)
    assert 2 not in visits.contacts(erased, asked)["person"].to_list()


def test_mapped_copies_are_made_again(store_of):
    store = store_of(ROWS)
    visits.erase(store, 5)
    before = visits.contacts(store, cases((1, 0, 5 * DAY)))
    shutil.rmtree(store / "mapped")
    assert visits.contacts(store, cases((1, 0, 5 * DAY))).equals(before)
    visits.erase(store, 6)
    assert 6 not in visits.contacts(store, cases((1, 0, 5 * DAY)))["person"].to_list()


def test_days_whose_time_is_over_go(store_of):
    store = store_of(ROWS)
    assert visits.retain(store, date(1970, 1, 3)) == 2 * 39
    assert plain(store) == sorted(row for row in ROWS if row[3] >= 2 * DAY)


def test_problem_rows_are_told_and_the_rest_is_kept(tmp_path):
    file = tmp_path / "in.csv"
    file.write_text(
        "person,place,room,start,end\n"
        "1,9,,2021-01-05T08:00,2021-01-05T09:00\n"
        ",9,,0,60\n"
        "2,,,0,60\n"
        "3,9,,noon,60\n"
        "4,9,,0,\n"
        "5,9,,60,60\n"
        "6,9,,0,1609837200000\n"
        "7,9,,2021-01-05T08:00:00+08:00,2021-01-05 09:00:00\n"
    )
    added = visits.add(tmp_path / "s", [file])
    assert added.rows == 2
    assert added.problems.select("row", "column", "found").rows() == [
        (3, "person", ""),
        (4, "place", ""),
        (5, "start", "noon"),
        (6, "end", ""),
        (7, "end", "60"),
        (8, "start", "0"),
    ]
    assert plain(tmp_path / "s") == [(1, 9, 0, 1609833600, 1609837200), (7, 9, 0, 1609804800, 1609837200)]


def test_a_missing_end_is_closed_by_the_stated_stay_and_marked(tmp_path):
    file = tmp_path / "in.csv"
    file.write_text("person,place,start,end\n1,9,1000,\n2,9,,5000\n3,9,0,60\n")
    visits.add(tmp_path / "s", [file], max_stay_s=600)
    told = visits.Store(tmp_path / "s").frame().sort("person").select("person", "start_s", "end_s", "assumed")
    assert told.rows() == [(1, 1000, 1600, 1), (2, 4400, 5000, 2), (3, 0, 60, 0)]


@pytest.mark.parametrize("text", ["", "person,place\n1,2\n", "\0\1\2", "person,place,start,end\n"])
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(tmp_path, text):
    file = tmp_path / "in.csv"
    file.write_text(text)
    if text.startswith("person,place,start"):
        assert visits.add(tmp_path / "s", [file]).rows == 0
        return
    with pytest.raises(visits.VisitsError):
        visits.add(tmp_path / "s", [file])


def test_numbers_and_names_are_not_mixed(store_of, tmp_path):
    store = store_of(ROWS)
    file = tmp_path / "in.csv"
    file.write_text("person,place,start,end\nZhao,9,0,60\n")
    with pytest.raises(visits.VisitsError, match="Zhao"):
        visits.add(store, [file])
    assert plain(store) == sorted(ROWS)


def test_a_source_says_its_purpose(tmp_path):
    file = tmp_path / "in.parquet"
    frame(ROWS).write_parquet(file)
    source = Source("ward moves", "contact tracing", "Infectious disease law, article 39")
    visits.add(tmp_path / "s", [file], source=source)
    assert visits.Store(tmp_path / "s").manifest.sources == [source]
    with pytest.raises(visits.VisitsError):
        visits.add(tmp_path / "s", [file], source=Source("mobile phone towers", "", ""))


class Killed(Exception):
    """Stands for the machine stopping at this very call."""


def killer(real, on):
    """`real`, but its call number `on` never happens."""
    count = 0

    def call(*given, **named):
        nonlocal count
        count += 1
        if count == on:
            raise Killed
        return real(*given, **named)

    return call


STEPS = [
    (publishing, "publish"),
    (publishing, "settle"),
    (publishing, "flush"),
    (publishing, "forget"),
    (segments, "write_part"),
    (segments.mapped, "write"),
]


@pytest.mark.parametrize("on", [1, 2, 3])
@pytest.mark.parametrize("step", range(len(STEPS)))
def test_killed_while_adding(store_of, tmp_path, monkeypatch, step, on):
    """Afterwards the addition is whole or not there; adding again makes it whole, nothing twice."""
    store, file = store_of(ROWS[:39]), tmp_path / "late.parquet"
    frame(ROWS[39:]).write_parquet(file)
    room, name = STEPS[step]
    with monkeypatch.context() as patch:
        patch.setattr(room, name, killer(getattr(room, name), on))
        with contextlib.suppress(Killed):
            visits.add(store, [file])
    before = plain(store)
    assert before in (sorted(ROWS[:39]), sorted(ROWS))
    visits.add(store, [file])
    asked = cases((1, 0, 9 * DAY))
    assert visits.contacts(store, asked).equals(visits.contacts(store_of(ROWS), asked))
    visits.compact(store)
    assert plain(store) == sorted(ROWS)
    listed = {part.file for segment in visits.Store(store).segments() for part in segment.parts}
    assert {str(path.relative_to(store)) for path in store.glob("visits/*/*")} == listed


@pytest.mark.parametrize("on", [1, 2, 4])
@pytest.mark.parametrize("name", ["write_part", "settle", "forget_name", "without"])
def test_killed_while_erasing(store_of, monkeypatch, name, on):
    """Whoever writes next finishes the erasure, for the decision was written down first."""
    store = store_of(ROWS)
    with monkeypatch.context() as patch:
        patch.setattr(striking, name, killer(getattr(striking, name), on))
        with contextlib.suppress(Killed):
            visits.erase(store, 7)
    visits.compact(store)
    assert plain(store) == sorted(row for row in ROWS if row[0] != 7)
    assert 7 not in visits.contacts(store, cases((1, 0, 9 * DAY)))["person"].to_list()
