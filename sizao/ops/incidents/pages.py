"""What every page about an incident starts with: the incident, if the reader may see it, and its time."""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from sizao.ops.governance import access
from sizao.ops.governance.clock import now
from sizao.ops.incidents.models import Incident


def incident_page(permission: str = "incident.view") -> Callable:
    """Wrap a view of `/incidents/<incident_id>/…`: it is called with `incident=` and finds `request.at`,
    the incident's own time, set; moments are shown and typed in its time zone. The reader must hold
    `permission` somewhere; rows are scoped by queries."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, incident_id: int, **kwargs) -> HttpResponse:
            incident = get_object_or_404(Incident, pk=incident_id)
            request.incident, request.at = incident, incident.at(now())
            access.check(request.user, permission, at=request.at)
            with timezone.override(ZoneInfo(incident.time_zone)):
                return view(request, incident=incident, **kwargs)

        return page

    return wrap
