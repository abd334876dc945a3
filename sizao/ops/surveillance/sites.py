"""Sites that report: what is expected of each, what came, what came in time, what is missing (R2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Min

from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Area, Place
from sizao.ops.surveillance.models import Count, Stream
from sizao.ops.surveillance.periods import due_at, expected_periods, newest_period

#: Days over which reporting is judged.
JUDGED_DAYS = 28
AT_ONCE = 400


@dataclass
class Site:
    """A place with its streams, or an area whose streams have no place."""

    key: str
    place: Place | None
    area: Area | None
    streams: list[Stream] = field(default_factory=list)
    n_expected: int = 0
    n_came: int = 0
    n_in_time: int = 0
    last: date | None = None
    gaps: list[date] = field(default_factory=list)

    @property
    def name(self):
        """What the site is called; an area is said in the reader's language."""
        return self.place.name if self.place else self.area

    @property
    def completeness(self) -> float | None:
        return self.n_came / self.n_expected if self.n_expected else None

    @property
    def timeliness(self) -> float | None:
        """Of the expected reports, those that came in time."""
        return self.n_in_time / self.n_expected if self.n_expected else None


def site_key(stream: Stream) -> str:
    return f"place-{stream.place_id}" if stream.place_id else stream.area_id or ""


def streams_of_site(streams, key: str):
    """Of these streams those of one site."""
    if key.startswith("place-") and key[6:].isdigit():
        return streams.filter(place_id=int(key[6:]))
    return streams.filter(place__isnull=True, area_id=key)


def sites(streams: Iterable[Stream], incident: Incident, *, at: datetime) -> list[Site]:
    """The sites of these streams with their reporting over the last four weeks, the least complete first."""
    found: dict[str, Site] = {}
    for stream in streams:
        key = site_key(stream)
        site = found.setdefault(key, Site(key, stream.place, stream.area))
        site.streams.append(stream)
    today = incident.date_at(at)
    came = first_known([stream.pk for site in found.values() for stream in site.streams], today)
    for site in found.values():
        for stream in site.streams:
            _judge(site, stream, came.get(stream.pk, {}), today, incident, at)
        site.gaps = sorted(set(site.gaps), reverse=True)
    return sorted(
        found.values(), key=lambda each: (each.completeness if each.completeness is not None else 2, each.key)
    )


def _judge(
    site: Site, stream: Stream, came: dict[date, datetime], today: date, incident: Incident, at: datetime
) -> None:
    since = max(today - timedelta(days=max(JUDGED_DAYS, 62 if stream.freq == "month" else 0)), stream.watched_from)
    until = min(today, stream.watched_until or today)
    for first in expected_periods(since, until, stream.freq, stream.weekdays):
        due = due_at(first, stream.freq, stream.due_hours, incident.time_zone)
        if first not in came and due > at:
            continue  # not due yet
        site.n_expected += 1
        site.n_came += first in came
        site.n_in_time += first in came and came[first] <= due
        if first not in came:
            site.gaps.append(first)
    newest = max(came, default=None)
    site.last = max(filter(None, (site.last, newest)), default=None)


def first_known(streams: Sequence[int], today: date) -> dict[int, dict[date, datetime]]:
    """Stream → period → when a count of it was first known, over the last three months."""
    found: dict[int, dict[date, datetime]] = {}
    for start in range(0, len(streams), AT_ONCE):
        rows = Count.objects.filter(stream__in=streams[start : start + AT_ONCE], date__gt=today - timedelta(days=95))
        for stream, day, known in rows.values_list("stream_id", "date").annotate(known=Min("known_at")).order_by():
            found.setdefault(stream, {})[day] = known
    return found


@dataclass(frozen=True)
class Asked:
    """One number of a site's day: what stands there now, and what was there before, to compare with."""

    stream: Stream
    period: date
    now: int | None
    denominator: int | None
    before: int | None
    week_before: int | None


def asked_of(streams: Sequence[Stream], day: date) -> list[Asked]:
    """The numbers a site owes for a day: those of the period that ends on it or, if none does, the newest before."""
    keys = [stream.pk for stream in streams]
    rows = Count.objects.filter(stream__in=keys, date__gte=day - timedelta(days=95), date__lte=day, replaced_at=None)
    known = {
        (stream, first): (n, of) for stream, first, n, of in rows.values_list("stream_id", "date", "n", "denominator")
    }
    found = []
    for stream in streams:
        period = newest_period(day, stream.freq)
        before = newest_period(period - timedelta(days=1), stream.freq)
        now, of = known.get((stream.pk, period), (None, None))
        week = known.get((stream.pk, period - timedelta(days=7)), (None, None))[0] if stream.freq == "day" else None
        found.append(Asked(stream, period, now, of, known.get((stream.pk, before), (None, None))[0], week))
    return found
