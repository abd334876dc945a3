"""What every page's frame shows: who is reading, which incident, what time it is there."""

from django.http import HttpRequest

from sizao.ops.governance.clock import now


def frame(request: HttpRequest) -> dict:
    """Context of every page. `now` is the incident's own time when the page is about one."""
    incident = getattr(request, "incident", None)
    moment = now()
    return {"incident": incident, "now": incident.at(moment) if incident else moment}
