"""Walks a protocol: every sourced thing in it with its dotted key."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from sizao.protocols.figures import Sourced


def walk(thing: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every dataclass instance inside `thing`, with its dotted key, outermost first."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        yield key, thing
        for field in dataclasses.fields(thing):
            yield from walk(getattr(thing, field.name), f"{key}.{field.name}" if key else field.name)
    elif isinstance(thing, Mapping):
        for name, item in thing.items():
            yield from walk(item, f"{key}.{name}")
    elif isinstance(thing, tuple):
        for number, item in enumerate(thing, 1):
            yield from walk(item, f"{key}[{number}]")


def sourced(protocol: Any) -> dict[str, Sourced]:
    """Every figure, statement and distribution of a protocol by its dotted key."""
    return {key: item for key, item in walk(protocol) if isinstance(item, Sourced)}
