"""Makes records fit for this incident: area texts become paths, persons get their keys, numbers their place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.intake.faults import ERROR, WARNING, Fault
from sizao.ops.registry import keys
from sizao.ops.registry.framing import framed, key_frame, years_of_birth
from sizao.ops.registry.models import Area
from sizao.ops.registry.queries import areas_meant
from sizao.ops.tracing.queries import people_by_number
from sizao.vocabulary.text import N_, Message

PERMISSION = {"cases": "case.edit", "contacts": "contact.edit"}
SHOWN = 60  # characters of a cell that a sentence quotes


@dataclass(frozen=True)
class Prepared:
    """Records as the rooms take them, and what is wrong with rows."""

    frame: pl.DataFrame
    faults: list[Fault]


def prepare(frame: pl.DataFrame, kind: str, *, incident: Incident, area: str, by: User, at: datetime) -> Prepared:
    """`area` is where rows without one count; "" where the user or the incident decides."""
    frame = frame.with_columns(pl.col("row").cast(pl.Int64))
    if kind not in PERMISSION:
        return Prepared(frame, [])
    faults = _mistyped(frame)
    frame = _where_found(frame, incident)
    frame, unplaced = _placed(frame, incident, area or default_area(incident, PERMISSION[kind], by, at) or "")
    frame = _numbered(_aged(frame, incident, at), kind)
    outside = _outside(frame, kind, incident, access.reach(by, PERMISSION[kind], at=at))
    return Prepared(_keyed(frame), faults + unplaced + outside)


def default_area(incident: Incident, permission: str, by: User, at: datetime) -> str | None:
    """Where a row counts that names no area: the incident's one area, else the user's one area."""
    areas = list(incident.areas.values_list("path", flat=True))
    mine = access.reach(by, permission, at=at)
    if len(areas) == 1 and mine.covers(areas[0]):
        return areas[0]
    return mine.paths[0] if len(mine.paths) == 1 and mine.paths[0] else None


def _mistyped(frame: pl.DataFrame) -> list[Fault]:
    """Chinese identity numbers whose check character does not fit (vectorised: there may be a million)."""
    number = pl.col("id_number").str.to_uppercase()
    looks = frame.select("row", number=number).filter(pl.col("number").str.contains(r"^\d{17}[\dX]$"))
    digits = (pl.col("number").str.slice(i, 1).cast(pl.Int64) * weight for i, weight in enumerate(keys.ID_WEIGHTS))
    check = pl.lit(keys.ID_CHECKS).str.slice((pl.sum_horizontal(*digits) % 11).cast(pl.UInt32), 1)
    wrong = looks.filter(check != pl.col("number").str.slice(17, 1)) if looks.height else looks
    return [
        Fault(row, "id_number", found, WARNING, message)
        for row, found in wrong.iter_rows()
        if (message := keys.check_id_number(found))
    ]


def _where_found(frame: pl.DataFrame, incident: Incident) -> pl.DataFrame:
    """A case whose area nobody wrote counts where its health facility is, if the facility's text says where."""
    if "facility" not in frame.columns:
        return frame
    silent = frame.filter(pl.col("area").is_null())["facility"].drop_nulls().unique().to_list()
    near = list(incident.areas.order_by("path").values_list("path", flat=True))
    found = areas_meant(silent, near=near) if silent else {}
    told = {text: text for text, match in found.items() if match.path}
    place = pl.col("facility").replace_strict(told, default=None, return_dtype=pl.String)
    return frame.with_columns(area=pl.col("area").fill_null(place))


def _placed(frame: pl.DataFrame, incident: Incident, default: str) -> tuple[pl.DataFrame, list[Fault]]:
    """`area` as a path. What cannot be found counts where rows without an area count, and is said."""
    texts = frame["area"].drop_nulls().unique().to_list()
    near = list(incident.areas.order_by("path").values_list("path", flat=True))
    found = areas_meant(texts, near=near) if texts else {}
    names = _names({path for match in found.values() for path in match.candidates})
    faults: list[Fault] = []
    for sentence, which in (
        (_unknown, [text for text in texts if not found[text].path and not found[text].candidates]),
        (_unclear(names, found), [text for text in texts if found[text].candidates]),
    ):
        rows = frame.filter(pl.col("area").is_in(which)).select("row", "area") if which else frame.head(0)
        faults += [
            Fault(row, "area", text, WARNING, sentence(text)) for row, text in rows.select("row", "area").iter_rows()
        ]
    paths = {text: match.path for text, match in found.items()}
    area = frame["area"].replace_strict(list(paths), list(paths.values()), default=None, return_dtype=pl.String)
    return frame.with_columns(area=area.fill_null(default) if default else area), faults


def _unknown(text: str) -> Message:
    return N_("“{found}” is not known as an area. The row counts where rows without an area count.", found=text[:SHOWN])


def _unclear(names: dict[str, str], found: dict) -> Callable[[str], Message]:
    def sentence(text: str) -> Message:
        several = ", ".join(names.get(path, path) for path in found[text].candidates[:4])
        return N_("“{found}” may mean several areas: {several}. Write the code.", found=text[:SHOWN], several=several)

    return sentence


def _names(paths: set[str]) -> dict[str, str]:
    rows = Area.objects.filter(path__in=paths).values_list("path", "name_zh", "name_en", "code") if paths else ()
    return {path: f"{zh} {en} {code}" for path, zh, en, code in rows}


def _aged(frame: pl.DataFrame, incident: Incident, at: datetime) -> pl.DataFrame:
    """`year_birth`, from the birth date or from the age on the day of report."""
    days = [pl.col(name) for name in ("date_report", "date_onset") if name in frame.columns]
    day = pl.coalesce(*days, pl.lit(incident.date_at(at)))
    by_age = (day.dt.year() - pl.col("age").floor()).cast(pl.Int64)
    return frame.with_columns(year_birth=pl.coalesce(pl.col("date_birth").dt.year().cast(pl.Int64), by_age))


def _numbered(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """`number`: the list's own, else the identifier of the system it came from."""
    own = "case_id" if kind == "cases" else "contact_id"
    number = pl.coalesce(own, "external_id").str.slice(0, 60)
    return frame.with_columns(number.alias(own), number.alias("number"))


def _outside(frame: pl.DataFrame, kind: str, incident: Incident, mine: access.Reach) -> list[Fault]:
    """Rows in areas where the user may not write; contacts of a case within reach may live anywhere."""
    paths = frame["area"].unique().to_list()
    beyond = [path for path in paths if not mine.covers(path)]
    if not beyond:
        return []
    rows = frame.filter(pl.col("area").is_in(beyond) | pl.col("area").is_null())
    if kind == "contacts":
        rows = rows.filter(~pl.Series(_has_own_source(rows, incident, mine), dtype=pl.Boolean))
    sentence = N_("This row belongs to an area outside your posts. Somebody responsible there must import it.")
    nowhere = N_("This row names no area. Choose above where such rows count.")
    return [
        Fault(row, "area", area or "", ERROR, sentence if area else nowhere)
        for row, area in rows.select("row", "area").iter_rows()
    ]


def _has_own_source(rows: pl.DataFrame, incident: Incident, mine: access.Reach) -> list[bool]:
    sources = rows["source_id"].to_list() if "source_id" in rows.columns else [None] * rows.height
    people = people_by_number(incident=incident, numbers={source for source in sources if source})
    return [source in people and mine.covers(people[source].area_id) for source in sources]


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    """The look-up keys of each row's person, and the year of birth that an identity number may state."""
    frame = frame.with_columns(years_of_birth(framed(frame)).alias("year_birth"))
    return pl.concat([frame, key_frame(frame)], how="horizontal")
