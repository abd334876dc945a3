"""Streams and their counts, the evening runs, alarms, signals, risk assessments, proposals of other settings."""

from django.db import models
from django.db.models import F, Q

from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.models import Batch, InArea, Recorded, User
from sizao.ops.governance.privacy import FOREVER, classify
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Place, Post, Unit
from sizao.ops.surveillance import kinds
from sizao.vocabulary.text import N_

SIGNAL_DAYS = 3650


class Stream(Recorded, InArea):
    """One series of counts: who counts what, where, how often, and the detector that watches it.

    Aggregate numbers only: a stream has no room for persons, so a pharmacy cannot report its buyers.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="streams", db_index=False)
    code = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    source = CodeField(kinds.Source)
    syndrome = CodeField(kinds.Syndrome)
    stratum = models.CharField(max_length=80, blank=True, help_text="age group, drug group, organism …")
    measure = models.CharField(max_length=80, blank=True, help_text="what is counted, as people say it")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    freq = CodeField(kinds.Frequency, max_length=5)
    weekdays = models.CharField(max_length=7, default="1234567", help_text="days with a report, 1 is Monday")
    due_hours = models.PositiveSmallIntegerField(default=12, help_text="a report is late this long after its period")
    says_zero = models.BooleanField(default=True, help_text="zero is reported too, so that silence is a gap")
    denominator = models.CharField(max_length=80, blank=True, help_text="of how many, as people say it; empty: none")
    detector = models.CharField(max_length=30)
    parameters = models.JSONField(default=dict)
    watched_from = models.DateField()
    watched_until = models.DateField(null=True, blank=True)

    privacy = classify(
        purpose=N_("Finding outbreaks early"),
        days_kept=FOREVER,
        operational="incident code name_zh name_en source syndrome stratum measure place unit freq weekdays due_hours "
        "says_zero denominator detector parameters watched_from watched_until",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "code"], name="a_stream_has_one_code"),
            models.CheckConstraint(condition=Q(area__isnull=False), name="a_stream_lies_somewhere"),
        ]
        indexes = [models.Index(fields=["incident", "l3", "id"], name="stream_of_county")]

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en


class Entry(models.Model):
    """One act of entering counts: a form, a file, a program's message."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    way = CodeField(kinds.Way)
    file_name = models.CharField(max_length=160, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    n_new = models.PositiveIntegerField(default=0)
    n_revised = models.PositiveIntegerField(default=0)

    privacy = classify(
        purpose=N_("Knowing what was known when"),
        days_kept=FOREVER,
        operational="incident way file_name made_at made_by n_new n_revised",
    )


class Count(models.Model):
    """What a stream reported for one period, and between which moments that was believed.

    A revision is a new row; the old one keeps its value and says until when it held. The evenings of five years
    are read back this way by the million, which a row's change history could not do. Zero is a row; no row is a gap.
    """

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="counts", db_index=False)
    date = models.DateField(help_text="first day of the period")
    n = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField(null=True, blank=True)
    known_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)

    privacy = classify(
        purpose=N_("Finding outbreaks early"),
        days_kept=FOREVER,
        operational="stream date n denominator known_at replaced_at entry",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stream", "date"], condition=Q(replaced_at__isnull=True), name="one_count_holds"
            ),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True) | Q(replaced_at__gte=F("known_at")),
                name="a_count_is_replaced_after_it_was_known",
            ),
        ]
        indexes = [models.Index(fields=["stream", "date", "known_at"], name="counts_of_stream")]


class Run(models.Model):
    """One evening: every stream through its detector, as known at `known_at`. Written with its alarms and signals at
    once or not at all, so that a run that was killed is simply run again."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="runs")
    date = models.DateField()
    known_at = models.DateTimeField()
    made_at = models.DateTimeField()
    n_streams = models.PositiveIntegerField(default=0)
    tested = models.JSONField(default=dict, help_text="streams by what their detector could say of the newest period")
    n_alarms = models.PositiveIntegerField(default=0)
    n_signals = models.PositiveIntegerField(default=0)

    privacy = classify(
        purpose=N_("Finding outbreaks early"),
        days_kept=FOREVER,
        operational="incident date known_at made_at n_streams tested n_alarms n_signals",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "date"], name="one_run_an_evening")]


class Signal(Recorded, InArea):
    """Alarms that may be one event: an owner, a clock, a verification and what it was."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="signals", db_index=False)
    syndrome = CodeField(kinds.Syndrome)
    status = CodeField(kinds.SignalStatus, default=kinds.SignalStatus.OPEN)
    rank = CodeField(kinds.Rank)
    strength = models.FloatField()
    reasons = models.JSONField(default=list, help_text="messages: why it stands where it stands")
    date_first = models.DateField()
    date_last = models.DateField()
    n_alarms = models.PositiveIntegerField()
    n_sources = models.PositiveIntegerField()
    n_areas = models.PositiveIntegerField()
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    verdict = CodeField(kinds.Verdict, blank=True, default="")
    finding = models.TextField(blank=True)
    hours_spent = models.FloatField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    led_to = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="signals_before")

    privacy = classify(
        purpose=N_("Finding outbreaks early"),
        days_kept=SIGNAL_DAYS,
        sensitive="finding",
        operational="incident syndrome status rank strength reasons date_first date_last n_alarms n_sources n_areas "
        "raised_at due_at post verdict hours_spent closed_at closed_by led_to",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status=kinds.SignalStatus.OPEN, closed_at__isnull=True)
                | Q(status=kinds.SignalStatus.CLOSED, closed_at__isnull=False) & ~Q(verdict=""),
                name="a_closed_signal_says_what_it_was",
            )
        ]
        indexes = [models.Index(fields=["incident", "status", "-strength", "-id"], name="signal_desk")]

    @property
    def number(self) -> str:
        return f"S-{self.pk:05d}"


class Alarm(InArea):
    """A detector rang for one period of one stream, or several streams rang together though none did alone."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="alarms")
    stream = models.ForeignKey(Stream, models.PROTECT, null=True, blank=True, related_name="alarms", db_index=False)
    syndrome = CodeField(kinds.Syndrome)
    date = models.DateField()
    raised_at = models.DateTimeField()
    detector = models.CharField(max_length=30)
    parameters = models.JSONField(default=dict)
    n = models.FloatField()
    expected = models.FloatField(null=True, blank=True)
    upper = models.FloatField(null=True, blank=True)
    p_value = models.FloatField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)
    why = models.JSONField(default=dict, help_text="message")
    streams_of = models.JSONField(default=list, help_text="of a combined alarm: [stream id, weight, share]")
    signal = models.ForeignKey(Signal, models.PROTECT, null=True, blank=True, related_name="alarms")

    privacy = classify(
        purpose=N_("Finding outbreaks early"),
        days_kept=SIGNAL_DAYS,
        operational="run stream syndrome date raised_at detector parameters n expected upper p_value score why "
        "streams_of signal",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "date"], name="a_period_rings_once"),
            models.UniqueConstraint(
                fields=["area", "syndrome", "date"], condition=Q(stream__isnull=True), name="streams_ring_together_once"
            ),
        ]


class Assessment(Recorded, InArea):
    """A rapid risk assessment of a signal: likelihood of spread, consequences, level, judgement in words (R9)."""

    signal = models.ForeignKey(Signal, models.PROTECT, related_name="assessments")
    likelihood = CodeField(kinds.Likelihood)
    consequences = CodeField(kinds.Consequences)
    level = CodeField(kinds.RiskLevel)
    confidence = CodeField(kinds.Confidence)
    judgement = models.TextField()
    options = models.TextField(blank=True)

    privacy = classify(
        purpose=N_("Judging the risk of an outbreak"),
        days_kept=SIGNAL_DAYS,
        sensitive="judgement options",
        operational="signal likelihood consequences level confidence",
    )


class Proposal(Recorded):
    """Another setting would have done better on the record; nothing changes until somebody signs it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    detector = models.CharField(max_length=30)
    parameters = models.JSONField(default=dict)
    freq = CodeField(kinds.Frequency, max_length=5)
    instead_detector = models.CharField(max_length=30)
    instead_parameters = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict, help_text="both settings on the same record, in numbers")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    undoing = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    privacy = classify(
        purpose=N_("Finding outbreaks early"),
        days_kept=FOREVER,
        operational="incident detector parameters freq instead_detector instead_parameters evidence signed_at "
        "signed_by reason content_hash undoing",
    )
