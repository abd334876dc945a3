"""How people get in beside a password they know: one-time links, and emergency access beyond their posts."""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.privacy import classify
from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_

LINK_DAYS = 400  # a used or expired link answers no question after the year's audit
ACCESS_DAYS = 3650


class LinkPurpose(Code):
    """What a one-time link is for."""

    WELCOME = "welcome", N_("Invitation")
    PASSWORD = "password", N_("New password")


#: How long a link opens. An invitation waits for its reader; a new password is fetched at once.
VALID = {LinkPurpose.WELCOME: timedelta(days=7), LinkPurpose.PASSWORD: timedelta(hours=24)}


def digest_of(token: str) -> str:
    """What is stored of a token: the database alone opens no account."""
    return sha256(token.encode()).hexdigest()


class OneTimeLink(models.Model):
    """A link handed to one person, with which they choose their password once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="one_time_links")
    purpose = CodeField(LinkPurpose)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    privacy = classify(
        purpose=N_("Letting invited people in, and people who lost their password"),
        days_kept=LINK_DAYS,
        operational="user purpose digest made_at made_by expires_at used_at withdrawn_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="one_time_link_expires"),
        ]

    def is_open(self, at) -> bool:
        return self.used_at is None and self.withdrawn_at is None and at < self.expires_at


class EmergencyAccess(models.Model):
    """Somebody read beyond their posts because it could not wait: why, where, until when, and what was found of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="emergency_accesses")
    grant = models.OneToOneField("governance.Grant", models.PROTECT, related_name="emergency_access")
    area_path = models.CharField(max_length=40)
    reason = models.TextField()
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    was_justified = models.BooleanField(null=True, blank=True)
    finding = models.TextField(blank=True)

    privacy = classify(
        purpose=N_("Answering for access beyond one's posts"),
        days_kept=ACCESS_DAYS,
        sensitive="reason finding",
        operational="user grant area_path began_at ends_at reviewed_at reviewed_by was_justified",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("began_at")) & ~Q(reason="") & ~Q(area_path=""),
                name="emergency_access_says_why_where_and_until_when",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, was_justified__isnull=True)
                | Q(reviewed_at__isnull=False, was_justified__isnull=False),
                name="emergency_access_is_reviewed_whole",
            ),
        ]
        indexes = [models.Index(fields=["-began_at", "-id"], name="emergency_access_newest")]
