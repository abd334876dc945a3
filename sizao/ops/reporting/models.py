"""Reports: numbers frozen at a cut-off, drafted, reviewed, signed and published."""

from django.db import models
from django.db.models import F, Q

from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.models import Recorded, User
from sizao.ops.governance.privacy import FOREVER, classify
from sizao.ops.incidents.models import Incident
from sizao.vocabulary import codes
from sizao.vocabulary.text import N_

FROZEN = (codes.ReportStatus.SIGNED, codes.ReportStatus.PUBLISHED, codes.ReportStatus.SUPERSEDED)


class Report(Recorded):
    """One version of one day's report. After signing nothing in it changes; a correction is a new version."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="reports")
    date = models.DateField()
    version = models.PositiveSmallIntegerField(default=1)
    cutoff_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True, blank=True, help_text="cut-off of the day before")
    status = CodeField(codes.ReportStatus, default=codes.ReportStatus.DRAFT)
    numbers = models.JSONField(help_text="every number under its stable key, with its breakdowns")
    revisions = models.JSONField(default=list, help_text="late data: what changed in days already reported")
    public = models.JSONField(default=dict, help_text="what the public version shows; null where a count is held back")
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    chain_head = models.CharField(max_length=90, blank=True, help_text="the chain of decisions when it was signed")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    correction_note = models.TextField(blank=True)

    privacy = classify(
        purpose=N_("Telling the authorities and the public what is known"),
        days_kept=FOREVER,
        operational="incident date version cutoff_at compared_at status numbers revisions public text_zh text_en "
        "drafted_by reviewed_by reviewed_at signed_by signed_at content_hash chain_head published_at published_by "
        "corrects correction_note",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "date", "version"], name="one_report_a_day_and_version"),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("drafted_by")),
                name="the_drafter_does_not_sign",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=FROZEN)
                | (Q(signed_by__isnull=False) & Q(signed_at__isnull=False) & ~Q(content_hash="")),
                name="a_signed_report_has_its_signature",
            ),
        ]
