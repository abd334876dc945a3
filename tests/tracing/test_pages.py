"""Pages of one case and one contact, the round of the day, the four clarities: what people see and do there."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.urls import reverse

from sizao.ops.cases.models import Case
from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.registry.actions import NewPerson, amend_persons, record_persons
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.models import Person
from sizao.ops.tracing import actions
from sizao.ops.tracing.clarities import Age, Line, Stage, aged
from sizao.ops.tracing.forms import initial_of
from sizao.ops.tracing.models import Contact, Exposure, FollowUp
from tests import factories as make
from tests.tracing.conftest import frame

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(by, at):
    """Its clock stands at the tests' moment whenever it is read."""
    from sizao.ops.governance.clock import now

    behind = int((now() - at).total_seconds())
    incident = make.incident(by, kind="drill", clock_behind_s=behind)
    incident.areas.set(["CN0023"])
    return incident


@pytest.fixture
def people(incident, source, by, at):
    """Three contacts of the source case, listed three days before the incident's present."""
    identities = [Identity(full_name=name, phones=("13900001111",)) for name in ("王芳", "李娜", "张伟")]
    new = [NewPerson(identity=each, area_path=make.DAOLI) for each in identities]
    persons = record_persons(persons=new, by=by, at=at - timedelta(days=3))
    rows = [
        {"contact_id": f"K{n}", "person_id": person.pk, "source_id": "A1", "setting": "household", "area": make.DAOLI,
         "date_exposure_last": date(2015, 6, 5)}
        for n, person in enumerate(persons)
    ]  # fmt: skip
    actions.record_contacts(incident=incident, records=frame(*rows), by=by, at=at - timedelta(days=3))
    return list(Contact.objects.order_by("number"))


@pytest.fixture
def browse(client, incident):
    """Open or post to a page as somebody; the answer."""

    def browse(name, *args, role=Role.INVESTIGATOR, area="CN0023", post=None, query=None, language="en"):
        user = browse.users.setdefault((role, area), None) or make.user(role, area)
        browse.users[role, area] = user
        client.force_login(user)
        client.cookies["django_language"] = language
        address = reverse(name, args=(incident.pk, *args))
        return client.get(address, query or {}) if post is None else client.post(address, post)

    browse.users = {}
    return browse


def text(response) -> str:
    assert response.status_code == 200, response.content.decode()[:1000]
    return response.content.decode()


def test_a_case_page_says_who_entered_what_and_whom_it_met(browse, source, people):
    shown = text(browse("cases:case", source.pk))
    assert all(word in shown for word in ("A1", "K0", "王芳", "Household", "entered by", "Onset"))
    assert AuditEntry.objects.filter(action="person.viewed", row_id=source.pk).count() == 1


def test_an_analyst_sees_no_name_and_leaves_no_trace_of_one(browse, source, people):
    shown = text(browse("cases:case", source.pk, role=Role.ANALYST))
    assert "王芳" not in shown and "13900001111" not in shown and "P-" in shown
    assert not AuditEntry.objects.filter(action="person.viewed").exists()


@pytest.mark.parametrize("name", ["cases:case", "tracing:contact"])
def test_pages_outside_the_readers_area_are_not_there(browse, source, people, name):
    pk = source.pk if name == "cases:case" else people[0].pk
    assert browse(name, pk, area=make.NANGANG).status_code == 404


def edit_values(case: Case) -> dict:
    values = {name: getattr(case, name) for name in ("classification", "outcome", "severity", "found_in", "origin")}
    return values | {
        "date_report": case.date_report.isoformat(), "area": case.area_id, "note": case.note,
        "read_at": case.current_since.isoformat(), "date_onset": case.date_onset.isoformat(),
    }  # fmt: skip


def test_the_second_editor_sees_the_first_ones_change_and_undoes_nothing(browse, source, by, at):
    mine = edit_values(source) | {"note": "mine"}
    theirs = edit_values(source) | {"severity": "severe", "reason": "ward round"}
    assert browse("cases:edit", source.pk, post=theirs).status_code == 302
    shown = text(browse("cases:edit", source.pk, post=mine))
    assert "ward round" in shown and "Severe" in shown and "mine" in shown
    source.refresh_from_db()
    assert (source.severity, source.note) == ("severe", "")
    again = mine | {"read_at": source.current_since.isoformat(), "severity": "severe"}
    assert browse("cases:edit", source.pk, post=again).status_code == 302
    source.refresh_from_db()
    assert (source.severity, source.note) == ("severe", "mine")


def test_days_that_cannot_both_be_true_are_refused(browse, source):
    wrong = edit_values(source) | {"date_outcome": "2015-05-01"}
    assert "before" in text(browse("cases:edit", source.pk, post=wrong))


def test_a_case_is_classified_with_its_reason(browse, source):
    browse("cases:classify", source.pk, post={"classification": "probable", "reason": "contact of a case"})
    shown = text(browse("cases:case", source.pk))
    assert "contact of a case" in shown and "Confirmed → Probable" in " ".join(shown.split())


def new_case(**values) -> dict:
    first = {"full_name": "赵敏", "sex": "female", "age": "34", "area": make.DAOLI, "classification": "suspected"}
    return first | {"date_report": "2015-06-10", "date_onset": "2015-06-09", "found_in": "community"} | values


def test_a_case_added_by_hand(browse):
    response = browse("cases:new", post=new_case())
    case = Case.objects.get(person__year_birth=1981)
    assert response["Location"].endswith(f"/cases/{case.pk}/")
    assert (case.age, case.date_onset, case.person.identity.full_name) == (34.0, date(2015, 6, 9), "赵敏")


def test_somebody_known_is_proposed_before_a_double_is_written(browse, people):
    first = new_case(full_name="王芳", phone="13900001111", sex="unknown", age="")
    n = Person.objects.count()
    assert "Is it one of these people?" in text(browse("cases:new", post=first))
    assert Person.objects.count() == n
    browse("cases:new", post=first | {"person": people[0].person_id})
    people[0].refresh_from_db()
    assert people[0].status == "became_case"
    assert (Person.objects.count(), people[0].became_case.person_id) == (n, people[0].person_id)
    browse("cases:new", post=first | {"person": "new"})
    assert Person.objects.count() == n + 1


@pytest.mark.parametrize(
    "wrong", [{"full_name": ""}, {"date_onset": "2015-06-11"}, {"case_id": "A1"}, {"area": "Atlantis"}, {"age": "200"}]
)
def test_a_case_that_cannot_be_is_not_written(browse, source, wrong):
    assert "error" in text(browse("cases:new", post=new_case(**wrong)))
    assert Case.objects.count() == 1


def test_a_source_is_added_by_its_number_and_an_unknown_one_is_told(browse, incident, source, by):
    other = make.case(incident, by, number="A2", area_id=make.DAOLI)
    browse("tracing:add_source", other.pk, post={"source": "A1"})
    assert Exposure.objects.get().source_case == source
    browse("tracing:add_source", other.pk, post={"source": "A99"})
    assert "A99" in text(browse("cases:case", other.pk))


def test_a_contact_page_says_why_and_shows_the_days(browse, people, at):
    shown = text(browse("tracing:contact", people[0].pk, language="zh-hans"))
    assert "密切接触者" in shown and "共同居住" in shown and "06-11" in shown
    assert AuditEntry.objects.filter(action="person.viewed", row_id=people[0].pk).exists()


def test_a_contact_is_brought_under_control_and_that_is_taken_back(browse, people, at):
    browse("tracing:clear", people[0].pk, "controlled_at", post={})
    people[0].refresh_from_db()
    assert people[0].controlled_at and people[0].located_at and people[0].identified_at
    browse("tracing:undo", people[0].pk, post={"reason": "wrong person"})
    people[0].refresh_from_db()
    assert people[0].controlled_at is None and people[0].located_at is None and people[0].identified_at


def test_a_contact_becomes_a_case(browse, people):
    response = browse(
        "tracing:convert",
        people[0].pk,
        post={"classification": "confirmed", "found_in": "quarantine", "date_onset": ""},
    )
    people[0].refresh_from_db()
    assert response["Location"].endswith(f"/cases/{people[0].became_case_id}/")
    assert people[0].number in text(browse("cases:case", people[0].became_case_id))


def test_a_contact_added_by_hand_for_a_case(browse, source):
    given = {"full_name": "钱进", "sex": "male", "area": make.DAOLI, "source_id": "A1", "setting": "household",
             "closeness": "unknown", "date_exposure_last": "2015-06-09"}  # fmt: skip
    assert browse("tracing:new", post=given).status_code == 302
    assert Contact.objects.get().contact_class == "close"
    assert "A98" in text(browse("tracing:new", post=given | {"source_id": "A98", "full_name": "孙立"}))
    assert Contact.objects.count() == 1 and Person.objects.count() == 2  # nothing half done


@pytest.mark.parametrize(
    ("days", "field", "sentence"),
    [
        ({"date_exposure_last": "2015-06-11"}, "date_exposure_last", "still to come"),
        ({"date_exposure_first": "2015-06-11"}, "date_exposure_first", "still to come"),
        ({"date_exposure_first": "1899-12-31"}, "date_exposure_first", "before 1900"),
        ({"date_exposure_first": "2015-06-09", "date_exposure_last": "2015-06-08"}, "date_exposure_last",
         "This is before “First exposure”"),
        ({"date_exposure_last": "2015-06-08", "date_birth": "2015-06-09"}, "date_exposure_last", "was born"),
    ],
)  # fmt: skip
def test_days_of_exposure_that_cannot_be_are_refused_at_their_field(browse, source, days, field, sentence):
    given = {"full_name": "钱进", "sex": "male", "area": make.DAOLI, "source_id": "A1", "setting": "household",
             "closeness": "unknown", **days}  # fmt: skip
    shown = text(browse("tracing:new", post=given))
    assert sentence in shown.partition(f'id="id_{field}_error">')[2].partition("</p>")[0]
    assert not Contact.objects.exists() and Person.objects.count() == 1


def test_a_known_person_is_not_exposed_before_the_year_of_birth(browse, source, by):
    child = make.person(by, name="钱进", year_birth=2012, area_id=make.DAOLI)
    given = {"person": child.pk, "sex": "male", "area": make.DAOLI, "source_id": "A1", "setting": "household",
             "closeness": "unknown", "date_exposure_last": "2011-06-08"}  # fmt: skip
    assert "was born" in text(browse("tracing:new", post=given)) and not Contact.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [("date_listed", "2015-06-11", "still to come"), ("date_last_exposure", "1899-06-11", "before 1900"),
     ("located_at", "2015-06-12T08:00", "still to come"), ("date_last_exposure", "1980-01-01", "was born")],
)  # fmt: skip
def test_a_contact_is_not_edited_into_the_impossible(browse, people, field, value, sentence):
    Person.objects.filter(pk=people[0].person_id).update(year_birth=1990)
    first = {name: "" if known is None else known for name, known in initial_of(people[0]).items()}
    shown = text(browse("tracing:edit", people[0].pk, post=first | {field: value}))
    assert sentence in shown.partition(f'id="id_{field}_error">')[2].partition("</p>")[0]


def test_a_township_officer_lists_people_of_the_own_area_and_changes_nobody(browse, source, by, at):
    officer = {"role": Role.TOWNSHIP_OFFICER, "area": make.NANGANG}
    given = {"full_name": "钱进", "sex": "male", "setting": "household", "closeness": "unknown",
             "date_exposure_last": "2015-06-09"}  # fmt: skip
    assert browse("tracing:new", post=given | {"area": make.NANGANG}, **officer).status_code == 302
    contact = Contact.objects.get()
    assert contact.person.identity.full_name == "钱进" and contact.area_id == make.NANGANG
    assert browse("tracing:new", post=given | {"full_name": "孙立", "area": make.LONGSHA}, **officer).status_code == 403
    assert Contact.objects.count() == 1 and Person.objects.count() == 2  # nobody half written
    user = browse.users[Role.TOWNSHIP_OFFICER, make.NANGANG]
    with pytest.raises(NotAllowed):
        amend_persons(changes=[(contact.person, {"sex": "female"})], by=user, at=at)


def test_an_exposure_is_withdrawn_with_a_reason(browse, people):
    exposure = Exposure.objects.get(person=people[0].person_id)
    browse("tracing:withdraw", exposure.pk, post={"reason": ""})
    assert not Exposure.objects.filter(withdrawn_at__isnull=False).exists()
    browse("tracing:withdraw", exposure.pk, post={"reason": "was away"})
    people[0].refresh_from_db()
    assert people[0].status == "not_a_contact"
    assert browse("tracing:withdraw", exposure.pk, area=make.NANGANG).status_code == 404


def today(contact) -> FollowUp:
    return FollowUp.objects.get(contact=contact, date_due=date(2015, 6, 10))


def test_one_button_records_a_visit_and_the_same_card_takes_it_back(browse, people):
    officer = {"role": Role.TOWNSHIP_OFFICER, "area": make.DAOLI}
    shown = text(browse("tracing:follow_up", **officer))
    assert "王芳" in shown and 'href="tel:13900001111"' in shown
    day = today(people[0])
    browse("tracing:record", day.pk, post={"outcome": "ok", "temperature_c": "36.6"}, **officer)
    day.refresh_from_db()
    assert (day.outcome, day.temperature_c) == ("ok", 36.6)
    assert "王芳" not in text(browse("tracing:follow_up", **officer))
    assert "王芳" in text(browse("tracing:follow_up", query={"tab": "done"}, **officer))
    browse("tracing:record", day.pk, post={"outcome": "not_tried"}, **officer)
    day.refresh_from_db()
    assert (day.outcome, day.done_at) == ("not_tried", None)


def test_days_nobody_tried_are_missed(browse, people):
    shown = text(browse("tracing:follow_up", query={"tab": "overdue"}))
    assert shown.count('class="visit"') == 9  # three contacts, 7, 8 and 9 June


def test_nobody_records_where_they_may_not(browse, people):
    assert browse("tracing:record", today(people[0]).pk, post={"outcome": "ok"}, role=Role.ANALYST).status_code == 403
    elsewhere = {"role": Role.TOWNSHIP_OFFICER, "area": make.NANGANG}
    assert browse("tracing:record", today(people[0]).pk, post={"outcome": "ok"}, **elsewhere).status_code == 404


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/incidents/1/../../log-out/"])
def test_the_button_leads_back_to_our_own_page_only(browse, incident, people, back):
    response = browse("tracing:record", today(people[0]).pk, post={"outcome": "ok", "back": back})
    assert response["Location"].startswith(f"/incidents/{incident.pk}/follow-up/")


def test_the_filter_of_the_round_is_kept(browse, incident, people):
    page = reverse("tracing:follow_up", args=[incident.pk])
    response = browse("tracing:record", today(people[0]).pk, post={"outcome": "ok", "back": f"{page}?area=CN0023"})
    assert response["Location"].startswith(f"{page}?area=CN0023#v")


def test_every_number_of_the_four_clarities_opens_its_list(browse, people, incident, by, at, client):
    actions.amend_contacts(contacts=[people[0]], changes={"controlled_at": at}, by=by, at=at)
    actions.amend_contacts(contacts=[people[1]], changes={"located_at": at}, by=by, at=at)
    shown = text(browse("tracing:clarities"))
    hrefs = {part.partition('"')[0] for part in shown.split('href="')[1:]}
    links = {href for href in hrefs if "clarity=" in href}
    assert links
    for link in links:
        head, _, query = link.replace("&amp;", "&").partition("?")
        number = int(shown.partition(f'href="{link}"')[2].partition(">")[2].partition("<")[0].strip() or -1)
        listed = client.get(f"{head}?{query}").content.decode()
        if number >= 0:
            assert listed.count('<td data-label="Number">') == number, link


@pytest.mark.parametrize(
    "counts", [(1, 1, 1, 0), (1, 2, 3, 7), (0, 0, 0, 1), (1, 1, 1, 4), (333, 333, 333, 1), (0, 0, 0, 0)]
)
def test_shares_add_up(counts):
    line = Line("CN", Counter(dict(zip(Stage, counts, strict=True))))
    assert sum(line.percents().values()) == (100 if sum(counts) else 0)
    assert line.listed == sum(counts) >= line.identified >= line.located >= line.controlled


def test_every_age_has_one_class(incident, by, at):
    for hours in (0, 11.99, 12, 23.9, 24, 47.9, 48, 500):
        make.contact(incident, by, recorded_at=at - timedelta(hours=hours))
    found = [Contact.objects.filter(aged(age, at)).count() for age in Age]
    assert found == [2, 2, 2, 2]
