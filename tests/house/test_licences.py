"""Everything we run on may be given on with us, and the page that lists it is current."""

import pytest

from tools import licences

PACKAGES = licences.packages()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_licence_is_permitted(package):
    assert package.licences, f"{package.name} says {package.said}"
    assert package.licences <= licences.PERMITTED


def test_the_page_is_current():
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page(), "run: python -m tools.licences"


def test_most_of_what_is_pinned_is_looked_at():
    """The others are for other machines (Windows, a newer Python)."""
    assert len(PACKAGES) > 0.8 * len(licences.pinned()) > 20


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Apache-2.0 OR BSD-3-Clause", {"Apache-2.0", "BSD-3-Clause"}),
        ("MIT License", {"MIT"}),
        ("GNU Lesser General Public License v3 (LGPLv3)", {"LGPL-3.0-only"}),
        ("AGPL-3.0-only", {"AGPL-3.0-only"}),
        ("GNU General Public License v3", {"GNU General Public License v3"}),
    ],
)
def test_what_is_said_is_read(said, found):
    assert licences.expression(said) >= found
    if not found & licences.PERMITTED:
        assert not licences.expression(said) <= licences.PERMITTED
