"""Pages of areas, posts, persons and duplicates: what is shown, to whom, and what is written down."""

from datetime import date

import pytest
from django.urls import reverse

from sizao.ops.governance import access
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.registry import actions
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.models import Lookalike, Merge, Person, Post
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    make.areas()
    return make.user(Role.DUTY_OFFICER, "CN0023", language="en")


@pytest.fixture
def reading(client):
    """Log somebody in and get a page's text in English."""

    def reading(user, name, *args, status=200, **data):
        client.force_login(user)
        client.cookies["django_language"] = "en"
        address = reverse(name, args=args)
        response = client.post(address, data) if data.pop("post", False) else client.get(address, data)
        assert response.status_code == status, response.content.decode()[:2000]
        return response.content.decode()

    return reading


def recorded(officer, at, *names, **values):
    people = [
        actions.NewPerson(
            Identity(full_name=name, date_birth=date(1980, 2, 3), phones=(f"1380000{number}",)),
            area_path=make.DAOLI, **values,
        )
        for number, name in enumerate(names, 1000)
    ]  # fmt: skip
    return actions.record_persons(persons=people, by=officer, at=at)


def test_areas_from_the_country_down(officer, reading):
    assert "Heilongjiang" in reading(officer, "registry:area", "CN")
    page = reading(officer, "registry:area", "CN00230001")
    assert "Daoli District" in page
    assert "Longsha" not in page
    found = reading(officer, "registry:areas", q="南岗")
    assert "Nangang District" in found
    assert "Daoli" not in found
    assert reading(officer, "registry:area", "XX", status=404)


def test_a_person_is_named_to_those_who_may_know_and_that_is_written_down(officer, reading, at):
    [person] = recorded(officer, at, "张伟")
    page = reading(officer, "registry:person", person.uuid)
    assert "张伟" in page
    assert "13800001000" in page
    assert AuditEntry.objects.filter(action="person.viewed", row_id=person.pk, by=officer).count() == 1

    analyst = make.user(Role.ANALYST, "CN0023", language="en")
    page = reading(analyst, "registry:person", person.uuid)
    assert person.pseudonym in page
    assert "张伟" not in page
    assert not AuditEntry.objects.filter(action="person.viewed", by=analyst).exists()


def test_a_person_outside_ones_area_does_not_exist(officer, reading, at):
    [person] = recorded(officer, at, "张伟")
    elsewhere = make.user(Role.INVESTIGATOR, make.LONGSHA)
    reading(elsewhere, "registry:person", person.uuid, status=404)


def test_a_correction_keeps_what_was_said(officer, reading, client, at):
    [person] = recorded(officer, at, "张伟", sex="male")
    assert "张伟" in reading(officer, "registry:edit_person", person.uuid)
    data = {"full_name": "张炜", "sex": "male", "phones": "13800001000, 13800002000", "area": "230103"}
    reading(officer, "registry:edit_person", person.uuid, status=302, post=True, **data)
    person = Person.objects.get()
    assert (person.identity.full_name, person.identity.phones) == ("张炜", ("13800001000", "13800002000"))
    assert (person.area_id, person.identity.date_birth) == (make.NANGANG, None)
    data["area"] = "Nowhere"
    assert "No single area" in reading(officer, "registry:edit_person", person.uuid, post=True, **data)
    analyst = make.user(Role.ANALYST)
    reading(analyst, "registry:edit_person", person.uuid, status=403)


def test_from_the_list_of_duplicates_to_one_person_and_back(officer, reading, at):
    one, two = recorded(officer, at, "张伟", "章薇")
    incident = make.incident(officer)
    case = make.case(incident, officer, person=two, area_id=make.DAOLI)
    actions.look_for_duplicates(persons=[two.pk], by=officer, at=at)
    page = reading(officer, "registry:duplicates")
    assert "Same birth date, and the names sound alike" in page
    page = reading(officer, "registry:compare", one.uuid, two.uuid)
    assert "张伟" in page
    assert "章薇" in page
    assert 'name="pick-full_name"' in page
    assert 'name="pick-date_birth"' not in page  # equal on both sides
    reading(officer, "registry:compare", one.uuid, two.uuid, status=302, post=True, **{"pick-full_name": "right"})
    one = Person.objects.get(pk=one.pk)
    assert (one.identity.full_name, one.identity.phones) == ("章薇", ("13800001000", "13800001001"))
    page = reading(officer, "registry:person", one.uuid)
    assert case.number in page
    merge = Merge.objects.get()
    assert "Undo" in page
    assert "Rows that moved" in reading(officer, "registry:undo_merge", merge.pk)
    reading(officer, "registry:undo_merge", merge.pk, status=302, post=True, reason="two sisters")
    case.refresh_from_db()
    assert case.person_id == two.pk
    assert Person.objects.get(pk=one.pk).identity.full_name == "张伟"


def test_two_people_are_not_proposed_again(officer, reading, at):
    _one, two = recorded(officer, at, "张伟", "章薇")
    [pair] = actions.look_for_duplicates(persons=[two.pk], by=officer, at=at)
    reading(officer, "registry:different", pair.pk, status=302, post=True)
    assert "Nothing to decide" in reading(officer, "registry:duplicates")
    assert actions.look_for_duplicates(persons=[two.pk], by=officer, at=at) == []
    assert Lookalike.objects.get().decided_by == officer


def test_duplicates_of_other_areas_are_not_shown(officer, reading, at):
    _one, two = recorded(officer, at, "张伟", "章薇")
    actions.look_for_duplicates(persons=[two.pk], by=officer, at=at)
    elsewhere = make.user(Role.INVESTIGATOR, make.LONGSHA, language="en")
    assert "Nothing to decide" in reading(elsewhere, "registry:duplicates")
    reading(make.user(Role.ANALYST), "registry:duplicates", status=403)
    reading(make.user(Role.ANALYST, "CN0023"), "registry:compare", _one.uuid, two.uuid, status=403)


def test_a_pair_across_two_counties_is_for_their_city_to_decide(officer, reading, at):
    here = actions.NewPerson(Identity(full_name="张伟", phones=("13800001000",)), area_path=make.DAOLI)
    there = actions.NewPerson(Identity(full_name="张伟", phones=("13800001000",)), area_path=make.NANGANG)
    _one, two = actions.record_persons(persons=[here, there], by=officer, at=at)
    [pair] = actions.look_for_duplicates(persons=[two.pk], by=officer, at=at)
    assert pair.area_id == "CN00230001"
    for area, seen in ((make.DAOLI, False), (make.NANGANG, False), ("CN00230001", True)):
        investigator = make.user(Role.INVESTIGATOR, area, language="en")
        assert ("Same name and telephone" in reading(investigator, "registry:duplicates")) is seen


def test_posts_are_made_and_given(officer, reading, at):
    manager = make.user(Role.ADMINISTRATOR, language="en")
    user = make.user(username="newcomer")
    names = {"name_zh": "道里疾控", "name_en": "Daoli CDC", "area": "230102"}
    reading(manager, "registry:add_unit", status=302, post=True, **names)
    unit = Post._meta.get_field("unit").related_model.objects.get(name_en="Daoli CDC")
    titles = {"unit": unit.pk, "title_zh": "流调员", "title_en": "Tracer", "role": Role.INVESTIGATOR}
    reading(manager, "registry:add_post", status=302, post=True, **titles)
    post = Post.objects.get(title_en="Tracer")
    assert "Vacant" in reading(manager, "registry:posts")
    holding = actions.appoint(post=post, user=user, since=at, by=manager, at=at)
    page = reading(manager, "registry:posts")
    assert "newcomer" in page
    reading(officer, "registry:dismiss", holding.pk, status=403, post=True)
    reading(manager, "registry:dismiss", holding.pk, status=302, post=True)
    access.forget(user)
    assert "Vacant" in reading(manager, "registry:posts")
    assert "This field is required" in reading(manager, "registry:add_unit", status=422, post=True, name_zh="x")
