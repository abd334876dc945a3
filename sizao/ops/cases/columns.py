"""The columns a user may choose for a list, and how each is read from a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sizao.ops.governance.access import Reach
from sizao.ops.registry.identity import sealed_name
from sizao.vocabulary import codes
from sizao.vocabulary.text import N_, Message

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """How cells are to be said: language, and where names may be."""

    language: str
    names: Reach


@dataclass(frozen=True, eq=False)
class ListColumn:
    """One column: its key in addresses, its heading, the row's values it needs, its text, and how that is written."""

    key: str
    label: Message
    needs: tuple[str, ...]
    cell: Callable[[Row, Shown], Any]
    kind: str = "text"
    how: str = "typed"  # or "ours" (no character in it can be markup), "code", "moment"


def day(key: str, label: Message) -> ListColumn:
    """Days in tables are written as numbers: short, and they sort by eye."""
    return ListColumn(key, label, (key,), lambda row, _shown: row[key] and row[key].isoformat(), "day", "ours")


def moment(key: str, label: Message) -> ListColumn:
    return ListColumn(key, label, (key,), lambda row, _shown: row[key], "moment", "moment")


def coded(key: str, label: Message, code_list: type[codes.Code]) -> ListColumn:
    def cell(row: Row, shown: Shown) -> tuple[str, str] | None:
        value = row[key]
        return None if value == "unknown" else (value, code_label(code_list, value, shown.language))

    return ListColumn(key, label, (key,), cell, "code", "code")


@lru_cache(maxsize=1_000)
def code_label(code_list: type[codes.Code], value: str, language: str) -> str:
    return code_list(value).label.say(language)


def person_name(row: Row, shown: Shown) -> str:
    """The name where the reader may see it, else what the person is called instead."""
    if shown.names.covers(row["area_id"]):
        name = sealed_name(row["person__identity_sealed"], row["person__uuid"])
        if name:
            return name
    return f"P-{row['person__uuid'].hex[:8].upper()}"


def area_name(row: Row, shown: Shown) -> str | None:
    return row["area__name_zh" if shown.language.startswith("zh") else "area__name_en"]


def sex(row: Row, shown: Shown) -> str | None:
    value = row["person__sex"]
    return None if value == codes.Sex.UNKNOWN else code_label(codes.Sex, value, shown.language)


NAME = ListColumn("name", N_("Name"), ("area_id", "person__identity_sealed", "person__uuid"), person_name, "name")
SEX = ListColumn("sex", N_("Sex"), ("person__sex",), sex, how="ours")
AREA = ListColumn("area", N_("Area"), ("area__name_zh", "area__name_en"), area_name)


def age(row: Row, _shown: Shown) -> str | None:
    """Whole years; infants to a tenth."""
    value = row["age"]
    return None if value is None else f"{value:.0f}" if value >= 2 else f"{value:.1f}"


CASE_COLUMNS = (
    NAME,
    SEX,
    ListColumn("age", N_("Age"), ("age",), age, "number", "ours"),
    AREA,
    coded("classification", N_("Classification"), codes.Classification),
    day("date_onset", N_("Onset")),
    day("date_report", N_("Reported")),
    day("date_diagnosis", N_("Diagnosed")),
    day("date_admission", N_("Admitted")),
    day("date_isolation", N_("Isolated")),
    coded("outcome", N_("Outcome"), codes.Outcome),
    day("date_outcome", N_("Date of outcome")),
    coded("severity", N_("Severity"), codes.Severity),
    coded("found_in", N_("Found in"), codes.FoundIn),
    coded("origin", N_("Origin of infection"), codes.InfectionOrigin),
    ListColumn("facility", N_("Health facility"), ("facility__name",), lambda row, _shown: row["facility__name"]),
    moment("investigated_at", N_("Investigated")),
    moment("recorded_at", N_("Recorded")),
    moment("current_since", N_("Last changed")),
)
CASE_DEFAULT = ("name", "sex", "age", "area", "classification", "date_onset", "date_report", "outcome")


def chosen(columns: Sequence[ListColumn], keys: Iterable[str], default: Sequence[str]) -> list[ListColumn]:
    """The columns named, in the order of the table; the default ones when none is."""
    wanted = set(keys) & {column.key for column in columns} or set(default)
    return [column for column in columns if column.key in wanted]


def needs(columns: Iterable[ListColumn]) -> list[str]:
    """The row's values that these columns read."""
    return sorted({name for column in columns for name in column.needs})
