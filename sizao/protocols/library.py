"""Finds protocol files and loads them: parse, extend, read, check. Every refusal of a file is told at once."""

import re
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sizao.protocols.checks import check
from sizao.protocols.choices import Issuer
from sizao.protocols.merging import extended, merged
from sizao.protocols.proportion import Stricter, stricter_than
from sizao.protocols.reading import read_table
from sizao.protocols.refusals import Notes, ProtocolRefused, Refusal, UnknownProtocol
from sizao.protocols.shape import Protocol
from sizao.vocabulary.text import N_

EDITIONS = Path(__file__).parent / "editions"
STANDARDS = Path(__file__).parent / "standards.toml"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


#: An installation's own files, by identifier.
OWN_FILES: dict[str, Path] = {}


def available() -> tuple[str, ...]:
    """The identifiers of the shipped protocols and of the installation's own, in order."""
    return tuple(sorted({*shipped(), *OWN_FILES}))


def shipped() -> tuple[str, ...]:
    return tuple(path.stem for path in EDITIONS.glob("*.toml"))


def read_own(folder: Path) -> list[Refusal]:
    """Let the files of a folder, local rules above all, be found by their identifiers as the shipped ones are. A file
    that is refused, or has the name of a shipped one, is left out; the refusals are returned."""
    refused: list[Refusal] = []
    OWN_FILES.clear()
    load.cache_clear()
    for path in sorted(folder.glob("*.toml")):
        try:
            if path.stem in shipped():
                raise ProtocolRefused([Refusal(path.name, "id", path.stem, N_("a name no shipped protocol has"))])
            OWN_FILES[load_file(path).id] = path
        except ProtocolRefused as problem:
            refused += problem.refusals
    return refused


@lru_cache
def load(identifier: str) -> Protocol:
    """A shipped protocol, or one of the installation's own, by its identifier."""
    if identifier not in available():
        raise UnknownProtocol(identifier, available())
    return load_file(OWN_FILES.get(identifier, EDITIONS / f"{identifier}.toml"))


def in_force_on(day: date, *, disease: str = "") -> tuple[str, ...]:
    """The protocols in force on a day, by their dates; one without dates is guidance, in force on none."""
    known = ((identifier, load(identifier)) for identifier in available())
    return tuple(name for name, each in known if is_in_force(each, day) and disease in ("", each.disease))


def is_in_force(protocol: Protocol, day: date) -> bool:
    if protocol.in_force is None:
        return False
    return protocol.in_force <= day and (protocol.until is None or day <= protocol.until)


def stricter_than_base(protocol: Protocol) -> tuple[Stricter, ...]:
    """Where a local file restricts people more than the one it extends."""
    if protocol.issuer is not Issuer.LOCAL or not protocol.extends:
        return ()
    return stricter_than(protocol, load(protocol.extends))


def load_file(path: Path) -> Protocol:
    """A protocol from a file; what it extends is looked for beside it, then among the shipped."""
    notes = Notes(path.name)
    table = whole_table(path, notes, ())
    protocol = None if table is None else read_table(Protocol, merged(standards(), table), "", notes)
    if isinstance(protocol, Protocol):
        check(protocol, base_of(protocol, path), notes)
        if not notes.refusals:
            return protocol
    raise ProtocolRefused(notes.refusals)


@lru_cache
def standards() -> dict[str, Any]:
    """Deadlines and sources every disease shares: 7-1-7, International Health Regulations, reporting."""
    return tomllib.loads(STANDARDS.read_text("utf-8"))


def whole_table(path: Path, notes: Notes, seen: tuple[str, ...]) -> dict[str, Any] | None:
    """The parsed file with what it extends; None where a file of the chain cannot be had."""
    table = parsed(path, notes)
    if table is None:
        return None
    check_name(table.get("id"), path, notes)
    parent = table.get("extends")
    if not parent:
        return table
    base = parent_path(parent, path)
    if base is None:
        notes.refuse("extends", parent, N_("a known protocol: {known}", known=", ".join(available())))
        return None
    if base.stem in (path.stem, *seen):
        notes.refuse("extends", parent, N_("a protocol that does not extend this one in turn"))
        return None
    inherited = whole_table(base, notes, (*seen, path.stem))
    return None if inherited is None else extended(inherited, table, notes)


def check_name(identifier: Any, path: Path, notes: Notes) -> None:
    """A file is found by its name, so its id must be that name."""
    if not isinstance(identifier, str) or not SLUG.fullmatch(identifier):
        notes.refuse("id", identifier, N_("lower-case words joined by hyphens"))
    elif identifier != path.stem:
        notes.refuse("id", identifier, N_("the file's own name, {name}", name=path.stem))


def parsed(path: Path, notes: Notes) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError:
        notes.refuse("", "not UTF-8", N_("a text file in UTF-8"))
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        notes.refuse("", str(problem), N_("a TOML file"))
    except OSError as problem:
        notes.refuse("", problem.strerror, N_("a file that can be read"))
    return None


def parent_path(parent: Any, path: Path) -> Path | None:
    if not isinstance(parent, str) or not SLUG.fullmatch(parent):
        return None
    beside, shipped = path.with_name(f"{parent}.toml"), EDITIONS / f"{parent}.toml"
    return beside if beside.exists() else shipped if shipped.exists() else None


def base_of(protocol: Protocol, path: Path) -> Protocol | None:
    """The protocol a local one extends, to compare with; a national edition answers for itself."""
    if protocol.issuer is not Issuer.LOCAL or not protocol.extends:
        return None
    base = parent_path(protocol.extends, path)
    return load_file(base) if base else None
