"""What contacts make due: by the protocol edition from dated facts; a look at the ill; a decision about the lost."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sizao.ops.governance.models import Batch, User
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.actions import keep_in_step
from sizao.ops.incidents.derived import STILL_WORK, UNDONE
from sizao.ops.incidents.duties import Due, Fact, Subject
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.tracing.models import Contact
from sizao.protocols import load
from sizao.protocols.events import About, Event
from sizao.vocabulary.codes import ContactStatus
from sizao.vocabulary.text import N_

ILL, LOST = "contact.ill", "contact.lost"
SUBJECT = "contact"
NOT_REACHED_DAYS = 3  # in a row, before somebody must decide whether the contact is lost
ILL_HOURS = 4


def ill(contact: Contact, at: datetime) -> Due:
    """A contact fell ill: isolate, sample and decide, within hours."""
    return Due(
        duty=ILL,
        title=N_("Contact {number} is ill: isolate, take a sample, decide", number=contact.number),
        why=N_("A contact seen ill is examined within {hours} hours.", hours=ILL_HOURS),
        subject_kind=SUBJECT,
        subject_id=contact.pk,
        area_id=contact.area_id,
        role=Role.INVESTIGATOR,
        starts_at=at,
        due_at=at + timedelta(hours=ILL_HOURS),
    )


def lost(contact: Contact, at: datetime) -> Due:
    """Nobody reached a contact for days: find the person, or decide that the contact is lost."""
    return Due(
        duty=LOST,
        title=N_("Find contact {number}, or decide that the contact is lost", number=contact.number),
        why=N_("Not reached on {days} days in a row.", days=NOT_REACHED_DAYS),
        subject_kind=SUBJECT,
        subject_id=contact.pk,
        area_id=contact.area_id,
        role=Role.INVESTIGATOR,
        starts_at=at,
        due_at=at + timedelta(hours=24),
    )


#: A contact in one of these states is not to be brought under management any more.
SETTLED = (ContactStatus.NOT_A_CONTACT, ContactStatus.BECAME_CASE, ContactStatus.COMPLETED)


def derive(
    *, incident: Incident, contacts: Iterable[Contact], by: User, at: datetime, batch: Batch | None = None
) -> None:
    """Keep the tasks about these contacts in step with what is known of them. Contacts listed too long ago to owe
    anything, and without a task to close, are left out."""
    hours = [rule.hours for rule in load(incident.protocol).deadline.values() if rule.about == About.CONTACT]
    open_ones = _with_open_tasks(incident)
    since = incident.date_at(at - STILL_WORK - timedelta(hours=max(hours, default=0), days=1))
    rows = [row for row in contacts if (hours and row.date_listed >= since) or row.pk in open_ones]
    if rows:
        subjects = [Subject(row.pk, row.number, row.area_id) for row in rows]
        facts = [fact for row in rows for fact in facts_of(row)]
        keep_in_step(
            incident=incident, about=SUBJECT, facts=facts, subjects=subjects, by=by, at=at, batch=batch
        )  # fmt: skip


def derive_each(*, contacts: Iterable[Contact], by: User, at: datetime, batch: Batch | None = None) -> None:
    """`derive` for contacts of any incidents."""
    contacts = list(contacts)
    for incident in {row.incident_id: row.incident for row in contacts}.values():
        mine = [row for row in contacts if row.incident_id == incident.pk]
        derive(incident=incident, contacts=mine, by=by, at=at, batch=batch)


def derive_recent(*, incident: Incident, by: User, at: datetime) -> None:
    """The same for every contact under follow-up; to be called by the schedule."""
    watched = Contact.objects.filter(incident=incident, status=ContactStatus.UNDER_FOLLOW_UP)
    derive(incident=incident, contacts=watched.iterator(), by=by, at=at)


def facts_of(contact: Contact) -> list[Fact]:
    """Identified, under management, ruled out: what the record says, with the class a deadline may ask for."""
    facts = []
    if contact.identified_at:
        facts.append(Fact(contact.pk, Event.CONTACT_IDENTIFIED, contact.identified_at, str(contact.contact_class)))
    if contact.controlled_at:
        facts.append(Fact(contact.pk, Event.CONTACT_MANAGED, contact.controlled_at))
    if contact.status in SETTLED:
        facts.append(Fact(contact.pk, Event.CONTACT_RULED_OUT, contact.current_since))
    return facts


def _with_open_tasks(incident: Incident) -> set[int]:
    mine = Task.objects.filter(
        incident=incident, subject_kind=SUBJECT, duty__contains=":", status__in=UNDONE
    )  # fmt: skip
    return set(mine.values_list("subject_id", flat=True).distinct())
