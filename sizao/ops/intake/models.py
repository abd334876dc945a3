"""Deliveries: files kept as they came, what was understood of them, and how far they were handed on."""

from django.db import models

from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.models import Batch, Recorded
from sizao.ops.governance.privacy import classify
from sizao.ops.incidents.models import Incident
from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_

DELIVERY_DAYS = 1095


class DeliveryStatus(Code):
    """A delivery's life; the table of allowed steps is in lifecycle.py."""

    RECEIVED = "received", N_("Received")
    READ = "read", N_("Read, to be confirmed")
    UNREADABLE = "unreadable", N_("Could not be read")
    COMMITTING = "committing", N_("Being handed on")
    COMMITTED = "committed", N_("Handed on")
    UNDONE = "undone", N_("Undone")
    DISMISSED = "dismissed", N_("Dismissed")


class Delivery(Recorded):
    """One file. The same content twice is the same delivery; its records go on under one batch."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="deliveries")
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=240)
    n_bytes = models.BigIntegerField()
    source = models.CharField(max_length=120, blank=True, help_text="who sent it; mappings are remembered per source")
    format = models.CharField(max_length=40, blank=True)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    status = CodeField(DeliveryStatus, default=DeliveryStatus.RECEIVED)
    message = models.JSONField(default=dict, help_text="message: why it could not be read")
    counts = models.JSONField(default=dict, help_text="records by kind, in the order they are handed on")
    n_rows = models.PositiveIntegerField(default=0)
    n_records = models.PositiveIntegerField(default=0)
    n_problems = models.PositiveIntegerField(default=0)
    n_handed_on = models.PositiveIntegerField(default=0, help_text="records handed on; moves with each committed chunk")
    n_created = models.PositiveIntegerField(default=0)
    n_updated = models.PositiveIntegerField(default=0)
    n_unchanged = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(null=True, blank=True, help_text="last sign of life of the work on it")
    hands_on = models.OneToOneField(Batch, models.SET_NULL, null=True, blank=True, related_name="delivery")

    privacy = classify(
        purpose=N_("Knowing what arrived, from whom, and what became of it"),
        days_kept=DELIVERY_DAYS,
        sensitive="file_name source",
        operational="incident sha256 n_bytes format mapping options status message counts n_rows n_records n_problems "
        "n_handed_on n_created n_updated n_unchanged touched_at hands_on",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "sha256"], name="the_same_file_twice_is_one_file")]


class Problem(models.Model):
    """Something in a delivered row that a person must mend: where, what was found, what to do."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField(null=True, blank=True)
    column = models.CharField(max_length=120, blank=True)
    found = models.CharField(max_length=240, blank=True)
    severity = models.CharField(max_length=10)
    message = models.JSONField()

    privacy = classify(
        purpose=N_("Mending what arrived wrong"),
        days_kept=DELIVERY_DAYS,
        identifying="found",
        operational="delivery row column severity message",
    )

    class Meta:
        indexes = [models.Index(fields=["delivery", "id"], name="problem_of_delivery")]


class SavedMapping(Recorded):
    """How a source's columns are read, remembered for its next file."""

    source = models.CharField(max_length=120)
    format = models.CharField(max_length=40)
    mapping = models.JSONField()

    privacy = classify(
        purpose=N_("Reading the next file of the same source"),
        days_kept=DELIVERY_DAYS,
        operational="source format mapping",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "format"], name="one_mapping_per_source_and_format")]


class SourceNumber(Recorded):
    """What another system calls a case or contact: its own identifier, by which its other files refer to it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", db_index=False)
    external = models.CharField(max_length=80)
    number = models.CharField(max_length=60)

    privacy = classify(
        purpose=N_("Joining the files of one source"),
        days_kept=DELIVERY_DAYS,
        operational="incident external number",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "external"], name="one_number_per_external_identifier")
        ]


class Confirmation(models.Model):
    """A delivery says a row that was there before it: undoing the one that made the row then leaves it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    model = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    facts = models.JSONField(default=list, help_text="columns about which the delivery says something")

    privacy = classify(
        purpose=N_("Undoing an import without taking what other files say"),
        days_kept=DELIVERY_DAYS,
        operational="batch model row_id facts",
    )

    class Meta:
        indexes = [models.Index(fields=["model", "row_id"], name="confirmation_of_row")]
