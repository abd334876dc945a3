"""A duty officer, a county's investigator and an incident with something of everything."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from sizao.ops.governance.clock import now
from sizao.ops.governance.roles import Role
from sizao.ops.registry.models import Holding
from tests import factories as make

#: The incident's day: 10 June 2015, 18:00 in Seoul.
TODAY = date(2015, 6, 10)


def behind() -> int:
    """Seconds that put the incident's clock near `factories.AT`, on a whole day so that dates hold while tests run."""
    return int((now() - make.AT).total_seconds())


@pytest.fixture
def desk(db, client):
    """An incident on a 2015 clock with cases, contacts, follow-ups and tasks in three counties."""
    areas = make.areas()
    officer = make.user(Role.DUTY_OFFICER)
    incident = make.incident(officer, kind="demonstration", clock_behind_s=behind())
    incident.areas.add(areas["CN0023"])
    post = make.post(Role.DUTY_OFFICER)
    Holding.objects.create(post=post, user=officer, grant=officer.grants.get(), since=make.LONG_AGO)
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    return SimpleNamespace(client=client, officer=officer, incident=incident, post=post, areas=areas, at=make.AT)


def earlier(**span) -> datetime:
    return make.AT - timedelta(**span)


def later(**span) -> datetime:
    return make.AT + timedelta(**span)
