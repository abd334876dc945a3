"""Sentences for people: written once in English, said in the reader's language.

Rooms below the web (vocabulary, epi, protocols, exchange) must speak too, so they build a `Message`
and leave the language to whoever shows it. Catalogues are gettext `.po` files, one per room, under
`vocabulary/locale/<language>/LC_MESSAGES/`; `tools/messages.py` checks and compiles them.
"""

import gettext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sizao.vocabulary.dates import say_day, say_moment

LOCALE_DIR = Path(__file__).parent / "locale"
DOMAIN = "django"  # one catalogue serves pages, commands and the pure rooms


@dataclass(frozen=True)
class Message:
    """An English sentence with named places (`{row}`) and what stands in them."""

    msgid: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.say("en")

    def say(self, language: str) -> str:
        """The sentence in `language` ("zh-hans", "en"); parameters that are messages are said too."""
        if not self.msgid:
            return ""  # gettext answers an empty sentence with the catalogue's header
        spoken = {key: say(value, language) for key, value in self.params.items()}
        sentence = catalogue(language).gettext(self.msgid)
        return sentence.format(**spoken) if spoken else sentence

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted((key, str(value)) for key, value in self.params.items()))))


def N_(msgid: str, /, **params: Any) -> Message:
    """Mark a sentence for translation where it is written; it is said later."""
    return Message(msgid, params)


def say(value: Any, language: str) -> Any:
    """`value` in `language` when it is a message, a labelled code or a day; otherwise `value` itself.

    A moment of a time zone is left as it is: which day it falls on depends on a place that only the caller knows. A
    moment without one is what a wall clock showed.
    """
    if isinstance(value, Message):
        return value.say(language)
    if isinstance(value, datetime):
        return value if value.tzinfo else say_moment(value, language)
    if isinstance(value, date):
        return say_day(value, language)
    label = getattr(value, "label", None)
    return label.say(language) if isinstance(label, Message) else value


@lru_cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The compiled catalogue of a language; English needs none."""
    return gettext.translation(DOMAIN, LOCALE_DIR, [locale_name(language)], fallback=True)


def locale_name(language: str) -> str:
    """gettext's folder of a web language tag: "zh-hans" is "zh_Hans"."""
    main, _, script = language.partition("-")
    return f"{main}_{script.title() if len(script) > 2 else script.upper()}" if script else main
