"""Numbers for whoever watches the installation, in Prometheus' text form. No page's address, no person, no user.

Counts of requests are this process's own; the rest is asked from the database when somebody looks.
"""

from collections import Counter
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.crypto import constant_time_compare
from django_tasks_db.models import DBTaskResult

from sizao.config.schedule import overdue_jobs
from sizao.ops.governance import ledger
from sizao.ops.governance.clock import now

#: Upper bounds in seconds of the histogram of answers.
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_lock = Lock()
_requests: Counter[tuple[str, str, str]] = Counter()
_within: Counter[float] = Counter()
_seconds = Counter({"sum": 0.0, "count": 0.0})


def count_request(page: str, method: str | None, status: int, seconds: float) -> None:
    with _lock:
        _requests[page, method or "", f"{status // 100}xx"] += 1
        _within.update(bound for bound in BOUNDS if seconds <= bound)
        _seconds.update({"sum": seconds, "count": 1})


def metrics(request: HttpRequest) -> HttpResponse:
    """For the watcher alone: it shows the token of SIZAO_METRICS_TOKEN; without one set nobody sees anything."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(token, settings.METRICS_TOKEN):
        return HttpResponseForbidden("metrics are for the watcher\n", content_type="text/plain")
    return HttpResponse("\n".join([*_of_requests(), *_of_work(), ""]), content_type="text/plain; version=0.0.4")


def _of_requests():
    with _lock:
        requests, within, seconds = dict(_requests), dict(_within), dict(_seconds)
    yield "# HELP sizao_requests_total Requests by page, method and kind of answer."
    yield "# TYPE sizao_requests_total counter"
    for (page, method, status), n in sorted(requests.items()):
        yield f'sizao_requests_total{{page="{page}",method="{method}",status="{status}"}} {n}'
    yield "# HELP sizao_request_seconds Time to answer."
    yield "# TYPE sizao_request_seconds histogram"
    for bound in BOUNDS:
        yield f'sizao_request_seconds_bucket{{le="{bound}"}} {within.get(bound, 0)}'
    yield f'sizao_request_seconds_bucket{{le="+Inf"}} {seconds["count"]:.0f}'
    yield f"sizao_request_seconds_sum {seconds['sum']:.6f}"
    yield f"sizao_request_seconds_count {seconds['count']:.0f}"


def _of_work():
    gauges = {
        "sizao_tasks_waiting": ("Tasks left to the worker.", _waiting()),
        "sizao_jobs_overdue": ("Jobs of the schedule more than an hour late.", len(overdue_jobs(now()))),
        "sizao_decisions_total": ("Links of the chain of decisions.", ledger.length()),
    }
    for name, (sentence, value) in gauges.items():
        yield f"# HELP {name} {sentence}"
        yield f"# TYPE {name} gauge"
        yield f"{name} {value}"


def _waiting() -> int:
    return DBTaskResult.objects.ready().count()
