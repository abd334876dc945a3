"""Duties of many new cases in the operation: derived, given to posts and written as tasks. Part of bench.protocols."""

import os
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

AT = datetime(2022, 7, 1, 12, tzinfo=UTC)
COUNTY = "CN0023"


def measured(n_cases: int) -> tuple[int, float, float, float]:
    """Tasks written for `n_cases` new cases, processor seconds in all, of the planning, and of the pure derivation,
    in a database of its own that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="sizao-bench-") as folder:
        os.environ |= {"SIZAO_HOME": folder, "SIZAO_TASKS": "django_tasks.backends.immediate.ImmediateBackend"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "sizao.config.settings"
        import django

        django.setup()
        return _run(n_cases)


def _run(n_cases: int) -> tuple[int, float, float, float]:
    from sizao.ops.incidents import at_once
    from sizao.ops.incidents.actions import keep_in_step
    from sizao.ops.incidents.derived import frame_of
    from sizao.ops.incidents.duties import Fact, Subject
    from sizao.ops.incidents.models import Task
    from sizao.protocols import load
    from sizao.protocols.duties import duties
    from sizao.protocols.events import Event

    by, incident = _opened()
    facts = [Fact(pk, Event.POSITIVE_FOUND, AT) for pk in range(1, n_cases + 1)]
    subjects = [Subject(pk, f"B{pk:06}", COUNTY) for pk in range(1, n_cases + 1)]
    asked = {"incident": incident, "about": "case", "facts": facts, "subjects": subjects, "at": AT}
    frame = frame_of(facts, "case")
    protocol = load(incident.protocol)
    pure = _seconds(lambda: duties(facts=frame, protocol=protocol, at=AT, timezone=incident.time_zone))
    planning = _seconds(lambda: at_once.planned(**asked))
    whole = _seconds(lambda: keep_in_step(**asked, fresh=True, by=by))
    return Task.objects.filter(incident=incident, subject_kind="case").count(), whole, planning, pure


def _opened():
    """An installation with one county, its posts and an incident."""
    from django.conf import settings
    from django.core.management import call_command

    from sizao.ops.governance import keyring
    from sizao.ops.governance.models import Grant, User
    from sizao.ops.incidents.actions import open_incident
    from sizao.ops.registry.models import Area, Post, Unit

    keyring.make(Path(settings.KEYRING))
    call_command("migrate", verbosity=0)
    by = User.objects.create(username="writer")
    Grant.objects.create(user=by, role="duty_officer", since=datetime(2020, 1, 1, tzinfo=UTC))
    Area.objects.create(path="CN", code="CN", level=0, kind="country", name_zh="中国", name_en="China")
    area = Area.objects.create(
        path=COUNTY, code="23", parent_id="CN", level=1, kind="province", name_zh="黑龙江省", name_en="Heilongjiang"
    )
    unit = Unit.objects.create(name_zh="疾控", name_en="CDC", kind="cdc", area=area)
    for role in ("duty_officer", "investigator", "laboratory"):
        Post.objects.create(title_zh=role, title_en=role, role=role, unit=unit, area=area)
    incident = open_incident(
        name_zh="测速", name_en="Benchmark", disease="covid19", protocol="cn-covid-9", time_zone="Asia/Shanghai",
        areas=[area], date_emergence=date(2022, 6, 28), by=by, at=AT,
    )  # fmt: skip
    return by, incident


def _seconds(work) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
