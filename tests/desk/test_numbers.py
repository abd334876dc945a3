"""The board's numbers are what the rows say, within the reader's reach."""

from datetime import date

from sizao.ops.desk.queries import numbers
from sizao.ops.governance.roles import Role
from tests import factories as make
from tests.desk.conftest import TODAY


def reader(desk, by=None):
    return {"by": by or desk.officer, "incident": desk.incident, "at": desk.at}


def test_cases_are_counted_by_class_today_and_in_all(desk):
    make.case(desk.incident, desk.officer, date_report=TODAY)
    make.case(desk.incident, desk.officer, classification="probable")
    make.case(desk.incident, desk.officer, classification="suspected", date_report=TODAY)
    counted = numbers.case_numbers(**reader(desk))
    assert counted.rows() == [("suspected", 1, 1), ("probable", 0, 1), ("confirmed", 1, 1)]
    assert (counted.n_counted, counted.n_counted_new) == (2, 1)


def test_the_curve_has_its_zeros_and_says_who_is_not_in_it(desk):
    make.case(desk.incident, desk.officer, date_onset=date(2015, 6, 1))
    make.case(desk.incident, desk.officer, date_onset=date(2015, 6, 3), classification="asymptomatic")
    make.case(desk.incident, desk.officer, date_onset=date(2015, 5, 1), classification="discarded")
    make.case(desk.incident, desk.officer, date_onset=None)
    counted = numbers.case_numbers(**reader(desk))
    assert counted.curve() == [
        (date(2015, 6, 1), [1, 0, 0]),
        (date(2015, 6, 2), [0, 0, 0]),
        (date(2015, 6, 3), [0, 0, 1]),
    ]
    assert counted.n_without_onset == 1


def test_the_curve_shows_the_last_sixty_days(desk):
    make.case(desk.incident, desk.officer, date_onset=date(2015, 1, 1))
    make.case(desk.incident, desk.officer, date_onset=date(2015, 6, 9))
    curve = numbers.case_numbers(**reader(desk)).curve()
    assert len(curve) == numbers.CURVE_DAYS
    assert curve[0][0] == date(2015, 4, 11)


def test_a_case_is_unlinked_until_its_source_is_known(desk):
    source = make.case(desk.incident, desk.officer, origin="imported")
    infected = make.case(desk.incident, desk.officer)
    make.case(desk.incident, desk.officer, classification="discarded")
    assert numbers.n_unlinked(**reader(desk)) == 1
    link = make.exposure(source, infected.person, desk.officer)
    assert numbers.n_unlinked(**reader(desk)) == 0
    type(link).objects.filter(pk=link.pk).update(withdrawn_at=desk.at)
    assert numbers.n_unlinked(**reader(desk)) == 1


def test_nobody_follows_single_chains_of_a_huge_outbreak(desk, monkeypatch):
    monkeypatch.setattr(numbers, "CHAINS_FOLLOWED_UP_TO", 2)
    make.case(desk.incident, desk.officer)
    make.case(desk.incident, desk.officer)
    assert numbers.n_unlinked(**reader(desk)) == 2
    make.case(desk.incident, desk.officer)
    assert numbers.n_unlinked(**reader(desk)) is None


def test_the_four_clarities_contain_each_other_and_leave_out_who_was_no_contact(desk):
    make.contact(desk.incident, desk.officer, controlled_at=desk.at)
    make.contact(desk.incident, desk.officer, identified_at=desk.at, status="completed")
    make.contact(desk.incident, desk.officer, identified_at=desk.at, status="not_a_contact")
    counted = numbers.clarity_numbers(**reader(desk))
    assert [(str(clarity.label), clarity.n) for clarity in counted] == [
        ("Listed", 2), ("Identified", 2), ("Located", 1), ("Under control", 1),
    ]  # fmt: skip
    assert numbers.n_under_follow_up(**reader(desk)) == 1


def test_follow_ups_due_done_ill_and_missed(desk):
    contact = make.contact(desk.incident, desk.officer, date_listed=date(2015, 6, 8))
    done = {"done_at": desk.at}
    make.follow_up(contact, desk.officer, date_due=date(2015, 6, 8), outcome="not_tried")
    make.follow_up(contact, desk.officer, date_due=date(2015, 6, 9), outcome="ok", **done)
    make.follow_up(contact, desk.officer, date_due=TODAY, outcome="ill", **done)
    make.follow_up(make.contact(desk.incident, desk.officer), desk.officer, date_due=TODAY)
    away = make.contact(desk.incident, desk.officer)
    make.follow_up(away, desk.officer, date_due=TODAY, outcome="not_reached", **done)
    over = make.contact(desk.incident, desk.officer, status="completed")
    make.follow_up(over, desk.officer, date_due=date(2015, 6, 7))
    make.follow_up(contact, desk.officer, date_due=date(2015, 6, 11))
    assert numbers.follow_up_numbers(**reader(desk)) == {"due": 3, "done": 2, "ill": 1, "missed": 1}


def test_a_county_counts_its_own(desk):
    county = make.user(Role.INVESTIGATOR, make.DAOLI)
    for area in (make.DAOLI, make.ZHAOLIN, make.NANGANG):
        make.case(desk.incident, desk.officer, area_id=area, date_onset=TODAY)
        contact = make.contact(desk.incident, desk.officer, area_id=area)
        make.follow_up(contact, desk.officer, date_due=TODAY)
    assert numbers.case_numbers(**reader(desk, county)).n_counted == 2
    assert numbers.n_unlinked(**reader(desk, county)) == 2
    assert numbers.clarity_numbers(**reader(desk, county))[0].n == 2
    assert numbers.follow_up_numbers(**reader(desk, county))["due"] == 2


def test_an_auditor_counts_nobody(desk):
    make.case(desk.incident, desk.officer)
    auditor = make.user(Role.AUDITOR)
    assert numbers.case_numbers(**reader(desk, auditor)).rows() == []
    assert numbers.clarity_numbers(**reader(desk, auditor))[0].n == 0
