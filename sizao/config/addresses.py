"""Addresses of our pages. A page writes dozens and they never change, so that each is made once."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static as made_static
from django.urls import get_script_prefix, get_urlconf, reverse

KEPT = 5_000


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page; the same question has the same answer under the same table of addresses."""
    return _reversed(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), name, args, tuple(kwargs.items()))


@lru_cache(maxsize=KEPT, typed=True)
def _reversed(table: str, prefix: str, name: str, args: tuple, kwargs: tuple[tuple[str, Any], ...]) -> str:
    return reverse(name, urlconf=table, args=args, kwargs=dict(kwargs))


def static(path: str) -> str:
    """The address of one of our files, with the hash of its content where files are collected."""
    return made_static(path) if settings.DEBUG else _static(settings.STATIC_URL, str(settings.STATIC_ROOT), path)


@lru_cache(maxsize=KEPT)
def _static(_address: str, _folder: str, path: str) -> str:
    return made_static(path)
