"""An area as people type it, near an incident's own areas."""

import re
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Area
from sizao.ops.registry.queries import areas_meant

#: How an area that is known already stands in the field: its name, and its path, which alone is unmistakable.
NAMED = re.compile(r".+ \(([A-Z]{2}[0-9A-Za-z]*)\)")


class AreaText(forms.CharField):
    """An area by code, path or name; cleaned to its path, shown by its name."""

    def __init__(self, incident: Incident, **kwargs: Any):
        super().__init__(max_length=120, required=False, **kwargs)
        self.incident = incident

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        named = NAMED.fullmatch(text)
        text = named[1] if named else text
        match = areas_meant([text], near=tuple(self.incident.areas.values_list("path", flat=True)))[text]
        if not match.path:
            raise forms.ValidationError(
                _("No area is called “%(text)s”. Write its full name or its code."), params={"text": text}
            )
        return match.path

    def prepare_value(self, value: Any) -> Any:
        """A path, as addresses and rows have it, is shown with its area's name."""
        text = str(value or "")
        area = Area.objects.defer("boundary").filter(path=text).first() if text else None
        return f"{area.name(get_language() or 'en')} ({area.path})" if area else value
