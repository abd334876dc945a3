"""Builds the dataclasses of `shape.py` from a parsed TOML table, refusing what does not fit.

Driven by the annotations alone: a field added to the shape is read, checked and in the JSON Schema at once.
"""

import dataclasses
import difflib
import math
import types
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from sizao.protocols.figures import Spec, Text
from sizao.protocols.refusals import Notes
from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_

NOTHING = Spec()


@cache
def hints(cls: Any) -> dict[str, Any]:
    """A dataclass's annotations, resolved once."""
    return get_type_hints(cls, include_extras=True)


def read_table(cls: type[Any], table: Any, key: str, notes: Notes, spec: Spec = NOTHING) -> Any:
    """An instance of the dataclass `cls`, or None after refusals."""
    if not isinstance(table, dict):
        return notes.refuse(key, table, N_("a table"))
    before = len(notes.refusals)
    fields = {f.name: f for f in dataclasses.fields(cls) if f.init}
    for name in table:
        if name not in fields:
            notes.refuse(join(key, name), "unknown", known_keys(name, tuple(fields)))
    values = {
        name: read_field(cls, field, table, key, notes, spec)
        for name, field in fields.items()
        if name in table or is_required(field)
    }
    return cls(**values) if len(notes.refusals) == before else None


def read_field(
    cls: Any, field: dataclasses.Field[Any], table: dict[str, Any], key: str, notes: Notes, outer: Spec
) -> Any:
    """One field of a table; a figure's number is judged by the limits of the field that holds the figure."""
    where = join(key, field.name)
    if field.name not in table:
        return notes.refuse(where, None, N_("a value: this key is required"))
    spec = outer if field.name in ("value", "unit") else NOTHING
    return read_value(hints(cls)[field.name], table[field.name], where, notes, spec)


def is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def read_value(kind: Any, value: Any, key: str, notes: Notes, spec: Spec) -> Any:
    """A value of the annotated kind."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, spec = get_args(kind)
        return read_value(inner, value, key, notes, spec)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return read_value(inner, value, key, notes, spec)
    if origin is tuple:
        return read_tuple(get_args(kind)[0], value, key, notes, spec)
    if origin is Mapping:
        return read_mapping(get_args(kind)[1], value, key, notes, spec)
    if kind is Text:
        return read_text(value, key, notes)
    if isinstance(kind, type) and issubclass(kind, Code):
        return read_code(kind, value, key, notes, spec)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return read_table(kind, value, key, notes, spec)
    return read_plain(kind, value, key, notes, spec)


def read_tuple(kind: Any, value: Any, key: str, notes: Notes, spec: Spec) -> Any:
    if not isinstance(value, list):
        return notes.refuse(key, value, N_("a list"))
    return tuple(read_value(kind, item, f"{key}[{i}]", notes, spec) for i, item in enumerate(value, 1))


def read_mapping(kind: Any, value: Any, key: str, notes: Notes, spec: Spec) -> Any:
    if not isinstance(value, dict):
        return notes.refuse(key, value, N_("a table"))
    if spec.keys is not None:
        words = tuple(str(member) for member in spec.keys)
        for name in value:
            if name not in words:
                notes.refuse(join(key, name), "unknown", known_keys(name, words))
    return {name: read_value(kind, item, join(key, name), notes, NOTHING) for name, item in value.items()}


def read_text(value: Any, key: str, notes: Notes) -> Text | None:
    """`"English"` or `{ en = "English", zh = "中文" }`."""
    if isinstance(value, str) and value.strip():
        return Text(value)
    good = isinstance(value, dict) and set(value) <= {"en", "zh"} and isinstance(value.get("en"), str)
    if good and value["en"].strip() and isinstance(value.get("zh", ""), str):
        return Text(value["en"], {}, value.get("zh", ""))
    notes.refuse(key, value, N_("a sentence, or a table with en and zh"))
    return None


def read_code(kind: type[Code], value: Any, key: str, notes: Notes, spec: Spec) -> Code | None:
    """A word of a closed list; a unit must also fit the field."""
    words = tuple(str(member) for member in kind)
    if not isinstance(value, str) or value not in words:
        notes.refuse(key, value, known_words(value, words))
        return None
    if spec.units and value not in spec.units and isinstance(spec.units[0], kind):
        notes.refuse(key, value, N_("a unit that fits here: {units}", units=", ".join(spec.units)))
        return None
    return next(member for member in kind if member == value)


def read_plain(kind: Any, value: Any, key: str, notes: Notes, spec: Spec) -> Any:
    """A string, truth value, day or number."""
    if kind is str:
        return value if isinstance(value, str) else notes.refuse(key, value, N_("a text in quotes"))
    if kind is bool:
        return value if isinstance(value, bool) else notes.refuse(key, value, N_("true or false"))
    if kind is date:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        return value if is_day else notes.refuse(key, value, N_("a day, as 2022-11-11"))
    return read_number(kind, value, key, notes, spec)


def read_number(kind: Any, value: Any, key: str, notes: Notes, spec: Spec) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return notes.refuse(key, value, N_("a number"))
    if kind is int and not isinstance(value, int):
        return notes.refuse(key, value, N_("a whole number"))
    if spec.low is not None and value < spec.low:
        return notes.refuse(key, value, N_("{low} or more", low=spec.low))
    if spec.high is not None and value > spec.high:
        return notes.refuse(key, value, N_("{high} or less", high=spec.high))
    return kind(value)


def known_keys(name: str, known: tuple[str, ...]) -> Any:
    """What to write instead of an unknown key."""
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return N_("a known key; did you mean {close}? Known: {known}", close=close[0], known=", ".join(known))
    return N_("a known key: {known}", known=", ".join(known))


def known_words(word: Any, known: tuple[str, ...]) -> Any:
    """What to write instead of an unknown word."""
    close = difflib.get_close_matches(word, known, n=1) if isinstance(word, str) else []
    if close:
        return N_("one of {known} (did you mean {close}?)", known=", ".join(known), close=close[0])
    return N_("one of {known}", known=", ".join(known))


def join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
