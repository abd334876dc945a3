"""The four clarities of an area and its parts; every number opens its list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sizao.ops.governance import access
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.registry.models import Area
from sizao.ops.registry.queries import line_of
from sizao.ops.tracing import clarities
from sizao.ops.tracing.clarities import MEANS, Age, Stage


@require_GET
@incident_page("contact.view")
def clarity_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Listed, identified, located, under control: of an area, of its parts, and what is unresolved for how long."""
    area = Area.objects.filter(path=request.GET.get("area") or _start(request, incident)).first()
    inside = area.path if area else None
    reader = {"by": request.user, "incident": incident, "at": request.at, "inside": inside}
    lines = clarities.by_area(**reader)
    areas = Area.objects.defer("boundary").in_bulk([line.path for line in lines if line.path])
    context = {
        "area": area, "above": line_of(area) if area else [], "total": clarities.total(lines),
        "lines": [(areas.get(line.path), line) for line in lines], "unresolved": clarities.unresolved(**reader),
        "stages": list(Stage), "ages": list(Age), "means": MEANS,
    }  # fmt: skip
    return render(request, "tracing/clarities.html", context)


def _start(request: HttpRequest, incident: Incident) -> str | None:
    """The incident's or the reader's one area, the smaller of the two; everywhere if there are several."""
    own = access.reach(request.user, "contact.view", at=request.at).paths
    wide = list(incident.areas.values_list("path", flat=True)[:2])
    starts = [paths[0] for paths in (wide, own) if len(paths) == 1 and paths[0]]
    return max(starts, key=len, default=None)
