"""Pages of lists are found by who stood on them, whether or not the schedule has been by."""

import pytest

from sizao.ops.governance import audit, audit_listed
from sizao.ops.governance.models import AuditEntry, AuditSubject
from sizao.ops.oversight import queries
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return factories.user()


def page(by, *cases):
    return audit.record(by=by, at=factories.AT, action="cases.listed", cases=list(cases))


def test_a_page_writes_no_subject_until_asked(by):
    first, second = page(by, 11, 12), page(by, 12)
    assert not AuditSubject.objects.exists()
    found = queries.about(AuditEntry.objects.all(), [("cases.Case", 12)])
    assert set(found) == {first, second}
    assert AuditSubject.objects.count() == 3


def test_indexing_again_adds_only_what_is_new(by):
    page(by, 11, 12)
    assert audit_listed.index_pages() == 1
    assert audit_listed.index_pages() == 0
    page(by, 11)
    assert audit_listed.index_pages() == 1
    assert AuditSubject.objects.count() == 3


def test_other_lists_are_found_at_once(by):
    entry = audit.record(by=by, at=factories.AT, action="contacts.exported", contacts=[5])
    assert list(AuditSubject.objects.values_list("entry", "model", "row_id")) == [(entry.pk, "tracing.Contact", 5)]
