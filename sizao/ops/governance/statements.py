"""Queries whose SQL is kept by their shape. Writing one statement costs the ORM more than the database needs to answer
it (`python -m bench.pages` prints both), and what every page asks differs only in its values. PostgreSQL keeps the
plans too: these statements are prepared once per connection."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet

KEPT = 500  # shapes; a list page has a few for each choice of columns
FIRST_DAY = date(1800, 1, 1)
FIRST_MOMENT = datetime(1800, 1, 1, tzinfo=UTC)
#: Lookups whose value stands in a LIKE pattern.
LIKE = frozenset({"contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"})
Parameter = Callable[[tuple[Any, ...]], Any]


class Mark(NamedTuple):
    """What stands in a statement in the place of a value, and whether that is in a pattern."""

    value: Any
    is_like: bool


class NotPlain(Exception):
    """A condition asks for something else than plain values; the ORM writes that statement each time."""


@dataclass(frozen=True)
class Statement:
    """SQL, where each value stands in its parameters, and how what comes back becomes Python."""

    sql: str
    parameters: tuple[Parameter, ...]
    converters: tuple[tuple[int, list[Any], Any], ...]

    def run(self, values: tuple[Any, ...]) -> Iterator[Sequence[Any]]:
        with _cursor() as cursor:
            cursor.execute(self.sql, [parameter(values) for parameter in self.parameters])
            rows = cursor.fetchall()
        return (self._converted(row) for row in rows) if self.converters else iter(rows)

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, functions, expression in self.converters:
            for convert in functions:
                values[place] = convert(values[place], expression, connection)
        return values


@dataclass(frozen=True)
class Prepared:
    """As much of a query set as a list page needs."""

    model: type[Model]
    conditions: tuple[Q, ...] = ()
    order: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def filter(self, *conditions: Q, **equal: Any) -> "Prepared":
        asked = [condition for condition in (*conditions, Q(**equal)) if condition]
        return Prepared(self.model, (*self.conditions, *asked), self.order, self.names)

    def order_by(self, *order: str) -> "Prepared":
        return Prepared(self.model, self.conditions, order, self.names)

    def values(self, *names: str) -> "Prepared":
        return Prepared(self.model, self.conditions, self.order, names)

    def __getitem__(self, wanted: slice) -> list[dict[str, Any]]:
        return list(self.first(wanted.stop))

    def first(self, most: int | None) -> Iterator[dict[str, Any]]:
        """The first rows, each made when it is asked for."""
        return (dict(zip(self.names, row, strict=True)) for row in self.tuples(most))

    def tuples(self, most: int | None = None) -> Iterable[Sequence[Any]]:
        """The rows' values in the order of `names`."""
        shapes, values = self._shapes()
        if shapes is None:
            return self.query_set().values_list(*self.names)[:most]
        statement = _statement(connection.vendor, self.model, shapes, self.order, self.names, most)
        return statement.run(values) if statement else ()

    def count_up_to(self, most: int) -> int:
        """How many rows, counted by the database no further than `most`."""
        shapes, values = self._shapes()
        if shapes is None:
            return self.query_set().order_by()[:most].count()
        statement = _statement(connection.vendor, self.model, shapes, (), (), most)
        return next(statement.run(values))[0] if statement else 0

    def query_set(self) -> QuerySet:
        """The same as the ORM has it."""
        return self.model.objects.filter(*self.conditions).order_by(*self.order)

    def _shapes(self) -> tuple[tuple | None, tuple[Any, ...]]:
        """The conditions' shapes (None when the ORM must write the statement) and all their values."""
        try:
            found = [_shape(condition) for condition in self.conditions]
        except NotPlain:
            return None, ()
        return tuple(shape for shape, _values in found), tuple(value for _shape, values in found for value in values)


def _cursor() -> Any:
    """A cursor whose statements PostgreSQL may keep: values travel beside the SQL, not written into it."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from psycopg import Cursor

    connection.ensure_connection()
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrapped(Cursor(connection.connection))


def _shape(condition: Q) -> tuple[tuple, list[Any]]:
    """A condition without its values, and its values in order."""
    parts: list[tuple] = []
    values: list[Any] = []
    for child in condition.children:
        if isinstance(child, Q):
            shape, inner = _shape(child)
            parts.append((shape, None, None))
            values += inner
        elif child[1] is None or isinstance(child[1], bool):
            parts.append((child[0], None, child[1]))
        elif isinstance(child[1], list) and not child[1]:
            parts.append((child[0], None, ()))
        else:
            parts.append((child[0], _kind(child[1]), None))
            values.append(child[1])
    return (condition.connector, condition.negated, tuple(parts)), values


def _kind(value: Any) -> type:
    """The type of a value that may change from page to page."""
    for kind in (int, str):
        if isinstance(value, kind):
            return kind
    for kind in (datetime, date):
        if type(value) is kind:
            return kind
    raise NotPlain


@lru_cache(maxsize=KEPT)
def _statement(
    vendor: str, model: type[Model], shapes: tuple, order: tuple[str, ...], names: tuple[str, ...], stop: int | None
) -> Statement | None:
    """Let the ORM write the statement once, with a mark in the place of each value; None if nothing can match.
    Without `names` it counts."""
    marks: list[Mark] = []
    conditions = [_marked(shape, marks) for shape in shapes]
    rows = model.objects.filter(*conditions).order_by(*order).values_list(*(names or ("pk",)))[:stop]
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    told = tuple(_parameter(given, marks) for given in parameters)
    if not names:
        return Statement(f"SELECT COUNT(*) FROM ({sql}) counted", told, ())
    converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
    return Statement(sql, told, tuple((place, *pair) for place, pair in converters.items()))


def _marked(shape: tuple, marks: list[Mark]) -> Q:
    """The condition of a shape, with marks for values."""
    connector, negated, parts = shape
    children: list[Any] = []
    for what, kind, constant in parts:
        if isinstance(what, tuple):
            children.append(_marked(what, marks))
        elif kind is None:
            children.append((what, [] if constant == () else constant))
        else:
            marks.append(Mark(_unlike_any_value(kind, len(marks)), what.rpartition("__")[2] in LIKE))
            children.append((what, marks[-1].value))
    return Q(*children, _connector=connector, _negated=negated)


def _unlike_any_value(kind: type, number: int) -> Any:
    """A value that nothing else in a statement has."""
    if kind is int:
        return 7_000_000_000 + number
    if kind is datetime:
        return FIRST_MOMENT + timedelta(days=number)
    return FIRST_DAY + timedelta(days=number) if kind is date else f"\x02{number}\x03"


def _parameter(given: Any, marks: list[Mark]) -> Parameter:
    """How a parameter of the statement follows from the values."""
    for number, (mark, is_like) in enumerate(marks):
        if isinstance(mark, str) and isinstance(given, str) and mark in given:
            before, after = given.split(mark)
            adapt = connection.ops.prep_for_like_query if is_like else str
            return lambda values, n=number: f"{before}{adapt(values[n])}{after}"
        if isinstance(mark, datetime):
            if given in (mark, connection.ops.adapt_datetimefield_value(mark)):
                return lambda values, n=number: connection.ops.adapt_datetimefield_value(values[n])
            continue
        if isinstance(mark, date) and given in (mark, connection.ops.adapt_datefield_value(mark)):
            return lambda values, n=number: connection.ops.adapt_datefield_value(values[n])
        if isinstance(mark, int) and given == mark:
            return lambda values, n=number: values[n]
    return lambda _values: given
