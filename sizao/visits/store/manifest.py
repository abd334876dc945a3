"""The list of what a store holds, replaced as a whole so that a reader sees all of an addition or none of it.

`pending` names work that had begun: whoever opens the store next for writing finishes it (`recovery`).
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = "manifest.json"
VERSION = 1


@dataclass
class Part:
    """One Parquet file: a stretch of a segment's rows. `mapped_rows`: its rows in the mapped copy, erased ones too."""

    file: str
    rows: int
    mapped_rows: int


@dataclass
class Segment:
    """What one addition brought for one day; `max_end` bounds how far its visits reach into later days."""

    name: str
    day: int
    parts: list[Part]
    min_start: int
    max_end: int
    source: str = ""

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)


@dataclass
class Source:
    """Where visits come from, and by what right they are kept."""

    name: str
    purpose: str
    legal_basis: str


@dataclass
class Manifest:
    """`coded`: for each of person, place, room, whether names stand for numbers; None until the first visits."""

    segments: list[Segment] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    coded: dict[str, bool] | None = None
    dictionaries: dict[str, list[str]] = field(default_factory=dict)
    pending: dict[str, Any] | None = None
    last: int = 0
    version: int = VERSION

    def next_name(self) -> str:
        self.last += 1
        return f"{self.last:06d}"


def load(folder: Path) -> Manifest:
    path = folder / FILE
    if not path.exists():
        return Manifest()
    told = json.loads(path.read_text())
    told["segments"] = [segment_of(one) for one in told["segments"]]
    told["sources"] = [Source(**one) for one in told["sources"]]
    return Manifest(**told)


def segment_of(told: dict[str, Any]) -> Segment:
    return Segment(**{**told, "parts": [Part(**part) for part in told["parts"]]})


def save(folder: Path, manifest: Manifest) -> None:
    """Written beside, put on disk, then renamed: a crash leaves the old list or the new one."""
    temporary = folder / f".{FILE}.new"
    with temporary.open("w") as out:
        json.dump(asdict(manifest), out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(folder / FILE)
    settle(folder)


def settle(folder: Path) -> None:
    """Names in the folder are on disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
