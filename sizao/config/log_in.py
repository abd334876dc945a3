"""Logging in, in the user's own language; a demonstration shows its log-ins, and only outside production."""

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse

from sizao.config.demonstration.people import PASSWORD
from sizao.ops.governance.models import User


class Credentials(AuthenticationForm):
    """User name and password. A demonstration user does not get into an installation with real people in it."""

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if user.is_demonstration and settings.PRODUCTION:
            raise self.get_invalid_login_error()


class LogIn(LoginView):
    """The log-in page. The first log-in from a browser takes the language of the account."""

    template_name = "frame/login.html"
    authentication_form = Credentials

    def get_context_data(self, **kwargs) -> dict:
        users = User.objects.filter(is_demonstration=True, is_active=True).order_by("id")
        shown = User.objects.none() if settings.PRODUCTION else users
        return super().get_context_data(**kwargs) | {"demonstration": shown, "password": PASSWORD}

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.get_user().language)
        return response
