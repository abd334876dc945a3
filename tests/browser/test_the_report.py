"""From draft to the public page, by four people, in the browser."""

import re

import pytest

#: All share one installation, so they run in one worker.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_from_draft_to_public(visit):
    duty = visit("duty")
    duty.goto("/incidents/1/reports/")
    if not duty.locator("[name=day]").is_visible():
        duty.locator("summary", has_text="Draft a report").click()
    duty.fill("[name=day]", "2015-06-16")
    duty.get_by_role("button", name="Freeze the numbers").click()
    address = re.search(r"/incidents/1/reports/\d+/", duty.url)[0]
    new = duty.locator("a[href$='numbers/cases_new/']").inner_text()
    duty.locator("a[href$='numbers/cases_new/']").click()
    assert duty.locator(".big").inner_text() == new == "8"
    assert duty.locator("table tbody tr").count() == 8
    duty.goto(address)
    duty.fill("[name=text_en]", "Eight new cases, all linked to hospitals.")
    duty.get_by_role("button", name="Save the text").click()
    assert duty.get_by_role("button", name="Sign").count() == 0

    reviewer = visit("reviewer")
    reviewer.goto(address)
    reviewer.get_by_role("button", name="Reviewed, in order").click()

    signatory = visit("signatory", "zh-CN", 390)
    signatory.goto(address)
    signatory.get_by_role("button", name="签发").click()
    assert signatory.get_by_text("哈希值相符").is_visible()
    signatory.get_by_role("button", name="发布").click()
    public = signatory.get_by_role("link", name="公开页面").first.get_attribute("href")

    anybody = visit(None)
    assert anybody.goto(public).status == 200
    assert "Eight new cases" in anybody.locator("main").inner_text()
    with anybody.expect_download() as download:
        anybody.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
