"""Reads of deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db.models import Count, QuerySet

from sizao.ops.cases.models import Case
from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import areas_of
from sizao.ops.intake import store
from sizao.ops.intake.models import Confirmation, Delivery, Problem, SavedMapping
from sizao.ops.intake.resolving import LEFT_OUT, NEW
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.likeness import CERTAIN
from sizao.ops.registry.models import Person
from sizao.ops.tracing.models import Contact
from sizao.vocabulary.text import Message

PROBLEMS_SHOWN = 50
FOUND_SHOWN = 20
NAMES = ("full_name", "family_name", "given_name")


def deliveries(*, incident: Incident, by: User, at: datetime) -> QuerySet[Delivery]:
    """Deliveries the user may see: all of the incident for those responsible for all its areas, else one's own. A
    file may speak of people of any of the incident's areas."""
    rows = Delivery.objects.filter(incident=incident).select_related("recorded_by", "hands_on__made_by")
    reach = access.reach(by, "import.commit", at=at)
    if all(map(reach.covers, areas_of(incident))):
        return rows
    return rows.filter(recorded_by=by)


def known_sources(incident: Incident) -> list[str]:
    """Who has sent files before."""
    here = Delivery.objects.filter(incident=incident).exclude(source="").values_list("source", flat=True)
    anywhere = SavedMapping.objects.values_list("source", flat=True)
    return sorted({*here.distinct(), *anywhere.distinct()})


def problems_after(delivery: Delivery, *, after: int = 0, severity: str = "") -> tuple[list[Problem], int | None]:
    """The next problems in the order of the file, and where to go on (None at the end)."""
    rows = Problem.objects.filter(delivery=delivery, pk__gt=after).order_by("pk")
    found = list((rows.filter(severity=severity) if severity else rows)[: PROBLEMS_SHOWN + 1])
    more = len(found) > PROBLEMS_SHOWN
    return found[:PROBLEMS_SHOWN], found[PROBLEMS_SHOWN - 1].pk if more else None


def n_errors(delivery: Delivery) -> int:
    return Problem.objects.filter(delivery=delivery, severity="error").count()


def words_to_explain(delivery: Delivery, msgids: Sequence[str]) -> dict[str, list[str]]:
    """Words by column about which one of these problems was found, a few of each."""
    words: dict[str, list[str]] = {}
    rows = Problem.objects.filter(delivery=delivery, message__msgid__in=msgids).order_by("pk")
    for column, found in rows.values_list("column", "found").distinct()[:500]:
        if found not in words.setdefault(column, []) and len(words[column]) < 30:
            words[column].append(found)
    return words


@dataclass(frozen=True)
class Alike:
    """A row of the file that may be somebody, as it is shown and decided."""

    row: int
    name: str
    other: str
    other_id: int
    score: int
    reason: Message
    decision: str  # "same", NEW or LEFT_OUT


def alike_rows(
    delivery: Delivery, *, start: int = 0, names: access.Reach | None = None
) -> tuple[list[Alike], int, int]:
    """Rows that may be somebody, the surest first, from `start`; how many there are, and how many of them are
    certain."""
    found = store.read_frame(delivery.pk, "found")
    if found.is_empty():
        return [], 0, 0
    best = found.sort("score", descending=True, maintain_order=True).unique("row", keep="first", maintain_order=True)
    shown = best.slice(start, FOUND_SHOWN)
    people = Person.objects.in_bulk([other for other in shown["other"] if other > 0])
    called = _names_of_rows(delivery, shown)
    choices = delivery.options.get("choices", {})
    rows = [
        Alike(
            row, called.get(row, ""), _other(other, people, called, names), other, score, Message(reason),
            _decision(choices.get(str(row)), score),
        )
        for row, _kind, other, score, reason in shown.iter_rows()
    ]  # fmt: skip
    return rows, best.height, best.filter(pl.col("score") >= CERTAIN).height


def likest(delivery: Delivery) -> dict[int, int]:
    """Whom each row is likest: a person's id, or minus an earlier row's number."""
    found = store.read_frame(delivery.pk, "found")
    if found.is_empty():
        return {}
    best = found.sort("score", descending=True, maintain_order=True).unique("row", keep="first", maintain_order=True)
    return dict(zip(best["row"].to_list(), best["other"].to_list(), strict=True))


def shared_with(delivery: Delivery) -> list[tuple[str, int]]:
    """Other files, not undone, that contain cases or contacts which this delivery made, and how many: these stay."""
    found: dict[str, int] = {}
    for model in (Case, Contact):
        mine = model.objects.filter(batch=delivery.hands_on_id).values("pk")
        said = Confirmation.objects.filter(model=model._meta.label, row_id__in=mine, batch__undone_at=None)
        files = said.exclude(batch=delivery.hands_on_id).values_list("batch__delivery__file_name")
        for name, n in files.annotate(n=Count("row_id", distinct=True)).order_by("batch__delivery__file_name"):
            found[name or ""] = found.get(name or "", 0) + n
    return sorted(found.items())


def _decision(choice, score: int) -> str:
    if choice in (NEW, LEFT_OUT):
        return choice
    return "same" if choice is not None or score >= CERTAIN else NEW


def _names_of_rows(delivery: Delivery, shown: pl.DataFrame) -> dict[int, str]:
    """What the rows themselves, and the rows they resemble, are called in the file."""
    names: dict[int, str] = {}
    for kind in shown["kind"].unique():
        frame = store.read_frame(delivery.pk, kind)
        wanted = [*shown["row"], *(-other for other in shown["other"] if other < 0)]
        rows = frame.filter(pl.col("row").is_in(wanted)).select("row", *NAMES)
        for row, full, family, given in rows.iter_rows():
            names[row] = Identity(family_name=family or "", given_name=given or "", full_name=full or "").name
    return names


def _other(other: int, people: dict[int, Person], called: dict[int, str], names: access.Reach | None) -> str:
    if other < 0:
        return called.get(-other, "")
    person = people.get(other)
    if person is None:
        return ""
    if names is None or not names.covers(person.area_id):
        return ""  # somebody of another area: that they are known is all that is said
    return person.identity.name or person.pseudonym
