"""Places: schools, clinics, markets and whatever else people were exposed in or brought to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sizao.ops.governance import access, audit
from sizao.ops.governance.models import Batch, User
from sizao.ops.registry.models import Place


@dataclass(frozen=True)
class NewPlace:
    """A place as somebody names it."""

    name: str
    kind: str = "other"
    address: str = ""
    area_path: str | None = None
    lon: float | None = None
    lat: float | None = None


@transaction.atomic
def record_places(*, places: Sequence[NewPlace], by: User, at: datetime, batch: Batch | None = None) -> list[Place]:
    """One place for each, in order. The same name in the same area is the same place; without an area, the first
    of that name is meant."""
    _check(places, by, at)
    known: dict[tuple[str, str | None], Place] = {}
    for place in Place.objects.filter(name__in={new.name for new in places}).order_by("-id"):
        known[place.name, place.area_id] = known[place.name, None] = place
    new = {}
    for wanted in places:
        key = (wanted.name, wanted.area_path)
        if key not in known:
            known[key] = new[key] = _place(wanted, by, at, batch)
            known.setdefault((wanted.name, None), known[key])
    Place.objects.bulk_create(new.values(), batch_size=500)
    audit.record(by=by, at=at, action="places.recorded", batch=batch and batch.pk, n_created=len(new))
    return [known[wanted.name, wanted.area_path] for wanted in places]


def _check(places: Sequence[NewPlace], by: User, at: datetime) -> None:
    permissions = ("case.edit", "contact.edit", "import.commit")
    for path in {new.area_path for new in places}:
        if not any(access.may(by, permission, path, at=at) for permission in permissions):
            access.check(by, permissions[0], path, at=at)


def _place(new: NewPlace, by: User, at: datetime, batch: Batch | None) -> Place:
    return Place(
        name=new.name[:160], kind=new.kind, address=new.address[:240], area_id=new.area_path, lon=new.lon, lat=new.lat,
        recorded_by=by, recorded_at=at, current_since=at, batch=batch,
    )  # fmt: skip
