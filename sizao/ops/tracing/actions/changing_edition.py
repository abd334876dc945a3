"""Another protocol edition for an incident: a signed act, tried before it is done, and taken back as a whole."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from sizao.ops.cases import duties as case_duties
from sizao.ops.governance import audit, history
from sizao.ops.governance.models import Batch, PastState, User
from sizao.ops.incidents.actions import change_protocol, derive_incident
from sizao.ops.incidents.derived import UNDONE
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.tracing import duties
from sizao.ops.tracing.actions.planning import plan_days
from sizao.ops.tracing.models import Contact
from sizao.ops.tracing.rules import watch
from sizao.vocabulary.codes import ContactStatus
from sizao.vocabulary.text import N_

KIND = "edition"


@dataclass(frozen=True)
class Moved:
    """A contact whose follow-up ends on another day."""

    contact: Contact
    before: date | None
    after: date

    @property
    def days(self) -> int | None:
        """Days gained, or lost; None where there was no end before."""
        return (self.after - self.before).days if self.before else None


@dataclass(frozen=True)
class EditionChanged:
    """Whose follow-up becomes shorter or longer, and which tasks, by duty, appear or go."""

    shorter: tuple[Moved, ...]
    longer: tuple[Moved, ...]
    new_tasks: Counter[str]
    gone_tasks: Counter[str]


@transaction.atomic
def change_edition(
    *, incident: Incident, protocol: str, reason: str, prolong: bool, by: User, at: datetime
) -> EditionChanged:
    """Pin another edition. What becomes shorter becomes so at once; a running follow-up is made longer only where
    `prolong` says so, which is a decision of its own. Classes decided and ends written by others stay."""
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    if protocol == incident.protocol:
        raise NotNow(N_("The incident follows this edition already."))
    moved, before = list(_moved(incident, protocol, incident.date_at(at))), _open_tasks(incident)
    batch = Batch.objects.create(kind=KIND, made_at=at, made_by=by)
    change_protocol(incident=incident, protocol=protocol, reason=reason, by=by, at=at, batch=batch)
    shorter = tuple(each for each in moved if each.days is not None and each.days < 0)
    longer = tuple(each for each in moved if each.days is None or each.days > 0)
    decided = (*shorter, *longer) if prolong else shorter
    changes = [(each.contact, {"date_follow_up_until": each.after}) for each in decided]
    changed = history.amend_each(changes, by=by, at=at, batch=batch)
    plan_days(contacts=changed, by=by, at=at, batch=batch)
    _derive_all(incident, by, at)
    after = _open_tasks(incident)
    audit.record_many(by=by, at=at, action="contact.edition_changed", about=changed, reason=reason, prolonged=prolong)
    new, gone = ([tasks[pk] for pk in set(tasks) - set(others)] for tasks, others in ((after, before), (before, after)))
    return EditionChanged(shorter, longer, Counter(new), Counter(gone))


@transaction.atomic
def try_edition(*, incident: Incident, protocol: str, by: User, at: datetime) -> EditionChanged:
    """What `change_edition` would do: it is done and undone, so the preview is the act itself."""
    with transaction.atomic():
        found = change_edition(incident=incident, protocol=protocol, reason="", prolong=False, by=by, at=at)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def roll_back_edition(*, incident: Incident, reason: str, by: User, at: datetime) -> Incident:
    """Back to the edition before, and the ends of follow-up it changed back with it, unless changed again since."""
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    last = last_change(incident)
    if last is None:
        raise NotNow(N_("The edition of this incident was not changed."))
    change_protocol(incident=incident, protocol=last.values["protocol"], reason=reason, by=by, at=at)
    states = {
        state.row_id: state for state in PastState.objects.filter(model=Contact._meta.label, batch=last.batch)
    }  # fmt: skip
    newer = set(
        PastState.objects.filter(model=Contact._meta.label, row_id__in=states, id__gt=last.pk)
        .exclude(batch=last.batch)
        .values_list("row_id", flat=True)
    )
    rows = Contact.objects.filter(pk__in=set(states) - newer, status=ContactStatus.UNDER_FOLLOW_UP).order_by("id")
    until = Contact._meta.get_field("date_follow_up_until")
    changes = [(row, {until.name: until.to_python(states[row.pk].values[until.name])}) for row in rows]
    changed = history.amend_each(changes, by=by, at=at)
    plan_days(contacts=changed, by=by, at=at)
    _derive_all(incident, by, at)
    last.batch.undone_at, last.batch.undone_by = at, by
    last.batch.save(update_fields=["undone_at", "undone_by"])
    audit.record_many(by=by, at=at, action="contact.edition_rolled_back", about=changed, reason=reason)
    return incident


def last_change(incident: Incident) -> PastState | None:
    """The last change of edition that was not taken back."""
    mine = PastState.objects.filter(model=Incident._meta.label, row_id=incident.pk, values__has_key="protocol")
    standing = mine.filter(batch__kind=KIND, batch__undone_at__isnull=True)
    return standing.select_related("batch", "changed_by").order_by("-id").first()


def _moved(incident: Incident, protocol: str, today: date) -> Iterator[Moved]:
    """Contacts under follow-up whose end by the present edition would be another day by the new one."""
    other = Incident(protocol=protocol)
    for row in Contact.objects.filter(incident=incident, status=ContactStatus.UNDER_FOLLOW_UP).order_by("id"):
        told = {
            "contact_class": row.contact_class,
            "date_listed": row.date_listed,
            "date_last_exposure": row.date_last_exposure,
        }
        if row.date_follow_up_until != watch(incident, **told).last:
            continue  # somebody wrote this end: no edition moves it
        after = watch(other, **told).last or (row.date_follow_up_until and min(today, row.date_follow_up_until))
        if after and after != row.date_follow_up_until:
            yield Moved(row, row.date_follow_up_until, after)


def _open_tasks(incident: Incident) -> dict[int, str]:
    mine = Task.objects.filter(incident=incident, status__in=UNDONE, duty__contains=":")
    return dict(mine.values_list("id", "duty"))


def _derive_all(incident: Incident, by: User, at: datetime) -> None:
    told = {"incident": incident, "by": by, "at": at}
    derive_incident(**told)
    case_duties.derive_recent(**told)
    duties.derive_recent(**told)
