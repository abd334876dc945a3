"""SORMAS: exports and import templates of cases and of contacts, in English, German, French or Chinese.

Values are captions in the language of whoever exported, or codes; dates are in that user's order. An export
cannot be given back to SORMAS as an import: it has other columns, and facilities are captions there.
"""

from collections.abc import Callable
from collections.abc import Mapping as Map
from pathlib import Path

import polars as pl

from sizao.exchange.foreign import by_candidates, cells_of, with_order_of_file, words_from
from sizao.exchange.format import Format
from sizao.exchange.mapping import Field, Mapping
from sizao.exchange.parsing import Parsed, finish, read_records, refuse_repeated, require_identity
from sizao.exchange.reading import Cells, Dialect, Options, read_cells
from sizao.exchange.sormas_headers import ADDRESS, AGE, AREA, BIRTH, incomplete_births, under_ids, with_made_columns
from sizao.exchange.sormas_samples import lab_results
from sizao.exchange.tables import Table
from sizao.exchange.tidy import CONTACT_COLUMNS, NAMES, as_exposures, named
from sizao.vocabulary.columns import CASE, CONTACT, LAB_RESULT, PERSON
from sizao.vocabulary.text import N_

SPOKEN = Dialect(words=words_from(Path(__file__).parent / "sormas_words.toml", (*PERSON, *CASE, *CONTACT, *LAB_RESULT)))
CASE_COLUMNS = (*PERSON, *CASE)

PERSON_CANDIDATES: Map[str, tuple[str, ...]] = {
    "family_name": ("person.lastName", "lastName"),
    "given_name": ("person.firstName", "firstName"),
    "sex": ("person.sex", "sex"),
    "date_birth": (BIRTH, "birthdate", "person.birthdate"),
    "age": (AGE, "approximateAge"),
    "id_number": ("person.nationalHealthId",),
    "phone": ("person.phone", "phone"),
    "email": ("person.emailAddress", "emailAddress"),
    "address": (ADDRESS,),
    "occupation": ("person.occupationType", "occupationType"),
    "area": (AREA,),
}
CASE_CANDIDATES: Map[str, tuple[str, ...]] = {
    **PERSON_CANDIDATES,
    "external_id": ("uuid", "externalID"),
    "case_id": ("epidNumber", "caseReferenceNumber", "externalToken"),
    "classification": ("caseClassification",),
    "date_onset": ("symptoms.onsetDate", "onsetDate"),
    "date_report": ("reportDate",),
    "date_admission": ("hospitalization.admissionDate", "admissionDate"),
    "date_isolation": ("hospitalization.isolationDate", "quarantineFrom"),
    "outcome": ("outcome",),
    "date_outcome": ("outcomeDate",),
    "date_death": ("person.deathDate", "deathDate"),
    "found_in": ("caseOrigin",),
    "facility": ("healthFacility", "healthFacilityDetails"),
    "note": ("additionalDetails",),
}
CONTACT_CANDIDATES: Map[str, tuple[str, ...]] = {
    **PERSON_CANDIDATES,
    "external_id": ("uuid",),
    "contact_id": ("externalID", "externalToken"),
    "source_id": ("sourceCaseUuid", "caseIdExternalSystem"),
    "contact_class": ("contactCategory",),
    "contact_status": ("followUpStatus", "contactStatus"),
    "date_report": ("reportDateTime", "reportDate"),
    "date_follow_up_end": ("followUpUntil",),
    "date_exposure_first": ("firstContactDate",),
    "date_exposure_last": ("lastContactDate",),
    "closeness": ("contactProximity",),
    "relation": ("relationToCase",),
    "note": ("description", "followUpComment"),
}
#: Column ids no other system uses; three of them tell the file.
CASE_TELLING = frozenset(
    [
        "caseClassification",
        "epidNumber",
        "symptoms.onsetDate",
        "responsibleRegion",
        "responsibleDistrict",
        "caseOrigin",
        "healthFacility",
        "investigationStatus",
        "person.firstName",
        "person.lastName",
        "person.sex",
        "nosocomialOutbreak",
        "pointOfEntry",
    ]
)
CONTACT_TELLING = frozenset(
    [
        "contactProximity",
        "contactClassification",
        "contactStatus",
        "lastContactDate",
        "multiDayContact",
        "sourceCaseUuid",
        "caseIdExternalSystem",
        "contactCategory",
        "relationToCase",
        "caseOrEventInformation",
    ]
)
TELLING = CASE_TELLING | CONTACT_TELLING
#: Statuses that settle what became of a contact, before the status of the follow-up.
DECIDING = (("contactClassification", "not_a_contact"), ("contactStatus", "became_case"))


def interpreted(table: Table) -> Table:
    """The table under its column ids."""
    return under_ids(table, TELLING)


def prepared(table: Table) -> Table:
    return with_made_columns(interpreted(table))


def cases(table: Table, mapping: Mapping, options: Options) -> Parsed:
    """Cases, and the results of their samples."""
    table = prepared(table)
    frame, problems = read_records(table, mapping, CASE_COLUMNS, options, SPOKEN)
    problems += incomplete_births(table)
    problems += require_identity(frame, ("case_id", "external_id", *NAMES))
    problems += refuse_repeated(frame, named(CASE, "case_id"), "epidNumber")
    problems += refuse_repeated(frame, named(CASE, "external_id"), "uuid")
    results, found = lab_results(table, frame, options, SPOKEN)
    return finish(table, {"cases": frame, "lab_results": results}, problems + found)


def contacts(table: Table, mapping: Mapping, options: Options) -> Parsed:
    """Contacts, and one exposure for each that names its source case."""
    table = prepared(table)
    frame, problems = read_records(table, mapping, CONTACT_COLUMNS, options, SPOKEN)
    problems += incomplete_births(table)
    problems += require_identity(frame, ("contact_id", "external_id", *NAMES))
    problems += refuse_repeated(frame, named(CONTACT, "external_id"), "uuid")
    frame = _settled(table, frame).with_columns(closeness_as_written=_as_written(table, "contactProximity"))
    exposed = frame.with_columns(exposed_id=pl.coalesce("contact_id", "external_id"))
    return finish(table, {"contacts": frame, "exposures": as_exposures(exposed)}, problems)


def _settled(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """`contact_status`, where another column says that this is no contact, or a case by now."""
    status = frame["contact_status"]
    for header, decisive in reversed(DECIDING):
        cells = cells_of(table, header)
        if cells is not None:
            column = named(CONTACT, "contact_status")
            said, _ = read_cells(Cells(column, Field(header), frame["row"], cells, Options(), SPOKEN))
            status = pl.select(pl.when(said == decisive).then(said).otherwise(status)).to_series()
    return frame.with_columns(contact_status=status)


def _as_written(table: Table, header: str) -> pl.Series:
    cells = cells_of(table, header)
    return cells if cells is not None else pl.Series([None] * table.n_rows, dtype=pl.String)


def _score(telling: frozenset[str], others: frozenset[str]) -> Callable[[Table], float]:
    """Three telling column ids are proof; whose ids are more decides between cases and contacts."""

    def score(table: Table) -> float:
        headers = set(interpreted(table).headers)
        ours, theirs = len(headers & telling), len(headers & others)
        return 0.97 if len(headers & TELLING) >= 3 and ours > theirs else 0.0

    return score


def _propose(candidates: Map[str, tuple[str, ...]], format_id: str) -> Callable[[Table], Mapping]:
    """One user exports in one order of dates, so a column that does not show it takes that of the others."""

    def propose(table: Table) -> Mapping:
        table = prepared(table)
        return with_order_of_file(table, by_candidates(table, candidates, format_id), CONTACT_COLUMNS + CASE_COLUMNS)

    return propose


SORMAS = (
    Format(
        id="sormas-cases",
        label=N_("SORMAS cases"),
        kinds=("cases", "lab_results"),
        columns=CASE_COLUMNS,
        recognises=_score(CASE_TELLING, CONTACT_TELLING),
        propose=_propose(CASE_CANDIDATES, "sormas-cases"),
        reads=cases,
        interprets=interpreted,
    ),
    Format(
        id="sormas-contacts",
        label=N_("SORMAS contacts"),
        kinds=("contacts", "exposures"),
        columns=CONTACT_COLUMNS,
        recognises=_score(CONTACT_TELLING, CASE_TELLING - {"person.firstName", "person.lastName", "person.sex"}),
        propose=_propose(CONTACT_CANDIDATES, "sormas-contacts"),
        reads=contacts,
        interprets=interpreted,
    ),
)
