"""What a delivered file says, in the terms of this incident: records by kind, ready to be handed on, and faults.

Nothing is written here. The exchange reads the file; this module adds what only the application knows: which
areas are meant, where the user may write, the look-up keys of persons, and whom the rows resemble.
"""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from sizao.exchange.dates import DateOrder
from sizao.exchange.format import Format
from sizao.exchange.formats import FORMATS, recognise
from sizao.exchange.mapping import Mapping
from sizao.exchange.parsing import Parsed
from sizao.exchange.reading import Options
from sizao.exchange.tables import Table, read_table
from sizao.exchange.unreadable import UnreadableFile
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.intake.faults import ERROR, WARNING, Fault, of_reading
from sizao.ops.intake.numbers import with_our_numbers
from sizao.ops.intake.preparing import Prepared, prepare
from sizao.ops.intake.resolving import ByRegister, Choice, Found, resolve
from sizao.vocabulary.text import N_

ORDER = ("cases", "contacts", "exposures", "follow_ups")  # what refers to others comes after them
WITH_PERSONS = ("cases", "contacts")
SAMPLE_ROWS = 12
COMPARE_UP_TO = 200_000  # rows whose likes are looked for before anything is handed on
SLICE = 5_000
FOUND_SCHEMA = {"row": pl.Int64, "kind": pl.String, "other": pl.Int64, "score": pl.Int64, "reason": pl.String}


@dataclass(frozen=True)
class Wish:
    """What a person said about a delivery: format, mapping, sheet, order of dates, where rows without area count,
    what cases without a class are, and choices about single rows."""

    format_id: str = ""
    mapping: Mapping | None = None
    saved: Map[str, Mapping] = field(default_factory=dict)
    sheet: str | None = None
    date_order: str = ""
    area: str = ""
    classification: str = ""
    choices: Map[int, Choice] = field(default_factory=dict)


@dataclass(frozen=True)
class Understood:
    """The file as it would be handed on. `compared`: all of its persons were compared with the register; `n_known`:
    how many of the rows compared carry a number that is known here already."""

    format_id: str
    mapping: Mapping
    records: dict[str, pl.DataFrame]
    faults: list[Fault]
    n_rows: int
    sheets: tuple[str, ...]
    sheet: str
    sample: pl.DataFrame
    found: pl.DataFrame
    compared: bool
    n_known: int = 0


class NotRecognised(UnreadableFile):
    """A table, but none of the lists we know; somebody has to say what it is."""

    def __init__(self) -> None:
        super().__init__(
            N_("This table looks like none of the lists we know. Say what kind of list it is and read it again.")
        )


def parse(path: Path, wish: Wish, latest: Any = None) -> tuple[Table, Format, Mapping, Parsed]:
    """Table, format, mapping and records of a file; raises UnreadableFile or NotRecognised."""
    table = read_table(path, sheet=wish.sheet or None)
    each = _format(table, wish)
    mapping = wish.mapping
    if mapping is None or mapping.format_id != each.id:
        mapping = each.propose(table)
        if each.id in wish.saved:
            mapping = mapping.fit(wish.saved[each.id])
    order = DateOrder(wish.date_order) if wish.date_order else None
    options = Options(date_order=order, latest=latest, confirmed=wish.mapping is not None)
    return table, each, mapping, each.parse(table, mapping, options)


def understand(path: Path, *, incident: Incident, wish: Wish, by: User, at: datetime) -> Understood:
    """Read a file for an incident on behalf of a user, who can only hand on what they may write."""
    table, each, mapping, parsed = parse(path, wish, incident.date_at(at))
    faults = of_reading(parsed.problems)
    records: dict[str, pl.DataFrame] = {}
    said = _once(parsed.records)
    for kind in ORDER:
        if kind in said and said[kind].height:
            frame = with_our_numbers(said[kind], kind, incident)
            if kind == "cases" and wish.classification:
                frame = frame.with_columns(pl.col("classification").fill_null(wish.classification))
            prepared = prepare(frame, kind, incident=incident, area=wish.area, by=by, at=at)
            faults += prepared.faults
            records[kind] = _sound(prepared)
    faults += _not_recorded(parsed)
    found, more, n_known = compare(records, incident, wish)
    sample = table.body.head(SAMPLE_ROWS).rename(dict(zip(table.body.columns[1:], _headers(table), strict=False)))
    return Understood(
        each.id, mapping, records, sorted(faults + more, key=lambda fault: fault.row or 0), parsed.n_rows,
        table.source.sheets, table.source.sheet or "", sample, found, all(map(_is_compared, records.values())), n_known,
    )  # fmt: skip


def _once(records: Map[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """A contact's row makes its own exposure; the exposure need not be handed on a second time."""
    said = dict(records)
    if "contacts" in said and "exposures" in said:
        own = said["contacts"].filter(pl.col("source_id").is_not_null())["row"]
        said["exposures"] = said["exposures"].filter(~pl.col("row").is_in(own.implode()))
    return said


def compare(records: Map[str, pl.DataFrame], incident: Incident, wish: Wish) -> tuple[pl.DataFrame, list[Fault], int]:
    """Whom the rows resemble, as a frame of FOUND_SCHEMA; numbers that are somebody else's; how many are known."""
    rows: list[tuple] = []
    n_known = 0
    faults: list[Fault] = []
    for kind in WITH_PERSONS:
        frame = records.get(kind)
        if frame is None or not _is_compared(frame):
            continue
        register = ByRegister()
        for start in range(0, frame.height, SLICE):
            resolved = resolve(
                incident=incident, kind=kind, frame=frame.slice(start, SLICE), choices=wish.choices, by=register
            )
            rows += [_found_row(kind, found) for found in resolved.found]
            faults += resolved.faults
            n_known += resolved.n_known
    return pl.DataFrame(rows, schema=FOUND_SCHEMA, orient="row"), faults, n_known


def _is_compared(frame: pl.DataFrame) -> bool:
    return frame.height <= COMPARE_UP_TO


def _found_row(kind: str, found: Found) -> tuple:
    return (found.row, kind, found.other, found.likeness.score, found.likeness.reason.msgid)


def _format(table: Table, wish: Wish) -> Format:
    if wish.format_id:
        return FORMATS[wish.format_id]
    likely = recognise(table)
    if not likely:
        raise NotRecognised
    return FORMATS[likely[0][0]]


def _sound(prepared: Prepared) -> pl.DataFrame:
    """The rows without an error of their own."""
    wrong = [fault.row for fault in prepared.faults if fault.severity == ERROR and fault.row is not None]
    return prepared.frame.filter(~pl.col("row").is_in(wrong)) if wrong else prepared.frame


def _not_recorded(parsed: Parsed) -> list[Fault]:
    """Kinds of records that no room takes yet are said, not dropped in silence."""
    names = {"lab_results": N_("laboratory results")}
    return [
        Fault(
            None, "", "", WARNING,
            N_(
                "The file also holds {n} {what}. They stay in the kept file; they are not recorded yet.",
                n=frame.height, what=names.get(kind, kind),
            ),
        )
        for kind, frame in parsed.records.items()
        if kind not in ORDER and frame.height
    ]  # fmt: skip


def _headers(table: Table) -> list[str]:
    """Headers as unique column names of the sample."""
    seen: dict[str, int] = {}
    names = []
    for header in table.headers:
        seen[header] = seen.get(header, 0) + 1
        names.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return [name or f" {position}" for position, name in enumerate(names)]
