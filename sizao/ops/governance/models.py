"""Users, the powers they hold, what was done, and what rows used to say."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Substr

from sizao.ops.governance.audit_models import AuditSubject, Deed, LedgerEntry, RowChange
from sizao.ops.governance.entry import EmergencyAccess, OneTimeLink
from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.privacy import FOREVER, classify
from sizao.ops.governance.restriction import Restriction
from sizao.ops.governance.roles import Role
from sizao.vocabulary.text import N_

__all__ = [
    "AuditEntry",
    "AuditSubject",
    "Batch",
    "Deed",
    "EmergencyAccess",
    "Grant",
    "InArea",
    "LedgerEntry",
    "OneTimeLink",
    "PastState",
    "Recorded",
    "Restriction",
    "RowChange",
    "SavedView",
    "ScheduledJob",
    "User",
]

ACCOUNT_DAYS = 3650


class User(AbstractUser):
    """A person who logs in. Powers come from grants, never from Django's groups."""

    display_name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_demonstration = models.BooleanField(default=False)

    privacy = classify(
        purpose=N_("Knowing who did what"),
        days_kept=ACCOUNT_DAYS,
        identifying="username first_name last_name email display_name",
        operational="password last_login is_superuser is_staff is_active date_joined groups user_permissions "
        "language is_demonstration",
    )

    def __str__(self) -> str:
        return self.display_name or self.username


class Grant(models.Model):
    """A role held by a user in an area, from–until. An empty area path is the whole installation."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = CodeField(Role)
    area_path = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    privacy = classify(
        purpose=N_("Knowing who may do what"),
        days_kept=ACCOUNT_DAYS,
        operational="user role area_path since until",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                name="grant_ends_after_it_starts",
            )
        ]


class Batch(models.Model):
    """Rows written together (one file, one bulk edit), so that they can be undone together."""

    kind = models.CharField(max_length=30)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    privacy = classify(
        purpose=N_("Undoing what was written together"),
        days_kept=ACCOUNT_DAYS,
        operational="kind made_at made_by undone_at undone_by",
    )


class Recorded(models.Model):
    """A row with a memory: who recorded it when, since when it says what it says, and in which batch."""

    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    current_since = models.DateTimeField()
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class InArea(models.Model):
    """A row that belongs to an area. The area's path is its key, so "inside" is a prefix, and the
    generated columns turn "inside my province, city, county or township" into an equality with an index."""

    area = models.ForeignKey("registry.Area", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    l1 = models.GeneratedField(
        expression=Substr("area", 1, 6), output_field=models.CharField(max_length=6), db_persist=True
    )
    l2 = models.GeneratedField(
        expression=Substr("area", 1, 10), output_field=models.CharField(max_length=10), db_persist=True
    )
    l3 = models.GeneratedField(
        expression=Substr("area", 1, 14), output_field=models.CharField(max_length=14), db_persist=True
    )
    l4 = models.GeneratedField(
        expression=Substr("area", 1, 18), output_field=models.CharField(max_length=18), db_persist=True
    )

    class Meta:
        abstract = True


class PastState(models.Model):
    """What a row said between two moments. The current row and its past states together are its history."""

    model = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    values = models.JSONField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, blank=True, related_name="+")

    privacy = classify(
        purpose=N_("Knowing what was known when"),
        days_kept=ACCOUNT_DAYS,
        sensitive="values",
        operational="model row_id since until changed_by",
    )

    class Meta:
        indexes = [
            models.Index(fields=["model", "row_id", "until"], name="past_state_of_row"),
            models.Index(fields=["model", "until"], name="past_state_by_time"),
        ]


class AuditEntry(models.Model):
    """One thing somebody did: a change, a read of identified records, an export, a signature, a refusal."""

    at = models.DateTimeField()
    written_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="entries", db_constraint=False)
    action = models.CharField(max_length=60)
    model = models.CharField(max_length=60, blank=True)
    row_id = models.BigIntegerField(null=True)
    area_path = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    privacy = classify(
        purpose=N_("Answering for what was done"),
        days_kept=FOREVER,
        sensitive="reason details",
        operational="at written_at by deed action model row_id area_path",
    )

    class Meta:
        indexes = [
            models.Index(fields=["model", "row_id", "-id"], name="audit_of_row"),
            models.Index(fields=["by", "-id"], name="audit_of_user"),
            models.Index(fields=["-written_at", "-id"], name="audit_by_time"),
        ]


class SavedView(models.Model):
    """A user's own filter and columns of a list page, under a name."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    query = models.TextField()

    privacy = classify(
        purpose=N_("Giving users their own lists"), days_kept=ACCOUNT_DAYS, operational="user page name query"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="one_view_per_name")]


class ScheduledJob(models.Model):
    """When a job of the schedule last ran, what came of it, and when it is due again."""

    name = models.CharField(max_length=60, unique=True)
    due_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_result = models.CharField(max_length=200, blank=True)

    privacy = classify(
        purpose=N_("Knowing that what must happen by itself does"),
        days_kept=FOREVER,
        operational="name due_at last_run_at last_result",
    )
