"""Every page is closed unless it is on the one list."""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from sizao.config.open_pages import OPEN_PAGES

#: A value for each kind of place an address can have.
SAMPLES = {
    "int": 1,
    "str": "x",
    "slug": "x",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "x",
    "date": "2015-06-10",
}


def addresses(resolver=None, namespace=""):
    """(view name, address) of every named URL, each place filled with a sample."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                name = f"{namespace}{pattern.name}"
                values = {key: sample(converter) for key, converter in pattern.pattern.converters.items()}
                yield name, values
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            outer = {key: sample(converter) for key, converter in pattern.pattern.converters.items()}
            for name, values in addresses(pattern, inner):
                yield name, outer | values


def sample(converter):
    kind = type(converter).__name__.removesuffix("Converter").lower()
    return SAMPLES.get("str" if kind == "string" else kind, "2015-06-10")


PAGES = sorted(addresses(), key=lambda page: page[0])


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "values"), PAGES, ids=[name for name, _ in PAGES])
def test_closed_unless_listed(name, values, client):
    if name in OPEN_PAGES:
        return
    response = client.get(reverse(name, kwargs=values))
    assert response.status_code == 302, f"{name} answers somebody who is not logged in"
    assert response["Location"].startswith("/log-in/")


def test_every_listed_page_exists():
    assert set(OPEN_PAGES) <= {name for name, _values in PAGES}
