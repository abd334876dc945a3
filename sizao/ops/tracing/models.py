"""Exposures, the contacts they make, and their daily follow-up."""

from django.db import models
from django.db.models import F, Q

from sizao.ops.cases.models import Case
from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.models import InArea, Recorded, User
from sizao.ops.governance.privacy import classify
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Person, Place, Post
from sizao.ops.tracing.hand_overs import HandOver
from sizao.vocabulary import codes
from sizao.vocabulary.text import N_

__all__ = ["Contact", "Exposure", "FollowUp", "HandOver"]
CONTACT_DAYS = 1095


class Contact(Recorded, InArea):
    """A person whom an exposure made a contact in an incident: class, follow-up and the four clarities.

    The four clarities (四个查清) are moments: listed (`recorded_at`), identified, located, under control.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="contacts", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    number = models.CharField(max_length=60)
    contact_class = CodeField(codes.ContactClass, default=codes.ContactClass.UNCLASSIFIED)
    class_reason = models.JSONField(default=dict, help_text="message: rule, edition and facts")
    status = CodeField(codes.ContactStatus, default=codes.ContactStatus.UNDER_FOLLOW_UP)
    date_listed = models.DateField()
    date_last_exposure = models.DateField(null=True, blank=True)
    date_follow_up_from = models.DateField(null=True, blank=True)
    date_follow_up_until = models.DateField(null=True, blank=True)
    identified_at = models.DateTimeField(null=True, blank=True)
    located_at = models.DateTimeField(null=True, blank=True)
    controlled_at = models.DateTimeField(null=True, blank=True)
    became_case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="was_contact")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="contacts", db_index=False)
    note = models.TextField(blank=True)

    privacy = classify(
        purpose=N_("Reaching people who may have been infected"),
        days_kept=CONTACT_DAYS,
        sensitive="person contact_class class_reason status date_listed date_last_exposure date_follow_up_from "
        "date_follow_up_until identified_at located_at controlled_at became_case note",
        operational="incident number post",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="contact_number_is_unique_in_its_incident"),
            models.UniqueConstraint(fields=["incident", "person"], name="a_person_is_one_contact_in_an_incident"),
            models.CheckConstraint(
                condition=~Q(status=codes.ContactStatus.BECAME_CASE) | Q(became_case__isnull=False),
                name="contact_that_became_a_case_names_it",
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "-date_listed", "-id"], name="contact_list"),
            models.Index(fields=["incident", "l1", "-date_listed", "-id"], name="contact_list_l1"),
            models.Index(fields=["incident", "l2", "-date_listed", "-id"], name="contact_list_l2"),
            models.Index(fields=["incident", "l3", "-date_listed", "-id"], name="contact_list_l3"),
            models.Index(fields=["incident", "l4", "-date_listed", "-id"], name="contact_list_l4"),
        ]

    def __str__(self) -> str:
        return self.number


class Exposure(Recorded):
    """Joins a source (a case, a contact or a place) to an exposed person, with time, setting and closeness."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="exposures")
    source_case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="exposures_caused")
    source_contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="exposures_caused")
    source_place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="exposures_caused")
    person = models.ForeignKey(Person, models.PROTECT, related_name="exposures")
    date_first = models.DateField(null=True, blank=True)
    date_last = models.DateField(null=True, blank=True)
    setting = CodeField(codes.Setting, default=codes.Setting.UNKNOWN)
    closeness = CodeField(codes.Closeness, default=codes.Closeness.UNKNOWN)
    certainty = CodeField(codes.Certainty, default=codes.Certainty.UNKNOWN)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    relation = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    privacy = classify(
        purpose=N_("Reaching people who may have been infected"),
        days_kept=CONTACT_DAYS,
        sensitive="source_case source_contact source_place person date_first date_last setting closeness certainty "
        "minutes relation withdrawn_at note",
        operational="incident",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source_case__isnull=False)
                | Q(source_contact__isnull=False)
                | Q(source_place__isnull=False),
                name="exposure_has_a_source",
            ),
            models.CheckConstraint(
                condition=Q(date_first__isnull=True) | Q(date_last__isnull=True) | Q(date_last__gte=F("date_first")),
                name="exposure_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["incident", "source_case", "person"],
                condition=Q(source_case__isnull=False, withdrawn_at__isnull=True),
                name="one_exposure_per_case_and_person",
            ),
        ]


class FollowUp(Recorded):
    """One day of a contact's follow-up: due, and what was found."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="follow_ups")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="follow_ups", db_index=False)
    day = models.PositiveSmallIntegerField(help_text="1 is the first day of follow-up")
    date_due = models.DateField()
    outcome = CodeField(codes.FollowUpOutcome, default=codes.FollowUpOutcome.NOT_TRIED)
    temperature_c = models.FloatField(null=True, blank=True)
    symptoms = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)

    privacy = classify(
        purpose=N_("Finding illness in contacts early"),
        days_kept=CONTACT_DAYS,
        sensitive="outcome temperature_c symptoms note",
        operational="contact incident day date_due done_at done_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "date_due"], name="one_follow_up_a_day"),
            models.CheckConstraint(
                condition=Q(outcome=codes.FollowUpOutcome.NOT_TRIED) | Q(done_at__isnull=False),
                name="a_follow_up_outcome_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["incident", "date_due", "outcome", "id"], name="follow_up_day")]
