"""Two counties of one city in one outbreak: everything county A holds has names and numbers found nowhere else.

A is Daoli with its township, B is Nangang with its own. The walk over the addresses visits as B and looks for A.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Model

from sizao.ops.cases.models import Case
from sizao.ops.governance import audit
from sizao.ops.governance.actions import open_emergency_access
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.models import Incident, Request
from sizao.ops.intake import actions as intake
from sizao.ops.oversight.models import LegalHold, RetentionRun
from sizao.ops.registry import actions as registry
from sizao.ops.registry.actions.persons import NewPerson
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.models import Area, Holding, Household, Lookalike, Merge, Person
from sizao.ops.reporting import actions as reporting
from sizao.ops.reporting.models import Report
from sizao.ops.surveillance.models import Proposal, Signal, Stream
from sizao.ops.tracing.models import Contact, HandOver
from sizao.vocabulary.codes import Sex
from tests import factories as make

CITY, A, B, A_TOWN = "CN00230001", make.DAOLI, make.NANGANG, make.ZHAOLIN
B_TOWN = f"{B}0001"
#: Free text that is work, not about a person: tasks, requests, merges.
TOLD = ("outcome", "evidence", "request", "answer", "merge", "relation")
FILE = "case_id,full_name,phone,classification,date_report,area\n"


@dataclass
class County:
    """What a county holds: rows by the name addresses give their id, and the words that give its people away."""

    path: str
    town: str
    letter: str
    rows: dict[str, list[Model]] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    unplaced: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    people: list[Person] = field(default_factory=list)

    def secret(self, word: str, *, name: bool = False) -> str:
        """A word that stands in this county's rows and nowhere else; `name`: it says who somebody is."""
        self.secrets.add(word)
        if name:
            self.names.add(word)
        return word

    def keep(self, place: str, *rows: Model) -> Model:
        self.rows.setdefault(place, []).extend(rows)
        return rows[0]


@dataclass
class World:
    """The city's incident, one of A alone, both counties, and somebody responsible for the whole city."""

    incident: Incident
    own: Incident
    a: County
    b: County
    city: User
    reports: list[Report] = field(default_factory=list)
    neighbours: list[Person] = field(default_factory=list)
    told_across: set[str] = field(default_factory=set)


def build() -> World:
    make.areas()
    Area.objects.get_or_create(
        path=B_TOWN, defaults={"code": "230103001", "parent_id": B, "level": 4, "kind": "township",
                               "name_zh": "花园街道", "name_en": "Huayuan"},
    )  # fmt: skip
    city = make.user(Role.DUTY_OFFICER, CITY, username="city-duty")
    incident, own = _incident(city, CITY), _incident(city, A)
    a, b = County(A, A_TOWN, "A"), County(B, B_TOWN, "B")
    world = World(incident, own, a, b, city)
    for county in (a, b):
        _fill(county, incident, city)
    _fill_own_incident(world)
    _across_the_border(world)
    _whole_incident(world)
    return world


def _incident(by: User, path: str) -> Incident:
    row = make.incident(by, opened_at=now() - timedelta(days=30), recorded_at=now() - timedelta(days=30))
    row.areas.set([Area.objects.get(path=path)])
    return row


def _person(county: County, by: User, n: int, *, area: str | None, household: Household | None = None) -> Person:
    family = {"A": "欧阳", "B": "司徒"}[county.letter]
    given = "翠莲秋菊海棠玉兰芙蓉丁香百合茉莉杜鹃牡丹"[2 * n : 2 * n + 2]
    digits = {"A": "7", "B": "3"}[county.letter]
    identity = Identity(
        full_name=county.secret(family + given, name=True),
        phones=(county.secret(f"139{digits}55500{n:02d}", name=True),),
        id_number=county.secret(f"2301{digits}21980010{n:02d}0{n % 10}X"[:18], name=True),
        address=county.secret(f"{given}胡同{digits}{n:02d}号", name=True),
        email=county.secret(f"{county.letter.lower()}{digits}{n:02d}@people.example", name=True),
    )
    new = NewPerson(identity=identity, sex=Sex.FEMALE, year_birth=1980, area_path=area, household=household)
    [row] = registry.record_persons(persons=[new], by=by, at=now())
    county.secrets |= {str(row.uuid), row.pseudonym}
    county.people.append(row)
    return row


def _note(county: County, what: str) -> str:
    """Free text in which somebody wrote a name."""
    return county.secret(f"note-{what}-{county.letter}-zebra", name=what not in TOLD)


def _fill(county: County, incident: Incident, by: User) -> None:
    today, path, letter = incident.date_at(now()), county.path, county.letter
    house = Household.objects.create(**make.recorded(by), area_id=path)
    people = [
        _person(county, by, n, area=county.town if n % 2 else path, household=house if n < 3 else None)
        for n in range(6)
    ]

    def number(kind: str, n: int) -> str:
        return county.secret(f"{letter}{kind}-{n:04d}Q")

    cases = [
        make.case(
            incident, by, person=people[n], area_id=path, number=number("CASE", n), date_report=today - timedelta(n),
            date_onset=today - timedelta(n + 2), note=_note(county, f"case{n}"),
        )
        for n in range(2)
    ]  # fmt: skip
    officer = make.user(Role.INVESTIGATOR, path, username=f"officer-{letter}")
    post = make.post(Role.INVESTIGATOR, path)
    contacts = [
        make.contact(
            incident, by, person=people[n + 2], area_id=path, number=number("KONT", n), note=_note(county, f"k{n}"),
            date_listed=today, date_follow_up_from=today - timedelta(1), date_follow_up_until=today + timedelta(6),
            post=post,
        )
        for n in range(2)
    ]  # fmt: skip
    met = make.exposure(
        cases[0], people[2], by, date_first=today, date_last=today, relation=_note(county, "relation")[:80]
    )
    withdrawn = make.exposure(cases[1], people[3], by, withdrawn_at=now())
    make.exposure(cases[0], people[1], by, date_last=today - timedelta(3))
    days = [
        make.follow_up(contacts[0], by, day=2, date_due=today),
        make.follow_up(contacts[1], by, day=1, date_due=today - timedelta(1)),
        make.follow_up(contacts[1], by, day=2, date_due=today, outcome="ok", done_at=now(), done_by=officer,
                       note=_note(county, "visit")),
    ]  # fmt: skip
    county.keep("case_id", *cases)
    county.keep("contact_id", *contacts)
    county.keep("exposure_id", met, withdrawn)
    county.keep("follow_up_id", *days)
    _work(county, incident, by, post, officer, cases[0])
    _registered(county, by, people)
    county.keep("delivery_id", _delivery(county, incident, people))
    _account(county, officer)
    _watched(county, incident, by, post)
    _offered(county, contacts[1], by)
    _overseen(county, officer, people[0])


def _work(county: County, incident: Incident, by: User, post, officer: User, case: Case) -> None:
    """Tasks and requests, done and undone; who holds a post."""
    about = {"area_id": county.path, "post": post, "subject_kind": "case", "subject_id": case.pk}
    late = {"starts_at": now() - timedelta(days=3), "due_at": now() - timedelta(days=2)}
    title = {"msgid": county.secret(f"visit-{county.letter}-walrus"), "params": {}}
    done = {"status": "done", "done_at": now(), "done_by": officer, "outcome": _note(county, "outcome"),
            "evidence": _note(county, "evidence")}  # fmt: skip
    county.keep(
        "task_id",
        make.task(incident, by, title=title, **about, **late),
        make.task(incident, by, title=title, **about, **late, **done),
    )
    unit = post.unit
    asked = {"incident": incident, "kind": "coordination", "from_unit": unit, "to_unit": unit, "area_id": county.path}
    text = {"what": _note(county, "request"), "legal_basis": "law", "answer": _note(county, "answer")}
    when = {"due_at": now() + timedelta(days=1)}
    county.keep("request_id", Request.objects.create(**make.recorded(by), **asked, **text, **when))
    administrator = make.user(Role.ADMINISTRATOR, CITY)
    registry.appoint(post=post, user=officer, since=now() - timedelta(days=1), by=administrator, at=now())
    county.keep("holding_id", Holding.objects.get(post=post))


def _account(county: County, officer: User) -> None:
    """Somebody of the county with a second factor and a session, who once read beyond their posts, there."""
    factor = Authenticator.objects.create(user=officer, type="totp", data={"secret": "x"})
    session = UserSession.objects.create(
        user=officer, ip="127.0.0.1", session_key=f"key-{county.letter}", user_agent="x"
    )
    reason = county.secret(f"at night-{county.letter}-badger")
    opened = open_emergency_access(area_path=county.path, reason=reason, hours=1, by=officer, at=now())
    county.reasons.add(reason)
    county.keep("user_id", officer)
    county.keep("pk", factor)
    county.keep("session_id", session)
    county.keep("access_id", opened)


def _watched(county: County, incident: Incident, by: User, post) -> None:
    """A clinic's counts, what rang in them, and a setting that would have done better."""
    stream = Stream.objects.create(
        **make.recorded(by), incident=incident, area_id=county.path, code=county.secret(f"{county.letter}-clinic-lynx"),
        name_zh="发热门诊", name_en=county.secret(f"Clinic {county.letter} lynx"), source="fever_clinic",
        syndrome="respiratory", freq="day", detector="ears", parameters={"kind": "C2"},
        watched_from=incident.date_at(now()) - timedelta(30),
    )  # fmt: skip
    signal = Signal.objects.create(
        **make.recorded(by), incident=incident, area_id=county.path, syndrome="respiratory", rank="first", strength=1.0,
        reasons=[{"msgid": county.secret(f"rang-{county.letter}-marten"), "params": {}}], n_alarms=1, n_sources=1,
        n_areas=1, date_first=incident.date_at(now()), date_last=incident.date_at(now()), raised_at=now(),
        due_at=now() + timedelta(hours=2), post=post,
    )  # fmt: skip
    proposal = Proposal.objects.create(
        **make.recorded(by), incident=incident, detector="ears", freq="day", instead_detector="ears",
    )  # fmt: skip
    county.keep("stream_id", stream)
    county.keep("signal_id", signal)
    county.keep("proposal_id", proposal)


def _offered(county: County, contact: Contact, by: User) -> None:
    """A contact the county would hand over to its own township."""
    reason = county.secret(f"moves-{county.letter}-vole")
    told = {"incident": contact.incident, "subject": "contact", "subject_id": contact.pk, "number": contact.number}
    offer = HandOver.objects.create(
        **make.recorded(by), **told, from_path=county.path, area_id=county.town, reason=reason
    )
    county.keep("offer_id", offer)


def _overseen(county: County, officer: User, person: Person) -> None:
    """A reading that is written down, a legal hold, and a preview of what is due to go."""
    entry = audit.record(by=officer, at=now(), action="person.viewed", about=person)
    county.keep("entry_id", entry)
    county.keep("row_id", person)
    reason = county.secret(f"court-{county.letter}-stoat")
    until = now().date() + timedelta(days=30)
    hold = LegalHold.objects.create(person=person, reason=reason, placed_by=officer, placed_at=now(), until=until)
    county.keep("hold_id", hold)
    county.keep("run_id", RetentionRun.objects.create(prepared_at=now(), due={}))


def _registered(county: County, by: User, people: list[Person]) -> None:
    """A merge that stands and a pair to be decided."""
    twins = [_person(county, by, n, area=county.path) for n in (6, 7)]
    registry.merge_persons(kept=people[4], absorbed=twins[0], values={}, reason=_note(county, "merge"), by=by, at=now())
    county.keep("merge_id", Merge.objects.get(kept=people[4]))
    pair = Lookalike.objects.create(
        older=people[5], newer=twins[1], score=80, area_id=county.path, found_at=now(),
        reason={"msgid": county.secret(f"why-{county.letter}-otter"), "params": {}},
    )  # fmt: skip
    county.keep("pair_id", pair)


def _delivery(county: County, incident: Incident, people: list[Person]):
    """A file somebody of the county sent: read, with rows like people known and rows that are wrong."""
    who = people[0].identity
    wrong = county.secret(f"perhaps-{county.letter}-heron")
    content = FILE + (
        f"{county.secret(county.letter + 'FILE-1')},{who.full_name},{who.phones[0]},confirmed,2015-06-01,"
        f"{county.path}\n"
        f"{county.secret(county.letter + 'FILE-2')},{county.secret(county.letter + '档案中人')},,{wrong},2015-06-01,"
        f"{county.path}\n"
    )
    officer = make.user(Role.DUTY_OFFICER, county.path, username=f"importer-{county.letter}")
    name = county.secret(f"list-{county.letter}-ibis.csv")
    row, _new = intake.receive(incident=incident, pieces=[content.encode()], file_name=name, by=officer, at=now())
    return intake.read_delivery(delivery=row, by=officer, at=now())


def _fill_own_incident(world: World) -> None:
    """An incident of A alone, whose address B may guess too."""
    a, by, today = world.a, world.city, world.own.date_at(now())
    person = _person(a, by, 8, area=A_TOWN)
    case = make.case(world.own, by, person=person, area_id=A, number=a.secret("AOWN-0001Q"), date_report=today)
    contact = make.contact(world.own, by, person=a.people[2], area_id=A, number=a.secret("AOWK-0001Q"))
    a.keep("own_case_id", case)
    a.keep("own_contact_id", contact)


def _across_the_border(world: World) -> None:
    """Chains do not end at a county's border: each county's first case exposed somebody of the other; a household
    has members on both sides; and A's unplaced case is known to nobody but the city."""
    a, b, by, today = world.a, world.b, world.city, world.incident.date_at(now())
    for source, exposed in ((a, b), (b, a)):
        make.exposure(
            source.rows["case_id"][0], exposed.rows["contact_id"][0].person, by, date_last=today - timedelta(1),
            note=_note(source, "border"),
        )  # fmt: skip
    world.neighbours += [a.rows["case_id"][0].person, a.rows["contact_id"][0].person, a.people[5]]
    world.told_across.add("note-border-A-zebra")
    b_home = b.people[0].household
    a.people[5].household = b_home
    a.people[5].save()
    before = set(a.secrets)
    unplaced = make.case(
        world.incident, by, person=_person(a, by, 9, area=None), number=a.secret("AVOID-0001Q"), date_report=today
    )
    a.keep("unplaced_case_id", unplaced)
    nowhere = make.contact(world.incident, by, person=a.people[-1], number=a.secret("AVOIK-0001Q"), date_listed=today)
    a.keep("unplaced_contact_id", nowhere)
    a.unplaced = a.secrets - before


def _whole_incident(world: World) -> None:
    """The report is the incident's, and so nobody's county: drafted, one of them published."""
    today = world.incident.date_at(now())
    for back in (2, 1):
        day = today - timedelta(back)
        report = reporting.draft_report(
            incident=world.incident, day=day, cutoff_at=now() - timedelta(hours=1), by=world.city, at=now()
        )
        world.reports.append(report)
    second, signatory = make.user(Role.DUTY_OFFICER, CITY), make.user(Role.SIGNATORY, CITY)
    reporting.review_reports(reports=[world.reports[1]], by=second, at=now())
    reporting.sign_reports(reports=[world.reports[1]], by=signatory, at=now())
    reporting.publish_reports(reports=[world.reports[1]], by=signatory, at=now())


def guesses(world: World, county: County) -> dict[str, list[object]]:
    """For each place an address may have, what may be guessed to stand there: rows of a county. First those of the
    city's incident, then those of the county's own, then what is special in the city's; None where there is nothing."""
    pk = {place: [row.pk for row in found] for place, found in county.rows.items()}

    def of(place: str, at: int = 1) -> list[object]:
        return [pk[place][0], None, pk[place][at]]

    def three(place: str) -> list[object]:
        return [pk[name][0] if name in pk else None for name in (place, f"own_{place}", f"unplaced_{place}")]

    return {
        "incident_id": [world.incident.pk, world.own.pk, world.incident.pk],
        "case_id": three("case_id"),
        "contact_id": three("contact_id"),
        "exposure_id": of("exposure_id"),
        "follow_up_id": of("follow_up_id", 2),
        "task_id": of("task_id"),
        "request_id": of("request_id", 0),
        "report_id": [world.reports[0].pk, None, world.reports[1].pk],
        "delivery_id": of("delivery_id", 0),
        "holding_id": pk["holding_id"],
        "merge_id": pk["merge_id"],
        "pair_id": pk["pair_id"],
        "uuid": [county.people[0].uuid, county.people[-1].uuid],
        "other": [world.a.people[5].uuid],
        "path": [county.path, county.town],
        "level": [4],
        "measure": ["cases_new", "contacts_listed", "follow_ups_due"],
        "kind": ["csv", "json", "docx"],
        "clarity": ["located_at"],
        "duty": [world.a.rows["task_id"][0].duty],
        "state": ["open", "late", "done"],
        "user_id": pk["user_id"],
        "act": ["password", "factor", "close"],
        "access_id": pk["access_id"],
        "pk": pk["pk"],
        "session_id": pk["session_id"],
        "token": ["guessed"],
        "stream_id": pk["stream_id"],
        "signal_id": pk["signal_id"],
        "proposal_id": pk["proposal_id"],
        "site": [county.path],
        "offer_id": pk["offer_id"],
        "subject": ["case", "contact"],
        "subject_id": [pk["case_id"][0], pk["contact_id"][0]],
        "entry_id": pk["entry_id"],
        "model": ["registry.Person"],
        "row_id": pk["row_id"],
        "hold_id": pk["hold_id"],
        "run_id": pk["run_id"],
        "which": ["followed_before", "reclassified", "taken_off"],
        # Protocol editions are the installation's, not a county's.
        "protocol": ["mers"],
        "before": ["mers"],
        "after": ["mers"],
    }


def watched(world: World) -> dict[type[Model], list[object]]:
    """The rows of A that nobody of B may change, by model."""
    found: dict[type[Model], list[object]] = {}
    for rows in world.a.rows.values():
        for row in rows:
            found.setdefault(type(row), []).append(row.pk)
    found.setdefault(Person, []).extend(row.pk for row in world.a.people)
    found[Report] = [row.pk for row in world.reports]
    found[Incident] = [world.incident.pk, world.own.pk]
    return found
