"""The table of a list page as HTML. A page has hundreds of cells and the same frame around each, so the table's
template is rendered once for each choice of columns, as a pattern that the rows' values are put into."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.template.loader import get_template
from django.utils import timezone
from markupsafe import Markup, escape

from sizao.ops.cases.columns import ListColumn, Shown
from sizao.vocabulary.dates import say_moment

KEPT = 200  # patterns
#: Characters that no text of ours has and that stand for what is put in later.
HOLE, ROW = Markup("\x02"), Markup("\x03")


class Pattern(NamedTuple):
    """What stands before the rows, one row with a place for every value, and what stands after them."""

    before: str
    row: str
    after: str


@dataclass(frozen=True)
class Lines:
    """Rows of a page with the columns they are shown in; nothing is written before the page asks for the table."""

    rows: Sequence[Mapping[str, Any]]
    columns: Sequence[ListColumn]
    shown: Shown

    def __len__(self) -> int:
        return len(self.rows)

    def table(self, page_of: str, number_label: str, caption: str, select: str = "") -> Markup:
        """The whole table; `page_of` is what a row's page begins with, `select` the name of check boxes."""
        language = self.shown.language
        pattern = _pattern(tuple(self.columns), language, page_of, str(number_label), str(caption), select)
        cells = [(column.cell, _writer(column.how, language)) for column in self.columns]
        none, shown, written = _cells().dash(), self.shown, [pattern.before]
        for row in self.rows:
            values = [
                none if (value := cell(row, shown)) is None or value == "" else write(value) for cell, write in cells
            ]
            head = (row["id"],) if select else ()
            written.append(pattern.row % (*head, row["id"], _escaped(row["number"]), *values))
        return Markup("".join((*written, pattern.after)))


@lru_cache(maxsize=KEPT)
def _pattern(
    columns: tuple[ListColumn, ...], language: str, page_of: str, number_label: str, caption: str, select: str
) -> Pattern:
    heads = [(column.kind, column.label.say(language)) for column in columns]
    html = get_template("cases/table.html").render({
        "heads": heads, "page_of": page_of, "number_label": number_label, "caption": caption, "select": select,
        "hole": HOLE, "row": ROW,
    })  # fmt: skip
    before, row, after = html.split(ROW)
    return Pattern(before, row.replace("%", "%%").replace(HOLE, "%s"), after)


def _writer(how: str, language: str) -> Callable[[Any], str]:
    """How the values of a column become HTML."""
    if how == "moment":
        return lambda value: say_moment(timezone.localtime(value), language)
    return {"ours": str, "typed": _escaped, "code": _badge}[how]


def _escaped(text: Any) -> str:
    """Typed text; nothing made of letters and digits alone, as most names are, can be markup."""
    return text if isinstance(text, str) and text.isalnum() else str(escape(text))


@lru_cache(maxsize=1_000)
def _badge(code: tuple[str, str]) -> str:
    return str(_cells().badge(*code))


@cache
def _cells() -> Any:
    """The macros that write single cells."""
    return get_template("cases/cells.html").template.module
