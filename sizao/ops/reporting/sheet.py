"""A report laid out for reading: the same headings, rows and tables for the page, PDF and Word."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sizao.ops.registry.models import Area
from sizao.ops.reporting.frames import UNKNOWN
from sizao.ops.reporting.measures import DIMENSIONS, MEASURES
from sizao.ops.reporting.models import Report
from sizao.ops.reporting.numbers import DAY
from sizao.protocols.names import edition_name
from sizao.vocabulary.codes import Code, ReportStatus
from sizao.vocabulary.dates import say_day, say_moment
from sizao.vocabulary.text import N_, Message

HELD_BACK = "*"  # printed for a count that is held back


@dataclass(frozen=True)
class Line:
    """One headline number: `key` is its stable name; `day_before` and the `difference` from it are None where they
    are not said."""

    key: str
    label: str
    n: int
    day_before: int | None
    difference: int | None
    definition: str


@dataclass(frozen=True)
class Row:
    """One row of a breakdown: the stored value, what it is called, one count per column (None: held back)."""

    value: str
    label: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Table:
    """One breakdown of several measures by one dimension."""

    dimension: str
    title: str
    measures: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Revision:
    """An earlier day whose number is different now; `date` is "" for what nobody can date."""

    measure: str
    label: str
    date: str
    day: str
    was: int
    is_now: int


@dataclass(frozen=True)
class Sheet:
    """Everything a reader sees, in one language."""

    language: str
    title: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    revisions: tuple[Revision, ...] = ()
    text: str = ""
    correction: str = ""
    notes: tuple[str, ...] = field(default=())


#: Which measures stand side by side in which breakdown.
TABLES = (
    ("area", ("cases_new", "cases_cumulative", "deaths_cumulative", "recovered_cumulative")),
    ("classification", ("cases_new", "cases_cumulative")),
    ("age_group", ("cases_new", "cases_cumulative", "deaths_cumulative")),
    ("sex", ("cases_new", "cases_cumulative", "deaths_cumulative")),
    ("found_in", ("cases_new", "cases_cumulative")),
    (
        "area",
        ("contacts_listed", "contacts_identified", "contacts_located", "contacts_controlled", "contacts_followed"),
    ),
    ("contact_class", ("contacts_listed", "contacts_followed")),
    ("follow_up_outcome", ("follow_ups_seen", "follow_ups_not_reached")),
)
#: Lines that are left out while they count nobody.
SAID_WHEN_ANY = ("deaths_undated", "recovered_undated")
HELD_BACK_NOTE = N_(
    "{sign} stands for a count that is held back, because small numbers could point to persons.", sign=HELD_BACK
)
PUBLIC_TABLES = (("area", ("cases_new", "cases_cumulative")), ("classification", ("cases_new", "cases_cumulative")))
TITLES = {
    "area": N_("By area"),
    "classification": N_("By classification"),
    "age_group": N_("By age group"),
    "sex": N_("By sex"),
    "found_in": N_("By where found"),
    "contact_class": N_("By contact class"),
    "follow_up_outcome": N_("By follow-up outcome"),
}


def full_sheet(report: Report, language: str) -> Sheet:
    """The internal report with every number."""
    names = _area_names(report, language)
    tables = [_table(report.numbers, *layout, language, names) for layout in TABLES]
    lines = [
        Line(
            key,
            measure.label.say(language),
            report.numbers[key]["total"],
            report.numbers[key]["day_before"],
            report.numbers[key]["difference"],
            measure.definition.say(language),
        )
        for key, measure in MEASURES.items()
        if key in report.numbers and (report.numbers[key]["total"] or key not in SAID_WHEN_ANY)
    ]
    revisions = tuple(_revision(row, language) for row in report.revisions)
    return _sheet(report, language, lines, [t for t in tables if t.rows], revisions=revisions, signature=True)


def _revision(row: dict[str, Any], language: str) -> Revision:
    key, day = row.get("measure", "cases_cumulative"), row["date"] or ""
    said = value_label(DAY, day, language, {})
    return Revision(key, MEASURES[key].label.say(language), day, said, row["was"], row["is"])


def public_sheet(report: Report, language: str) -> Sheet:
    """What everybody may see."""
    names = _area_names(report, language)
    public = report.public
    lines = [
        Line(key, MEASURES[key].label.say(language), n, None, None, MEASURES[key].definition.say(language))
        for key, n in public["totals"].items()
    ]
    shaped = {
        key: {"by": {d: public["tables"][d][key] for d in public["tables"]}}
        for key in ("cases_new", "cases_cumulative")
    }
    tables = [_table(shaped, *layout, language, names) for layout in PUBLIC_TABLES]
    # A breakdown with one row would only say the total again.
    told = [table for table in tables if len(table.rows) > 1]
    is_held = any(n is None for table in told for row in table.rows for n in row.counts)
    return _sheet(report, language, lines, told, notes=(HELD_BACK_NOTE.say(language),) if is_held else ())


def _sheet(report: Report, language: str, lines, tables, *, signature: bool = False, **rest: Any) -> Sheet:
    return Sheet(
        language=language,
        title=_title(report, language),
        facts=_facts(report, language, signature),
        lines=tuple(lines),
        tables=tuple(tables),
        text=report.text_zh if language.startswith("zh") else report.text_en,
        correction=report.correction_note,
        **rest,
    )


def _title(report: Report, language: str) -> str:
    name = report.incident.name(language)
    return N_("Daily report of {date}: {incident}", date=report.date, incident=name).say(language)


def _facts(report: Report, language: str, signature: bool) -> tuple[tuple[str, str], ...]:
    zone = ZoneInfo(report.incident.time_zone)

    def moment(value) -> str:
        return f"{say_moment(value, language, zone)} {value.astimezone(zone):%Z}" if value else ""

    facts: list[tuple[Message, str]] = [
        (N_("Cut-off"), moment(report.cutoff_at)),
        (N_("Version"), str(report.version)),
        (N_("Protocol edition"), edition_name(report.incident.protocol).say(language)),
        (N_("Published"), moment(report.published_at)),
    ]
    if signature:
        facts += [
            (N_("State"), ReportStatus(report.status).label.say(language)),
            (N_("Drafted by"), str(report.drafted_by)),
            (N_("Reviewed by"), str(report.reviewed_by or "")),
            (N_("Signed by"), str(report.signed_by or "")),
            (N_("Signed at"), moment(report.signed_at)),
        ]
    facts.append((N_("SHA-256 of the content"), report.content_hash))
    facts.append((N_("Chain of decisions at signing"), report.chain_head))
    return tuple((label.say(language), value) for label, value in facts if value)


def _table(numbers: dict[str, Any], dimension: str, measures, language: str, names: dict[str, str]) -> Table:
    columns = [numbers.get(key, {}).get("by", {}).get(dimension, {}) for key in measures]
    values = _ordered({value for column in columns for value in column}, dimension)
    rows = [
        Row(value, value_label(dimension, value, language, names), tuple(column.get(value, 0) for column in columns))
        for value in values
    ]
    labels = tuple(MEASURES[key].label.say(language) for key in measures)
    return Table(dimension, TITLES[dimension].say(language), tuple(measures), labels, tuple(rows))


def _ordered(values: set[str], dimension: str) -> list[str]:
    """In the order of the code list, else by value; what is not known comes last."""
    codes = DIMENSIONS[dimension].code_list
    order = {str(code): place for place, code in enumerate(codes)} if codes else {}
    return sorted(values, key=lambda value: (value == UNKNOWN, order.get(value, len(order)), value))


def value_label(dimension: str, value: str, language: str, names: dict[str, str]) -> str:
    """What a breakdown's value is called."""
    if dimension == DAY:
        return say_day(date.fromisoformat(value), language) if value else N_("Date not known").say(language)
    code_list: type[Code] | None = DIMENSIONS[dimension].code_list
    if value == UNKNOWN:
        return N_("Not known").say(language)
    if code_list:
        return code_list(value).label.say(language) if value in set(code_list) else value
    return names.get(value, value)


def _area_names(report: Report, language: str) -> dict[str, str]:
    """What the areas are called. Rows that say no more than the incident's own area are named as such."""
    paths = {path for number in report.numbers.values() for path in number["by"].get("area", {})}
    names = {area.path: area.name(language) for area in Area.objects.filter(path__in=paths)}
    width = max(map(len, paths), default=0)
    return {
        path: N_("{area}, no further known", area=name).say(language) if len(path) < width else name
        for path, name in names.items()
    }
