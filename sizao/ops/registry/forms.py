"""What people type about persons, areas and posts."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sizao.ops.governance.models import User
from sizao.ops.governance.roles import NOT_OF_A_POST, Role
from sizao.ops.registry.framing import split_phones
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.models import Area, Person, Post, Unit
from sizao.vocabulary.codes import Sex


def labelled(code_list) -> list[tuple[str, str]]:
    """A code list as choices in the reader's language."""
    return [(code, label.say(get_language() or "en")) for code, label in code_list.choices()]


class AreaField(forms.CharField):
    """An area by its code or path, or by its name where only one bears it."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = list(Area.objects.filter(code=text)[:2]) or list(Area.objects.filter(path=text)[:1])
        found = found or list(Area.objects.filter(name_zh=text)[:2]) or list(Area.objects.filter(name_en=text)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("No single area is called “%(text)s”. Write its code; the areas page shows it."),
                params={"text": text},
            )
        return found[0]

    def prepare_value(self, value):
        return value.code if isinstance(value, Area) else value


class Search(forms.Form):
    """A few letters of a name, or a code."""

    q = forms.CharField(max_length=100, required=False, label=_("Search"))


class EditPerson(forms.Form):
    """Who somebody is and how to reach them."""

    full_name = forms.CharField(max_length=120, required=False, label=_("Full name"))
    family_name = forms.CharField(max_length=80, required=False, label=_("Family name"))
    given_name = forms.CharField(max_length=80, required=False, label=_("Given name"))
    sex = forms.ChoiceField(choices=lambda: labelled(Sex), label=_("Sex"))
    date_birth = forms.DateField(
        required=False, label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    id_number = forms.CharField(max_length=40, required=False, label=_("Identity number"))
    phones = forms.CharField(
        max_length=200, required=False, label=_("Telephone"), help_text=_("Several numbers: separate them by commas.")
    )
    email = forms.EmailField(required=False, label=_("E-mail"))
    address = forms.CharField(max_length=240, required=False, label=_("Address"))
    nationality = forms.CharField(max_length=60, required=False, label=_("Nationality"))
    language = forms.CharField(max_length=20, required=False, label=_("Language"))
    occupation = forms.CharField(max_length=80, required=False, label=_("Occupation"))
    area = AreaField(required=False, label=_("Area"), help_text=_("Code or full name."))
    reason = forms.CharField(max_length=200, required=False, label=_("Reason of the change"))

    OWN = ("sex", "language", "occupation", "area")

    @classmethod
    def values_of(cls, person: Person) -> dict:
        identity = {name: getattr(person.identity, name) for name in Identity.__dataclass_fields__}
        own = {name: getattr(person, name) for name in cls.OWN}
        return {**identity, "phones": ", ".join(person.identity.phones), **own}

    def changes(self) -> dict:
        """As `amend_persons` takes them."""
        said = self.cleaned_data
        known = {name: said[name] for name in Identity.__dataclass_fields__ if name != "phones"}
        identity = Identity(**known, phones=split_phones(said["phones"]))
        return {"identity": identity, **{name: said[name] for name in self.OWN}}


class MergeReason(forms.Form):
    """Why two records are one person, or two."""

    reason = forms.CharField(max_length=200, required=False, label=_("Reason"))


class AddUnit(forms.Form):
    """An organisation or working group."""

    name_zh = forms.CharField(max_length=120, label=_("Name in Chinese"))
    name_en = forms.CharField(max_length=120, label=_("Name in English"))
    area = AreaField(required=False, label=_("Area"), help_text=_("Code or full name; empty is everywhere."))


class AddPost(forms.Form):
    """A post of a unit."""

    unit = forms.ModelChoiceField(Unit.objects.order_by("name_en", "id"), label=_("Unit"))
    title_zh = forms.CharField(max_length=120, label=_("Title in Chinese"))
    title_en = forms.CharField(max_length=120, label=_("Title in English"))
    role = forms.ChoiceField(
        choices=lambda: [one for one in labelled(Role) if one[0] not in NOT_OF_A_POST], label=_("Role")
    )


class Appoint(forms.Form):
    """Somebody takes a post."""

    post = forms.ModelChoiceField(Post.objects.order_by("title_en", "id"), label=_("Post"))
    user = forms.ModelChoiceField(User.objects.filter(is_active=True).order_by("username"), label=_("User"))
    until = forms.DateTimeField(
        required=False, label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Empty: until further notice."),
    )  # fmt: skip
