"""New values for many contacts; what is left empty stays as it is."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.ops.cases.days import refuse_impossible
from sizao.ops.cases.filters import AreaText
from sizao.ops.cases.forms import Day, choice
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Post
from sizao.ops.tracing.forms import LABELS, PostChoice
from sizao.vocabulary import codes

CODED: dict[str, type[codes.Code]] = {"contact_class": codes.ContactClass, "status": codes.ContactStatus}
#: The clarities that may be said of many at once, now.
MARKS = ("identified_at", "located_at", "controlled_at")


class BulkEdit(forms.Form):
    """The form above the preview."""

    def __init__(self, *args: Any, incident: Incident, at: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.at, self.today = at, incident.date_at(at)
        for name, code_list in CODED.items():
            self.fields[name] = choice(code_list, LABELS[name], leave=_("Leave as it is"))
        known = list(self.fields["status"].choices)
        self.fields["status"].choices = [each for each in known if each[0] != codes.ContactStatus.BECAME_CASE]
        posts = Post.objects.order_by("title_en", "id")
        self.fields["post"] = PostChoice(
            posts, required=False, label=LABELS["post_id"], empty_label=_("Leave as it is")
        )  # fmt: skip
        self.fields["area"] = AreaText(incident, label=LABELS["area_id"])
        self.fields["date_last_exposure"] = Day(required=False, label=LABELS["date_last_exposure"])
        for name in MARKS:
            self.fields[name] = forms.BooleanField(required=False, label=LABELS[name])
        self.fields["reason"] = forms.CharField(max_length=300, label=_("Why they are changed"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        refuse_impossible(self, ("date_last_exposure",), today=self.today)
        if not self.errors and not self.changes():
            raise forms.ValidationError(_("Choose at least one new value."))
        return values

    def changes(self) -> dict[str, Any]:
        """The new values as the action takes them; a clarity is said now."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "reason" and value}
        if "area" in values:
            values["area_id"] = values.pop("area")
        if "post" in values:
            values["post_id"] = values.pop("post").pk
        return values | {name: self.at for name in MARKS if name in values}
