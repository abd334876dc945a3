"""Whom the reader is to call or visit today, in every open incident: follow-up is work too, though no task."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from sizao.ops.desk.queries.headlines import MOST
from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents import queries as incident_queries
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import within_each
from sizao.ops.tracing import rounds
from sizao.ops.tracing.models import Contact, FollowUp

RECORD = "follow_up.record"


@dataclass(frozen=True)
class Round:
    """An incident's follow-ups that are still to do today, where the reader may record them."""

    incident: Incident
    n_to_do: int


def rounds_today(*, by: User, at: datetime) -> list[Round]:
    """Incidents with somebody to call or visit today, each by its own clock; one query for all of them."""
    if not access.reach(by, RECORD, at=at):
        return []
    shown = [each for each in incident_queries.incidents(by=by, at=at)[:MOST] if not each.closed_at]
    if not shown:
        return []
    contacts = Contact.objects.filter(within_each(shown, by, RECORD, at=at), incident__in=shown)
    today = reduce(or_, (Q(incident=each, date_due=each.date_at(each.at(at))) for each in shown))
    days = FollowUp.objects.filter(today, rounds.WATCHED, rounds.TO_DO, contact__in=contacts).order_by()
    n_of = dict(days.values_list("incident").annotate(n=Count("id")))
    return [Round(each, n_of[each.pk]) for each in shown if each.pk in n_of]
