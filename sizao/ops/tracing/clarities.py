"""The four clarities (四个查清): of all listed contacts, who is identified, located, under control, and since when not.

Each contact stands at one stage, its furthest, so stages add up to all contacts and every share to 100 %.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case as Choice
from django.db.models import CharField, Count, Q, QuerySet, Value, When

from sizao.ops.cases.scoping import in_reach
from sizao.ops.governance.access import SEGMENT
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.tracing.models import Contact
from sizao.vocabulary.codes import Code, ContactStatus
from sizao.vocabulary.text import N_


class Stage(Code):
    """How far a contact is clear."""

    LISTED_ONLY = "listed_only", N_("Not yet identified")
    IDENTIFIED_ONLY = "identified_only", N_("Identified, not yet located")
    LOCATED_ONLY = "located_only", N_("Located, not yet under control")
    CONTROLLED = "controlled", N_("Under control")


class Age(Code):
    """How long a contact has been listed without being under control."""

    UNDER_12_H = "under_12h", N_("under 12 hours")
    H12_24 = "12_24h", N_("12–24 hours")
    D1_2 = "1_2d", N_("1–2 days")
    OVER_2_D = "over_2d", N_("over 2 days")


#: From so many hours on, to so many; a boundary belongs to the older class.
HOURS = {Age.UNDER_12_H: (None, 12), Age.H12_24: (12, 24), Age.D1_2: (24, 48), Age.OVER_2_D: (48, None)}
STAGES = {
    Stage.CONTROLLED: Q(controlled_at__isnull=False),
    Stage.LOCATED_ONLY: Q(controlled_at__isnull=True, located_at__isnull=False),
    Stage.IDENTIFIED_ONLY: Q(controlled_at__isnull=True, located_at__isnull=True, identified_at__isnull=False),
    Stage.LISTED_ONLY: Q(controlled_at__isnull=True, located_at__isnull=True, identified_at__isnull=True),
}
#: Whoever turned out to be no contact is not counted.
COUNTS = ~Q(status=ContactStatus.NOT_A_CONTACT)


def aged(age: Age, at: datetime) -> Q:
    """Contacts listed that long ago."""
    low, high = HOURS[age]
    condition = Q(recorded_at__lte=at - timedelta(hours=low)) if low else Q()
    return condition & (Q(recorded_at__gt=at - timedelta(hours=high)) if high else Q())


class Clarity(Code):
    """The four clarities, each with what it takes to say it of a contact."""

    LISTED = "listed", N_("Listed")
    IDENTIFIED = "identified", N_("Identified")
    LOCATED = "located", N_("Located")
    CONTROLLED = "controlled", N_("Under control")


#: In a plain sentence each.
MEANS = {
    Clarity.LISTED: N_("Somebody said this person was exposed, and it is written down."),
    Clarity.IDENTIFIED: N_("We know who it is: a name, a telephone or an identity number."),
    Clarity.LOCATED: N_("We know where the person is: reached by telephone or visited."),
    Clarity.CONTROLLED: N_(
        "The person is under the measure the protocol asks for: followed up daily, or in quarantine."
    ),
}


@dataclass(frozen=True)
class Line:
    """The stages of the contacts of one area."""

    path: str
    stages: Counter

    @property
    def listed(self) -> int:
        return sum(self.stages.values())

    def percents(self) -> dict[Stage, int]:
        """Whole percents of the stages that add up to 100: the largest remainders are rounded up."""
        if not self.listed:
            return dict.fromkeys(Stage, 0)
        exact = {stage: 100 * self.stages[stage] / self.listed for stage in Stage}
        whole = {stage: int(share) for stage, share in exact.items()}
        short = sorted(Stage, key=lambda stage: whole[stage] - exact[stage])[: 100 - sum(whole.values())]
        return {stage: n + (stage in short) for stage, n in whole.items()}

    @property
    def identified(self) -> int:
        return self.listed - self.stages[Stage.LISTED_ONLY]

    @property
    def located(self) -> int:
        return self.stages[Stage.LOCATED_ONLY] + self.stages[Stage.CONTROLLED]

    @property
    def controlled(self) -> int:
        return self.stages[Stage.CONTROLLED]


def contacts(*, by: User, incident: Incident, at: datetime, inside: str | None = None) -> QuerySet:
    """The contacts in reach that count, in an area."""
    rows = in_reach(Contact, permission="contact.view", incident=incident, by=by, at=at, inside=inside)
    return rows.filter(COUNTS)


def by_area(*, by: User, incident: Incident, at: datetime, inside: str | None = None) -> list[Line]:
    """The stages in each part of an area, one query. Contacts of the area itself, or of none, stand under its path."""
    level = min((len(inside or "") - 2) // SEGMENT + 1, 4) if inside else 1
    column = f"l{level}"
    stage = Choice(
        *(When(condition, then=Value(str(stage))) for stage, condition in STAGES.items()), output_field=CharField()
    )
    rows = contacts(by=by, incident=incident, at=at, inside=inside).annotate(stage=stage)
    lines: dict[str, Counter] = {}
    for path, stage_code, n in rows.values_list(column, "stage").annotate(n=Count("id")).order_by(column):
        lines.setdefault(path or "", Counter())[Stage(stage_code)] += n
    return [Line(path, stages) for path, stages in lines.items()]


def total(lines: list[Line]) -> Line:
    """All of them together."""
    return Line("", sum((line.stages for line in lines), Counter()))


def unresolved(
    *, by: User, incident: Incident, at: datetime, inside: str | None = None
) -> dict[tuple[Age, Stage], int]:
    """Contacts under follow-up and not under control, by how long they have been listed and how far they are."""
    wanted = {
        f"{age.name}_{stage.name}": Count("id", filter=aged(age, at) & condition)
        for age in Age
        for stage, condition in STAGES.items()
        if stage is not Stage.CONTROLLED
    }
    rows = contacts(by=by, incident=incident, at=at, inside=inside).filter(status=ContactStatus.UNDER_FOLLOW_UP)
    found = rows.aggregate(**wanted)
    return {
        (age, stage): found[f"{age.name}_{stage.name}"]
        for age in Age
        for stage in Stage
        if stage is not Stage.CONTROLLED
    }
