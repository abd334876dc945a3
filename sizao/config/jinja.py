"""The one template language of our pages (Jinja2), with what every page may use."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.forms.renderers import BaseRenderer, EngineMixin
from django.template.backends.jinja2 import Jinja2
from django.template.defaultfilters import filesizeformat
from django.urls import NoReverseMatch
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.http import urlencode
from jinja2 import Environment, pass_context, pass_eval_context
from markupsafe import Markup

from sizao.config.addresses import static, url
from sizao.ops.governance import access
from sizao.ops.governance.sentences import rebuilt
from sizao.ops.incidents.scope import areas_of
from sizao.protocols.names import disease_name, edition_name
from sizao.vocabulary.dates import say_day, say_moment, say_number
from sizao.vocabulary.text import say


def environment(**options: Any) -> Environment:
    env = Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    env.install_gettext_callables(
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(
        static=static,
        url=url,
        language=translation.get_language,
        may=may,
        may_throughout=may_throughout,
        with_query=with_query,
    )
    env.globals.update(link=link, _=translated, gettext=translated)
    env.filters.update(
        say=say_here, day=day, moment=moment, number=number, percent=percent, code=code_label, name=name_here,
        filesize=filesizeformat, edition=edition, disease=disease,
    )  # fmt: skip
    return env


@pass_eval_context
def translated(context, sentence: str, /, **params: Any) -> str:
    """What Jinja's own `_` answers: the sentence in the reader's language, with `%(name)s` filled in."""
    said, plain = _said(translation.get_language(), sentence, context.autoescape)
    return said % params if params else plain


@lru_cache(maxsize=5_000)
def _said(language: str | None, sentence: str, is_markup: bool) -> tuple[str, str]:
    """A sentence with its places, and as it is without any ("%%" is one per cent sign then too, as Jinja has it)."""
    text = translation.gettext(sentence)
    said = Markup(text) if is_markup else text
    return said, said if "%(" in text else said % {}


class FormRenderer(EngineMixin, BaseRenderer):
    """Django's own form templates, in Jinja2."""

    @cached_property
    def engine(self) -> Jinja2:
        from pathlib import Path

        import django.forms

        return Jinja2(
            {
                "NAME": "forms",
                "DIRS": [settings.CONFIG / "templates", Path(django.forms.__file__).parent / "jinja2"],
                "APP_DIRS": False,
                "OPTIONS": {"environment": "sizao.config.jinja.environment"},
            }
        )


#: What a reader must hold, anywhere, for a link to a room's pages or to one page to be drawn at all.
WANTED = {
    "cases": "case.view",
    "tracing": "contact.view",
    "reporting": "report.view",
    "incidents:tasks": "task.view",
    "incidents:task": "task.view",
    "desk:today": "task.view",
}


@pass_context
def link(context, name: str, *args: Any, **query: Any) -> str:
    """A page's address with a query; "" when no room has that page, or the reader's posts never open it."""
    wanted = WANTED.get(name) or WANTED.get(name.partition(":")[0])
    if wanted and "request" in context and not may(context, wanted):
        return ""
    try:
        return url(name, *args) + ("?" + urlencode(query, doseq=True) if query else "")
    except NoReverseMatch:
        return ""


@pass_context
def may(context, permission: str, area_path: str | None = None) -> bool:
    """Whether the reader's posts allow it, by the same question the actions ask."""
    return access.may(context["request"].user, permission, area_path, at=context["now"])


@pass_context
def may_throughout(context, permission: str) -> bool:
    """Whether the reader may in every area of this page's incident: what concerns all of it is asked so."""
    request, at = context["request"], context["now"]
    return all(access.may(request.user, permission, path, at=at) for path in areas_of(request.incident))


@pass_context
def with_query(context, **changes: Any) -> str:
    """The query of this address with some parameters changed; None drops one."""
    asked = [(name, values) for name, values in context["request"].GET.lists() if name not in changes]
    changed = [(name, value) for name, value in changes.items() if value is not None]
    return "?" + urlencode([*asked, *changed], doseq=True)


def say_here(value: Any) -> Any:
    """A message, a stored message ({"msgid", "params"}) or a labelled code in the reader's language."""
    if isinstance(value, dict) and "msgid" in value:
        value = rebuilt(value)
    return say(value, translation.get_language() or "en")


def code_label(value: str, code_list: Any) -> str:
    """The label of a stored code."""
    return say_here(code_list(value)) if value else ""


def edition(identifier: str) -> str:
    """What a protocol edition is called."""
    return say_here(edition_name(identifier)) if identifier else ""


def disease(identifier: str) -> str:
    """What a disease is called."""
    return say_here(disease_name(identifier)) if identifier else ""


def name_here(thing: Any) -> str:
    """An area's, unit's, post's or incident's name in the reader's language."""
    return thing.name(translation.get_language() or "en") if thing else ""


def day(value: date | str | None) -> str:
    """A day as people write it here; ISO text is read first."""
    if isinstance(value, str) and value:
        value = date.fromisoformat(value)
    return say_day(value, translation.get_language() or "en") if value else ""


def moment(value: datetime | str | None, zone: str | None = None) -> str:
    """A moment to the minute: in `zone`, else on an incident's pages in the incident's time zone."""
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value)
    if not value:
        return ""
    local = timezone.localtime(value, ZoneInfo(zone) if zone else None)
    return say_moment(local, translation.get_language() or "en")


def number(value: float | None, decimals: int | None = None) -> str:
    """A number with separators, rounded; nothing known is a dash, never a zero."""
    return "–" if value is None else say_number(value, decimals)


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}%"
