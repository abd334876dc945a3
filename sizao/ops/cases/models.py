"""Cases: a person's infection in an incident. Its past classifications and dates are in the row's history."""

from django.db import models
from django.db.models import Q

from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.models import InArea, Recorded
from sizao.ops.governance.privacy import classify
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Person, Place
from sizao.vocabulary import codes
from sizao.vocabulary.text import N_

CASE_DAYS = 3650


class Case(Recorded, InArea):
    """A person's infection in an incident, with its class, dates, severity, outcome and where it was found.

    `area` is where the case is counted (residence, or where it was found). `date_…` are local days.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="cases", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    number = models.CharField(max_length=60)
    classification = CodeField(codes.Classification, default=codes.Classification.NOT_CLASSIFIED)
    age = models.FloatField(null=True, blank=True)
    date_report = models.DateField()
    date_onset = models.DateField(null=True, blank=True)
    date_diagnosis = models.DateField(null=True, blank=True)
    date_admission = models.DateField(null=True, blank=True)
    date_isolation = models.DateField(null=True, blank=True)
    date_exposure_first = models.DateField(null=True, blank=True)
    date_exposure_last = models.DateField(null=True, blank=True)
    outcome = CodeField(codes.Outcome, default=codes.Outcome.UNKNOWN)
    date_outcome = models.DateField(null=True, blank=True)
    severity = CodeField(codes.Severity, default=codes.Severity.UNKNOWN)
    found_in = CodeField(codes.FoundIn, default=codes.FoundIn.UNKNOWN)
    origin = CodeField(codes.InfectionOrigin, default=codes.InfectionOrigin.UNKNOWN)
    facility = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="cases", db_index=False)
    investigated_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    privacy = classify(
        purpose=N_("Fighting the outbreak the case belongs to"),
        days_kept=CASE_DAYS,
        sensitive="person classification age date_report date_onset date_diagnosis date_admission date_isolation "
        "date_exposure_first date_exposure_last outcome date_outcome severity found_in origin facility "
        "investigated_at note",
        operational="incident number",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="case_number_is_unique_in_its_incident"),
            models.CheckConstraint(
                condition=Q(age__isnull=True) | Q(age__gte=0, age__lte=130), name="case_age_is_human"
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "classification", "date_report", "date_onset"], name="case_board"),
            models.Index(fields=["incident", "-date_report", "-id"], name="case_list"),
            models.Index(fields=["incident", "l1", "-date_report", "-id"], name="case_list_l1"),
            models.Index(fields=["incident", "l2", "-date_report", "-id"], name="case_list_l2"),
            models.Index(fields=["incident", "l3", "-date_report", "-id"], name="case_list_l3"),
            models.Index(fields=["incident", "l4", "-date_report", "-id"], name="case_list_l4"),
        ]

    def __str__(self) -> str:
        return self.number
