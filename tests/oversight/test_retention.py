"""Data go when their days are over: counted, signed, done, and not while somebody holds them."""

from datetime import date, timedelta

import pytest
from django.apps import apps

from sizao.ops.cases.models import Case
from sizao.ops.governance import access, history
from sizao.ops.governance.models import AuditEntry, PastState, RowChange
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.oversight import actions, due
from sizao.ops.oversight.emptying import emptied, is_destroyed, models_with_days, since
from sizao.ops.oversight.models import RetentionRun, RunStatus
from sizao.ops.registry.models import Person
from tests import factories as make

CLASSIFIED = [model for model in apps.get_models() if hasattr(model, "privacy")]


@pytest.mark.parametrize("model", models_with_days(), ids=lambda model: model._meta.label)
def test_the_days_of_every_model_are_counted_from_a_moment(model):
    assert since(model)


@pytest.mark.parametrize("model", CLASSIFIED, ids=lambda model: model._meta.label)
def test_what_identifies_goes_in_every_model(model):
    if model.privacy.identifying and not is_destroyed(model):
        going = {model._meta.get_field(name).name for name in emptied(model)}
        assert model.privacy.identifying - going <= {"username"}
        assert model in models_with_days()


@pytest.fixture
def world(at):
    make.areas()
    signer = make.user(Role.SIGNATORY)
    incident = make.incident(signer)
    person = make.person(signer, name="王小明", key_name=42, occupation="teacher")
    case = make.case(incident, signer, person=person, note="his neighbour told us", area_id=make.DAOLI)
    history.amend([case], note="told by the neighbour 王小明", by=signer, at=at + timedelta(hours=1))
    return signer, incident, person, case


@pytest.mark.django_db
def test_nothing_is_due_before_its_days_are_over(world, at):
    assert due.counts(at + timedelta(days=3000)) == {}


@pytest.mark.django_db
def test_what_is_due_is_listed_signed_done_and_counted(world, at):
    signer, _incident, person, case = world
    later = at + timedelta(days=3700)
    run = actions.prepare_run(by=signer, at=later)
    assert run.due["registry.Person"] == run.due["cases.Case"] == 1
    with pytest.raises(NotNow):
        actions.carry_out(run=run, by=signer, at=later)
    run = actions.sign_run(run=run, by=signer, at=later)
    done = actions.carry_out(run=run, by=signer, at=later + timedelta(hours=1))
    assert done.done == done.due
    person.refresh_from_db()
    case.refresh_from_db()
    assert (bytes(person.identity_sealed), person.key_name, person.occupation) == (b"", None, "")
    assert (case.note, case.classification) == ("", "confirmed")
    kept = str([*PastState.objects.values("values"), *RowChange.objects.values("before", "after")])
    assert "neighbour" not in kept
    assert due.counts(later) == {}
    entry = AuditEntry.objects.get(action="retention.carried_out")
    assert entry.details["done"] == done.done


@pytest.mark.django_db
def test_a_newer_record_keeps_the_person(world, at):
    signer, incident, person, _case = world
    later = at + timedelta(days=3700)
    make.contact(incident, signer, person=person, current_since=later - timedelta(days=10))
    assert "registry.Person" not in due.counts(later)


@pytest.mark.django_db
@pytest.mark.parametrize("held", ["person", "incident"])
def test_a_hold_keeps_everything_until_its_day(world, at, held):
    signer, incident, person, _case = world
    later = at + timedelta(days=3700)
    subject = {"person": person} if held == "person" else {"incident": incident}
    hold = actions.place_hold(**subject, reason="inquiry", until=later.date() + timedelta(days=9), by=signer, at=later)
    assert {"registry.Person", "cases.Case", "governance.PastState"}.isdisjoint(due.counts(later))
    assert "registry.Person" in due.counts(later + timedelta(days=10))  # its day has come
    actions.end_holds(holds=[hold], reason="closed", by=signer, at=later)
    assert "registry.Person" in due.counts(later)


@pytest.mark.django_db
def test_a_hold_after_the_signature_still_holds(world, at):
    signer, _incident, person, _case = world
    later = at + timedelta(days=3700)
    run = actions.sign_run(run=actions.prepare_run(by=signer, at=later), by=signer, at=later)
    actions.place_hold(person=person, reason="inquiry", until=date(2099, 1, 1), by=signer, at=later)
    actions.carry_out(run=run, by=signer, at=later)
    person.refresh_from_db()
    assert bytes(person.identity_sealed)


@pytest.mark.django_db
def test_a_newer_list_replaces_an_unsigned_one(world, at):
    signer = world[0]
    later = at + timedelta(days=3700)
    first = actions.prepare_run(by=signer, at=later)
    actions.prepare_run(by=signer, at=later + timedelta(days=1))
    with pytest.raises(NotNow):
        actions.sign_run(run=first, by=signer, at=later)
    assert RetentionRun.objects.get(pk=first.pk).status == RunStatus.OVERTAKEN


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role != Role.SIGNATORY])
def test_only_the_signatory_signs_holds_and_erases(world, at, role):
    _signer, incident, person, _case = world
    other, later = make.user(role), at + timedelta(days=3700)
    run = actions.prepare_run(by=other, at=later)
    for act in (
        lambda: actions.sign_run(run=run, by=other, at=later),
        lambda: actions.place_hold(incident=incident, reason="x", until=date(2099, 1, 1), by=other, at=later),
        lambda: actions.erase_person(person=person, legal_basis="x", by=other, at=later),
    ):
        with pytest.raises(access.NotAllowed):
            act()
    assert Case.objects.get().note and Person.objects.get(pk=person.pk).identity_sealed
