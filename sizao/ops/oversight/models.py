"""Legal holds, the daily retention run, and erasures that were decided."""

from django.db import models
from django.db.models import Q

from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.models import User
from sizao.ops.governance.privacy import FOREVER, classify
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Person
from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_


class LegalHold(models.Model):
    """Nothing of a person or an incident is destroyed while somebody with a reason says so; it has an end."""

    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField()
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.TextField(blank=True)

    privacy = classify(
        purpose=N_("Keeping what a court or an inquiry needs"),
        days_kept=FOREVER,
        operational="incident person reason placed_by placed_at until ended_at ended_by end_reason",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__isnull=True, person__isnull=False)
                | Q(incident__isnull=False, person__isnull=True),
                name="a_hold_is_on_a_person_or_an_incident",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_hold_says_why"),
        ]


class RunStatus(Code):
    """Where a retention run stands."""

    PREPARED = "prepared", N_("Waiting for a signature")
    SIGNED = "signed", N_("Signed, done with the next daily job")
    DONE = "done", N_("Done")
    OVERTAKEN = "overtaken", N_("Replaced by a later one")


class RetentionRun(models.Model):
    """One day's list of what is due to go: prepared by the daily job, signed by a person, carried out, counted."""

    prepared_at = models.DateTimeField()
    status = CodeField(RunStatus, default=RunStatus.PREPARED)
    due = models.JSONField(default=dict, help_text="rows due by model")
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done = models.JSONField(default=dict, help_text="rows emptied or destroyed by model")

    privacy = classify(
        purpose=N_("Showing that data went when their days were over"),
        days_kept=FOREVER,
        operational="prepared_at status due signed_by signed_at done_at done",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=[RunStatus.SIGNED, RunStatus.DONE]) | Q(signed_by__isnull=False),
                name="a_retention_run_is_signed_before_it_is_done",
            )
        ]


class Erasure(models.Model):
    """A person was erased on a decision: by whom, on what basis, and what was emptied or destroyed where."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    legal_basis = models.TextField()
    counts = models.JSONField(default=dict)

    privacy = classify(
        purpose=N_("Showing that data went when their days were over"),
        days_kept=FOREVER,
        operational="person decided_at decided_by legal_basis counts",
    )
