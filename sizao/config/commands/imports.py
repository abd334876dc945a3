"""`sizao import FILE`: the import of the pages, on the command line. The same file again continues or does nothing."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone, translation

from sizao.config.commands import speaking
from sizao.exchange.formats import FORMATS
from sizao.exchange.mapping import Mapping
from sizao.exchange.unreadable import UnreadableFile
from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.actions import SYSTEM
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.intake import actions
from sizao.ops.intake.faults import spoken
from sizao.ops.intake.models import Delivery, DeliveryStatus, Problem
from sizao.ops.intake.store import TooLarge, has_frames, path_of
from sizao.ops.intake.understanding import Wish, parse
from sizao.vocabulary.codes import Classification
from sizao.vocabulary.text import N_, Message

SHOWN = 40  # problems printed; the page and the download have them all
PIECE = 1024 * 1024


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    translation.activate(options.language)
    incident = Incident.objects.filter(pk=options.incident).first()
    if incident is None:
        known = ", ".join(f"{row.pk} ({row.name(options.language)})" for row in Incident.objects.order_by("id"))
        return _fail(N_("There is no incident {id}. There are: {known}.", id=options.incident, known=known or "–"))
    by = User.objects.filter(username=options.as_user).first()
    if by is None:
        return _fail(N_("There is no user “{name}”.", name=options.as_user))
    at = options.at or incident.at(now())
    try:
        return _import(options, incident, by, at)
    except (NotAllowed, NotNow, TooLarge, UnreadableFile) as refusal:
        return _fail(refusal.message)
    except OSError as error:
        return _fail(N_("The file could not be opened: {reason}", reason=error.strerror or "?"))


def _parser() -> argparse.ArgumentParser:
    parser = speaking.Parser(prog="sizao import", about=N_("import a file"), details=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--incident", type=int, required=True, metavar="ID")
    parser.add_argument(
        "--format", choices=sorted(FORMATS), default="", help=N_("default: recognised from the columns")
    )
    parser.add_argument("--source", default="", help=N_("who sent it; its column mapping is remembered"))
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE.json",
        help=N_("JSON: column of the file to our column; null leaves it out"),
    )
    parser.add_argument("--area", default="", help=N_("path of the area where rows without one count"))
    parser.add_argument(
        "--classification", default="", choices=["", *Classification], metavar="CLASS",
        help=N_("what cases are whose class the file does not say, for instance confirmed"),
    )  # fmt: skip
    parser.add_argument("--as", dest="as_user", default=SYSTEM, metavar="USER")
    parser.add_argument("--at", type=_moment, metavar="ISO", help=N_("default: now, by the incident's clock"))
    parser.add_argument("--dry-run", action="store_true", help=N_("read and list problems, hand nothing on"))
    parser.add_argument("--yes", action="store_true", help=N_("do not ask before handing on"))
    return parser


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _import(options: argparse.Namespace, incident: Incident, by: User, at: datetime) -> int:
    with options.file.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        received = actions.receive(
            incident=incident, pieces=pieces, file_name=options.file.name, source=options.source, by=by, at=at
        )
    delivery = received.delivery
    if not received.is_new:
        _print(N_("This file is known already: delivery {id}, {status}.", id=delivery.pk, status=_label(delivery)))
    if delivery.status == DeliveryStatus.COMMITTED:
        return 0
    if delivery.status != DeliveryStatus.COMMITTING:
        _read(delivery, options, by, at)
        if delivery.status == DeliveryStatus.UNREADABLE:
            return _fail(spoken(delivery.message))
        _tell(delivery)
        if options.dry_run or not _confirmed(options, delivery):
            _print(N_("Nothing was handed on."))
            return 1 if _errors(delivery).exists() or not options.dry_run else 0
        actions.begin_commit(delivery=delivery, by=by, at=at)
    return _hand_on(delivery, by, at)


def _read(delivery: Delivery, options: argparse.Namespace, by: User, at: datetime) -> None:
    told = {name: value for name, value in _said(options) if value}
    mapping = _mapping(delivery, options, at) if options.mapping else None
    if told or mapping:
        actions.choose(delivery=delivery, options=told, mapping=mapping, by=by, at=at)
    actions.read_delivery(delivery=delivery, by=by, at=at)


def _said(options: argparse.Namespace) -> tuple[tuple[str, str], ...]:
    return ("format", options.format), ("area", options.area), ("classification", options.classification)


def _mapping(delivery: Delivery, options: argparse.Namespace, at: datetime) -> Mapping:
    """A whole mapping as it is saved, or only the columns that are told, on top of what is proposed."""
    said = json.loads(options.mapping.read_text(encoding="utf-8"))
    if "fields" in said:
        return Mapping.from_json(json.dumps(said))
    wish = Wish(format_id=options.format)
    _table, _format, mapping, _parsed = parse(path_of(delivery.sha256), wish, delivery.incident.date_at(at))
    for header, target in said.items():
        mapping = mapping.change(header, target=target)
    return mapping


def _tell(delivery: Delivery) -> None:
    """What the file is, which columns are read as what, and what is wrong."""
    label = FORMATS[delivery.format].label
    _print(N_("{file}: {format}, {n} rows", file=delivery.file_name, format=label, n=f"{delivery.n_rows:,}"))
    read = [each for each in delivery.mapping["fields"] if each["target"]]
    print("  " + ", ".join(f"{each['header']} → {each['target']}" for each in read))
    counts = ", ".join(f"{n:,} {kind}" for kind, n in delivery.counts.items())
    _print(N_("To be handed on: {counts}", counts=counts or "0"))
    problems = delivery.problems.order_by("id")
    n = problems.count()
    if n:
        _print(N_("Problems: {n}, of which errors: {errors}", n=n, errors=_errors(delivery).count()))
    for problem in problems[:SHOWN]:
        print("  " + _line(problem))
    if n > SHOWN:
        _print(N_("… and {n} more; the import's page lists and downloads them all.", n=n - SHOWN))


def _line(problem: Problem) -> str:
    where = N_("row {row}", row=problem.row) if problem.row else N_("whole file")
    return f"{_say(where)} · {_say(spoken(problem.message))}"


def _errors(delivery: Delivery) -> QuerySet[Problem]:
    return delivery.problems.filter(severity="error")


def _confirmed(options: argparse.Namespace, delivery: Delivery) -> bool:
    if options.yes:
        return True
    if not sys.stdin.isatty():
        _print(N_("Add --yes to hand it on without being asked."))
        return False
    question = N_("Hand on {n} records? [y/N] ", n=f"{delivery.n_records:,}")
    return input(_say(question)).strip().lower() in ("y", "yes", "是")


def _hand_on(delivery: Delivery, by: User, at: datetime) -> int:
    if not has_frames(delivery.pk):
        return _fail(N_("What was read of this file is gone from the store. Undo the import and read the file again."))
    done = actions.commit_to_the_end(delivery=delivery, by=by, at=at, progress=_progress)
    print(file=sys.stderr)
    _print(
        N_(
            "Handed on: {created} new, {updated} changed, {unchanged} as before.",
            created=f"{done.n_created:,}", updated=f"{done.n_updated:,}", unchanged=f"{done.n_unchanged:,}",
        )
    )  # fmt: skip
    left = _errors(done).count()
    if left:
        _print(N_("Errors left to mend: {n}.", n=left))
    return 1 if left else 0


def _progress(delivery: Delivery) -> None:
    print(f"\r{delivery.n_handed_on:,} / {delivery.n_records:,}", end="", file=sys.stderr, flush=True)


def _label(delivery: Delivery) -> Message:
    return DeliveryStatus(delivery.status).label


def _say(message: Message) -> str:
    return message.say(speaking.spoken())


def _print(message: Message) -> None:
    speaking.tell(message)


def _fail(message: Message) -> int:
    speaking.complain(message)
    return 1
