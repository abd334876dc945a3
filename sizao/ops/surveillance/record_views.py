"""Each detector's record, another setting that would have done better, and the act that adopts it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.ops.governance import access
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import areas_of
from sizao.ops.surveillance import actions, comparing, forms, kinds, queries, settings
from sizao.ops.surveillance.models import Proposal, Stream
from sizao.ops.surveillance.record import records
from sizao.vocabulary.text import N_


@incident_page("signal.view")
def record_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What every setting has rung and what came of it, within the reader's areas."""
    told = {"by": request.user, "incident": incident, "at": request.at}
    alarms = queries.alarms(**told).filter(raised_at__lte=request.at)
    used = settings_in_use(queries.streams(**told))
    found = records(incident, alarms, {key: len(ids) for key, ids in used.items()})
    sees_all = _sees_all(request, incident)
    proposals = Proposal.objects.filter(incident=incident).order_by("-id")[:50] if sees_all else []
    context = {
        "records": [(row, settings.setting_text(row.detector, row.parameters), used.get(row.key, [None])[0])
                    for row in found],
        "proposals": [_named(row) for row in proposals],
        "kinds": kinds, "fewest": comparing.FEWEST, "may_compare": sees_all,
    }  # fmt: skip
    return render(request, "surveillance/record.html", context)


def settings_in_use(streams) -> dict[str, list[int]]:
    """The streams of each frequency and setting."""
    found: dict[str, list[int]] = {}
    for pk, freq, detector, parameters in streams.values_list("id", "freq", "detector", "parameters"):
        found.setdefault(f"{freq} {settings.key_of(detector, parameters)}", []).append(pk)
    return found


def _sees_all(request: HttpRequest, incident: Incident) -> bool:
    """Settings are those of the whole incident, so only who sees all of it compares them."""
    return all(access.may(request.user, "signal.view", path, at=request.at) for path in areas_of(incident))


def _named(row: Proposal):
    return (
        row,
        settings.setting_text(row.detector, row.parameters),
        settings.setting_text(row.instead_detector, row.instead_parameters),
    )


@require_POST
@incident_page("signal.view")
def compare(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Try other settings on the record of one; keep the best as a proposal if it would have done better."""
    if not _sees_all(request, incident):
        raise access.NotAllowed(N_("Settings are compared by whoever sees the whole incident."), "signal.view")
    stream = get_object_or_404(Stream, incident=incident, pk=request.POST.get("stream") or 0)
    scores = comparing.compare(
        incident, detector=stream.detector, parameters=stream.parameters, freq=stream.freq,
        day=incident.date_at(request.at), known_at=request.at,
    )  # fmt: skip
    best = comparing.better(scores)
    enough = comparing.n_verified(incident, stream.detector, stream.parameters) >= comparing.FEWEST
    proposal = None
    if best and enough:
        proposal = actions.propose_setting(
            incident=incident, freq=stream.freq, detector=stream.detector, parameters=stream.parameters,
            instead_detector=best.detector, instead_parameters=best.parameters,
            evidence={"now": scores[0].evidence(), "instead": best.evidence()}, by=request.user, at=request.at,
        )  # fmt: skip
    context = {
        "scores": [(row, settings.setting_text(row.detector, row.parameters)) for row in scores], "best": best,
        "proposal": proposal, "enough": enough, "fewest": comparing.FEWEST, "kinds": kinds, "freq": stream.freq,
        "compared": comparing.COMPARED[stream.freq],
    }  # fmt: skip
    return render(request, "surveillance/compare.html", context)


@require_http_methods(["GET", "POST"])
@incident_page("signal.view")
def proposal_page(request: HttpRequest, incident: Incident, proposal_id: int) -> HttpResponse:
    """Both settings on the same record; signing adopts the other one."""
    if not _sees_all(request, incident):
        raise access.NotAllowed(N_("Settings are compared by whoever sees the whole incident."), "signal.view")
    row = get_object_or_404(
        Proposal.objects.select_related("signed_by", "recorded_by"), incident=incident, pk=proposal_id
    )
    form = forms.Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.sign_proposal(proposal=row, **form.cleaned_data, by=request.user, at=request.at)
            messages.success(request, _("Signed. %(n)s streams have the new setting.") % {"n": len(changed)})
        except NotNow as refusal:
            messages.error(request, refusal.message.say(get_language() or "en"))
        return redirect("surveillance:proposal", incident_id=incident.pk, proposal_id=row.pk)
    old = settings.key_of(row.detector, row.parameters)
    mine = Stream.objects.filter(incident=incident, detector=row.detector, freq=row.freq).values_list(
        "parameters", flat=True
    )
    context = {
        "row": row, "names": _named(row)[1:], "form": form, "kinds": kinds,
        "n_streams": sum(settings.key_of(row.detector, told) == old for told in mine),
        "may_sign": all(access.may(request.user, "detector.adopt", path, at=request.at) for path in areas_of(incident)),
        "own": row.recorded_by_id == request.user.pk,
    }  # fmt: skip
    return render(request, "surveillance/proposal.html", context)
