"""Go.Data: exports of cases, contacts, contacts of contacts, relationships, follow-ups and laboratory results.

The chain of transmission stands in the relationships only. Exposure type and context of exposure are kept as
written: their codes do not say what users of an installation saw on the screen, so their meaning is asked for.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from sizao.exchange import godata_columns
from sizao.exchange.foreign import words_from
from sizao.exchange.format import Format
from sizao.exchange.godata_columns import likely_kind, with_made_columns, without_prefix
from sizao.exchange.mapping import Field, Mapping
from sizao.exchange.parsing import Parsed, finish, read_records, refuse_repeated, require, require_identity
from sizao.exchange.problems import Problems
from sizao.exchange.proposals import sample_of
from sizao.exchange.reading import Dialect, Options
from sizao.exchange.tables import Table
from sizao.exchange.tidy import NAMES, header_of, named, own_source, with_result_code
from sizao.exchange.value_proposals import BARE_CODE, propose_labels
from sizao.vocabulary.codes import ContactClass
from sizao.vocabulary.columns import CASE, CONTACT, EXPOSURE, FOLLOW_UP, LAB_RESULT, PERSON, Column
from sizao.vocabulary.text import N_, Message

DRIFTING = {"closeness": "closeness_as_written", "setting": "setting_as_written"}
SPOKEN = Dialect(
    words=words_from(Path(__file__).parent / "godata_words.toml", (*PERSON, *CASE, *CONTACT, *FOLLOW_UP, *LAB_RESULT)),
    drifting=frozenset(DRIFTING),
)
#: Words by which the language of labels is told.
LANGUAGES: Map[str, str] = {
    "en": r"(?i)\b(household|healthcare|workplace|other|physical|indirect|surface|friends)\b",
    "fr": r"(?i)\b(physique|ménage|autre|soins|travail|indirecte?)\b",
    "es": r"(?i)\b(físico|hogar|otro|indirecto|trabajo)\b",
}


Finish = Callable[[Table, Mapping, pl.DataFrame], tuple[pl.DataFrame, Problems]]


@dataclass(frozen=True)
class Kind:
    """One kind of file: its records, their columns, and what is checked and added when they are read."""

    name: str
    label: Message
    record: str
    columns: tuple[Column, ...]
    finishes: Finish


def _persons(id_name: str, columns: tuple[Column, ...]) -> Finish:
    def finishes(table: Table, mapping: Mapping, frame: pl.DataFrame) -> tuple[pl.DataFrame, Problems]:
        problems = require_identity(frame, (id_name, "external_id", *NAMES))
        for name in (id_name, "external_id"):
            problems += refuse_repeated(frame, named(columns, name), header_of(mapping, name))
        texts = [name for name in ("occupation", "facility") if name in frame.columns]
        return frame.with_columns(without_prefix(frame[name]) for name in texts), problems

    return finishes


def _contacts_of_contacts(table: Table, mapping: Mapping, frame: pl.DataFrame) -> tuple[pl.DataFrame, Problems]:
    frame, problems = _persons("contact_id", CONTACT)(table, mapping, frame)
    return frame.with_columns(contact_class=pl.lit(ContactClass.CONTACT_OF_CONTACT.value)), problems


def _relationships(table: Table, mapping: Mapping, frame: pl.DataFrame) -> tuple[pl.DataFrame, Problems]:
    problems = Problems.none()
    for name in ("source_id", "exposed_id"):
        problems += require(frame, named(EXPOSURE, name))
    return _with_words_kept(table, mapping, frame), problems + own_source(frame, "exposed_id")


def _with_words_kept(table: Table, mapping: Mapping, frame: pl.DataFrame) -> pl.DataFrame:
    """What was written for the columns whose meaning drifts, and in which language."""
    positions = mapping.positions(table.headers)
    kept = {
        written: table.column(positions[name][0][0]).str.strip_chars()
        for name, written in DRIFTING.items()
        if name in positions
    }
    frame = frame.with_columns(**kept)
    labels = pl.concat([cells.drop_nulls() for cells in kept.values()]) if kept else pl.Series([], dtype=pl.String)
    return frame.with_columns(language_as_written=pl.lit(language_of(labels), dtype=pl.String))


def language_of(labels: pl.Series) -> str | None:
    """The language most labels are in; None for bare codes."""
    said = [label for label in labels.unique() if not BARE_CODE.fullmatch(label)]
    hits = {language: sum(bool(re.search(words, label)) for label in said) for language, words in LANGUAGES.items()}
    best = max(hits, key=lambda language: hits[language])
    return best if hits[best] else None


def _follow_ups(table: Table, mapping: Mapping, frame: pl.DataFrame) -> tuple[pl.DataFrame, Problems]:
    return frame, require(frame, named(FOLLOW_UP, "contact_id")) + require(frame, named(FOLLOW_UP, "date_due"))


def _lab_results(table: Table, mapping: Mapping, frame: pl.DataFrame) -> tuple[pl.DataFrame, Problems]:
    frame = with_result_code(frame, SPOKEN.words["result_code"]).with_columns(
        without_prefix(frame[name]) for name in ("specimen_type", "test_type", "laboratory")
    )
    return frame.with_columns(without_prefix(frame["result"])), require(frame, named(LAB_RESULT, "case_id"))


KINDS = (
    Kind("cases", N_("Go.Data cases"), "cases", (*PERSON, *CASE), _persons("case_id", CASE)),
    Kind("contacts", N_("Go.Data contacts"), "contacts", (*PERSON, *CONTACT), _persons("contact_id", CONTACT)),
    Kind(
        "contacts_of_contacts",
        N_("Go.Data contacts of contacts"),
        "contacts",
        (*PERSON, *CONTACT),
        _contacts_of_contacts,
    ),
    Kind("relationships", N_("Go.Data relationships"), "exposures", EXPOSURE, _relationships),
    Kind("follow_ups", N_("Go.Data follow-ups"), "follow_ups", FOLLOW_UP, _follow_ups),
    Kind("lab_results", N_("Go.Data laboratory results"), "lab_results", LAB_RESULT, _lab_results),
)


def _reads(kind: Kind) -> Callable[[Table, Mapping, Options], Parsed]:
    def reads(table: Table, mapping: Mapping, options: Options) -> Parsed:
        table = with_made_columns(table)
        frame, problems = read_records(table, mapping, kind.columns, options, SPOKEN)
        frame, found = kind.finishes(table, mapping, frame)
        return finish(table, {kind.record: frame}, problems + found)

    return reads


def _propose(kind: Kind, format_id: str) -> Callable[[Table], Mapping]:
    def propose(table: Table) -> Mapping:
        table = with_made_columns(table)
        mapping = godata_columns.propose(table, kind.name, format_id)
        fields = (_with_labels(table, position, field) for position, field in enumerate(mapping))
        return replace(mapping, fields=tuple(fields))

    return propose


def _with_labels(table: Table, position: int, field: Field) -> Field:
    """What the labels of a drifting column seem to mean, for somebody to confirm."""
    if field.target not in DRIFTING:
        return field
    return replace(field, values=propose_labels(named(EXPOSURE, field.target), sample_of(table, position)))


def _recognises(kind: Kind) -> Callable[[Table], float]:
    return lambda table: 0.96 if likely_kind(table) == kind.name else 0.0


def _format(kind: Kind) -> Format:
    format_id = "godata-" + kind.name.replace("_", "-")
    return Format(
        id=format_id,
        label=kind.label,
        kinds=(kind.record,),
        columns=kind.columns,
        recognises=_recognises(kind),
        propose=_propose(kind, format_id),
        reads=_reads(kind),
    )


GODATA = tuple(_format(kind) for kind in KINDS)
