"""What another protocol edition would make of an incident's contacts: class, follow-up, restricted days and tests,
person by person, so that every total opens to the people behind it. Reads only."""

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from sizao.ops.governance.models import PastState
from sizao.ops.incidents.models import Incident
from sizao.ops.tracing.judging import judged_persons
from sizao.ops.tracing.models import Contact
from sizao.ops.tracing.reasons import stored
from sizao.ops.tracing.rules import Judged, watch
from sizao.protocols import load
from sizao.protocols.classify import REASONS
from sizao.protocols.what_if import COUNTS, compared
from sizao.vocabulary.codes import ContactClass, ContactStatus
from sizao.vocabulary.text import N_, Message

#: The batch of one change of edition.
KIND = "edition"
#: Mark in a contact's reason: an edition took the person off the list, so another may put them back.
BY_EDITION = "by_edition"
AS_LISTED = N_("As written in the list received.").msgid
NO_CONTACT = {REASONS[rule].msgid for rule in ("outside_window", "no_kind", "not_determined", "source_unknown")}
NOTHING = dict.fromkeys(COUNTS, 0)


@dataclass(frozen=True)
class Effect:
    """One person under both editions. `changes` are the row's new values; `before` and `after` the last day of
    follow-up; `class_before` and `class_after` None where the person is no contact."""

    contact: Contact
    class_before: ContactClass | None
    class_after: ContactClass | None
    before: date | None
    after: date | None
    reason: Message | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    counts_before: dict[str, int] = field(default_factory=lambda: NOTHING)
    counts_after: dict[str, int] = field(default_factory=lambda: NOTHING)

    @property
    def days(self) -> int | None:
        """Days of follow-up gained, or lost; None where there was no end before."""
        return (self.after - self.before).days if self.before and self.after else None

    @property
    def is_shorter(self) -> bool:
        return self.days is not None and self.days < 0

    @property
    def is_longer(self) -> bool:
        """Longer than it is now: only a decision of its own may make it so."""
        return self.after is not None and (self.before is None or self.after > self.before)

    @property
    def is_taken_off(self) -> bool:
        return self.class_before is not None and self.class_after is None

    @property
    def is_put_back(self) -> bool:
        return self.class_before is None and self.class_after is not None

    @property
    def restricted_days(self) -> int:
        """Restricted days gained, or lost."""
        return self.counts_after["restricted_days"] - self.counts_before["restricted_days"]

    def decided(self, prolong: bool) -> dict[str, Any]:
        """What is written: everything, but nothing that makes a follow-up longer without the decision to prolong."""
        if self.is_longer and not prolong:
            kept = () if self.is_put_back else ("contact_class", "class_reason", "date_last_exposure")
            return {name: value for name, value in self.changes.items() if name in kept}
        return self.changes


def effects(incident: Incident, protocol: str, today: date) -> list[Effect]:
    """Everyone whom the incident's edition, or the other one, makes a contact to be followed up now."""
    other = under(incident, protocol)
    rows = [row for row in _contacts(incident) if not _is_off(row) or row.date_last_exposure]
    verdicts = _verdicts(incident, other, rows)
    had = [under(incident, name) for name in _editions(incident)]
    found = [_effect(row, verdicts.get(row.person_id), other, had, today) for row in rows]
    return _counted([each for each in found if each], incident, protocol, today)


def last_change(incident: Incident) -> PastState | None:
    """The last change of edition that was not taken back."""
    mine = PastState.objects.filter(model=Incident._meta.label, row_id=incident.pk, values__has_key="protocol")
    standing = mine.filter(batch__kind=KIND, batch__undone_at__isnull=True)
    return standing.select_related("batch", "changed_by").order_by("-id").first()


def under(incident: Incident, protocol: str) -> Incident:
    """The same incident as it would be under another edition; not to be saved."""
    other = copy.copy(incident)
    other.protocol = protocol
    return other


def _contacts(incident: Incident) -> Iterable[Contact]:
    mine = Contact.objects.filter(incident=incident)
    off = mine.filter(status=ContactStatus.NOT_A_CONTACT, class_reason__by_edition=True)
    return (mine.filter(status=ContactStatus.UNDER_FOLLOW_UP) | off).order_by("id")


def _is_off(row: Contact) -> bool:
    return row.status == ContactStatus.NOT_A_CONTACT


def _editions(incident: Incident) -> list[str]:
    """The incident's edition and those it had before: an end of follow-up that one of them made may move again."""
    past = PastState.objects.filter(model=Incident._meta.label, row_id=incident.pk, values__has_key="protocol")
    return list(dict.fromkeys([incident.protocol, *(state.values["protocol"] for state in past.order_by("-id"))]))


def _verdicts(incident: Incident, other: Incident, rows: Sequence[Contact]) -> dict[int, Judged]:
    """What the other edition says of people whose class follows from an edition: not of those whose class somebody
    decided or wrote in a list, and not where it lacks facts, for not knowing never unsays a class."""
    judged_now = [row for row in rows if not row.class_reason.get("by_hand")]
    persons = [row.person_id for row in judged_now if row.class_reason.get("msgid") != AS_LISTED]
    mine, theirs = (judged_persons(incident=each, persons=persons) for each in (incident, other))
    found = {}
    for row in judged_now:
        ours, new = mine.get(row.person_id), theirs.get(row.person_id)
        if ours is None or new is None or not (_is_off(row) or row.contact_class == ours.contact_class):
            continue
        if says_no_contact(new) and says_no_contact(ours):
            continue
        if says_no_contact(new) or new.contact_class != ContactClass.UNCLASSIFIED:
            found[row.person_id] = new
    return found


def says_no_contact(judged: Judged) -> bool:
    return innermost(judged.reason).msgid in NO_CONTACT


def innermost(reason: Message) -> Message:
    """The edition's own reason, without what was said around it."""
    while isinstance(inner := reason.params.get("why"), Message):
        reason = inner
    return reason


def _effect(row: Contact, verdict: Judged | None, other: Incident, had: list[Incident], today: date) -> Effect | None:
    if verdict is not None and says_no_contact(verdict):
        return None if _is_off(row) else _taken_off(row, verdict, today)
    if _is_off(row) and verdict is None:
        return None
    changes = _class_changes(row, verdict)
    told = {"contact_class": row.contact_class, "date_listed": row.date_listed}
    told["date_last_exposure"] = row.date_last_exposure
    by_edition = _is_off(row) or row.date_follow_up_until in {watch(each, **told).last for each in had}
    new = told | {name: value for name, value in changes.items() if name in told}
    span, before = watch(other, **new), row.date_follow_up_until
    after = span.last or (before and min(today, before)) if by_edition else before
    if _is_off(row):
        if after is None or after < today:
            return None
        changes |= {"status": ContactStatus.UNDER_FOLLOW_UP}
    if after != before:
        changes["date_follow_up_until"] = after
    if after and (row.date_follow_up_from is None or _is_off(row)):
        changes["date_follow_up_from"] = max(today, span.first or today)
    return Effect(
        row, None if _is_off(row) else ContactClass(row.contact_class), ContactClass(new["contact_class"]),
        None if _is_off(row) else before, after, verdict.reason if verdict and "contact_class" in changes else None,
        changes,
    )  # fmt: skip


def _class_changes(row: Contact, verdict: Judged | None) -> dict[str, Any]:
    if verdict is None:
        return {}
    changes: dict[str, Any] = {}
    if verdict.contact_class != row.contact_class or _is_off(row):
        changes |= {"contact_class": verdict.contact_class, "class_reason": stored(verdict.reason)}
    if verdict.date_last and verdict.date_last != row.date_last_exposure and not _told_later(row, verdict.date_last):
        changes["date_last_exposure"] = verdict.date_last
    return changes


def _told_later(row: Contact, last: date) -> bool:
    """Somebody said a later exposure than those on record: it stays."""
    return row.date_last_exposure is not None and row.date_last_exposure > last


def _taken_off(row: Contact, verdict: Judged, today: date) -> Effect:
    """No contact by the other edition: followed up no longer than today."""
    reason, before = innermost(verdict.reason), row.date_follow_up_until
    after = before and min(today, before)
    changes = {
        "status": ContactStatus.NOT_A_CONTACT, "class_reason": stored(reason) | {BY_EDITION: True},
        "date_follow_up_until": after,
    }  # fmt: skip
    return Effect(row, ContactClass(row.contact_class), None, before, after, reason, changes)


def _counted(found: list[Effect], incident: Incident, protocol: str, today: date) -> list[Effect]:
    """With restricted days and tests of each person, as `what_if` counts them: from the day of listing on."""
    sides = (_frame(found, "before"), _frame(found, "after"))
    persons = compared(*sides, protocol_a=load(incident.protocol), protocol_b=load(protocol), at=today).persons
    rows = {int(row["contact_id"]): row for row in persons.iter_rows(named=True)}
    return [_with_counts(each, rows.get(each.contact.pk)) for each in found]


def _frame(found: list[Effect], side: str) -> pl.DataFrame:
    """The contacts of one side; one not yet classified is reckoned like a close one."""
    rows = []
    for each in found:
        contact_class = each.class_before if side == "before" else each.class_after
        last = each.contact.date_last_exposure
        last = each.changes.get("date_last_exposure", last) if side == "after" else last
        if contact_class is None or last is None:
            continue
        reckoned = ContactClass.CLOSE if contact_class == ContactClass.UNCLASSIFIED else contact_class
        rows.append((str(each.contact.pk), str(reckoned), last, each.contact.date_listed))
    schema = {
        "contact_id": pl.String, "contact_class": pl.String, "date_exposure_last": pl.Date, "date_found": pl.Date,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _with_counts(effect: Effect, row: dict[str, Any] | None) -> Effect:
    if row is None:
        return effect
    before, after = ({name: row[f"{name}_{side}"] for name in COUNTS} for side in "ab")
    return Effect(**(vars(effect) | {"counts_before": before, "counts_after": after}))


#: The people behind each number of the comparison: who belongs to a list, and in which order they stand.
LISTS: dict[str, tuple[Message, Callable[[Effect], bool]]] = {
    "followed_before": (N_("Followed up until now"), lambda e: e.class_before is not None),
    "followed_after": (N_("Followed up by the new edition"), lambda e: e.class_after is not None),
    "restricted_before": (N_("Restricted until now"), lambda e: e.counts_before["restricted_days"] > 0),
    "restricted_after": (N_("Restricted by the new edition"), lambda e: e.counts_after["restricted_days"] > 0),
    "central_before": (N_("In central quarantine until now"), lambda e: e.counts_before["central_days"] > 0),
    "central_after": (N_("In central quarantine by the new edition"), lambda e: e.counts_after["central_days"] > 0),
    "tested_before": (N_("Tested until now"), lambda e: e.counts_before["n_tests"] > 0),
    "tested_after": (N_("Tested by the new edition"), lambda e: e.counts_after["n_tests"] > 0),
    "more": (N_("Restricted for more days"), lambda e: e.restricted_days > 0),
    "fewer": (N_("Restricted for fewer days"), lambda e: e.restricted_days < 0),
    "shorter": (N_("Follow-up becomes shorter"), lambda e: e.is_shorter),
    "longer": (N_("Follow-up would become longer"), lambda e: e.is_longer and not e.is_put_back),
    "reclassified": (
        N_("Another class"),
        lambda e: None not in (e.class_before, e.class_after) and e.class_before != e.class_after,
    ),
    "taken_off": (N_("No longer a contact"), lambda e: e.is_taken_off),
    "put_back": (N_("A contact again"), lambda e: e.is_put_back),
}  # fmt: skip


def listed(found: Iterable[Effect], name: str) -> list[Effect]:
    """The people of one list."""
    belongs = LISTS[name][1]
    return [each for each in found if belongs(each)]
