"""Who read about people is written down, and so is who tried and was refused."""

import pytest

from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from tests import factories as make
from tests.governance import scope_world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path):
    settings.STORE = tmp_path / "store"
    return worlds.build()


def written(act) -> list[str]:
    """The actions recorded while something is done."""
    last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    act()
    return list(AuditEntry.objects.filter(id__gt=last).order_by("id").values_list("action", flat=True))


@pytest.mark.parametrize(
    ("path", "action"),
    [
        ("/incidents/{incident}/cases/{case}/", "person.viewed"),
        ("/incidents/{incident}/contacts/{contact}/", "person.viewed"),
        ("/persons/{person}/", "person.viewed"),
        ("/persons/{person}/edit/", "person.viewed"),
        ("/incidents/{incident}/cases/export/", "cases.exported"),
        ("/incidents/{incident}/contacts/export/", "contacts.exported"),
        ("/incidents/{incident}/chains/cases.csv", "chains.exported"),
        ("/incidents/{incident}/chains/links.csv", "chains.exported"),
        ("/incidents/{incident}/follow-up/", "round.viewed"),
        ("/duplicates/", "duplicates.listed"),
    ],
)
def test_a_read_of_identified_records_is_written_down(world, client, path, action):
    rows = world.a.rows
    address = path.format(
        incident=world.incident.pk, case=rows["case_id"][0].pk, contact=rows["contact_id"][0].pk,
        person=world.a.people[0].uuid,
    )  # fmt: skip
    client.force_login(make.user(Role.INVESTIGATOR, worlds.A))

    def read():
        response = client.get(address)
        assert response.status_code == 200

    assert action in written(read)


@pytest.mark.parametrize("path", ["/search/", "/incidents/{incident}/cases/", "/incidents/{incident}/contacts/"])
def test_a_search_by_name_is_written_down_without_the_name(world, client, path):
    client.force_login(make.user(Role.INVESTIGATOR, worlds.A))
    name = world.a.people[0].identity.full_name
    address = path.format(incident=world.incident.pk)
    assert "person.searched" in written(lambda: client.post(address, {"q": name}))
    assert name not in str(list(AuditEntry.objects.filter(action="person.searched").values("details", "reason")))


def test_a_refused_attempt_is_written_down_once(world, client):
    user = make.user(Role.ANALYST, worlds.B)
    client.force_login(user)
    address = f"/incidents/{world.incident.pk}/imports/"
    assert written(lambda: client.get(address)) == ["access.refused"]
    entry = AuditEntry.objects.get(action="access.refused")
    assert (entry.by, entry.details) == (user, {"permission": "import.commit", "method": "GET", "path": address})
