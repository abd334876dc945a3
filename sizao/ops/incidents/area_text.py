"""An area as people type it, near an incident's own areas."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from sizao.ops.incidents.models import Incident
from sizao.ops.registry.queries import areas_meant


class AreaText(forms.CharField):
    """An area by code, path or name; cleaned to its path."""

    def __init__(self, incident: Incident, **kwargs: Any):
        super().__init__(max_length=120, required=False, **kwargs)
        self.incident = incident

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        match = areas_meant([text], near=tuple(self.incident.areas.values_list("path", flat=True)))[text]
        if not match.path:
            raise forms.ValidationError(
                _("No area is called “%(text)s”. Write its full name or its code."), params={"text": text}
            )
        return match.path
