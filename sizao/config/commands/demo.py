"""`sizao demo`: the demonstration outbreak, MERS in Korea 2015, loaded once.

The real line list and links arrive evening by evening through the import a user has, with invented contacts, so
that every past day is known as it was then. The incident's clock then stands at the morning after the last file.
Beside it a city's early warning, with invented counts.
"""

import random
import sys
from datetime import date, time
from pathlib import Path

from django.conf import settings

from sizao.config.commands import speaking
from sizao.config.demonstration import early_warning
from sizao.config.demonstration.people import PASSWORD, appoint_everybody
from sizao.config.demonstration.replay import SEED, Replay, moment
from sizao.config.demonstration.slices import all_at_once, evenings
from sizao.ops.governance.actions import SYSTEM
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.incidents.actions import open_incident
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Area
from sizao.vocabulary.codes import IncidentKind
from sizao.vocabulary.text import N_

__all__ = ["PASSWORD", "main"]
FIRST_DAY, TODAY = date(2015, 5, 19), date(2015, 6, 17)


def main(argv: list[str]) -> int:
    parser = speaking.Parser(prog="sizao demo", about=N_("load the demonstration outbreak"), details=__doc__)
    parser.add_argument("--small", action="store_true", help=N_("everything on the last day; quick, for trying things"))
    options = parser.parse_args(argv)
    if settings.PRODUCTION:
        speaking.complain(N_("This is a production installation; it takes no demonstration."))
        return 1
    mark(settings.HOME)
    if Incident.objects.filter(kind=IncidentKind.DEMONSTRATION).exists():
        speaking.tell(N_("The demonstration is loaded already."))
        return 0
    load(small=options.small)
    watch(small=options.small)
    return 0


def watch(*, small: bool = False) -> Incident:
    """Early warning, beside the outbreak: invented counts of a city, three weeks of evenings."""
    system = User.objects.get(username=SYSTEM)
    incident = early_warning.load(by=system, small=small)
    n_streams, n_signals = incident.streams.count(), incident.signals.count()
    name = incident.name(speaking.spoken())
    speaking.tell(N_("loaded: {name}; {n} streams, {m} signals", name=name, n=n_streams, m=n_signals))
    return incident


def mark(home: Path) -> None:
    """Say that this home is the demonstration's own: its users log in here with a password everybody knows."""
    (home / "demonstration").write_text("The users of the demonstration log in here with one step.\n")


def load(*, small: bool = False) -> Incident:
    """Make the people and the incident, and play the evenings."""
    system = User.objects.get(username=SYSTEM)
    began = moment(FIRST_DAY, time(9))
    people = appoint_everybody(by=system, at=began)
    incident = open_incident(
        name_zh="2015年韩国中东呼吸综合征疫情(演示)", name_en="MERS, Republic of Korea, 2015 (demonstration)",
        disease="mers", protocol="mers", areas=[Area.objects.get(path="KR")], time_zone="Asia/Seoul",
        kind=IncidentKind.DEMONSTRATION, clock_behind_s=int((now() - moment(TODAY, time(9))).total_seconds()),
        date_emergence=date(2015, 5, 11), date_detection=date(2015, 5, 20), by=people["duty"], at=began,
    )  # fmt: skip
    replay = Replay(incident, people, random.Random(SEED))
    days = [all_at_once()] if small else list(evenings())
    for n, evening in enumerate(days, 1):
        replay.evening(evening)
        if sys.stdout.isatty():
            said = N_("loading the demonstration: {day} ({n} of {all})", day=evening.day, n=n, all=len(days))
            speaking.tell(said, start="\r", end="")
    replay.work_tasks(moment(TODAY, time(8)))
    n_cases, n_contacts = incident.cases.count(), incident.contacts.count()
    name = incident.name(speaking.spoken())
    speaking.tell(N_("loaded: {name}; {n} cases, {m} contacts", name=name, n=n_cases, m=n_contacts), start="\r")
    return incident
