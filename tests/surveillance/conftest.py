"""A watched city: two neighbouring counties with their streams, and one far away."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from sizao.ops.governance.roles import Role
from sizao.ops.registry.models import Area
from sizao.ops.surveillance import actions
from sizao.ops.surveillance.actions import NewStream
from tests import factories as make

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2024, 3, 10)  # a Sunday
CENTRES = {make.DAOLI: (126.60, 45.75), make.NANGANG: (126.67, 45.76), make.LONGSHA: (123.95, 47.32)}


def evening(day=DAY, hour=19):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


@pytest.fixture
def city(db):
    """The incident that watches, who runs it, and who works in each county."""
    make.areas()
    for path, (lon, lat) in CENTRES.items():
        area = Area.objects.get(path=path)
        area.lon, area.lat = lon, lat
        area.save()
    duty = make.user(Role.DUTY_OFFICER, "CN0023", username="province-duty")
    watch = make.incident(duty, name_en="Early warning", time_zone="Asia/Shanghai", opened_at=evening(date(2023, 1, 1)))
    make.post(Role.INVESTIGATOR, make.DAOLI, title_en="Daoli investigator")
    return SimpleNamespace(
        watch=watch, duty=duty, signatory=make.user(Role.SIGNATORY, "CN0023", username="signatory"),
        a=make.user(Role.INVESTIGATOR, make.DAOLI, username="daoli"),
        b=make.user(Role.INVESTIGATOR, make.NANGANG, username="nangang"),
        sentinel=make.user(Role.SENTINEL, make.DAOLI, username="clinic"),
    )  # fmt: skip


def new_stream(code, area=make.DAOLI, **values):
    told = {
        "code": code, "name_zh": f"{code}号", "name_en": f"Stream {code}", "area_path": area, "source": "fever_clinic",
        "syndrome": "respiratory", "freq": "day", "detector": "ears", "parameters": {"kind": "C2"},
        "watched_from": date(2023, 1, 1),
    }  # fmt: skip
    return NewStream(**(told | values))


def define(city, *streams, at=None):
    return actions.define_streams(
        incident=city.watch, streams=streams, by=city.duty, at=at or evening(date(2023, 6, 1))
    )


def enter(city, stream, numbers, until=DAY, at=None, by=None, step=1):
    """Counts of the newest periods, oldest first; None is no report."""
    days = [until - timedelta(days=step * back) for back in range(len(numbers))][::-1]
    rows = [(stream.pk, day, n, None) for day, n in zip(days, numbers, strict=True) if n is not None]
    schema = {"stream": pl.Int64, "date": pl.Date, "n": pl.Int64, "denominator": pl.Int64}
    counts = pl.DataFrame(rows, schema=schema, orient="row")
    return actions.record_counts(incident=city.watch, counts=counts, way="form", by=by or city.duty, at=at or evening())


QUIET = [4, 5, 6, 5, 4, 6, 5, 4, 5, 6, 4, 5, 6, 5, 4]
