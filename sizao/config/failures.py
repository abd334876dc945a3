"""The pages shown when something fails: what happened, what is kept, what to do."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template import engines

from sizao.config.frame import installed
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class Failure:
    """One kind of failure: its HTTP status and two sentences."""

    status: int
    title: Message
    sentence: Message


NOT_UNDERSTOOD = Failure(
    400,
    N_("This request could not be understood"),
    N_("Nothing was changed. Go back and try again; a very large form or file may have been cut off on its way."),
)
FORM_EXPIRED = Failure(
    403,
    N_("This form is no longer valid"),
    N_(
        "Nothing was saved. You may have logged in or out in another window. Go back, reload the page and send the "
        "form again; if it happens every time, allow cookies for this address."
    ),
)
NOT_FOUND = Failure(
    404,
    N_("There is no such page"),
    N_("The address may be mistyped, or the record was merged or withdrawn. Search for its number instead."),
)
BROKEN = Failure(
    500,
    N_("The software failed"),
    N_("What you last saved is kept; what you were just sending was not saved. Try once more, then tell your support."),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failed(request, NOT_UNDERSTOOD)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return failed(request, FORM_EXPIRED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failed(request, NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    return failed(request, BROKEN)


def failed(request: HttpRequest, failure: Failure) -> HttpResponse:
    """The page, made without the context processors: these must work when the database does not."""
    page = engines.all()[0].env.get_template("frame/failure.html")
    return HttpResponse(page.render(failure=failure, installed=installed, request=request), status=failure.status)
