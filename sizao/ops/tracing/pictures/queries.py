"""Reads for the pictures: numbers counted by the database, and the rows of the chains."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from sizao.ops.cases.models import Case
from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import reach_in
from sizao.ops.tracing.models import Contact, Exposure
from sizao.vocabulary.codes import COUNTED, Classification, ContactStatus

#: Everybody who was not ruled out.
OPEN = tuple(code for code in Classification if code != Classification.DISCARDED)

CASE_ROW = {
    "id": pl.Int64,
    "case_id": pl.String,
    "person_id": pl.Int64,
    "area": pl.String,
    "classification": pl.String,
    "date_onset": pl.Date,
    "date_report": pl.Date,
    "found_in": pl.String,
    "origin": pl.String,
}
LINK_ROW = {
    "source": pl.Int64,
    "person_id": pl.Int64,
    "setting": pl.String,
    "certainty": pl.String,
    "date_exposure_first": pl.Date,
    "date_exposure_last": pl.Date,
}


def cases_in_reach(*, by: User, incident: Incident, at: datetime, permission: str = "case.view") -> QuerySet[Case]:
    """An incident's cases in the reader's areas."""
    paths = reach_in(incident, by, permission, at=at).paths
    return Case.objects.filter(access.within(paths), incident=incident)


def case_counts(cases: QuerySet[Case], *, by: Sequence[str], n_chars: int | None = None) -> pl.DataFrame:
    """How many cases for each combination of columns, counted by the database: `by…, n`. Dates are pl.Date.

    `n_chars` cuts the area to the path of a higher level.
    """
    schema = {name: pl.Date if name.startswith("date_") else pl.String for name in by}
    columns = [F("area_id") if name == "area" else F(name) for name in by]
    named = {f"by_{name}": column for name, column in zip(by, columns, strict=True)}
    rows = cases.order_by().values_list(*named.values()).annotate(n=Count("id"))
    frame = pl.DataFrame(list(rows), schema={**schema, "n": pl.Int64}, orient="row")
    if "area" in by and n_chars is not None:
        deep = pl.when(pl.col("area").str.len_chars() >= n_chars).then(pl.col("area").str.slice(0, n_chars))
        frame = frame.with_columns(area=deep)
    return frame.group_by(by, maintain_order=True).agg(pl.col("n").sum()) if by else frame


def chain_rows(*, by: User, incident: Incident, at: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All cases not ruled out, and all standing exposures, of an incident as frames: the whole, not the reach.

    A chain does not end at a border: whoever shows these rows must hide what the reader may not see, by the
    column `visible` of the cases.
    """
    reach = reach_in(incident, by, "case.view", at=at)
    cases = Case.objects.filter(incident=incident, classification__in=OPEN).order_by("id").values_list(
        "id", "number", "person_id", "area_id", "classification", "date_onset", "date_report", "found_in", "origin"
    )  # fmt: skip
    frame = pl.DataFrame(list(cases), schema=CASE_ROW, orient="row")
    visible = [reach.covers(path) for path in frame["area"]]
    return frame.with_columns(visible=pl.Series(visible, dtype=pl.Boolean)), link_rows(incident)


def link_rows(incident: Incident) -> pl.DataFrame:
    """Standing exposures whose source is a case, or a contact that became one: `source` is that case's id."""
    source = Coalesce("source_case_id", "source_contact__became_case_id")
    links = Exposure.objects.filter(incident=incident, withdrawn_at__isnull=True).order_by("id")
    rows = links.annotate(source=source).filter(source__isnull=False)
    values = rows.values_list("source", "person_id", "setting", "certainty", "date_first", "date_last")
    return pl.DataFrame(list(values), schema=LINK_ROW, orient="row")


def contact_gaps(*, by: User, incident: Incident, at: datetime) -> dict[str, int]:
    """Contacts the reader reaches, and those not yet identified, located and under control."""
    paths = reach_in(incident, by, "contact.view", at=at).paths
    real = Contact.objects.filter(access.within(paths), incident=incident).exclude(status=ContactStatus.NOT_A_CONTACT)
    unclear = Q(identified_at__isnull=True) | Q(located_at__isnull=True) | Q(controlled_at__isnull=True)
    return real.aggregate(n=Count("id"), unclear=Count("id", filter=unclear))


def place_gaps(cases: QuerySet[Case]) -> dict[str, int]:
    """Counted cases, the places and areas they are known at, and those known at neither."""
    counted = cases.filter(classification__in=COUNTED).order_by()
    return counted.aggregate(
        n=Count("id"),
        n_areas=Count("area_id", distinct=True),
        n_facilities=Count("facility_id", distinct=True),
        nowhere=Count("id", filter=Q(area__isnull=True, facility__isnull=True)),
    )
