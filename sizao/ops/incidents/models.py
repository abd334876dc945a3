"""Incidents, the tasks of posts, and requests between units."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.models import InArea, Recorded, User
from sizao.ops.governance.privacy import FOREVER, classify
from sizao.ops.registry.models import Area, Post, Unit
from sizao.vocabulary import codes
from sizao.vocabulary.text import N_

TASK_DAYS = 3650


class Incident(Recorded):
    """One outbreak or alert: disease, protocol edition, areas, mode with its legal basis and end, 7-1-7 dates."""

    name_zh = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    disease = models.CharField(max_length=40)
    variant = models.CharField(max_length=40, blank=True)
    protocol = models.CharField(max_length=60, help_text="id of the protocol edition in force")
    kind = CodeField(codes.IncidentKind, default=codes.IncidentKind.REAL)
    areas = models.ManyToManyField(Area, related_name="incidents")
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    mode = CodeField(codes.IncidentMode, default=codes.IncidentMode.ROUTINE)
    level = models.CharField(max_length=20, blank=True)
    legal_basis = models.TextField(blank=True)
    mode_until = models.DateTimeField(null=True, blank=True)
    date_emergence = models.DateField(null=True, blank=True)
    date_detection = models.DateField(null=True, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    clock_behind_s = models.BigIntegerField(default=0, help_text="a drill's clock runs this many seconds behind")

    privacy = classify(
        purpose=N_("Running the response to an outbreak"),
        days_kept=FOREVER,
        operational="name_zh name_en disease variant protocol kind areas time_zone mode level legal_basis mode_until "
        "date_emergence date_detection notified_at responded_at opened_at closed_at clock_behind_s",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mode=codes.IncidentMode.ROUTINE) | (~Q(legal_basis="") & Q(mode_until__isnull=False)),
                name="emergency_has_a_legal_basis_and_an_end",
            ),
            models.CheckConstraint(
                condition=Q(kind=codes.IncidentKind.REAL, clock_behind_s=0) | ~Q(kind=codes.IncidentKind.REAL),
                name="a_real_incident_runs_on_real_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en

    def at(self, now: datetime) -> datetime:
        """The incident's own time: real time, or a drill's."""
        return now - timedelta(seconds=self.clock_behind_s)

    def date_at(self, at: datetime):
        """The local calendar day of a moment."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()


class Task(Recorded, InArea):
    """Something a post must do by a time, with its outcome, evidence and a verifier who is not the doer."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="tasks", db_index=False)
    duty = models.CharField(max_length=80, help_text="key of the duty or decision it comes from")
    title = models.JSONField(help_text="message: msgid and params")
    why = models.JSONField(default=dict, help_text="message: the rule, its edition and the facts")
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="tasks", db_index=False)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    status = CodeField(codes.TaskStatus, default=codes.TaskStatus.OPEN)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    escalated_at = models.DateTimeField(null=True, blank=True)
    n_escalations = models.PositiveSmallIntegerField(default=0)

    privacy = classify(
        purpose=N_("Seeing that what is due is done"),
        days_kept=TASK_DAYS,
        sensitive="outcome evidence",
        operational="incident duty title why subject_kind subject_id post starts_at due_at status acknowledged_at "
        "done_at done_by verified_at verified_by escalated_at n_escalations",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "duty", "subject_kind", "subject_id", "starts_at"],
                name="a_duty_is_one_task",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("done_by")),
                name="verifier_is_not_the_doer",
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "status", "due_at", "id"], name="task_board"),
            models.Index(fields=["post", "status", "due_at", "id"], name="task_of_post"),
            models.Index(fields=["subject_kind", "subject_id"], name="task_of_subject"),
        ]


class Request(Recorded, InArea):
    """One unit asks another for something: minimum data, receipt, deadline, answer, closing."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=40)
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="requests_sent")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="requests_received")
    what = models.TextField()
    legal_basis = models.TextField()
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    due_at = models.DateTimeField()
    status = CodeField(codes.RequestStatus, default=codes.RequestStatus.SENT)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    privacy = classify(
        purpose=N_("Working together across areas"),
        days_kept=TASK_DAYS,
        sensitive="what answer",
        operational="incident kind from_unit to_unit legal_basis subject_kind subject_id due_at status received_at "
        "received_by answered_at answered_by closed_at",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(legal_basis=""), name="request_names_its_legal_basis")]
