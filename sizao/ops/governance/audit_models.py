"""What was done, as the database itself keeps it: deeds, changes of rows, the chain of decisions, who saw whom."""

from django.conf import settings
from django.db import models

from sizao.ops.governance.privacy import FOREVER, classify
from sizao.vocabulary.text import N_

CHANGE_DAYS = 3650


class Deed(models.Model):
    """One transaction in which somebody wrote: who, when by the database's own clock, and from which page or command.

    `by` is empty where nobody is known to the application, as in its set-up.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    via = models.CharField(max_length=80, blank=True, help_text="page or command")
    request = models.CharField(max_length=36, blank=True, help_text="the request's id in the log")

    privacy = classify(purpose=N_("Answering for what was done"), days_kept=FOREVER, operational="at by via request")


class RowChange(models.Model):
    """One change of one operational row, written by a trigger of the database, whoever and whatever changed it.

    An insertion names the first and the last of the rows inserted one after the other and keeps no picture: the
    rows themselves, with their later changes turned back, are it. A change keeps the changed columns before and
    after, a deletion the whole row. Sealed columns stay sealed; other identifying ones are withheld. Without a
    deed the row was changed outside the application.
    """

    deed = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="changes", db_constraint=False)
    model = models.CharField(max_length=60)
    row_id = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField(null=True)
    row_key = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=1)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    INSERTED, UPDATED, DELETED, EMPTIED = "I", "U", "D", "T"

    privacy = classify(
        purpose=N_("Answering for what was done"),
        days_kept=CHANGE_DAYS,
        identifying="before after",
        operational="deed model row_id last_id row_key kind",
    )

    class Meta:
        indexes = [models.Index(fields=["model", "row_id", "id"], name="change_of_row")]


class LedgerEntry(models.Model):
    """One link of the chain of decisions and sign-offs: its hash covers what it says and the link before it.

    Nothing in it identifies a person, so that nothing in it ever has to go; reasons are kept as their hash.
    """

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    model = models.CharField(max_length=60, blank=True)
    row_id = models.BigIntegerField(null=True)
    content = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    privacy = classify(
        purpose=N_("Proving that no decision was altered afterwards"),
        days_kept=FOREVER,
        operational="number at written_at by action model row_id content previous hash",
    )


class AuditSubject(models.Model):
    """A record that an audit entry showed beside others, as a list does; so that "who saw this" finds lists too."""

    entry = models.ForeignKey("governance.AuditEntry", models.CASCADE, related_name="subjects", db_index=False)
    model = models.CharField(max_length=60)
    row_id = models.BigIntegerField()

    privacy = classify(purpose=N_("Answering for what was done"), days_kept=FOREVER, operational="entry model row_id")

    class Meta:
        indexes = [models.Index(fields=["model", "row_id", "entry"], name="seen_row")]
