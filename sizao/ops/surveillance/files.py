"""Counts and streams as tables people send: rows read, problems by row and column, nothing dropped in silence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from sizao.epi.detection import DETECTORS
from sizao.exchange.dates import decide_order, read_date
from sizao.exchange.tables import Table
from sizao.exchange.unreadable import UnreadableFile
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.surveillance.actions import NewStream
from sizao.ops.surveillance.kinds import Frequency, Source, Syndrome
from sizao.ops.surveillance.periods import first_of_period
from sizao.ops.surveillance.settings import check_setting, key_of, read_parameters
from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_, Message

#: Our columns and what else people write above them.
COUNT_COLUMNS = {
    "stream": ("stream", "code", "监测流", "代码", "编码"),
    "date": ("date", "day", "week", "日期", "周"),
    "n": ("n", "count", "number", "数量", "例数", "人数"),
    "denominator": ("denominator", "of", "total", "分母", "总数"),
}
STREAM_COLUMNS = {
    name: (name, *others)
    for name, others in {
        "code": ("代码", "编码"), "name_zh": ("中文名称", "名称"), "name_en": ("英文名称",), "source": ("来源",),
        "syndrome": ("症候群",), "stratum": ("分层",), "measure": ("计数内容",), "area": ("地区", "地区代码"),
        "place": ("地点", "哨点"), "freq": ("频率",), "weekdays": ("上报日",), "due_hours": ("时限小时",),
        "says_zero": ("零报告",), "denominator": ("分母",), "detector": ("方法",), "parameters": ("参数",),
        "watched_from": ("开始日期",),
    }.items()
}  # fmt: skip
SCHEMA = {"stream": pl.Int64, "date": pl.Date, "n": pl.Int64, "denominator": pl.Int64}
MOST = 2_147_483_647
YES = {"1", "yes", "true", "y", "是"}


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: the row as a spreadsheet numbers it, the column as its heading has it."""

    row: int
    column: str
    message: Message


@dataclass
class Read:
    """The rows that can be stored, and what is wrong with the others."""

    counts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCHEMA))
    streams: list[NewStream] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """A stream a count may belong to."""

    pk: int
    freq: str
    watched_from: date


class Wrong(Exception):
    """One cell cannot be read."""

    def __init__(self, column: str, message: Message) -> None:
        super().__init__(str(message))
        self.column, self.message = column, message


Row = tuple[int, dict[str, str]]


def rows_of(table: Table, columns: Mapping[str, Sequence[str]]) -> list[Row]:
    """(row number, cell by our column) of a table, headings in either language."""
    names = {other.casefold(): ours for ours, others in columns.items() for other in others}
    places = {names[head.casefold()]: at for at, head in enumerate(table.headers) if head.casefold() in names}
    needed = next(iter(columns))
    if needed not in places:
        raise UnreadableFile(
            N_("The file has no column “{column}”; its columns are {found}.", column=needed,
               found=", ".join(table.headers))
        )  # fmt: skip
    numbers = table.body.get_column("row").to_list()
    cells = {name: table.column(at).to_list() for name, at in places.items()}
    return [
        (number, {name: (values[index] or "").strip() for name, values in cells.items()})
        for index, number in enumerate(numbers)
    ]


def read_counts(rows: Iterable[Row], streams: Mapping[str, Known], *, today: date) -> Read:
    """Counts of known streams; a week or month may be named by any of its days."""
    rows = list(rows)
    order, _why = decide_order(cells["date"] for _row, cells in rows if cells.get("date"))
    read, found, seen = Read(), [], {}
    for row, cells in rows:
        try:
            stream = streams.get(cells.get("stream", ""))
            if stream is None:
                raise Wrong(
                    "stream", N_("No stream of your areas has the code “{code}”.", code=cells.get("stream", ""))
                )
            day = _day(cells.get("date", ""), "date", order)
            first = first_of_period(day, stream.freq)
            if first > today:
                raise Wrong("date", N_("{day} lies in the future.", day=day.isoformat()))
            if (stream.pk, first) in seen:
                raise Wrong("date", N_("Row {row} has a count of the same period.", row=seen[stream.pk, first]))
            n = _number(cells.get("n", ""), "n")
            of = cells.get("denominator", "")
            found.append((stream.pk, first, n, _number(of, "denominator") if of else None))
            seen[stream.pk, first] = row
        except Wrong as wrong:
            read.faults.append(Fault(row, wrong.column, wrong.message))
    read.counts = pl.DataFrame(found, schema=SCHEMA, orient="row")
    return read


def read_streams(
    rows: Iterable[Row], *, areas: Callable[[str], str | None], places: Callable[[str, str], int], today: date
) -> Read:
    """Stream definitions. `areas` finds the path of an area, `places` the id of a place by its name and area."""
    read, seen, tried = Read(), {}, {}
    for row, cells in rows:
        try:
            new = _stream(cells, areas, places, today, tried)
            if new.code in seen:
                raise Wrong("code", N_("Row {row} has the same code.", row=seen[new.code]))
            seen[new.code] = row
            read.streams.append(new)
        except Wrong as wrong:
            read.faults.append(Fault(row, wrong.column, wrong.message))
    return read


def _stream(
    cells: Mapping[str, str], areas: Callable[[str], str | None], places: Callable[[str, str], int], today: date,
    tried: dict[str, Message | None],
) -> NewStream:  # fmt: skip
    code = cells.get("code", "")
    if not code:
        raise Wrong("code", N_("Every stream needs a code of its own."))
    area = areas(cells.get("area", ""))
    if not area:
        raise Wrong("area", N_("No area is called “{text}”. Write its code.", text=cells.get("area", "")))
    freq = _code(Frequency, cells.get("freq") or "day", "freq")
    detector = cells.get("detector") or "auto"
    parameters = _parameters(detector, freq, cells.get("parameters", ""), tried)
    name = cells.get("name_zh") or cells.get("name_en") or code
    since = cells.get("watched_from", "")
    place = cells.get("place", "")
    return NewStream(
        code=code[:60], name_zh=name[:160], name_en=(cells.get("name_en") or name)[:160], area_path=area,
        source=_code(Source, cells.get("source", ""), "source"),
        syndrome=_code(Syndrome, cells.get("syndrome", ""), "syndrome"), freq=freq, detector=detector,
        parameters=parameters, stratum=cells.get("stratum", "")[:80], measure=cells.get("measure", "")[:80],
        place_id=places(place, area) if place else None, weekdays=_weekdays(cells.get("weekdays", "")),
        due_hours=_number(cells.get("due_hours") or "12", "due_hours"),
        says_zero=(cells.get("says_zero") or "yes").casefold() in YES, denominator=cells.get("denominator", "")[:80],
        watched_from=_day(since, "watched_from", None) if since else today,
    )  # fmt: skip


def _parameters(detector: str, freq: str, text: str, tried: dict[str, Message | None]) -> dict[str, Any]:
    """Parameters that the detector can run with; the same setting is tried once a file."""
    try:
        parameters = read_parameters(text)
    except NotNow as refusal:
        raise Wrong("parameters", refusal.message) from refusal
    key = f"{freq} {key_of(detector, parameters)}"
    if key not in tried:
        tried[key] = _refusal(detector, freq, parameters)
    if (said := tried[key]) is not None:
        raise Wrong("parameters" if detector in DETECTORS else "detector", said)
    return parameters


def _refusal(detector: str, freq: str, parameters: dict[str, Any]) -> Message | None:
    try:
        check_setting(detector, freq, parameters)
    except NotNow as refusal:
        return refusal.message
    return None


def _code(codes: type[Code], text: str, column: str) -> str:
    """A code, or one of its labels."""
    for code in codes:
        if text.casefold() in (code.value, code.label.say("en").casefold(), code.label.say("zh-hans")):
            return code.value
    known = ", ".join(code.value for code in codes)
    raise Wrong(column, N_("“{text}” is not one of {codes}.", text=text, codes=known))


def _day(text: str, column: str, order) -> date:
    found = read_date(text, order).date if text else None
    if found is None:
        raise Wrong(column, N_("“{text}” is no date; write it like 2026-03-31.", text=text))
    return found


def _number(text: str, column: str) -> int:
    if not text.isdecimal() or int(text) > MOST:
        raise Wrong(column, N_("“{text}” is no whole number of zero or more.", text=text))
    return int(text)


def _weekdays(text: str) -> str:
    days = "".join(sorted(set(text))) or "1234567"
    if not set(days) <= set("1234567"):
        raise Wrong("weekdays", N_("Days are written as numbers, 1 for Monday: “12345”, not “{text}”.", text=text))
    return days
