"""Areas, units and their posts, persons, households, places."""

import uuid
from functools import cached_property

from django.db import models
from django.db.models import F, Q

from sizao.ops.governance.fields import CodeField
from sizao.ops.governance.models import InArea, Recorded, User
from sizao.ops.governance.privacy import FOREVER, classify
from sizao.ops.governance.roles import Role
from sizao.ops.registry.identity import Identity
from sizao.vocabulary import codes
from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_

PERSON_DAYS = 3650


class Area(models.Model):
    """A node of the division tree. `path` is its key: two letters of the country, then four characters a level."""

    path = models.CharField(max_length=40, primary_key=True)
    code = models.CharField(max_length=30, db_index=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    name_local = models.CharField(max_length=120, blank=True)
    aliases = models.JSONField(default=list)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    population = models.PositiveBigIntegerField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    boundary = models.JSONField(null=True, blank=True)

    privacy = classify(
        purpose=N_("Knowing who is responsible where"),
        days_kept=FOREVER,
        operational="path code parent level kind name_zh name_en name_local aliases lon lat population "
        "valid_from valid_to successor boundary",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level=0, parent__isnull=True) | Q(level__gt=0, parent__isnull=False),
                name="area_below_a_country_has_a_parent",
            )
        ]
        indexes = [
            models.Index(fields=["name_zh"], name="area_name_zh"),
            models.Index(fields=["name_en"], name="area_name_en"),
        ]

    def __str__(self) -> str:
        return self.name_en

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en


class Unit(InArea):
    """An organisation or working group responsible for something in an area."""

    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    privacy = classify(
        purpose=N_("Knowing who is responsible where"),
        days_kept=FOREVER,
        operational="name_zh name_en kind parent",
    )

    def __str__(self) -> str:
        return self.name_en

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en


class Post(InArea):
    """A post of a unit; tasks are given to posts, people hold them by roster."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    role = CodeField(Role)

    privacy = classify(
        purpose=N_("Knowing who is responsible where"),
        days_kept=FOREVER,
        operational="unit title_zh title_en role",
    )

    def __str__(self) -> str:
        return self.title_en

    def name(self, language: str) -> str:
        return self.title_zh if language.startswith("zh") else self.title_en


class Holding(models.Model):
    """A user holds a post from–until; the grant it carries lives in governance."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    grant = models.OneToOneField("governance.Grant", models.PROTECT, related_name="holding")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    privacy = classify(
        purpose=N_("Knowing who is responsible where"),
        days_kept=PERSON_DAYS,
        operational="post user grant since until",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="holding_ends_after_it_starts"
            )
        ]


class Place(Recorded, InArea):
    """A point with an address: school, clinic, market, hotel, port, laboratory."""

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=40)
    address = models.CharField(max_length=240, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    privacy = classify(
        purpose=N_("Knowing where people were exposed"),
        days_kept=FOREVER,
        operational="name kind address lon lat",
    )

    class Meta:
        indexes = [models.Index(fields=["name"], name="place_name")]

    def __str__(self) -> str:
        return self.name


class Household(Recorded, InArea):
    """People who live together; the address is sealed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    address_sealed = models.BinaryField(default=bytes)
    key_address = models.BigIntegerField(null=True, blank=True, db_index=True)

    privacy = classify(
        purpose=N_("Finding people who live with a case"),
        days_kept=PERSON_DAYS,
        identifying="address_sealed key_address",
        operational="uuid",
    )


class Person(Recorded, InArea):
    """Somebody. What identifies them is sealed in one document; look-up keys are computed when it is written."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    identity_sealed = models.BinaryField(default=bytes)
    sex = CodeField(codes.Sex, default=codes.Sex.UNKNOWN)
    year_birth = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=20, blank=True)
    occupation = models.CharField(max_length=80, blank=True)
    vulnerabilities = models.JSONField(default=list)
    household = models.ForeignKey(
        Household, models.SET_NULL, null=True, blank=True, related_name="members", db_index=False
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", db_index=False
    )

    key_name = models.BigIntegerField(null=True, blank=True)
    key_sound = models.BigIntegerField(null=True, blank=True)
    key_family = models.BigIntegerField(null=True, blank=True)
    key_given = models.BigIntegerField(null=True, blank=True)
    key_birth = models.BigIntegerField(null=True, blank=True)
    key_phone = models.BigIntegerField(null=True, blank=True)
    key_phone_other = models.BigIntegerField(null=True, blank=True)
    key_id_number = models.BigIntegerField(null=True, blank=True)

    privacy = classify(
        purpose=N_("Reaching and recognising a person in an outbreak"),
        days_kept=PERSON_DAYS,
        identifying="identity_sealed key_name key_sound key_family key_given key_birth key_phone key_phone_other "
        "key_id_number",
        sensitive="sex year_birth language occupation vulnerabilities household",
        operational="uuid merged_into",
    )

    class Meta:
        indexes = [
            models.Index(fields=fields, name=name, condition=Q(**{f"{fields[0]}__isnull": False}))
            for fields, name in (
                # With year and birth date, or a common name would bring hundreds of people to compare.
                (["key_name", "year_birth", "key_birth"], "person_key_name_born"),
                (["key_sound", "year_birth", "key_birth"], "person_key_sound_born"),
            )
        ] + [
            models.Index(fields=[key], name=f"person_{key}", condition=Q(**{f"{key}__isnull": False}))
            for key in (
                "key_family",
                "key_given",
                "key_phone",
                "key_phone_other",
                "key_id_number",
                "household",
                "merged_into",
            )
        ]

    @cached_property
    def identity(self) -> Identity:
        """What identifies the person, opened; ask `person.identify` before showing it."""
        return Identity.unsealed(self.identity_sealed, self.uuid)

    @property
    def pseudonym(self) -> str:
        """What the person is called where names may not be seen."""
        return f"P-{self.uuid.hex[:8].upper()}"


class Merge(models.Model):
    """Two persons found to be one, with everything needed to take it back."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges_kept")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="merges_absorbed")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    moved = models.JSONField(default=list, help_text="[model label, field, row ids] of every row that moved")
    set_aside = models.JSONField(
        default=list, help_text="[model label, row id, {field: [old, new]}] of rows that could not move"
    )
    kept_before = models.JSONField(default=dict, help_text="{field: [old, new]} of the kept person")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    privacy = classify(
        purpose=N_("Undoing a mistaken merge"),
        days_kept=PERSON_DAYS,
        identifying="kept_before",
        operational="kept absorbed made_at made_by reason moved set_aside undone_at undone_by",
    )


class Decision(Code):
    """What somebody decided about two records that are alike."""

    OPEN = "open", N_("Not decided")
    ONE = "one", N_("One person")
    TWO = "two", N_("Two different people")


class Lookalike(InArea):
    """Two records that may be one person, with the reason; decided by a person who may merge them."""

    older = models.ForeignKey(Person, models.CASCADE, related_name="lookalikes_newer", db_index=False)
    newer = models.ForeignKey(Person, models.CASCADE, related_name="lookalikes_older")
    score = models.PositiveSmallIntegerField()
    reason = models.JSONField(help_text="message")
    found_at = models.DateTimeField()
    decision = CodeField(Decision, default=Decision.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    privacy = classify(
        purpose=N_("Recognising a person who was recorded twice"),
        days_kept=PERSON_DAYS,
        sensitive="older newer score reason",
        operational="found_at decision decided_at decided_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["older", "newer"], name="two_records_are_compared_once"),
            models.CheckConstraint(condition=Q(older__lt=F("newer")), name="the_older_record_comes_first"),
        ]
        indexes = [
            models.Index(fields=["-score", "-id"], name="lookalike_list", condition=Q(decision="open")),
            models.Index(fields=["l1", "-score", "-id"], name="lookalike_list_l1", condition=Q(decision="open")),
            models.Index(fields=["l2", "-score", "-id"], name="lookalike_list_l2", condition=Q(decision="open")),
            models.Index(fields=["l3", "-score", "-id"], name="lookalike_list_l3", condition=Q(decision="open")),
        ]
