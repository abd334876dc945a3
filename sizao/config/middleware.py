"""Every page is closed unless listed, and a refusal is said as a sentence."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from sizao.config.open_pages import OPEN_PAGES
from sizao.ops.governance import audit
from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.clock import now
from sizao.ops.governance.roles import holders_of


class ClosedUnlessListed(LoginRequiredMiddleware):
    """Sends people who are not logged in to the log-in page, except on the listed pages."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.resolver_match and request.resolver_match.view_name in OPEN_PAGES:
            return None
        if request.user.is_authenticated and isinstance(request.user, SimpleLazyObject):
            request.user = request.user._wrapped  # found now; the lazy stand-in costs at every later question
        return super().process_view(request, view_func, view_args, view_kwargs)


class SayRefusals:
    """Turns `NotAllowed` into a page that says what is missing and whom to ask, and writes the attempt down."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            audit.record(
                by=request.user, at=getattr(request, "at", None) or now(), action="access.refused",
                permission=exception.permission, method=request.method, path=request.path[:200],
            )  # fmt: skip
            told = {"message": exception.message, "holders": holders_of(exception.permission)}
            return render(request, "frame/refused.html", told, status=403)
        return None
