"""点线界面链: the five views of one outbreak, each with the number of its unresolved items."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from sizao.epi.chains import unlinked
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.tracing.pictures import queries, regions
from sizao.ops.tracing.pictures.chains import chains_of
from sizao.vocabulary.codes import COUNTED, FoundIn
from sizao.vocabulary.text import N_, Message

ACTIVE_DAYS = 14  # an area is active when a case was reported in these days


@dataclass(frozen=True)
class View:
    """One of the five: its character and name, how much it holds, what is unresolved, where both are worked on."""

    sign: str
    title: Message
    about: Message
    n: int | None
    unit: Message
    href: str
    unresolved: int | None
    what: Message
    unresolved_href: str


def five_views(*, by: User, incident: Incident, at: datetime) -> list[View]:
    """The five views as the reader sees them; a number the reader may not see is None."""
    cases = queries.cases_in_reach(by=by, incident=incident, at=at).filter(classification__in=COUNTED)
    return [
        points(cases, incident),
        lines(by, incident, at),
        boundaries(cases, incident, at),
        community(cases, incident),
        chain(by, incident, at),
    ]


def page(name: str, incident: Incident, **query) -> str:
    """A page's address; "" while no room has it."""
    try:
        address = reverse(name, kwargs={"incident_id": incident.pk})
    except NoReverseMatch:
        return ""
    return address + ("?" + urlencode(query, doseq=True) if query else "")


def points(cases, incident: Incident) -> View:
    found = queries.place_gaps(cases)
    return View(
        "点", N_("Points: where cases are"),
        N_("Every case stands at a place or in an area, so that somebody can go there."),
        found["n_areas"] + found["n_facilities"], N_("areas and places with cases"), page("tracing:map", incident),
        found["nowhere"], N_("cases without any area or place"), page("cases:list", incident),
    )  # fmt: skip


def lines(by: User, incident: Incident, at: datetime) -> View:
    found = queries.contact_gaps(by=by, incident=incident, at=at)
    return View(
        "线", N_("Lines: contacts of cases"),
        N_("Every contact is listed, identified, located and under control."),
        found["n"], N_("contacts"), page("tracing:list", incident),
        found["unclear"], N_("contacts not yet identified, located and under control"),
        page("tracing:clarities", incident) or page("tracing:list", incident),
    )  # fmt: skip


def boundaries(cases, incident: Incident, at: datetime) -> View:
    """Areas that had a case in the last days, at the level below the incident's."""
    within = regions.roots(incident)
    level = (regions.levels(within) or [0])[0]
    chars = regions.n_chars(level)
    since = incident.date_at(at) - timedelta(days=ACTIVE_DAYS - 1)
    active = cases.filter(date_report__gte=since, area__isnull=False).order_by()
    paths = active.values_list("area_id", flat=True).distinct()
    wider = cases.filter(area__isnull=False).order_by().values("area_id").annotate(n=Count("id"))
    return View(
        "界", N_("Boundaries: areas with recent cases"),
        N_("The areas that had a case in the last 14 days, as the basis of any measure."),
        len({path[:chars] for path in paths if len(path) >= chars}), N_("areas with a case in the last 14 days"),
        page("tracing:map", incident, window="14"),
        sum(row["n"] for row in wider if len(row["area_id"]) < chars),
        N_("cases known only to a wider area"), page("tracing:map", incident),
    )  # fmt: skip


def community(cases, incident: Incident) -> View:
    found = cases.aggregate(
        n=Count("id", filter=Q(found_in=FoundIn.COMMUNITY)), unknown=Count("id", filter=Q(found_in=FoundIn.UNKNOWN))
    )
    counted = [str(code) for code in COUNTED]
    return View(
        "面", N_("Surface: cases found in the community"),
        N_("A case that was not in quarantine when found shows spread nobody was watching."),
        found["n"], N_("cases found in the community"),
        page("cases:list", incident, found_in="community", classification=counted),
        found["unknown"], N_("cases for which it is not known where they were found"),
        page("cases:list", incident, found_in="unknown", classification=counted),
    )  # fmt: skip


def chain(by: User, incident: Incident, at: datetime) -> View:
    chains = chains_of(*queries.chain_rows(by=by, incident=incident, at=at), protocol=incident.protocol)
    several = chains.seen.cases.filter(chains.seen.cases["cluster_size"] > 1)
    return View(
        "链", N_("Chains: who infected whom"),
        N_("Every case has a known source, or was infected elsewhere."),
        several["cluster_id"].n_unique(), N_("clusters of two cases or more"), page("tracing:chains", incident),
        unlinked(chains.seen, on=incident.date_at(at)).height, N_("cases without a known source"),
        page("tracing:chains", incident) + "#unlinked",
    )  # fmt: skip
