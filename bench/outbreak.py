"""One incident of a million cases in the townships of China, with readers of every width, to measure pages on."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

CHUNK = 50_000
FIRST_DAY, DAYS = datetime(2025, 1, 1, tzinfo=UTC), 300
AT = FIRST_DAY + timedelta(days=DAYS)
PERMANENT = datetime(2020, 1, 1, tzinfo=UTC)


def filled(n: int) -> "Outbreak":
    """A database with `n` cases of as many persons in the townships of China, and readers of every width."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from sizao.ops.governance import keyring
    from sizao.ops.governance.actions import found_installation
    from sizao.ops.registry.actions import load_shipped_areas

    keyring.make(Path(settings.KEYRING))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    system = found_installation(by=None, at=PERMANENT)
    load_shipped_areas(country="cn", by=system, at=PERMANENT)
    outbreak = Outbreak()
    if outbreak.incident.cases.exists():
        return outbreak
    started = time.perf_counter()
    outbreak.fill(n)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {n:,} persons and cases in {outbreak.n_areas:,} townships of "
          f"{outbreak.n_counties:,} counties, written in {time.perf_counter() - started:.0f} s")  # fmt: skip
    return outbreak


class Outbreak:
    """One incident of the nation, its cases and readers."""

    def __init__(self):
        from sizao.ops.governance.models import Grant, User
        from sizao.ops.incidents.models import Incident
        from sizao.ops.registry.models import Area

        self.writer, _ = User.objects.get_or_create(username="writer")
        for role in ("investigator", "duty_officer"):
            Grant.objects.get_or_create(user=self.writer, role=role, since=PERMANENT)
        self.incident = Incident.objects.filter(name_en="Benchmark").first() or self._opened()
        paths = Area.objects.filter(path__startswith="CN", level=4).order_by("path").values_list("path", flat=True)
        self.townships = list(paths)
        self.n_areas, self.n_counties = len(self.townships), len({path[:14] for path in self.townships})

    def _opened(self):
        from sizao.ops.incidents.actions import open_incident
        from sizao.ops.registry.models import Area

        return open_incident(
            name_zh="测速", name_en="Benchmark", disease="mers", protocol="mers", time_zone="Asia/Shanghai",
            areas=[Area.objects.get(path="CN")], by=self.writer, at=PERMANENT,
        )  # fmt: skip

    def fill(self, n: int) -> None:
        """Persons through the registry's bulk load, cases through the action every import uses."""
        import numpy as np

        from sizao.ops.cases.models import Case
        from sizao.ops.governance.bulk import indexes_built_after
        from sizao.ops.registry.models import Person

        rng = np.random.default_rng(20251122)
        with indexes_built_after(Person, Case, n=n):
            for start in range(0, n, CHUNK):
                self._fill_part(start, min(CHUNK, n - start), rng)

    def _fill_part(self, start: int, size: int, rng) -> None:
        import polars as pl

        from sizao.ops.cases.actions import record_cases
        from sizao.ops.registry.actions import load_persons

        area = [self.townships[i] for i in rng.integers(len(self.townships), size=size)]
        families, given = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静磊洋勇艳杰娟涛明超秀霞平刚桂英"
        name = [families[i] + given[j] + given[k] for i, j, k in rng.integers(20, size=(size, 3))]
        sex = [("male", "female")[i] for i in rng.integers(2, size=size)]
        age = rng.integers(1, 95, size=size)
        people = pl.DataFrame({"full_name": name, "sex": sex, "year_birth": 2025 - age, "area": area})
        persons = load_persons(persons=people, by=self.writer, at=AT)
        reported = [(FIRST_DAY + timedelta(days=int(d))).date() for d in rng.integers(DAYS - 30, size=size)]
        late = rng.integers(7, size=size)
        cases = pl.DataFrame({
            "row": range(size), "person_id": persons, "area": area, "age": age.astype(float),
            "case_id": [f"B{start + i:08d}" for i in range(size)], "date_report": reported,
            "date_onset": [day - timedelta(days=int(d)) for day, d in zip(reported, late, strict=True)],
            "classification": [("confirmed", "suspected", "asymptomatic")[i] for i in rng.integers(3, size=size)],
        })  # fmt: skip
        record_cases(incident=self.incident, records=cases, by=self.writer, at=AT)

    def readers(self) -> dict[str, list[str]]:
        """Session keys of readers of each width, several of a kind so that no one page is measured alone."""
        step = len(self.townships) // 5
        some = self.townships[::step][:5]
        widths = {
            "nation, all areas": [""], "nation": ["CN"], "province": [path[:6] for path in some],
            "county": [path[:14] for path in some], "township": some,
        }  # fmt: skip
        found = {
            name: [self._session(f"{name} {n}", [path]) for n, path in enumerate(paths)]
            for name, paths in widths.items()
        }
        found["three counties"] = [self._session("three counties", [path[:14] for path in some[:3]])]
        return found

    def _session(self, name: str, paths: list[str]) -> str:
        """A session as after a log-in with a second factor."""
        from allauth.account.internal.flows.login import record_authentication
        from django.test import Client

        from sizao.config.accounts.standing import mark_seen
        from sizao.ops.governance.clock import now
        from sizao.ops.governance.models import Grant, User

        user, _ = User.objects.get_or_create(username=name, language="zh-hans")
        for path in paths:
            Grant.objects.get_or_create(user=user, role="investigator", area_path=path, since=PERMANENT)
        client = Client()
        client.force_login(user)
        request = SimpleNamespace(session=client.session)
        mark_seen(request, now())
        record_authentication(request, user, method="mfa", type="totp")
        request.session.save()
        return request.session.session_key
