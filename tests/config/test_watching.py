"""Whoever watches the installation learns how it does, and nothing about anybody."""

import json
import logging

import pytest

from sizao.config import health
from sizao.config.log_lines import JsonLines
from sizao.ops.governance.models import Deed, SavedView
from sizao.ops.governance.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(settings, tmp_path):
    settings.STORE = tmp_path / "store"
    settings.STORE.mkdir()
    return settings.STORE


def test_ready_says_what_is_missing(client, store, monkeypatch):
    assert client.get("/ready/").json() == {"ready": True, "missing": []}
    store.rmdir()
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "missing": ["store"]})
    monkeypatch.setitem(health.CHECKS, "database", lambda: False)
    assert client.get("/ready/").json()["missing"] == ["database", "store"]


def test_metrics_want_their_token(client, settings):
    assert client.get("/metrics/").status_code == 403
    settings.METRICS_TOKEN = "a token"
    assert client.get("/metrics/", headers={"authorization": "Bearer another"}).status_code == 403
    assert client.get("/metrics/", headers={"authorization": "Bearer a token"}).status_code == 200


def test_metrics_count_pages_by_name(client, settings):
    settings.METRICS_TOKEN = "a token"
    client.force_login(make.user(Role.INVESTIGATOR))
    client.get("/incidents/4711/cases/?q=王小明")
    text = client.get("/metrics/", headers={"authorization": "Bearer a token"}).content.decode()
    assert 'sizao_requests_total{page="cases:list",method="GET",status="4xx"}' in text
    assert "4711" not in text and "王小明" not in text
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(len(line.rsplit(" ", 1)) == 2 and float(line.rsplit(" ", 1)[1]) >= 0 for line in lines)
    for name in ("sizao_request_seconds_bucket", "sizao_tasks_waiting", "sizao_jobs_overdue", "sizao_decisions_total"):
        assert name in text


def test_a_request_has_an_id_in_the_answer_the_log_and_the_record_of_changes(client, caplog):
    user = make.user(Role.INVESTIGATOR)
    make.areas()
    incident = make.incident(user)
    client.force_login(user)
    caplog.set_level(logging.INFO, logger="sizao.request")
    address = f"/incidents/{incident.pk}/cases/views/save/"
    answer = client.post(address, {"name": "mine", "query": "q=王小明"}, headers={"x-request-id": "from-the-proxy-1"})
    assert answer["X-Request-ID"] == "from-the-proxy-1"
    assert SavedView.objects.exists()
    deed = Deed.objects.filter(request="from-the-proxy-1").latest("id")
    assert deed.by == user and deed.via.startswith("cases:")
    line = json.loads(JsonLines().format(caplog.records[-1]))
    assert line["request"] == "from-the-proxy-1" and line["user"] == user.pk and line["page"].startswith("cases:")
    assert "王小明" not in json.dumps(line, ensure_ascii=False) and address not in json.dumps(line)


def test_an_id_that_is_none_is_replaced(client):
    answer = client.get("/health/", headers={"x-request-id": 'x"; DROP'})
    assert len(answer["X-Request-ID"]) == 32


def test_the_words_of_an_exception_are_not_logged():
    try:
        raise ValueError("王小明 13812345678")
    except ValueError as error:
        record = logging.LogRecord("django.request", logging.ERROR, "x.py", 1, "%s: %s", ("E", "/p/王"), None)
        record.exc_info = (type(error), error, error.__traceback__)
    line = JsonLines().format(record)
    assert "王" not in line and "13812345678" not in line
    assert json.loads(line)["exception"] == "ValueError"
