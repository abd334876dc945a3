"""Our own lists, and anybody's that look like one: one row per case, contact, exposure, follow-up or result."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace

import polars as pl

from sizao.exchange.format import Format
from sizao.exchange.mapping import Mapping
from sizao.exchange.parsing import (
    Parsed,
    finish,
    read_records,
    refuse_repeated,
    repeated_headers,
    require,
    require_identity,
    schema_of,
)
from sizao.exchange.problems import Problems
from sizao.exchange.proposals import likeness, propose_mapping, sample_of
from sizao.exchange.reading import Options
from sizao.exchange.tables import Table
from sizao.exchange.words import meaning, plain
from sizao.exchange.writing import write_csv
from sizao.vocabulary.codes import Code
from sizao.vocabulary.columns import CASE, CONTACT, EXPOSURE, FOLLOW_UP, LAB_RESULT, PERSON, Column
from sizao.vocabulary.text import N_, Message

NAMES = ("full_name", "family_name", "given_name", "id_number")
#: In a line list of cases, who infected whom; not "source", which may be the source of the report.
INFECTOR = replace(
    next(column for column in EXPOSURE if column.name == "source_id"),
    aliases=(
        "infector",
        "infected_by",
        "source_case",
        "source_case_id",
        "infector_id",
        "源病例编号",
        "传染源",
        "上一代病例",
    ),
)

RESULT = next(column for column in LAB_RESULT if column.name == "result_code")
CASE_COLUMNS = (*PERSON, *CASE, INFECTOR)
CONTACT_COLUMNS = (*PERSON, *CONTACT)


def named(columns: Sequence[Column], name: str) -> Column:
    return next(column for column in columns if column.name == name)


def cases(table: Table, mapping: Mapping, options: Options) -> Parsed:
    """Cases; and, where the list names who infected whom, exposures."""
    frame, problems = read_records(table, mapping, CASE_COLUMNS, options)
    problems += repeated_headers(table, mapping)
    problems += require_identity(frame, ("case_id", "external_id", *NAMES))
    problems += refuse_repeated(frame, named(CASE, "case_id"), header_of(mapping, "case_id"))
    problems += own_source(frame, "case_id")
    records = {"cases": frame.drop("source_id")}
    if "source_id" in mapping.targets():
        records["exposures"] = as_exposures(frame.select("row", "source_id", exposed_id="case_id"))
    return finish(table, records, problems)


def contacts(table: Table, mapping: Mapping, options: Options) -> Parsed:
    """Contacts, and one exposure for each row that names its source case."""
    frame, problems = read_records(table, mapping, CONTACT_COLUMNS, options)
    problems += repeated_headers(table, mapping)
    problems += require_identity(frame, ("contact_id", "external_id", *NAMES))
    problems += own_source(frame, "contact_id")
    exposed = frame.with_columns(exposed_id=pl.coalesce("contact_id", "external_id"))
    return finish(table, {"contacts": frame, "exposures": as_exposures(exposed)}, problems)


def exposures(table: Table, mapping: Mapping, options: Options) -> Parsed:
    """Pairs: who exposed whom."""
    frame, problems = read_records(table, mapping, EXPOSURE, options)
    problems += repeated_headers(table, mapping)
    for name in ("source_id", "exposed_id"):
        problems += require(frame, named(EXPOSURE, name), header_of(mapping, name))
    problems += own_source(frame, "exposed_id")
    return finish(table, {"exposures": frame}, problems)


def follow_ups(table: Table, mapping: Mapping, options: Options) -> Parsed:
    """One row per contact and day."""
    frame, problems = read_records(table, mapping, FOLLOW_UP, options)
    problems += repeated_headers(table, mapping)
    for name in ("contact_id", "date_due"):
        problems += require(frame, named(FOLLOW_UP, name), header_of(mapping, name))
    return finish(table, {"follow_ups": frame}, problems)


def lab_results(table: Table, mapping: Mapping, options: Options) -> Parsed:
    """One row per specimen and test."""
    frame, problems = read_records(table, mapping, LAB_RESULT, options)
    problems += repeated_headers(table, mapping)
    problems += Problems.of(
        "required_missing",
        frame.filter(pl.col("case_id").is_null() & pl.col("specimen_id").is_null()),
        column=header_of(mapping, "case_id") or str(named(LAB_RESULT, "case_id").label),
    )
    return finish(table, {"lab_results": with_result_code(frame)}, problems)


def as_exposures(frame: pl.DataFrame) -> pl.DataFrame:
    """The exposure columns of rows that name a source; columns the frame lacks are empty."""
    from_row = [
        pl.col(column.name) if column.name in frame.columns else pl.lit(None).alias(column.name) for column in EXPOSURE
    ]
    empty = pl.DataFrame(schema=schema_of(EXPOSURE))
    return pl.concat(
        [empty, frame.filter(pl.col("source_id").is_not_null()).select("row", *from_row)], how="vertical_relaxed"
    ).cast(empty.schema)


def with_result_code(frame: pl.DataFrame, theirs: Map[str, Code | None] | None = None) -> pl.DataFrame:
    """`result_code` from the words of `result`, where the file does not give it."""
    words = {
        value: (theirs or {}).get(plain(value)) or meaning(RESULT, value)
        for value in frame["result"].drop_nulls().unique()
    }
    codes = [code.value if code else None for code in words.values()]
    read = frame["result"].replace_strict(list(words), codes, default=None, return_dtype=pl.String)
    return frame.with_columns(pl.col("result_code").fill_null(read))


def header_of(mapping: Mapping, target: str) -> str | None:
    """What the file calls a column."""
    return next((each.header for each in mapping.of_target(target)), None)


def own_source(frame: pl.DataFrame, exposed: str) -> Problems:
    same = frame.filter(pl.col("source_id") == pl.col(exposed))
    return Problems.of("own_source", same.select("row", found="source_id"))


@dataclass(frozen=True)
class Rival:
    """Another kind of list whose own column names ours go by as well: "classification" is a case's before it is a
    contact's class, "case_id" names a case before it names a contact's source. Where the list has not even `own`,
    such columns tell nothing."""

    columns: tuple[Column, ...]
    own: str

    def claimed(self, mapping: Mapping, table: Table) -> set[str]:
        """Targets whose header is the name of a column of the other list, rather than of ours, and whose words do
        not say otherwise."""
        return {
            each.target
            for position, each in enumerate(mapping)
            if each.target
            and any(
                likeness(each.header, column) > each.likeness and not _foreign_words(table, position, column)
                for column in self.columns
            )
        }


def _foreign_words(table: Table, position: int, column: Column) -> bool:
    """Whether a column of codes holds words of which this list of codes knows none."""
    words = sample_of(table, position) if column.code_list is not None else []
    return bool(words) and not any(meaning(column, word) for word in words)


def _recognises(
    columns: Sequence[Column], essential: Sequence[set[str]], telling: set[str], rival: Rival | None
) -> Callable[[Table], float]:
    """Likely when every essential need is met by one of its columns, telling columns occur, and few are strange."""

    def score(table: Table) -> float:
        mapping = propose_mapping(table.headers, columns, table)
        targets = mapping.targets()
        claimed = rival.claimed(mapping, table) if rival is not None else set()
        if rival is not None and rival.own not in targets - claimed:
            targets -= claimed
        if not telling & targets or not all(need & targets for need in essential):
            return 0.0
        named_headers = [each for each in mapping if each.header]
        explained = sum(each.likeness for each in named_headers if each.target) / max(len(named_headers), 1)
        return round(0.45 * explained + 0.45 * min(1.0, len(telling & targets) / 2), 3)

    return score


def _tidy(
    id: str,
    label: Message,
    kinds: tuple[str, ...],
    columns: tuple[Column, ...],
    reads: Callable[[Table, Mapping, Options], Parsed],
    essential: Sequence[set[str]],
    telling: set[str],
    rival: Rival | None = None,
) -> Format:
    return Format(
        id=id,
        label=label,
        kinds=kinds,
        columns=columns,
        recognises=_recognises(columns, essential, telling, rival),
        propose=lambda table: replace(propose_mapping(table.headers, columns, table), format_id=id),
        reads=reads,
        write=lambda frame, target: write_csv(columns, frame, target),
    )


PERSONS = {"full_name", "family_name", "given_name", "id_number"}
TIDY = (
    _tidy(
        "sizao-cases",
        N_("Line list of cases"),
        ("cases", "exposures"),
        CASE_COLUMNS,
        cases,
        [{"case_id", "external_id", *PERSONS}],
        {"classification", "date_onset", "date_diagnosis", "date_admission", "outcome", "date_death", "severity",
         "found_in", "origin"},
    ),
    _tidy(
        "sizao-contacts",
        N_("List of contacts"),
        ("contacts", "exposures"),
        CONTACT_COLUMNS,
        contacts,
        [
            {"contact_id", "external_id", *PERSONS},
            {"source_id", "contact_class", "contact_status", "date_exposure_last"},
        ],
        {"contact_class", "contact_status", "source_id", "date_exposure_last", "date_follow_up_end", "closeness"},
        Rival((named(CASE, "case_id"), named(CASE, "classification")), own="contact_id"),
    ),
    _tidy(
        "sizao-exposures",
        N_("List of who exposed whom"),
        ("exposures",),
        EXPOSURE,
        exposures,
        [{"source_id"}, {"exposed_id"}],
        {"source_id", "exposed_id"},
    ),
    _tidy(
        "sizao-follow-ups",
        N_("List of daily follow-ups"),
        ("follow_ups",),
        FOLLOW_UP,
        follow_ups,
        [{"contact_id"}, {"date_due"}],
        {"follow_up_outcome", "date_due"},
    ),
    _tidy(
        "sizao-lab-results",
        N_("List of laboratory results"),
        ("lab_results",),
        LAB_RESULT,
        lab_results,
        [{"case_id", "specimen_id"}, {"result", "result_code"}],
        {"result", "specimen_id", "date_collected", "test_type"},
    ),
)  # fmt: skip
