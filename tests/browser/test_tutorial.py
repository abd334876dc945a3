"""The tutorial, step by step, with its own files: docs/tutorial/your-first-report.md."""

import re
from pathlib import Path

import pytest

#: All share one installation, so they run in one worker.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial"


def hand_in(page, imports: str, name: str) -> None:
    """Steps 3 and 4: send a file, look at the preview, hand it on."""
    page.goto(imports)
    page.set_input_files("input[type=file]", TUTORIAL / name)
    page.locator("main form[enctype] button").click()
    page.wait_for_load_state()


def test_from_a_list_to_a_signed_report(visit):
    duty = visit("duty")
    duty.goto("/")
    duty.get_by_role("link", name="Open an incident").first.click()
    duty.fill("[name=name_zh]", "测试麻疹")
    duty.fill("[name=name_en]", "Measles test")
    duty.select_option("[name=protocol]", "measles")
    duty.fill("[name=areas]", "2301")
    duty.get_by_role("button", name="Open the incident").click()
    here = re.search(r"/incidents/\d+/", duty.url)[0]

    hand_in(duty, f"{here}imports/", "measles_cases.csv")
    preview = duty.locator("main").inner_text()
    assert "2026-11-31" in preview
    duty.get_by_role("button", name=re.compile("Hand on")).first.click()
    duty.wait_for_load_state()
    hand_in(duty, f"{here}imports/", "measles_contacts.csv")
    duty.get_by_role("button", name=re.compile("Hand on")).first.click()
    duty.wait_for_load_state()

    duty.goto(f"{here}cases/")
    assert duty.locator("main tbody tr").count() == 6
    assert "赵一鸣" in duty.locator("main").inner_text()
    duty.goto(f"{here}contacts/")
    assert duty.locator("main tbody tr").count() == 4

    duty.goto(f"{here}reports/")
    today = duty.evaluate("new Intl.DateTimeFormat('sv-SE', {timeZone: 'Asia/Shanghai'}).format(new Date())")
    duty.fill("[name=day]", today)
    duty.get_by_role("button", name="Freeze the numbers").click()
    report = re.search(r"/incidents/\d+/reports/\d+/", duty.url)[0]
    assert duty.locator("a[href$='numbers/cases_cumulative/']").inner_text() == "5"
    assert duty.locator("a[href$='numbers/cases_suspected/']").inner_text() == "1"

    reviewer = visit("reviewer")
    reviewer.goto(report)
    reviewer.get_by_role("button", name="Reviewed, in order").click()
    signatory = visit("signatory")
    signatory.goto(report)
    signatory.get_by_role("button", name="Sign", exact=True).click()
    signatory.get_by_role("button", name="Publish").click()
    assert signatory.get_by_role("link", name="Public page").first.is_visible()
