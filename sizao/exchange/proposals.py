"""Proposes a mapping: by name, alias and likeness in English and Chinese, then by what the columns hold."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache

from sizao.exchange.ages import read_age
from sizao.exchange.dates import DateOrder, is_excel_day, read_date
from sizao.exchange.mapping import Field, Mapping, numbered
from sizao.exchange.tables import Table
from sizao.exchange.value_proposals import propose_values
from sizao.exchange.words import meaning
from sizao.vocabulary.columns import Column, Kind

SAME, ALIAS, SAME_WORDS, BY_CONTENT = 1.0, 0.95, 0.85, 0.6
ALIKE = 0.9  # share of equal letters that makes a misspelt name the same name
SHORTEST_ALIKE = 6  # letters; shorter names differ by one letter and mean another thing
SAMPLE = 2_000  # rows looked at
OWN_COLUMNS = frozenset(("sizaoproblems", "sizao问题"))  # what our list of refused rows adds, as `normal` makes it


def propose_mapping(headers: Sequence[str], columns: Sequence[Column], table: Table | None = None) -> Mapping:
    """Give each of our columns the header most like it; one header for one column.

    With a `table`, proposals its cells contradict are withdrawn (a date column without dates), left-over
    columns may be recognised by their words, and meanings of unknown words are proposed.
    """
    keys = numbered(tuple(headers))
    likenesses = sorted(
        (
            (likeness(header, column), -position, column)
            for position, (header, _) in enumerate(keys)
            for column in columns
        ),
        key=lambda item: (item[0], item[1]),
        reverse=True,
    )
    chosen: dict[int, tuple[Column, float]] = {}
    for how_like, place, column in likenesses:
        taken = {each.name for each, _ in chosen.values()}
        if how_like and -place not in chosen and column.name not in taken and _holds(table, -place, column):
            chosen[-place] = (column, how_like)
    if table is not None:
        _add_by_content(chosen, columns, table)
    return Mapping(tuple(_field(key, chosen.get(position), table, position) for position, key in enumerate(keys)))


def likeness(header: str, column: Column) -> float:
    """How sure it is, 0 to 1, that a header means a column."""
    name = normal(header)
    if not name or name in OWN_COLUMNS:
        return 0.0
    if name == normal(column.name):
        return SAME
    known = _names(column)
    if name in known:
        return ALIAS
    if words_in(header) in _word_sets(column):
        return SAME_WORDS
    if len(name) < SHORTEST_ALIKE:
        return 0.0
    return 0.8 * max((_alike(name, other) for other in known if len(other) >= SHORTEST_ALIKE), default=0.0)


def _alike(name: str, other: str) -> float:
    """Share of equal letters, or 0 where it is too small to count."""
    matcher = SequenceMatcher(None, name, other)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= ALIKE else 0.0


def normal(name: str) -> str:
    """A header without case, width, spaces, signs: "Date of onset*" is "dateofonset"."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(ch for ch in folded if ch.isalnum())


@lru_cache(maxsize=1_000)
def _names(column: Column) -> frozenset[str]:
    return frozenset(map(normal, _written(column)))


@lru_cache(maxsize=1_000)
def _word_sets(column: Column) -> frozenset[frozenset[str]]:
    return frozenset(map(words_in, _written(column)))


def _written(column: Column) -> tuple[str, ...]:
    return (column.name, *column.aliases, column.label.say("en"), column.label.say("zh-hans"))


def words_in(name: str) -> frozenset[str]:
    """The words of a header, in whatever order: "report date" and "Date of report" are the same."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", name))
    return frozenset(re.findall(r"[^\W_]+", spaced.casefold())) - {"of", "the", "a", "de"}


def sample_of(table: Table, position: int) -> list[str]:
    """The different values among the first rows of a column."""
    return table.column(position).head(SAMPLE).drop_nulls().unique(maintain_order=True).to_list()


def _holds(table: Table | None, position: int, column: Column) -> bool:
    """The cells do not contradict the name: at least half of a date column reads as dates, and so on."""
    if table is None:
        return True
    values = sample_of(table, position)[:200]
    if not values:
        return True
    if column.kind is Kind.DATE:
        return (
            _share(
                read_date(v, DateOrder.DAY_FIRST).rule not in ("date_unreadable", "date_without_year") for v in values
            )
            >= 0.5
        )
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return _share(read_age(v)[1] != "age_unreadable" for v in values) >= 0.5
    return True


def _share(answers: Iterable[bool]) -> float:
    told = list(answers)
    return sum(told) / len(told)


def _add_by_content(chosen: dict[int, tuple[Column, float]], columns: Sequence[Column], table: Table) -> None:
    """Columns nobody named, all of whose words belong to one of our code lists ("funeral", "other")."""
    taken = {column.name for column, _ in chosen.values()}
    free = [column for column in columns if column.code_list is not None and column.name not in taken]
    for position, header in enumerate(table.headers):
        if position in chosen or normal(header) in OWN_COLUMNS:
            continue
        column = _known_by_words(sample_of(table, position), free)
        if column is not None:
            chosen[position] = (column, BY_CONTENT)
            free.remove(column)


def _known_by_words(values: list[str], columns: Sequence[Column]) -> Column | None:
    if not values or len(values) > 40:
        return None
    for column in columns:
        meanings = [meaning(column, value) for value in values if len(value) > 1 or column.name == "sex"]
        telling = {
            code for code in meanings if code is not None and code.value not in ("unknown", "other", "low", "high")
        }
        if len(meanings) == len(values) and None not in meanings and telling:
            return column
    return None


def _field(key: tuple[str, int], found: tuple[Column, float] | None, table: Table | None, position: int) -> Field:
    field = Field(*key)
    if found is None:
        return field
    column, how_like = found
    field = replace(field, target=column.name, likeness=round(how_like, 2))
    if table is None:
        return field
    sample = sample_of(table, position)
    in_excel = table.source.packing == "workbook" and column.kind is Kind.DATE
    return replace(field, values=propose_values(column, sample), excel_days=in_excel and any(map(is_excel_day, sample)))
