"""Handing a case or a contact over to another area: offered, then accepted or refused. Until it is accepted, whoever
offers it stays responsible, so that nobody is without an owner in between."""

from django.db import models
from django.db.models import Q

from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.models import InArea, Recorded, User
from sizao.ops.governance.privacy import classify
from sizao.ops.incidents.models import Incident
from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_

HAND_OVER_DAYS = 1095


class Subject(Code):
    """What is handed over."""

    CASE = "case", N_("Case")
    CONTACT = "contact", N_("Contact")


class HandOverStatus(Code):
    """Where a hand-over stands."""

    OFFERED = "offered", N_("Offered")
    ACCEPTED = "accepted", N_("Accepted")
    REFUSED = "refused", N_("Refused")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


STEPS = {
    HandOverStatus.OFFERED: frozenset({HandOverStatus.ACCEPTED, HandOverStatus.REFUSED, HandOverStatus.WITHDRAWN}),
    HandOverStatus.ACCEPTED: frozenset(),
    HandOverStatus.REFUSED: frozenset(),
    HandOverStatus.WITHDRAWN: frozenset(),
}


class HandOver(Recorded, InArea):
    """One offer; its area is the one that is to take over."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="hand_overs")
    subject = CodeField(Subject)
    subject_id = models.BigIntegerField()
    number = models.CharField(max_length=60, help_text="the case's or contact's number")
    from_path = models.CharField(max_length=40, blank=True)
    reason = models.TextField()
    status = CodeField(HandOverStatus, default=HandOverStatus.OFFERED)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    privacy = classify(
        purpose=N_("Knowing who is responsible for whom"),
        days_kept=HAND_OVER_DAYS,
        sensitive="subject_id reason answer",
        operational="incident subject number from_path status answered_at answered_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "subject_id"],
                condition=Q(status="offered"),
                name="a_record_is_offered_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=False) & ~Q(reason=""), name="a_hand_over_says_where_and_why"
            ),
        ]
        indexes = [models.Index(fields=["status", "l3", "-id"], name="hand_over_list")]
