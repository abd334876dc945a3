"""The JSON Schema of a protocol file, from the same shape the reader uses, so that an editor helps the author.

`python -m sizao.protocols.schema` writes it beside the package; a test fails when it is not current.
"""

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

from sizao.protocols.figures import Spec, Text
from sizao.protocols.reading import hints, is_required
from sizao.protocols.shape import Protocol
from sizao.vocabulary.codes import Code

PATH = Path(__file__).parent / "schema.json"
JsonSchema = dict[str, Any]
TEXT: JsonSchema = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
            "required": ["en"],
            "additionalProperties": False,
        },
    ]
}
PLAIN: dict[Any, JsonSchema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
}
NOTHING = Spec()


def json_schema() -> JsonSchema:
    """The schema of a whole file. A file that extends another may leave out what it inherits."""
    schema = table_schema(Protocol, NOTHING)
    inherits = {"required": ["extends"]}
    required = schema.pop("required")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sizao protocol",
        **schema,
        "anyOf": [{"required": required}, inherits],
    }


def table_schema(cls: Any, outer: Spec) -> JsonSchema:
    """A dataclass: its fields, those that must be there, and nothing else."""
    fields = [field for field in dataclasses.fields(cls) if field.init]
    kinds = hints(cls)
    return {
        "type": "object",
        "description": (cls.__doc__ or "").strip().split("\n")[0],
        "properties": {
            field.name: value_schema(kinds[field.name], outer if field.name in ("value", "unit") else NOTHING)
            for field in fields
        },
        "required": [field.name for field in fields if is_required(field)],
        "additionalProperties": False,
    }


def value_schema(kind: Any, spec: Spec) -> JsonSchema:
    """A value of an annotated kind."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, own = get_args(kind)
        return value_schema(inner, own)
    if origin in (Union, types.UnionType):
        return value_schema(next(arg for arg in get_args(kind) if arg is not type(None)), spec)
    if origin is tuple:
        return {"type": "array", "items": value_schema(get_args(kind)[0], spec)}
    if origin is Mapping:
        return mapping_schema(get_args(kind)[1], spec)
    if kind is Text:
        return TEXT
    if isinstance(kind, type) and issubclass(kind, Code):
        fitting = spec.units if spec.units and isinstance(spec.units[0], kind) else tuple(kind)
        return {"enum": [str(member) for member in fitting]}
    if dataclasses.is_dataclass(kind):
        return table_schema(kind, spec)
    limits = {"minimum": spec.low, "maximum": spec.high} if kind in (int, float) else {}
    return PLAIN[kind] | {name: limit for name, limit in limits.items() if limit is not None}


def mapping_schema(kind: Any, spec: Spec) -> JsonSchema:
    """A table of tables; its keys are free, or the words of a list."""
    item = value_schema(kind, NOTHING)
    if spec.keys is None:
        return {"type": "object", "additionalProperties": item}
    # The names are written out, so that an editor completes them.
    names = [str(member) for member in spec.keys]
    return {"type": "object", "additionalProperties": item, "propertyNames": {"enum": names}}


def written() -> str:
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(written(), encoding="utf-8")
