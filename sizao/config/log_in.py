"""Logging in, in the user's own language; a demonstration shows its log-ins."""

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpResponse

from sizao.ops.governance.models import User

#: Known to everybody: demonstration users never see a real incident.
DEMONSTRATION_PASSWORD = "four-early-2015"


class LogIn(LoginView):
    """The log-in page. The first log-in from a browser takes the language of the account."""

    template_name = "frame/login.html"

    def get_context_data(self, **kwargs) -> dict:
        users = User.objects.filter(is_demonstration=True, is_active=True).order_by("id")
        return super().get_context_data(**kwargs) | {"demonstration": users, "password": DEMONSTRATION_PASSWORD}

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.get_user().language)
        return response
