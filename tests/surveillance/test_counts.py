"""Counts and streams come in: typed, by file, from a program; revisions keep what was believed."""

import json
from datetime import date, timedelta

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.clock import now
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.registry.models import Place
from sizao.ops.surveillance import actions, files, reading, sites
from sizao.ops.surveillance.models import Count, Entry, Stream
from tests import factories as make
from tests.surveillance.conftest import DAY, define, enter, evening, new_stream

pytestmark = pytest.mark.django_db


def page(client, name, city, user, *args, **posted):
    client.force_login(user)
    address = reverse(f"surveillance:{name}", args=[city.watch.pk, *args])
    return client.post(address, posted) if posted else client.get(address)


def known(stream, at, until=DAY):
    found = reading.counts_known([stream.pk], since=date(2020, 1, 1), until=until, known_at=at)
    return dict(found.sort("date").select("date", "n").iter_rows())


def test_a_revision_keeps_what_was_believed(city):
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [4, 5], at=evening(hour=10))
    done = enter(city, stream, [4, 7], at=evening(hour=12))
    assert (done.n_new, done.n_revised, done.n_unchanged) == (0, 1, 1)
    before = DAY - timedelta(days=1)
    assert known(stream, evening(hour=11)) == {before: 4, DAY: 5}
    assert known(stream, evening(hour=13)) == {before: 4, DAY: 7}
    assert known(stream, evening(hour=9)) == {}


def test_the_same_again_writes_nothing(city):
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [4, 5])
    enter(city, stream, [4, 5])
    assert (Count.objects.count(), Entry.objects.count()) == (2, 1)


def test_nobody_enters_counts_of_another_county(city):
    [stream] = define(city, new_stream("1", make.NANGANG))
    with pytest.raises(NotAllowed):
        enter(city, stream, [4], by=city.a)


def test_a_site_enters_its_day_and_says_zero(city, client):
    one, two = define(city, new_stream("1", denominator="all"), new_stream("2"))
    today = city.watch.date_at(now())
    before = today - timedelta(days=1)
    enter(city, one, [12], until=before, at=now())
    shown = page(client, "site_day", city, city.sentinel, make.DAOLI).content.decode()
    assert "12" in shown
    posted = {f"n-{one.pk}": "9", f"of-{one.pk}": "80", "all_zero": "on"}
    answer = page(client, "site_day", city, city.sentinel, make.DAOLI, **posted)
    assert answer.status_code == 302
    assert set(Count.objects.filter(date=today).values_list("stream", "n", "denominator")) == {
        (one.pk, 9, 80),
        (two.pk, 0, None),
    }


def test_an_empty_field_is_no_report(city, client):
    one, two = define(city, new_stream("1"), new_stream("2"))
    page(client, "site_day", city, city.sentinel, make.DAOLI, **{f"n-{one.pk}": "0", f"n-{two.pk}": ""})
    assert list(Count.objects.values_list("stream", "n")) == [(one.pk, 0)]


def test_a_sentinel_sees_its_sites_and_no_signal(city, client):
    define(city, new_stream("1"), new_stream("2", make.NANGANG, name_en="Elsewhere clinic"))
    assert "Elsewhere" not in page(client, "sites", city, city.sentinel).content.decode()
    assert page(client, "signals", city, city.sentinel).status_code == 403
    assert page(client, "site_day", city, city.sentinel, make.NANGANG).status_code == 404


def test_a_file_says_what_is_wrong_by_row_and_column(city, client):
    [_stream] = define(city, new_stream("1"))
    text = f"stream,date,n\n1,{DAY},7\n1,{DAY},8\n9,{DAY},7\n1,yesterday,7\n1,2024-03-09,-1\n1,2999-01-01,1\n"
    client.force_login(city.duty)
    address = reverse("surveillance:count_file", args=[city.watch.pk])
    answer = client.post(address, {"file": SimpleUploadedFile("a.csv", text.encode())}, HTTP_ACCEPT_LANGUAGE="en")
    faults = answer.content.decode()
    assert list(Count.objects.values_list("n", flat=True)) == [7]
    for sentence in ("Row 2 has", "“9”", "yesterday", "“-1”", "future"):
        assert sentence in faults


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"stream": "x"}, "stream"),
        ({"date": ""}, "date"),
        ({"date": "31.02.2024"}, "date"),
        ({"date": "2024-12-01"}, "date"),
        ({"n": ""}, "n"),
        ({"n": "1.5"}, "n"),
        ({"n": "99999999999"}, "n"),
        ({"denominator": "many"}, "denominator"),
    ],
)
def test_a_wrong_cell_is_named(cells, column):
    row = {"stream": "1", "date": "2024-03-09", "n": "4", "denominator": ""} | cells
    known_ones = {"1": files.Known(1, "day", date(2020, 1, 1))}
    read = files.read_counts([(5, row)], known_ones, today=DAY)
    assert [(fault.row, fault.column) for fault in read.faults] == [(5, column)]
    assert read.counts.height == 0


def test_a_week_may_be_named_by_any_of_its_days():
    rows = [(2, {"stream": "1", "date": "2024-03-07", "n": "4"})]
    read = files.read_counts(rows, {"1": files.Known(1, "week", date(2020, 1, 1))}, today=DAY)
    assert read.counts["date"].to_list() == [date(2024, 3, 4)]


def test_a_program_sends_counts_and_hears_what_became_of_them(city, client):
    define(city, new_stream("1"))
    client.force_login(city.a)
    address = reverse("surveillance:count_messages", args=[city.watch.pk])
    told = {
        "counts": [{"stream": "1", "date": str(DAY), "n": 4, "denominator": 50}, {"stream": "2", "date": "x", "n": 1}]
    }
    answer = client.post(address, json.dumps(told), content_type="application/json")
    said = answer.json()
    assert (answer.status_code, said["new"], said["problems"][0]["row"]) == (207, 1, 2)
    again = client.post(address, json.dumps({"counts": told["counts"][:1]}), content_type="application/json").json()
    assert (again["new"], again["unchanged"]) == (0, 1)
    assert client.post(address, "{", content_type="application/json").status_code == 400


STREAMS = (
    "code,name_zh,name_en,source,syndrome,area,place,freq,detector,parameters\n"
    "c1,道里诊所,Daoli clinic,fever_clinic,respiratory,230102,第一诊所,day,ears,kind=C2\n"
    "s1,小学,School,学校或单位缺勤,diarrhoeal,道里区,第一小学,day,k_in_days,k=5; periods=14\n"
)


def test_streams_are_defined_by_file_in_either_language(city, client):
    client.force_login(city.duty)
    address = reverse("surveillance:stream_file", args=[city.watch.pk])
    client.post(address, {"file": SimpleUploadedFile("s.csv", STREAMS.encode())})
    clinic, school = Stream.objects.order_by("code")
    assert (clinic.area_id, clinic.place.name, clinic.parameters) == (make.DAOLI, "第一诊所", {"kind": "C2"})
    assert (school.source, school.detector, school.parameters) == ("school", "k_in_days", {"k": 5, "periods": 14})


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("fever_clinic", "moon", "source"),
        ("230102", "Atlantis", "area"),
        (",ears,", ",tea-leaves,", "detector"),
        ("kind=C2", "kind=C9", "parameters"),
        ("kind=C2", "colour=red", "parameters"),
        ("kind=C2", "kind", "parameters"),
        (",day,ears", ",hourly,ears", "freq"),
    ],
)
def test_a_wrong_stream_stops_the_whole_file(city, client, old, new, column):
    client.force_login(city.duty)
    address = reverse("surveillance:stream_file", args=[city.watch.pk])
    wrong = SimpleUploadedFile("s.csv", STREAMS.replace(old, new, 1).encode())
    shown = client.post(address, {"file": wrong}).content.decode()
    assert column in shown
    assert not Stream.objects.exists()
    assert not Place.objects.filter(name="第一小学").exists()


def test_a_detector_changes_by_signature_only(city):
    [stream] = define(city, new_stream("1"))
    with pytest.raises(NotNow):
        actions.amend_streams(
            streams=[stream], changes={"detector": "auto"}, reason="better", by=city.duty, at=evening()
        )


def test_a_known_code_keeps_its_detector_and_counts(city):
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [4])
    [again] = define(city, new_stream("1", detector="auto", parameters={}, name_en="New name"))
    stream.refresh_from_db()
    assert (again.pk, stream.name_en, stream.detector) == (stream.pk, "New name", "ears")
    assert stream.counts.count() == 1


def test_completeness_and_timeliness_of_a_site(city):
    [stream] = define(city, new_stream("1", weekdays="12345", watched_from=date(2024, 3, 4)))
    on_time = pl.DataFrame({"stream": [stream.pk] * 2, "date": [date(2024, 3, 4), date(2024, 3, 5)], "n": [1, 2]})
    late = pl.DataFrame({"stream": [stream.pk], "date": [date(2024, 3, 6)], "n": [3]})
    for counts, at in ((on_time, evening(date(2024, 3, 5), 10)), (late, evening(date(2024, 3, 8)))):
        counts = counts.with_columns(denominator=pl.lit(None, dtype=pl.Int64))
        actions.record_counts(incident=city.watch, counts=counts, way="form", by=city.duty, at=at)
    [site] = sites.sites([stream], city.watch, at=evening())
    assert (site.n_expected, site.n_came, site.n_in_time) == (5, 3, 2)
    assert site.gaps == [date(2024, 3, 8), date(2024, 3, 7)]
    assert (site.completeness, site.timeliness) == (0.6, 0.4)
