"""`sizao surveillance`: run an evening, define streams, enter counts, send what the pages send.

    sizao surveillance run --incident ID [--day YYYY-MM-DD]
    sizao surveillance streams FILE --incident ID
    sizao surveillance counts FILE --incident ID

A day is run once, with what was known that evening; running it again prints what it found. Streams and counts are
CSV or Excel, with the columns of the pages' own upload.
"""

import argparse
from datetime import date
from pathlib import Path

from sizao.config.commands import speaking
from sizao.exchange.tables import read_table
from sizao.exchange.unreadable import UnreadableFile
from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.actions import SYSTEM
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.surveillance import entering, files
from sizao.ops.surveillance.evenings import run_evening
from sizao.ops.surveillance.periods import newest_evening
from sizao.vocabulary.text import N_


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    incident = Incident.objects.filter(pk=options.incident).first()
    by = User.objects.filter(username=options.as_user).first()
    if incident is None:
        speaking.complain(N_("There is no incident {id}.", id=options.incident))
        return 2
    if by is None:
        speaking.complain(N_("There is no user “{name}”.", name=options.as_user))
        return 2
    try:
        return {"run": _run, "streams": _streams, "counts": _counts}[options.what](options, incident, by)
    except (NotAllowed, NotNow, UnreadableFile) as refusal:
        speaking.complain(refusal.message)
    except OSError as error:
        speaking.complain(N_("The file could not be opened: {reason}", reason=error.strerror or "?"))
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = speaking.Parser(
        prog="sizao surveillance", about=N_("run an evening, define streams, enter counts"), details=__doc__
    )
    parser.add_argument("what", choices=("run", "streams", "counts"))
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--incident", type=int, required=True, metavar="ID")
    parser.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help=N_("default: the newest evening"))
    parser.add_argument("--as", dest="as_user", default=SYSTEM, metavar="USER")
    return parser


def _run(options: argparse.Namespace, incident: Incident, by: User) -> int:
    at = incident.at(now())
    newest = newest_evening(at, incident.time_zone)
    day = options.day or newest
    if day > newest:
        speaking.complain(N_("The evening of {day} has not come yet.", day=day.isoformat()))
        return 1
    run = run_evening(incident, day=day, by=by, at=at)
    speaking.tell(
        N_(
            "{day}: {streams} streams, {tested} tested, {missing} silent; {alarms} alarms, {signals} signals.",
            day=day.isoformat(), streams=run.n_streams, tested=run.tested.get("ok", 0),
            missing=run.tested.get("missing", 0), alarms=run.n_alarms, signals=run.n_signals,
        )
    )  # fmt: skip
    return 0


def _rows(options: argparse.Namespace, columns) -> list[files.Row]:
    if options.file is None:
        raise NotNow(N_("Name the file."))
    return files.rows_of(read_table(options.file), columns)


def _streams(options: argparse.Namespace, incident: Incident, by: User) -> int:
    done = entering.define(_rows(options, files.STREAM_COLUMNS), incident=incident, by=by, at=incident.at(now()))
    if not _faults(done.faults):
        speaking.tell(N_("{n} streams are defined.", n=done.n_defined))
    return 1 if done.faults else 0


def _counts(options: argparse.Namespace, incident: Incident, by: User) -> int:
    done = entering.enter(
        _rows(options, files.COUNT_COLUMNS), way="file", file_name=options.file.name, incident=incident, by=by,
        at=incident.at(now()),
    )  # fmt: skip
    speaking.tell(
        N_("{new} new, {revised} revised, {same} as before.", new=done.stored.n_new, revised=done.stored.n_revised,
           same=done.stored.n_unchanged)
    )  # fmt: skip
    _faults(done.faults)
    return 1 if done.faults else 0


def _faults(faults: list[files.Fault]) -> bool:
    for fault in faults:
        speaking.complain(
            N_("row {row}, {column}: {problem}", row=fault.row, column=fault.column, problem=fault.message)
        )
    return bool(faults)
