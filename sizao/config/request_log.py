"""One line of log and one count for each request: which page, how it ended, how long it took. Nobody is named.

The address is not written, only the name of the page: addresses and queries may hold what people searched for.
"""

import logging
import re
import time
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sizao.config import metrics
from sizao.ops.governance import audit_context

log = logging.getLogger("sizao.request")
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,36}")


class EachRequest:
    """Gives a request its id, tells the database whose writes these are, and writes the line."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.id = given if GIVEN_ID.fullmatch(given) else uuid4().hex
        began = time.perf_counter()
        with audit_context.writing_as(request=request.id):
            response = self.get_response(request)
            page, seconds = page_of(request), time.perf_counter() - began
            self._note(request, response, page, seconds)
        response["X-Request-ID"] = request.id
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        known = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        audit_context.opened(page_of(request), request.user.pk if known else None)

    def _note(self, request: HttpRequest, response: HttpResponse, page: str, seconds: float) -> None:
        metrics.count_request(page, request.method, response.status_code, seconds)
        level = logging.ERROR if response.status_code >= 500 else logging.INFO
        log.log(
            level, "request", extra={"told": {
                "request": request.id, "page": page, "method": request.method, "status": response.status_code,
                "ms": round(seconds * 1000, 1), "user": audit_context.author().by,
            }},
        )  # fmt: skip


def page_of(request: HttpRequest) -> str:
    """The name of the page, never its address."""
    match = request.resolver_match
    return (match.view_name or match.func.__name__) if match else "none"
