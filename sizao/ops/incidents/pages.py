"""What every page about an incident starts with: the incident, if the reader may see it, and its time."""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from sizao.ops.governance import access
from sizao.ops.governance.clock import now
from sizao.ops.incidents import queries


def incident_page(permission: str = "incident.view") -> Callable:
    """Wrap a view of `/incidents/<incident_id>/…`: it is called with `incident=` and finds `request.at`,
    the incident's own time, set; moments are shown and typed in its time zone. The reader must hold
    `permission` somewhere, and the incident must touch the reader's areas; rows are scoped by queries."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, incident_id: int, **kwargs) -> HttpResponse:
            moment = now()
            incident = queries.incident_of_page(incident_id, by=request.user, at=moment)
            access.check(request.user, permission, at=incident.at(moment) if incident else moment)
            if incident is None:
                raise Http404("no such incident in the reader's areas")
            request.incident, request.at = incident, incident.at(moment)
            with timezone.override(ZoneInfo(incident.time_zone)):
                return view(request, incident=incident, **kwargs)

        return page

    return wrap
