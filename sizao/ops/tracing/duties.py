"""What contacts make due: a look at the ill, a decision about those nobody reaches."""

from datetime import datetime, timedelta

from sizao.ops.governance.roles import Role
from sizao.ops.incidents.duties import Due
from sizao.ops.tracing.models import Contact
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
