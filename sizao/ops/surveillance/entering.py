"""Rows of a file or a message become streams and counts: what the pages, the program door and the command share."""

from dataclasses import dataclass
from datetime import datetime

from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import areas_of
from sizao.ops.registry.actions.places import NewPlace, record_places
from sizao.ops.registry.queries import areas_meant
from sizao.ops.surveillance import actions, files, queries
from sizao.ops.surveillance.actions.counting import Counted
from sizao.ops.surveillance.kinds import Way


@dataclass(frozen=True)
class Entered:
    """What became of counts, and what is wrong with the rest."""

    stored: Counted
    faults: list[files.Fault]


@dataclass(frozen=True)
class Defined:
    """How many streams are defined, or why none is."""

    n_defined: int
    faults: list[files.Fault]


def enter(
    rows: list[files.Row], *, way: str, incident: Incident, by: User, at: datetime, file_name: str = ""
) -> Entered:
    """Store the counts that can be read; only streams the user may enter counts of are known."""
    mine = queries.streams(by=by, incident=incident, at=at, permission="count.enter")
    told = mine.values_list("id", "code", "freq", "watched_from")
    known = {code: files.Known(pk, freq, since) for pk, code, freq, since in told}
    read = files.read_counts(rows, known, today=incident.date_at(at))
    stored = actions.record_counts(
        incident=incident, counts=read.counts, way=Way(way), file_name=file_name, by=by, at=at
    )
    return Entered(stored, read.faults)


def define(rows: list[files.Row], *, incident: Incident, by: User, at: datetime) -> Defined:
    """Define streams, and the places they name. Nothing is stored while a row is wrong."""
    meant = areas_meant({cells.get("area", "") for _row, cells in rows} - {""}, near=tuple(areas_of(incident)))
    paths = {text: match.path for text, match in meant.items() if match.path}
    wanted = {
        (cells["place"], paths[cells["area"]])
        for _row, cells in rows
        if cells.get("place") and cells.get("area") in paths
    }
    for path in {path for _name, path in wanted}:
        access.check(by, "stream.manage", path, at=at)
    trial = files.read_streams(rows, areas=paths.get, places=lambda name, path: 0, today=incident.date_at(at))
    if trial.faults:
        return Defined(0, trial.faults)
    named = [NewPlace(name=name, area_path=path) for name, path in sorted(wanted)]
    found = record_places(places=named, by=by, at=at) if named else []
    places = {(new.name, new.area_path): row.pk for new, row in zip(named, found, strict=True)}
    read = files.read_streams(
        rows, areas=paths.get, places=lambda name, path: places[name, path], today=incident.date_at(at)
    )
    made = actions.define_streams(incident=incident, streams=read.streams, by=by, at=at)
    return Defined(len(made), [])
