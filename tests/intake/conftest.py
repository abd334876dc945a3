"""An incident in Harbin and somebody who may import into it."""

import pytest

from sizao.ops.governance.roles import Role
from sizao.ops.intake import actions, store
from sizao.ops.intake.models import DeliveryStatus
from sizao.ops.registry.models import Area
from tests import factories as make


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.STORE = tmp_path / "store"


@pytest.fixture
def officer(db):
    make.areas()
    return make.user(Role.DUTY_OFFICER, "CN0023", username="officer")


@pytest.fixture
def incident(officer):
    row = make.incident(officer)
    row.areas.set([Area.objects.get(path="CN00230001")])
    return row


@pytest.fixture
def deliver(incident, officer, at):
    """Receive and read a text or bytes; with `commit`, hand it on as well."""

    def deliver(content, *, name="list.csv", source="", commit=False, by=officer, when=at, **options):
        data = content if isinstance(content, bytes) else content.encode()
        delivery, _new = actions.receive(
            incident=incident, pieces=[data], file_name=name, source=source, by=by, at=when
        )
        if options:
            actions.choose(delivery=delivery, options=options, by=by, at=when)
        actions.read_delivery(delivery=delivery, by=by, at=when)
        if commit:
            assert delivery.status == DeliveryStatus.READ, delivery.message
            actions.begin_commit(delivery=delivery, by=by, at=when)
            actions.commit_to_the_end(delivery=delivery, by=by, at=when)
            delivery.refresh_from_db()
            assert not store.has_frames(delivery.pk)
        return delivery

    return deliver
