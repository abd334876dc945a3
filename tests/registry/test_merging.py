"""Two records become one person and, if that was wrong, two again with every row where it was."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizao.ops.governance import access, history
from sizao.ops.governance.roles import Role
from sizao.ops.registry import actions
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.models import Decision, Lookalike, Merge, Person
from sizao.ops.tracing.models import Contact, Exposure
from sizao.vocabulary.codes import ContactStatus
from tests import factories as make

pytestmark = pytest.mark.django_db
BOOKKEEPING = {
    "governance.AuditEntry",
    "governance.Deed",
    "governance.LedgerEntry",
    "governance.PastState",
    "governance.RowChange",
    "registry.Merge",
}


@pytest.fixture
def officer(db):
    make.areas()
    return make.user(Role.DUTY_OFFICER)


def tables():
    """Every row of every table, without the time since when it says what it says."""
    found = {}
    for model in apps.get_models():
        if model._meta.label not in BOOKKEEPING:
            names = [f.attname for f in model._meta.concrete_fields if f.name != "current_since"]
            found[model._meta.label] = sorted(map(repr, model._base_manager.values_list(*names)))
    return found


def both(officer, at, **values):
    kept, absorbed = make.person(officer, name="张伟"), make.person(officer, name="章伟", sex="male")
    merge = actions.merge_persons(kept=kept, absorbed=absorbed, values=values, by=officer, at=at)
    return kept, absorbed, merge


def test_rows_of_every_room_move(officer, at):
    incident = make.incident(officer)
    kept, absorbed = make.person(officer, name="张伟"), make.person(officer, name="章伟")
    case = make.case(incident, officer, person=absorbed)
    contact = make.contact(incident, officer, person=absorbed)
    exposure = make.exposure(make.case(incident, officer), absorbed, officer)
    actions.merge_persons(kept=kept, absorbed=absorbed, values={}, by=officer, at=at)
    for row in (case, contact, exposure):
        row.refresh_from_db()
        assert row.person_id == kept.pk
    absorbed.refresh_from_db()
    assert absorbed.merged_into_id == kept.pk
    assert history.past_of(case)[0].values == {"person_id": absorbed.pk}


def test_the_kept_person_says_what_was_chosen(officer, at):
    chosen = Identity(full_name="张炜", date_birth=date(1980, 2, 3))
    kept, _absorbed, merge = both(officer, at, identity=chosen, sex="male")
    kept = Person.objects.get(pk=kept.pk)
    assert (kept.identity, kept.sex, kept.year_birth) == (chosen, "male", 1980)
    actions.undo_merge(merge=merge, by=officer, at=at)
    kept = Person.objects.get(pk=kept.pk)
    assert (kept.identity.name, kept.sex, kept.year_birth, kept.key_birth) == ("张伟", "unknown", None, None)


def test_two_contacts_of_one_incident_are_followed_up_once(officer, at):
    incident = make.incident(officer)
    kept, absorbed = make.person(officer), make.person(officer)
    stays, aside = (make.contact(incident, officer, person=person) for person in (kept, absorbed))
    source = make.case(incident, officer)
    make.exposure(source, kept, officer)
    doubled = make.exposure(source, absorbed, officer)
    merge = actions.merge_persons(kept=kept, absorbed=absorbed, values={}, by=officer, at=at)
    aside.refresh_from_db()
    doubled.refresh_from_db()
    assert (aside.person_id, aside.status) == (absorbed.pk, ContactStatus.NOT_A_CONTACT)
    assert (doubled.person_id, doubled.withdrawn_at) == (absorbed.pk, at)
    assert Contact.objects.get(person=kept) == stays
    actions.undo_merge(merge=merge, by=officer, at=at)
    aside.refresh_from_db()
    doubled.refresh_from_db()
    assert (aside.status, doubled.withdrawn_at) == (ContactStatus.UNDER_FOLLOW_UP, None)


def test_what_was_changed_after_the_merge_stays(officer, at):
    incident = make.incident(officer)
    kept, absorbed, third = (make.person(officer, name=name) for name in "张李王")
    moved, given_on = (make.case(incident, officer, person=absorbed) for _ in range(2))
    values = {"identity": Identity(full_name="张伟")}
    merge = actions.merge_persons(kept=kept, absorbed=absorbed, values=values, by=officer, at=at)
    given_on.refresh_from_db()
    history.amend([given_on], person=third, by=officer, at=at)
    kept = Person.objects.get(pk=kept.pk)
    actions.amend_persons(changes=[(kept, {"identity": Identity(full_name="张三")})], by=officer, at=at)
    actions.undo_merge(merge=merge, by=officer, at=at)
    moved.refresh_from_db()
    given_on.refresh_from_db()
    assert (moved.person_id, given_on.person_id) == (absorbed.pk, third.pk)
    assert Person.objects.get(pk=kept.pk).identity.name == "张三"


def test_refusals_are_sentences(officer, at):
    kept, absorbed, merge = both(officer, at)
    third = make.person(officer)
    with pytest.raises(actions.MergeRefused, match="merged before"):
        actions.merge_persons(kept=third, absorbed=absorbed, values={}, by=officer, at=at)
    with pytest.raises(actions.MergeRefused, match="not two persons"):
        actions.merge_persons(kept=third, absorbed=third, values={}, by=officer, at=at)
    actions.merge_persons(kept=third, absorbed=kept, values={}, by=officer, at=at)
    with pytest.raises(actions.MergeRefused, match="Undo that merge first"):
        actions.undo_merge(merge=merge, by=officer, at=at)
    investigator = make.user(Role.INVESTIGATOR, make.DAOLI)
    elsewhere = make.person(officer, area_id=make.NANGANG)
    with pytest.raises(access.NotAllowed):
        actions.merge_persons(kept=elsewhere, absorbed=third, values={}, by=investigator, at=at)


def test_a_decision_leaves_the_list(officer, at):
    kept, absorbed = make.person(officer), make.person(officer)
    pair = Lookalike.objects.create(older=kept, newer=absorbed, score=95, reason={"msgid": "x"}, found_at=at)
    merge = actions.merge_persons(kept=kept, absorbed=absorbed, values={}, by=officer, at=at)
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by) == (Decision.ONE, officer)
    actions.undo_merge(merge=merge, by=officer, at=at)
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by) == (Decision.OPEN, None)
    actions.call_different(lookalikes=[pair], by=officer, at=at)
    [again] = actions.look_for_duplicates(persons=[absorbed.pk], by=officer, at=at) or [None]
    assert again is None


links = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=8)


@given(
    cases=st.lists(st.integers(0, 3), max_size=5),
    contacts=st.sets(st.tuples(st.integers(0, 1), st.integers(0, 3))),
    exposures=links,
    values=st.sampled_from([{}, {"sex": "female"}, {"identity": Identity(full_name="王五")}]),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merge_then_undo_leaves_everything_as_it_was(officer, at, cases, contacts, exposures, values):
    Merge.objects.all().delete()
    persons = [make.person(officer, name=name) for name in "赵钱孙李"]
    incidents = [make.incident(officer), make.incident(officer)]
    sources = [make.case(incidents[0], officer, person=person) for person in persons]
    for number in cases:
        make.case(incidents[1], officer, person=persons[number])
    for which, number in sorted(contacts):
        row = make.contact(incidents[which], officer, person=persons[number])
        make.follow_up(row, officer)
    for source, exposed in sorted(set(exposures)):
        make.exposure(sources[source], persons[exposed], officer)
    before = tables()
    later = at + timedelta(hours=1)
    merge = actions.merge_persons(kept=persons[0], absorbed=persons[1], values=values, by=officer, at=later)
    assert tables() != before
    pointing = [
        (model, field)
        for model, field in actions.merging.pointing_at_persons()
        if model._base_manager.filter(**{field: persons[1]}).exists()
    ]
    assert {model for model, _field in pointing} <= {Contact, Exposure}
    second = actions.merge_persons(kept=persons[2], absorbed=persons[0], values=values, by=officer, at=later)
    for one in (second, merge):
        actions.undo_merge(merge=one, by=officer, at=later)
    assert tables() == before
