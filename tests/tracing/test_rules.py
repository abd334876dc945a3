"""How long a contact is watched: from the day of listing to so many days after the last exposure."""

from datetime import date

import pytest

from sizao.ops.incidents.models import Incident
from sizao.ops.tracing.rules import watch

MERS = Incident(protocol="mers")  # 14 days for a close contact, none for other classes
LISTED = date(2015, 6, 10)


@pytest.mark.parametrize(
    ("contact_class", "last_exposure", "first", "last", "n_days"),
    [
        ("close", date(2015, 6, 9), LISTED, date(2015, 6, 23), 14),
        ("close", date(2015, 6, 10), date(2015, 6, 11), date(2015, 6, 24), 14),  # day 1 follows the exposure
        ("close", None, LISTED, date(2015, 6, 24), 15),  # counted from listing when nothing is known
        ("close", date(2015, 5, 28), LISTED, date(2015, 6, 11), 2),
        ("close", date(2015, 5, 27), LISTED, LISTED, 1),  # the last day
        ("close", date(2015, 5, 26), None, date(2015, 6, 9), 0),  # over when found
        ("unclassified", date(2015, 6, 9), LISTED, date(2015, 6, 23), 14),
        ("general", date(2015, 6, 9), None, None, 0),
    ],
)
def test_watch(contact_class, last_exposure, first, last, n_days):
    span = watch(MERS, contact_class=contact_class, date_listed=LISTED, date_last_exposure=last_exposure)
    assert (span.first, span.last, len(span.days())) == (first, last, n_days)
