"""A day's round of follow-up: who is to be called or visited, who was, and who was missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from sizao.ops.cases.scoping import in_reach
from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import reach_in
from sizao.ops.registry.models import Post
from sizao.ops.tracing.models import Contact, FollowUp
from sizao.vocabulary.codes import ContactStatus, FollowUpOutcome

#: A day planned before the span was cut short is no longer due.
BEFORE_THE_END = Q(contact__date_follow_up_until__isnull=True) | Q(date_due__lte=F("contact__date_follow_up_until"))
TO_DO = Q(outcome=FollowUpOutcome.NOT_TRIED)
WATCHED = Q(contact__status=ContactStatus.UNDER_FOLLOW_UP) & BEFORE_THE_END


@dataclass(frozen=True)
class Visit:
    """One contact's day, with what helps to reach the person."""

    day: FollowUp
    contact: Contact
    name: str
    phones: tuple[str, ...]
    address: str
    n_days: int | None
    last: FollowUp | None
    recordable: bool
    named: bool


def days_in_reach(
    *, by: User, incident: Incident, at: datetime, inside: str | None = None, post: int | None = None
) -> QuerySet[FollowUp]:
    """The days of follow-up of contacts in reach."""
    contacts = in_reach(Contact, permission="contact.view", incident=incident, by=by, at=at, inside=inside)
    contacts = contacts.filter(post=post) if post else contacts
    return FollowUp.objects.filter(incident=incident, contact__in=contacts)


def of_day(days: QuerySet[FollowUp], day: date) -> QuerySet[FollowUp]:
    """What is due on a day, and what was done of it. Contacts no longer followed up are due nothing."""
    return days.filter(date_due=day).filter(WATCHED | ~TO_DO)


def missed(days: QuerySet[FollowUp], today: date) -> QuerySet[FollowUp]:
    """Earlier days that nobody tried, of contacts still under follow-up; not those before anybody knew of them, nor
    those after its end."""
    asked = Q(date_due__gte=F("contact__date_listed")) & BEFORE_THE_END
    return days.filter(asked, TO_DO, date_due__lt=today, contact__status=ContactStatus.UNDER_FOLLOW_UP)


def counts(days: QuerySet[FollowUp], today: date) -> dict[str, int]:
    """How many are to do, done and missed."""
    found = of_day(days, today).aggregate(to_do=Count("id", filter=TO_DO), done=Count("id", filter=~TO_DO))
    return found | {"overdue": missed(days, today).count()}


def by_area(days: QuerySet[FollowUp], today: date, level: int) -> list[tuple[str, int, int]]:
    """(area, due, done) today in each area of a level."""
    column = f"contact__l{level}"
    rows = of_day(days, today).values_list(column).annotate(due=Count("id"), done=Count("id", filter=~TO_DO))
    return list(rows.order_by(column))


def posts_of_contacts(*, incident: Incident) -> list[Post]:
    """Posts to whom contacts of this incident are given."""
    return list(Post.objects.filter(contacts__incident=incident).distinct().order_by("id"))


def visits(days: Iterable[FollowUp], *, by: User, at: datetime) -> list[Visit]:
    """Days of one incident as cards: who it is where names may be seen, and how it went the time before."""
    days = list(days)
    before = _last_outcomes([day.contact_id for day in days])
    if not days:
        return []
    names, works = (
        reach_in(days[0].contact.incident, by, permission, at=at)
        for permission in ("person.identify", "follow_up.record")
    )
    return [_visit(day, before, names, works) for day in days]


def _visit(day: FollowUp, before: dict[int, list[FollowUp]], names: access.Reach, works: access.Reach) -> Visit:
    contact, person = day.contact, day.contact.person
    who: Any = person.identity if names.covers(contact.area_id) else None
    last = next((each for each in before.get(contact.pk, []) if each.date_due < day.date_due), None)
    first, until = contact.date_follow_up_from, contact.date_follow_up_until
    return Visit(
        day=day,
        contact=contact,
        name=(who.name if who else "") or person.pseudonym,
        phones=who.phones if who else (),
        address=who.address if who else "",
        n_days=(until - first).days + 1 if first and until else None,
        last=last,
        recordable=works.covers(contact.area_id),
        named=who is not None,
    )


def _last_outcomes(contacts: list[int]) -> dict[int, list[FollowUp]]:
    """What was found on earlier days, newest first, by contact."""
    found: dict[int, list[FollowUp]] = {}
    for day in FollowUp.objects.filter(contact__in=contacts).exclude(TO_DO).order_by("-date_due"):
        found.setdefault(day.contact_id, []).append(day)
    return found
