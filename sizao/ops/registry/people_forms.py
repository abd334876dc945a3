"""What an administrator types about accounts."""

from django import forms
from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from sizao.ops.governance.models import User
from sizao.ops.registry.models import Post


class Invite(forms.Form):
    """Somebody new, and the post they take."""

    username = forms.CharField(
        max_length=150, label=_("User name"), validators=[UnicodeUsernameValidator()],
        help_text=_("Letters and digits; people log in with it and it never changes."),
    )  # fmt: skip
    display_name = forms.CharField(max_length=80, label=_("Name as others see it"))
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Language"))
    post = forms.ModelChoiceField(Post.objects.none(), label=_("Post"))
    until = forms.DateTimeField(
        required=False, label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Empty: until further notice."),
    )  # fmt: skip

    def __init__(self, *args, posts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("This user name is taken."))
        return username


class Reason(forms.Form):
    """Why; it stands in the audit."""

    reason = forms.CharField(max_length=200, label=_("Reason"))
