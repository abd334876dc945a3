"""A column that holds a code of one of our code lists."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language

from sizao.vocabulary.codes import Code


class CodeField(models.CharField):
    """Text limited to a code list. Labels live with the list, so a new label is never a migration."""

    def __init__(self, code_list: type[Code] | None = None, *args: Any, **kwargs: Any):
        self.code_list = code_list  # None only in a migration's picture of the model
        kwargs.setdefault("max_length", 30)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        if "default" in kwargs:
            kwargs["default"] = str(kwargs["default"])
        return name, "django.db.models.CharField", args, kwargs

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if value and value not in self.code_list:
            raise ValidationError(f"{value!r} is not one of {[str(code) for code in self.code_list]}")

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.ChoiceField(
            choices=self.labelled,
            required=not self.blank,
            initial=self.default if self.has_default() else None,
            **kwargs,
        )

    def labelled(self) -> list[tuple[str, str]]:
        """(code, label in the reader's language)."""
        return [(code, label.say(get_language() or "en")) for code, label in self.code_list.choices()]
