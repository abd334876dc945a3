"""Every address, one line per room."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from sizao.config.health import health
from sizao.config.log_in import LogIn

urlpatterns = [
    path("log-in/", LogIn.as_view(), name="login"),
    path("log-out/", LogoutView.as_view(), name="logout"),
    path("language/", set_language, name="set_language"),
    path("health/", health, name="health"),
    path("", include("sizao.ops.incidents.urls")),
]

handler400 = "sizao.config.failures.bad_request"
handler404 = "sizao.config.failures.not_found"
handler500 = "sizao.config.failures.broken"
