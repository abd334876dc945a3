"""Reads of areas and persons."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import polars as pl
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import get_language

from sizao.exchange.areas.names import Match, resolve_names
from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.registry import keys
from sizao.ops.registry.likeness import Described
from sizao.ops.registry.lookup import id_blind, name_keys, part_blind, phone_blind
from sizao.ops.registry.models import Area, Holding, Lookalike, Merge, Person, Place, Post, Unit

AREA_COLUMNS = ("path", "code", "kind", "successor_id", "name_zh", "name_en", "name_local", "aliases")
FOUND_AT_MOST = 50


def areas_meant(texts: Iterable[str], *, near: Sequence[str] = ()) -> dict[str, Match]:
    """The area each text means: a code, a path, or names as people write them. `near` are paths whose inside is
    preferred, such as an incident's areas."""
    wanted = sorted(set(texts))
    found = _by_code(wanted, near)
    rest = [text for text in wanted if text not in found]
    if rest:
        names = resolve_names(_area_table(near))
        for text in rest:
            found[text] = _first_match(names, text, near)
    return found


def _by_code(texts: Sequence[str], near: Sequence[str]) -> dict[str, Match]:
    """Paths and codes. Countries number their areas alike ("11" is Peking and Seoul): a code means the area inside
    `near`, else in a country of `near`, and several areas where neither decides."""
    meant: dict[str, dict[str, str | None]] = {}
    for start in range(0, len(texts), 5_000):
        part = texts[start : start + 5_000]
        rows = Area.objects.filter(Q(path__in=part) | Q(code__in=part)).values_list("path", "code", "successor_id")
        for path, code, successor in rows:
            meant.setdefault(path, {})[path] = successor
            meant.setdefault(code, {})[path] = successor
    return {text: _nearest(meant[text], near) for text in texts if text in meant}


def _nearest(areas: dict[str, str | None], near: Sequence[str]) -> Match:
    """The one area among several of the same code, or all of them as candidates."""
    for within in (*near, *(path[:2] for path in near), ""):
        inside = [path for path in areas if path.startswith(within)]
        if len(inside) == 1:
            return Match(areas[inside[0]] or inside[0])
        if inside and within == "":
            return Match(candidates=tuple(sorted(inside)))
    return Match()


def _area_table(near: Sequence[str]) -> pl.DataFrame:
    """Names of the countries concerned; of all when nothing says which."""
    countries = {path[:2] for path in near}
    rows = Area.objects.filter(_starting(countries)) if countries else Area.objects.all()
    schema = {name.removesuffix("_id"): pl.String for name in AREA_COLUMNS} | {"aliases": pl.List(pl.String)}
    return pl.DataFrame(list(rows.values_list(*AREA_COLUMNS)), schema=schema, orient="row")


def _starting(prefixes: Iterable[str]) -> Q:
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(path__startswith=prefix)
    return condition


def _first_match(names, text: str, near: Sequence[str]) -> Match:
    for within in (*near, ""):
        match = names.find(text, within=within)
        if match.path or match.candidates:
            return match
    return Match()


def children_of(path: str | None) -> QuerySet:
    """The areas directly below one, or the countries, in the order of their codes; former ones left out."""
    return Area.objects.filter(parent=path, successor=None).defer("boundary").order_by("path")


def line_of(area: Area) -> list[Area]:
    """The areas above one, from the country down."""
    above = [area.path[:end] for end in range(2, len(area.path), access.SEGMENT)]
    return list(Area.objects.filter(path__in=above).defer("boundary").order_by("level"))


def find_areas(text: str, *, limit: int = FOUND_AT_MOST) -> list[Area]:
    """Areas by the beginning of a name or code, larger ones first."""
    text = text.strip()
    if not text:
        return []
    condition = Q(name_zh__startswith=text) | Q(name_en__istartswith=text) | Q(code__startswith=text)
    return list(Area.objects.filter(condition).defer("boundary").order_by("level", "path")[:limit])


def find_places(text: str, *, within: Sequence[str] = ("",), limit: int = FOUND_AT_MOST) -> list[Place]:
    """Places by the beginning of their name."""
    rows = Place.objects.filter(access.within(tuple(within)), name__istartswith=text.strip())
    return list(rows.order_by("name", "id")[:limit])


def search_persons(*, text: str, by: User, at: datetime) -> list[Person]:
    """Persons by name (as written or as it sounds), a part of it, telephone or identity number, in the areas where
    the user may search and identify. The caller audits the search."""
    mine = access.within(access.reach(by, "person.search", at=at).paths)
    names = access.within(access.reach(by, "person.identify", at=at).paths)
    found: dict[int, Person] = {}
    for condition in _search_conditions(text):
        rows = Person.objects.filter(mine, names, condition, merged_into=None).order_by("-id")[:FOUND_AT_MOST]
        found |= {row.pk: row for row in rows if row.pk not in found}
        if len(found) >= FOUND_AT_MOST:
            break
    return list(found.values())[:FOUND_AT_MOST]


def _search_conditions(text: str) -> Iterable[Q]:
    """What to ask, the surest first; each is one look-up in an index."""
    if number := keys.id_number_key(text):
        yield Q(key_id_number=id_blind(number))
    for digits in keys.phone_keys(text):
        blind = phone_blind(digits)
        yield Q(key_phone=blind) | Q(key_phone_other=blind)
    name, sound, _family, _given = name_keys("", "", text)
    if name is None:
        return
    yield Q(key_name=name)
    yield Q(key_sound=sound)
    whole = keys.words(text)
    if len(whole) == 1 and len(whole[0]) <= 12:
        part = part_blind(keys.part_key(whole))
        yield Q(key_family=part)
        yield Q(key_given=part)


def open_lookalikes(*, by: User, at: datetime) -> QuerySet:
    """Pairs to be decided by this user, likeliest first."""
    mine = access.within(access.reach(by, "person.merge", at=at).paths)
    rows = Lookalike.objects.filter(mine, decision="open", older__merged_into=None, newer__merged_into=None)
    return rows.select_related("older__area", "newer__area", "area").order_by("-score", "-id")


def merges_of(person: Person) -> list[Merge]:
    """Merges a person took part in, newest first."""
    rows = Merge.objects.filter(Q(kept=person) | Q(absorbed=person))
    return list(rows.select_related("kept", "absorbed", "made_by", "undone_by").order_by("-id"))


def person_today(person: Person) -> Person:
    """Whom a record belongs to now, after all merges."""
    while person.merged_into_id:
        person = person.merged_into
    return person


def register_state() -> str:
    """Changes whenever somebody is recorded, merged or parted: what was compared before is compared with another
    register then."""
    newest = Person.objects.aggregate(last=Max("id"))["last"] or 0
    merges = Merge.objects.aggregate(last=Max("id"), undone=Max("undone_at"))
    return f"{newest}.{merges['last'] or 0}.{merges['undone'] or 0}"


def described_person(person: Person) -> Described:
    """A person as records are compared."""
    return Described(person.pk, *(getattr(person, name) for name in Described._fields[1:-1]), person.area_id)


def area_name(area: Area | None) -> str:
    """An area's name in the reader's language."""
    return area.name(get_language() or "en") if area else ""


def recent_merges(*, by: User, at: datetime, limit: int = 20) -> list[Merge]:
    """Merges in the user's reach that stand, newest first, so that a mistake is found again."""
    reach = access.reach(by, "person.merge", at=at)
    rows = Merge.objects.filter(undone_at=None).select_related("kept", "absorbed", "made_by").order_by("-id")
    return [merge for merge in rows[: limit * 5] if reach.covers(merge.kept.area_id)][:limit]


def roster(at: datetime) -> list[tuple[Unit, list[tuple[Post, list[Holding]]]]]:
    """Units with their posts and who holds them at that moment."""
    held: dict[int, list[Holding]] = {}
    current = Holding.objects.filter(since__lte=at).filter(Q(until=None) | Q(until__gt=at))
    for holding in current.select_related("user", "grant").order_by("user__username"):
        held.setdefault(holding.post_id, []).append(holding)
    posts: dict[int, list[tuple[Post, list[Holding]]]] = {}
    for post in Post.objects.select_related("area").order_by("title_en", "id"):
        posts.setdefault(post.unit_id, []).append((post, held.get(post.pk, [])))
    units = Unit.objects.select_related("area").order_by(F("area").asc(nulls_first=True), "id")
    return [(unit, posts.get(unit.pk, [])) for unit in units]


def posts_within(paths: tuple[str, ...]) -> QuerySet[Post]:
    """The posts in these areas, those of everywhere only for who reaches everywhere."""
    return Post.objects.filter(access.within(paths)).order_by("title_en", "id")
