"""A file becomes cases and contacts: once, completely, and back again."""

from datetime import date, timedelta

import pytest

from sizao.ops.cases.models import Case
from sizao.ops.governance import access, history
from sizao.ops.governance.models import Batch
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Task
from sizao.ops.intake import actions, store, understanding
from sizao.ops.intake.actions import handing_on
from sizao.ops.intake.models import Delivery, DeliveryStatus
from sizao.ops.registry.models import Lookalike, Person
from sizao.ops.tracing.models import Contact, Exposure
from tests import factories as make
from tests.intake.files import CASES, CONTACTS, many_cases

pytestmark = pytest.mark.django_db


def sentences(delivery):
    return [(problem.row, problem.message["msgid"]) for problem in delivery.problems.order_by("id")]


def test_a_line_list_becomes_cases(deliver):
    delivery = deliver(CASES, commit=True)
    assert (delivery.status, delivery.n_handed_on, delivery.n_created) == (DeliveryStatus.COMMITTED, 3, 3)
    case = Case.objects.select_related("person").get(number="A1")
    assert (case.classification, case.date_onset, case.area_id) == ("confirmed", date(2015, 5, 20), make.DAOLI)
    assert case.person.identity.full_name == "张伟"
    assert case.batch_id == delivery.hands_on_id == case.person.batch_id


def test_the_same_file_twice_is_one_delivery(deliver, incident, officer, at):
    first = deliver(CASES, commit=True)
    again, is_new = actions.receive(
        incident=incident, pieces=[CASES.encode()[:50], CASES.encode()[50:]], file_name="copy.csv", by=officer, at=at
    )
    assert (again, is_new) == (first, False)
    with pytest.raises(NotNow):
        actions.begin_commit(delivery=again, by=officer, at=at)
    assert (Delivery.objects.count(), Case.objects.count()) == (1, 3)


def test_a_corrected_file_updates_and_makes_nothing_new(deliver):
    deliver(CASES, commit=True)
    second = deliver(CASES.replace("suspected", "confirmed"), commit=True)
    assert (second.n_created, second.n_updated, second.n_unchanged) == (0, 1, 2)
    assert (Case.objects.count(), Person.objects.count()) == (3, 3)
    assert history.past_of(Case.objects.get(number="A2"))[0].values == {"classification": "suspected"}


def test_contacts_hang_on_their_cases(deliver):
    deliver(CASES, commit=True)
    delivery = deliver(CONTACTS, commit=True)
    assert Contact.objects.count() == 3
    assert set(Exposure.objects.values_list("source_case__number", "person__contacts__number")) == {
        ("A1", "K1"),
        ("A1", "K2"),
    }
    assert [problem.row for problem in delivery.problems.filter(column="source_id")] == [4]  # A9 is nobody


def test_the_person_of_a_case_is_recognised_among_contacts(deliver):
    deliver(CASES, commit=True)
    deliver(
        CONTACTS.replace("赵敏,13900001111", "张 伟,138 0000 1111").replace("A1,2015-05-21", "A2,2015-05-21"),
        commit=True,
    )
    assert Person.objects.count() == 5
    contact = Contact.objects.get(number="K1")
    assert contact.became_case.number == "A1"


def test_alike_is_noted_and_not_merged(deliver):
    deliver(CASES, commit=True)
    deliver(
        "case_id,full_name,sex,date_birth,date_onset,date_report,area\nB1,章薇,男,1980-02-03,,2015-06-01,230102\n",
        commit=True,
    )
    pair = Lookalike.objects.get()
    assert (pair.score, pair.older.identity.name, pair.newer.identity.name) == (70, "张伟", "章薇")


def test_two_rows_of_one_file_may_be_one_person(deliver):
    rows = CASES + "A4,张伟,男,1980-02-03,13800001111,confirmed,2015-06-01,2015-06-02,230102\n"
    deliver(rows, commit=True)
    assert Person.objects.count() == 3
    assert set(Case.objects.filter(person__cases__number="A1").values_list("number", flat=True)) == {"A1", "A4"}


def test_the_preview_compares_all_rows_of_a_file(deliver, monkeypatch):
    monkeypatch.setattr(understanding, "SLICE", 10)
    twin = many_cases(1).split(b"\n")[1].replace(b"M0,", b"M99,")
    delivery = deliver(many_cases(35) + b"\n" + twin)
    found = store.read_frame(delivery.pk, "found")
    assert found.filter(found["score"] >= 90).select("row", "other").rows() == [(37, -2)]


@pytest.mark.parametrize("somebody_came_meanwhile", [False, True])
def test_twins_in_different_chunks_are_one_person(deliver, officer, at, monkeypatch, somebody_came_meanwhile):
    monkeypatch.setattr(handing_on, "CHUNK", 10)
    first = many_cases(1).split(b"\n")[1]
    alike = "M98,赵八,男,1950-01-01,,confirmed,,2014-05-01,230102".encode()  # same sound as nobody, same birth date
    delivery = deliver(many_cases(35) + b"\n" + first.replace(b"M0,", b"M99,") + b"\n" + alike)
    if somebody_came_meanwhile:  # what the preview found does not hold any more
        make.person(officer, name="路人")
    begun = actions.begin_commit(delivery=delivery, by=officer, at=at)
    assert begun.options["preview_holds"] is not somebody_came_meanwhile
    actions.commit_to_the_end(delivery=delivery, by=officer, at=at)
    assert Case.objects.count() == 37
    assert Case.objects.get(number="M99").person == Case.objects.get(number="M0").person


def test_choices_of_a_person_win(deliver, officer, at):
    known = deliver(CASES, commit=True) and Case.objects.get(number="A1").person
    text = (
        "case_id,full_name,sex,date_birth,phone,date_onset,date_report,area\n"
        "B1,章薇,男,1980-02-03,,,2015-06-01,230102\n"  # alike: told to be the same
        "B2,李娜,女,1975-11-30,13800002222,,2015-06-01,230102\n"  # certain: told to be another
        "B3,周杰,男,1990-01-01,,,2015-06-01,230102\n"  # told to be left out
    )
    delivery = deliver(text)
    actions.choose(delivery=delivery, choices={2: known.pk, 3: "new", 4: "left out"}, by=officer, at=at)
    actions.begin_commit(delivery=delivery, by=officer, at=at)
    actions.commit_to_the_end(delivery=delivery, by=officer, at=at)
    assert Case.objects.get(number="B1").person == known
    assert Case.objects.get(number="B2").person != Case.objects.get(number="A2").person
    assert not Case.objects.filter(number="B3").exists()


def test_a_number_that_is_somebody_else_is_refused(deliver):
    deliver(CASES, commit=True)
    delivery = deliver(CASES.replace("张伟,男,1980-02-03,13800001111", "周杰伦,女,1950-05-05,13700009999"))
    assert [row for row, sentence in sentences(delivery) if "another person" in sentence] == [2]
    assert "another person" in str(
        sentences(deliver(CASES.replace("张伟,男,1980-02-03,13800001111", "郑和,,,"), commit=True))
    )
    assert Case.objects.get(number="A1").person.identity.name == "张伟"


def test_of_somebody_unnamed_another_sex_and_age_is_another_person(deliver):
    nameless = "case_id,sex,age,date_onset,date_report,classification\nB1,男,35,,2015-06-01,confirmed\n"
    deliver(nameless, commit=True)
    mixed_up = deliver(nameless.replace("男,35", "女,70"), commit=True)
    assert [row for row, sentence in sentences(mixed_up) if "another person" in sentence] == [2]
    kept = Case.objects.get(number="B1").person
    assert (kept.sex, kept.year_birth) == ("male", 1980)
    named = deliver(nameless.replace("case_id,", "case_id,full_name,").replace("B1,男,35", "B1,张伟,男,36"))
    assert sentences(named) == [] and named.options["n_known"] == 1
    assert deliver(nameless.replace("男", "女")).options["n_known"] == 1  # a sex corrected


def test_areas_are_understood_as_people_write_them(deliver):
    delivery = deliver(CASES.replace("230103", "哈尔滨市南岗区").replace("230102", "Atlantis", 1), commit=True)
    assert Case.objects.get(number="A3").area_id == make.NANGANG
    assert Case.objects.get(number="A1").area_id == "CN00230001"  # the incident's area
    assert [row for row, sentence in sentences(delivery) if "not known as an area" in sentence] == [2]


def test_rows_outside_the_users_area_are_refused(deliver):
    investigator = make.user(Role.INVESTIGATOR, make.DAOLI)
    delivery = deliver(CASES, by=investigator, commit=True)
    assert set(Case.objects.values_list("number", flat=True)) == {"A1", "A2"}
    assert [(row, "outside your posts" in text) for row, text in sentences(delivery)] == [(4, True)]


def test_who_may_not_import_imports_nothing(incident, at):
    analyst = make.user(Role.ANALYST)
    with pytest.raises(access.NotAllowed):
        actions.receive(incident=incident, pieces=[b"x"], file_name="x.csv", by=analyst, at=at)


def test_identifiers_of_the_source_system_join_its_files(deliver):
    cases = (
        "external_id,case_id,full_name,classification,date_report,area\nUUID-1,S1,张伟,confirmed,2015-06-01,230102\n"
    )
    deliver(cases, commit=True, format="sizao-cases")
    deliver("source_id,exposed_id\nUUID-1,S2\n".replace("S2", "S2"), commit=False)
    contacts = "contact_id,full_name,source_id,date_exposure_last,area\nK1,赵敏,UUID-1,2015-06-01,230102\n"
    deliver(contacts, commit=True)
    assert Exposure.objects.get().source_case.number == "S1"


def test_chunks_continue_where_they_stopped(deliver, officer, at, monkeypatch):
    monkeypatch.setattr(handing_on, "CHUNK", 10)
    delivery = deliver(many_cases(35))
    actions.begin_commit(delivery=delivery, by=officer, at=at)
    for done in (10, 20):
        assert actions.commit_chunk(delivery=delivery, by=officer, at=at).n_handed_on == done
    assert Case.objects.count() == 20
    actions.commit_to_the_end(delivery=delivery, by=officer, at=at + timedelta(days=1))
    assert (Case.objects.count(), Person.objects.count(), Batch.objects.count()) == (35, 35, 1)
    assert set(Case.objects.values_list("recorded_at", flat=True)) == {at}
    assert actions.commit_chunk(delivery=delivery, by=officer, at=at).status == DeliveryStatus.COMMITTED


def test_a_refused_row_does_not_hold_up_the_others(deliver, monkeypatch):
    monkeypatch.setattr(handing_on, "CHUNK", 10)
    record = handing_on.HANDERS["cases"]
    twin = many_cases(1).split(b"\n")[1].replace(b"M0,", b"M25,")

    def refuses_one(chunk):
        if "M7" in chunk.frame["case_id"].to_list():
            raise ValueError("too odd")
        return record(chunk)

    monkeypatch.setitem(handing_on.HANDERS, "cases", refuses_one)
    delivery = deliver(many_cases(25) + b"\n" + twin, commit=True)
    assert Case.objects.count() == 25
    assert Case.objects.get(number="M25").person == Case.objects.get(number="M0").person
    assert sentences(delivery) == [(9, "This row could not be recorded: {reason}")]


def test_a_first_load_is_the_same_as_a_slow_one(deliver, monkeypatch):
    again = many_cases(60) + b"\n" + many_cases(60).split(b"\n")[1].replace(b"M0,", b"M60,")
    monkeypatch.setattr(handing_on, "REBUILD_FROM", 50)
    monkeypatch.setattr(handing_on, "FIRST_LOAD_CHUNK", 25)
    delivery = deliver(again, commit=True)
    assert (delivery.n_created, Case.objects.count(), Person.objects.count()) == (61, 61, 60)
    assert Case.objects.get(number="M60").person == Case.objects.get(number="M0").person


def test_undo_removes_what_was_made_and_puts_back_what_was_changed(deliver, officer, at):
    first = deliver(CASES, commit=True)
    second = deliver(
        CASES.replace("suspected", "confirmed").replace("A3,王小明", "A5,孙悟空")
        + "A6,周瑜,男,,,confirmed,,2015-06-01,230102\n",
        commit=True,
    )
    assert Case.objects.count() == 5
    undone = actions.undo_delivery(delivery=second, by=officer, at=at + timedelta(hours=1))
    assert set(Case.objects.values_list("number", flat=True)) == {"A1", "A2", "A3"}
    assert Case.objects.get(number="A2").classification == "suspected"
    assert Person.objects.count() == 3
    assert undone.stayed == 0
    assert not Task.objects.filter(subject_kind="case").exclude(subject_id__in=Case.objects.values("pk")).exists()
    actions.undo_delivery(delivery=first, by=officer, at=at + timedelta(hours=2))
    assert (Case.objects.count(), Person.objects.count(), Task.objects.count()) == (0, 0, 0)


def test_undo_leaves_what_others_worked_on(deliver, officer, at):
    delivery = deliver(CASES, commit=True)
    later = at + timedelta(hours=1)
    history.amend([Case.objects.get(number="A1")], note="seen", by=officer, at=later)
    exposed = make.person(officer)
    make.exposure(Case.objects.get(number="A2"), exposed, officer)
    undone = actions.undo_delivery(delivery=delivery, by=officer, at=later)
    assert set(Case.objects.values_list("number", flat=True)) == {"A1", "A2"}
    assert Person.objects.filter(cases__isnull=False).count() == 2
    assert undone.stayed == 4  # two cases, two persons
    assert len([1 for _row, text in sentences(delivery) if "was not removed" in text]) == 4


def test_undo_does_not_overwrite_later_changes(deliver, officer, at):
    deliver(CASES, commit=True)
    second = deliver(CASES.replace("suspected", "confirmed"), commit=True)
    later = at + timedelta(hours=1)
    history.amend([Case.objects.get(number="A2")], classification="discarded", by=officer, at=later)
    undone = actions.undo_delivery(delivery=second, by=officer, at=later)
    assert Case.objects.get(number="A2").classification == "discarded"
    assert (undone.put_back, undone.stayed) == (0, 1)


def test_an_undone_file_can_be_read_and_handed_on_again(deliver, officer, at):
    delivery = deliver(CASES, commit=True)
    actions.undo_delivery(delivery=delivery, by=officer, at=at)
    delivery.refresh_from_db()
    actions.read_delivery(delivery=delivery, by=officer, at=at)
    actions.begin_commit(delivery=delivery, by=officer, at=at)
    actions.commit_to_the_end(delivery=delivery, by=officer, at=at)
    assert Case.objects.count() == 3
