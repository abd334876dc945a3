"""Logging in, in the user's own language; a demonstration shows its log-ins, and only outside production."""

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sizao.config.demonstration.people import PASSWORD
from sizao.ops.governance.models import User


class Credentials(LoginForm):
    """User name and password. A demonstration user does not get into an installation with real people in it."""

    NAMES = {"login": "username"}  # what browsers and password managers call it

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label, self.fields["password"].label = _("User name"), _("Password")
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none"}
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)

    def add_prefix(self, field_name: str) -> str:
        return self.NAMES.get(field_name, field_name)

    def clean(self) -> dict | None:
        cleaned = super().clean()
        if self.user and self.user.is_demonstration and settings.PRODUCTION:
            raise ValidationError(_("Demonstration users do not log in here."), code="demonstration")
        return cleaned

    @property
    def waits(self) -> bool:
        """Too many wrong attempts: what was typed is not even looked at now."""
        return any(error.code == "too_many_login_attempts" for error in self.non_field_errors().as_data())


class LogIn(LoginView):
    """The log-in page. The first log-in from a browser takes the language of the account; whoever tries the
    demonstration is nobody in particular and keeps the language they read the log-in page in."""

    template_name = "frame/login.html"
    form_class = Credentials

    def get_context_data(self, **kwargs) -> dict:
        users = User.objects.filter(is_demonstration=True, is_active=True).order_by("id")
        shown = User.objects.none() if settings.PRODUCTION else users
        own = {"demonstration": shown, "password": PASSWORD, "next": self.get_next_url() or ""}
        return super().get_context_data(**kwargs) | own | {"ended": self.request.GET.get("ended", "")}

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            language = get_language() if form.user.is_demonstration else form.user.language
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language)
        return response
