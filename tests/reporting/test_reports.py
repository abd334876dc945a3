"""Draft, review, sign, publish, correct: who may, in which order, and that a signed report stays as it is."""

import json
import random
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from sizao.epi.disclosure import audit_recovery
from sizao.ops.governance import history
from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.registry.models import Area
from sizao.ops.reporting import actions, public
from sizao.ops.reporting.content import content_hash, is_unchanged
from sizao.ops.reporting.files import FILES
from sizao.ops.reporting.models import Report
from sizao.ops.reporting.numbers import day_numbers
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2015, 6, 10)
CUTOFF = make.AT + timedelta(hours=6)
NEXT_MORNING = CUTOFF + timedelta(hours=8)


@pytest.fixture
def people():
    roles = {"duty": Role.DUTY_OFFICER, "second": Role.DUTY_OFFICER, "signatory": Role.SIGNATORY}
    return {name: make.user(role) for name, role in roles.items()}


@pytest.fixture
def incident(people):
    make.areas()
    row = make.incident(people["duty"])
    row.areas.set(Area.objects.filter(path="CN0023"))
    for n in range(9):
        place = make.DAOLI if n < 7 else make.LONGSHA
        make.case(row, people["duty"], date_report=DAY, area_id=place, age=30 + n)
    return row


def draft(incident, people):
    return actions.draft_report(incident=incident, day=DAY, cutoff_at=CUTOFF, by=people["duty"], at=NEXT_MORNING)


def signed(incident, people):
    report = draft(incident, people)
    actions.review_reports(reports=[report], by=people["second"], at=NEXT_MORNING)
    actions.sign_reports(reports=[report], by=people["signatory"], at=NEXT_MORNING)
    return report


def published(incident, people):
    report = signed(incident, people)
    actions.publish_reports(reports=[report], by=people["signatory"], at=NEXT_MORNING)
    return report


def test_the_whole_way(incident, people):
    report = published(incident, people)
    assert (report.status, report.signed_by, len(report.content_hash)) == ("published", people["signatory"], 64)
    assert is_unchanged(report)


def test_the_cutoff_must_have_passed(incident, people):
    with pytest.raises(NotNow, match="cut-off has not come"):
        actions.draft_report(incident=incident, day=DAY, cutoff_at=CUTOFF, by=people["duty"], at=make.AT)


def test_the_hash_agrees_in_whatever_time_zone_the_cutoff_was_told(incident, people):
    local = CUTOFF.astimezone(ZoneInfo("Asia/Seoul"))
    report = actions.draft_report(incident=incident, day=DAY, cutoff_at=local, by=people["duty"], at=NEXT_MORNING)
    actions.review_reports(reports=[report], by=people["second"], at=NEXT_MORNING)
    actions.sign_reports(reports=[report], by=people["signatory"], at=NEXT_MORNING)
    assert is_unchanged(Report.objects.get(pk=report.pk))


def test_the_drafter_neither_reviews_nor_signs(incident, people):
    both = make.user(Role.DUTY_OFFICER)
    make.Grant.objects.create(user=both, role=Role.SIGNATORY, since=make.LONG_AGO)
    report = actions.draft_report(incident=incident, day=DAY, cutoff_at=CUTOFF, by=both, at=NEXT_MORNING)
    with pytest.raises(NotNow, match="another person must review"):
        actions.review_reports(reports=[report], by=both, at=NEXT_MORNING)
    actions.review_reports(reports=[report], by=people["second"], at=NEXT_MORNING)
    with pytest.raises(NotNow, match="another person must sign"):
        actions.sign_reports(reports=[report], by=both, at=NEXT_MORNING)


def test_only_the_signatory_signs_and_only_what_was_reviewed(incident, people):
    report = draft(incident, people)
    with pytest.raises(NotAllowed):
        actions.sign_reports(reports=[report], by=people["second"], at=NEXT_MORNING)
    with pytest.raises(NotNow):
        actions.sign_reports(reports=[report], by=people["signatory"], at=NEXT_MORNING)


def test_later_data_do_not_change_a_signed_report(incident, people):
    report = signed(incident, people)
    seal = report.content_hash
    make.case(incident, people["duty"], date_report=DAY, recorded_at=NEXT_MORNING)
    history.amend(list(incident.cases.all()), classification="discarded", by=people["duty"], at=NEXT_MORNING)
    report.refresh_from_db()
    assert content_hash(report) == seal
    with pytest.raises(NotNow):
        actions.write_text(report=report, text_zh="改", text_en="x", by=people["duty"], at=NEXT_MORNING)


def test_a_changed_content_no_longer_agrees_with_its_hash(incident, people):
    report = signed(incident, people)
    report.numbers["cases_new"]["total"] += 1
    assert not is_unchanged(report)


def test_a_correction_is_a_new_version_and_supersedes_when_published(incident, people):
    report = published(incident, people)
    make.case(incident, people["duty"], date_report=DAY, recorded_at=NEXT_MORNING)
    later = NEXT_MORNING + timedelta(hours=1)
    told = {
        "report": report,
        "cutoff_at": later,
        "note": "One case was reported late.",
        "by": people["duty"],
        "at": later,
    }
    correction = actions.correct_report(**told)
    assert (correction.version, correction.numbers["cases_new"]["total"]) == (2, 10)
    with pytest.raises(NotNow, match="begun already"):
        actions.correct_report(**told)
    actions.review_reports(reports=[correction], by=people["second"], at=later)
    actions.sign_reports(reports=[correction], by=people["signatory"], at=later)
    actions.publish_reports(reports=[correction], by=people["signatory"], at=later)
    report.refresh_from_db()
    assert (report.status, correction.status) == ("superseded", "published")
    assert report.numbers["cases_new"]["total"] == 9


def test_small_numbers_cannot_be_worked_out_from_the_public_version(incident, people):
    bulletin = published(incident, people).public
    areas = bulletin["tables"]["area"]["cases_new"]
    assert bulletin["totals"]["cases_new"] == 9
    assert areas == {"CN00230001": None, "CN00230002": None}  # 7 would give away the 2


def test_a_week_of_bulletins_gives_no_small_number_away(incident, people):
    """Everything published together is attacked with all sums and running totals; no blank is narrower than five,
    except where a total that is always public leaves no more room."""
    dice = random.Random(7)
    places = ["CN00230001", "CN00230002", make.DAOLI, make.LONGSHA, "CN0023"]
    history, shown = [], []
    for n in range(8):
        day = DAY + timedelta(days=n)
        for _each in range(dice.randint(0, 9)):
            make.case(incident, people["duty"], date_report=day, area_id=dice.choice(places), recorded_at=make.AT)
        numbers, _revisions = day_numbers(incident, day=day, cutoff_at=CUTOFF + timedelta(days=n))
        report = Report(incident=incident, date=day, numbers=numbers)
        table = public.protected(report, history, "area")
        report.public = public.public_version(report, history)
        history.append(report)
        shown.append(table.filter(pl.col("date") == day))
    everything = pl.concat(shown).with_columns(hidden=pl.col("count").is_null())
    dims = ["date", "measure", "area"]
    attacked = audit_recovery(everything, dims=dims, total_rows={"area": public.ALL}, running=public.RUNNING)
    narrow = attacked.filter("recoverable").join(everything, on=dims)
    assert everything["hidden"].sum() > 10
    assert set(narrow["reason"]) <= {"exposed"}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("public", [True, False])
def test_every_file_is_written(incident, people, kind, language, public):
    content = FILES[kind].write(published(incident, people), language, public)
    assert content[:4] == {"json": b"{\n  ", "csv": b"\xef\xbb\xbfm", "pdf": b"%PDF", "docx": b"PK\x03\x04"}[kind]


def test_the_public_json_holds_no_number_that_is_held_back(incident, people):
    content = json.loads(FILES["json"].write(published(incident, people), "en", True))
    assert "numbers" not in content
    assert content["public"]["tables"]["area"]["cases_new"]["CN00230002"] is None
