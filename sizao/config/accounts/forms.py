"""What people type about their own account."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from sizao.ops.governance.models import User


class Profile(forms.Form):
    """One's name as others see it, an address, and the language."""

    display_name = forms.CharField(max_length=80, label=_("Name as others see it"))
    email = forms.EmailField(required=False, label=_("E-mail"))
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Language"))


class ChoosePassword(forms.Form):
    """A password, twice."""

    display_name = forms.CharField(max_length=80, label=_("Name as others see it"))
    password = forms.CharField(
        label=_("New password"), strip=False,
        help_text=_("At least ten characters; a few words are easier to remember than signs."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("The same once more"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["display_name"].initial = user.display_name

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict:
        said = super().clean()
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", _("The two passwords differ."))
        return said
