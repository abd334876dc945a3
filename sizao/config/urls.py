"""Every address, one line per room."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from django.views.i18n import set_language

from sizao.config.health import health

urlpatterns = [
    path("log-in/", LoginView.as_view(template_name="frame/login.html"), name="login"),
    path("log-out/", LogoutView.as_view(), name="logout"),
    path("language/", set_language, name="set_language"),
    path("health/", health, name="health"),
]
