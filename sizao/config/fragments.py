"""Parts of the frame, rendered once for each set of values they show and kept.

A fragment's template sees the values it is kept by and nothing else, so it cannot hold what belongs to another
reader or request. What differs each time (the form token, the address) goes into holes.
"""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from secrets import token_hex
from typing import Any

from django.template import engines
from django.urls import get_script_prefix
from django.utils.translation import get_language
from markupsafe import Markup, escape

KEPT = 500  # fragments, of some kilobytes each
#: Stands around the name of a hole; unlike anything that a person could have typed.
EDGE = f"\x02{token_hex(8)}\x03"


def fragment(template: str, holes: Mapping[str, Any], **values: Hashable) -> Markup:
    """The template with these values, in the reader's language, and what its holes hold this time."""
    parts = list(_parts(template, get_language(), get_script_prefix(), tuple(holes), tuple(values.items())))
    parts[1::2] = [str(escape(holes[name])) for name in parts[1::2]]
    return Markup("".join(parts))


@lru_cache(maxsize=KEPT)
def _parts(
    template: str, language: str, prefix: str, holes: tuple[str, ...], values: tuple[tuple[str, Hashable], ...]
) -> tuple[str, ...]:
    """Text, the name of a hole, text, … as rendered in that language."""
    marks = {name: Markup(f"{EDGE}{name}{EDGE}") for name in holes}
    html = engines.all()[0].env.get_template(template).render({**dict(values), **marks})
    return tuple(re.split(f"{EDGE}(.*?){EDGE}", html))
