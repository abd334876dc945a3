"""Every address, one line per room."""

from django.urls import include, path
from django.views.i18n import set_language

from sizao.config.boundaries import boundaries
from sizao.config.health import health, ready
from sizao.config.metrics import metrics
from sizao.ops.cases import urls as cases
from sizao.ops.desk import views as desk
from sizao.ops.reporting.queries import reports
from sizao.ops.tracing import case_urls


def newest_report(**reader):
    """The last report of an incident that the reader may see."""
    return reports(**reader).first()


urlpatterns = [
    path("", include("sizao.config.accounts.urls")),
    path("language/", set_language, name="set_language"),
    path("health/", health, name="health"),
    path("ready/", ready, name="ready"),
    path("metrics/", metrics, name="metrics"),
    path("", desk.home, name="home"),
    # The desk and the reports do not know each other; the board is told of the newest report here.
    path("incidents/<int:incident_id>/", desk.board, {"newest_report": newest_report}),
    path("", include("sizao.ops.desk.urls")),
    path("", include("sizao.ops.registry.urls")),
    path("", include("sizao.ops.incidents.urls")),
    # A case's own page shows contacts too, so it lives in the room above; its address is the case's.
    path("", include(([*cases.urlpatterns, *case_urls.urlpatterns], cases.app_name))),
    path("", include("sizao.ops.tracing.urls")),
    path("incidents/<int:incident_id>/boundaries/<int:level>.json", boundaries, name="boundaries"),
    path("", include("sizao.ops.surveillance.urls")),
    path("", include("sizao.ops.reporting.urls")),
    path("", include("sizao.ops.intake.urls")),
    path("", include("sizao.ops.oversight.urls")),
]

handler400 = "sizao.config.failures.bad_request"
handler404 = "sizao.config.failures.not_found"
handler500 = "sizao.config.failures.broken"
