"""The base of every limit put on a person, place, area, gathering or lot."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Restriction(models.Model):
    """A limit that says why, under what law, what was considered instead, whom it touches and when it ends.

    It has a mandatory end and ends by itself; prolonging it is a new signed row that `prolongs` this one.
    """

    reason = models.TextField()
    rule = models.CharField(max_length=120, blank=True, help_text="protocol edition and rule id")
    legal_basis = models.TextField()
    alternatives_considered = models.TextField()
    n_affected = models.PositiveIntegerField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    review_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)
    appeal = models.TextField(help_text="how and to whom the person concerned appeals")
    services_owed = models.JSONField(default=list)
    prolongs = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="prolonged_by")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("starts_at")), name="%(class)s_expires"),
            models.CheckConstraint(
                condition=Q(review_at__gte=F("starts_at"), review_at__lte=F("expires_at")),
                name="%(class)s_is_reviewed_before_it_ends",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(legal_basis="") & ~Q(alternatives_considered="") & ~Q(appeal=""),
                name="%(class)s_says_why",
            ),
        ]

    def is_in_force(self, at) -> bool:
        """Whether it limits anybody at this moment; nothing has to happen for it to stop."""
        ends = min(self.expires_at, self.ended_at) if self.ended_at else self.expires_at
        return self.starts_at <= at < ends
