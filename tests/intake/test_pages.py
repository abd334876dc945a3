"""The import as a user meets it: send, look, correct, hand on, undo; and every kind of bad file is a sentence."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizao.ops.cases.models import Case
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.intake import store, uploads
from sizao.ops.intake.models import Delivery, DeliveryStatus, SavedMapping
from sizao.ops.registry.models import Person
from tests import factories as make
from tests.intake.files import CASES

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, incident, officer):
    """Ask for or post to a page of the incident; answers the response after redirects."""
    client.force_login(officer)
    client.cookies["django_language"] = "en"

    def page(name, *args, status=200, **data):
        address = reverse(f"intake:{name}", args=[incident.pk, *args])
        post = data.pop("post", False) or "file" in data
        answer = client.post(address, data, follow=True) if post else client.get(address, data, follow=True)
        assert answer.status_code == status, answer.content.decode()[:3000]
        return answer

    return page


def sent(page, content, name="list.csv", status=200, **data):
    data = {"file": SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode()), **data}
    return page("list", status=status, **data).content.decode()


def test_send_look_hand_on(page):
    text = sent(page, CASES, source="City CDC")
    row = Delivery.objects.get()
    assert (row.status, row.source) == (DeliveryStatus.READ, "City CDC")
    assert "Line list of cases" in text
    assert "Hand on 3 records" in text
    assert "张伟" in text  # the first rows
    assert not Case.objects.exists()
    text = page("commit", row.pk, post=True).content.decode()
    assert "Handed on" in text
    assert Case.objects.count() == 3
    assert AuditEntry.objects.filter(action="delivery.viewed", row_id=row.pk).exists()
    assert "list.csv" in page("list").content.decode()


def test_the_same_file_again_is_its_own_page(page):
    sent(page, CASES)
    text = sent(page, CASES, name="another name.csv")
    assert "This file has arrived before" in text
    assert Delivery.objects.count() == 1


def test_problems_are_listed_downloaded_mended_and_sent_in_again(page):
    sent(page, CASES.replace("2015-05-20", "2015-02-31").replace("confirmed,2015-05-25", "perhaps,2015-05-25"))
    row = Delivery.objects.get()
    text = page("delivery", row.pk).content.decode()
    assert "there is no day “2015-02-31”" in text
    assert "“perhaps” is not known here" in text
    listed = b"".join(page("problems_file", row.pk).streaming_content).decode("utf-8-sig")
    assert len(listed.splitlines()[0].split(",")) == 5
    assert listed.count("\n") == 3
    to_mend = b"".join(page("refused_file", row.pk).streaming_content).decode("utf-8-sig")
    lines = to_mend.splitlines()
    assert lines[0].endswith("area,Sizao: problems")
    assert [line.split(",")[0] for line in lines[1:]] == ["A1", "A3"]
    mended = to_mend.replace("2015-02-31", "2015-05-20").replace("perhaps", "probable")
    page("commit", row.pk, post=True)
    assert Case.objects.count() == 1
    sent(page, mended)
    again = Delivery.objects.latest("id")
    assert (again.n_records, again.n_problems) == (2, 0)
    page("commit", again.pk, post=True)
    assert Case.objects.count() == 3


def test_columns_and_words_are_explained_once_per_sender(page):
    strange = CASES.replace("case_id", "Nr").replace("confirmed", "zzz")
    sent(page, strange, source="Elsewhere")
    row = Delivery.objects.get()
    text = page("delivery", row.pk).content.decode()
    assert "not known here" in text
    data = {f"target-{n}": each["target"] or "" for n, each in enumerate(row.mapping["fields"])}
    data |= {"target-0": "case_id", "word-5": "zzz", "meaning-5": "confirmed"}
    page("reading", row.pk, post=True, format="sizao-cases", **data)
    row.refresh_from_db()
    assert (row.format, row.n_records, row.n_problems) == ("sizao-cases", 3, 0)
    assert SavedMapping.objects.get().source == "Elsewhere"
    sent(page, strange.replace("A1", "B1").replace("A2", "B2").replace("A3", "B3"), source="Elsewhere")
    assert Delivery.objects.latest("id").n_records == 3


def test_a_list_of_unknown_kind_can_be_named(page):
    text = sent(page, "a,b\n1,2\n")
    row = Delivery.objects.get()
    assert row.status == DeliveryStatus.UNREADABLE
    assert "looks like none of the lists we know" in text
    page("reading", row.pk, post=True, format="sizao-cases")
    row.refresh_from_db()
    assert (row.status, row.format) == (DeliveryStatus.READ, "sizao-cases")
    page("reading", row.pk, post=True, format="sizao-cases", **{"target-0": "case_id", "target-1": "note"})
    row.refresh_from_db()
    assert row.n_records == 1


def test_decisions_about_likely_persons(page):
    sent(page, CASES)
    page("commit", Delivery.objects.get().pk, post=True)
    sent(page, CASES.replace("A1", "B1").replace("A2", "B2").replace("A3", "B3"))
    row = Delivery.objects.latest("id")
    text = page("delivery", row.pk).content.decode()
    assert "May be somebody known" in text
    assert "Same name, birth date and telephone" in text
    page("choices", row.pk, post=True, **{"row-2": "new", "row-3": "left out", "row-4": "abc"})
    text = page("commit", row.pk, post=True).content.decode()
    assert Case.objects.count() == 5
    assert Person.objects.count() == 4  # B1 is somebody else; B3 is certain, and what was sent for it means nothing
    assert not Case.objects.filter(number="B2").exists()


def test_an_import_is_undone_in_the_page(page):
    sent(page, CASES)
    row = Delivery.objects.get()
    page("commit", row.pk, post=True)
    assert "Undo an import" in page("undo", row.pk).content.decode()
    text = page("undo", row.pk, post=True, reason="wrong incident").content.decode()
    assert "removed" in text
    assert not Case.objects.exists()
    page("again", row.pk, post=True)
    page("dismiss", row.pk, post=True)
    row.refresh_from_db()
    assert row.status == DeliveryStatus.DISMISSED


def test_a_step_that_is_not_possible_is_said(page):
    sent(page, CASES)
    row = Delivery.objects.get()
    assert "cannot become" in page("undo", row.pk, post=True).content.decode()


def test_progress_asks_for_a_fresh_page_when_done(page, client, incident):
    sent(page, CASES)
    row = Delivery.objects.get()
    address = reverse("intake:progress", args=[incident.pk, row.pk])
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    Delivery.objects.update(status=DeliveryStatus.COMMITTING, n_records=10, n_handed_on=4)
    assert "4 / 10" in client.get(address, headers={"HX-Request": "true"}).content.decode()


def test_who_sees_which_file(page, client, incident):
    sent(page, CASES)
    row = Delivery.objects.get()
    address = reverse("intake:delivery", args=[incident.pk, row.pk])
    for user, status in (
        (make.user(Role.ANALYST), 403),
        (make.user(Role.INVESTIGATOR, make.DAOLI), 404),  # of one district only, and not the sender
        (make.user(Role.INVESTIGATOR, "CN0023"), 200),
    ):
        client.force_login(user)
        assert client.get(address).status_code == status
    for name in ("reading", "choices", "commit", "again", "dismiss", "undo"):
        client.force_login(make.user(Role.INVESTIGATOR, make.DAOLI))
        assert client.post(reverse(f"intake:{name}", args=[incident.pk, row.pk])).status_code == 404


def test_forged_requests_are_refused(client, incident, officer):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    address = reverse("intake:list", args=[incident.pk])
    assert strict.post(address, {"file": SimpleUploadedFile("a.csv", CASES.encode())}).status_code == 403
    assert not Delivery.objects.exists()


def test_a_file_beyond_the_limit_is_refused_while_it_arrives(page, monkeypatch):
    monkeypatch.setattr(uploads.Quota.__init__, "__defaults__", (1000,))
    text = sent(page, CASES * 10, status=422)
    assert "larger than" in text
    assert not Delivery.objects.exists()


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


MALFORMED = {
    "empty": b"",
    "blank": b"\n\n \n",
    "binary": bytes(range(256)) * 20,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "a page": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
    "an archive": zipped("list.csv", CASES),
    "a bomb": zipped("xl/workbook.xml", b"0" * 40_000_000),
    "half a workbook": zipped("xl/workbook.xml", b"<workbook/>")[:60],
    "one endless line": b"x" * 3_000_000,
    "wrong encoding": CASES.encode("utf-16-le")[1:],
    "an open quotation": b'case_id,full_name,date_onset\n1,"abc,2015-01-01\n' + b"2,x,2015-01-01\n" * 100,
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_files_are_a_sentence(page, content):
    sent(page, content)
    row = Delivery.objects.get()
    assert row.status == DeliveryStatus.UNREADABLE or row.n_records == 0 or row.n_problems
    assert not Case.objects.exists()
    assert not Person.objects.exists()
    assert store.path_of(row.sha256).read_bytes() == content  # kept as it came


@given(
    st.binary(max_size=400) | st.text(max_size=200).map(lambda text: f"case_id,full_name,date_onset\n{text}".encode())
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_page(page, content):
    sent(page, content)
    row = Delivery.objects.latest("id")
    assert row.status in (DeliveryStatus.READ, DeliveryStatus.UNREADABLE)
    assert not Person.objects.exists()
