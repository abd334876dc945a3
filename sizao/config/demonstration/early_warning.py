"""The demonstration of early warning: a city whose clinics, pharmacies and schools report invented counts.

Harbin's counties are real, every number is drawn: weekly notifiable diseases from the simulated series of Noufaily et
al. (2013), daily counts around a level that knows the day of the week. Outbreaks, a typing error and a clinic
that fell silent are put in, so that the desk has something to tell apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from sizao.config.demonstration.people import PASSWORD
from sizao.epi.detection.evaluation.scenarios import simulate
from sizao.ops.governance.actions import NewUser, add_users
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.actions import open_incident
from sizao.ops.incidents.models import Incident
from sizao.ops.registry import actions as registry
from sizao.ops.registry.actions.places import NewPlace, record_places
from sizao.ops.registry.models import Area
from sizao.ops.surveillance import actions
from sizao.ops.surveillance.actions import NewStream
from sizao.ops.surveillance.evenings import run_evening
from sizao.ops.surveillance.kinds import SignalStatus, Verdict, Way
from sizao.ops.surveillance.models import Signal, Stream
from sizao.vocabulary.codes import IncidentKind

ZONE = ZoneInfo("Asia/Shanghai")
CITY = "CN00230001"
TODAY = date(2015, 6, 17)  # a Wednesday, as in the other demonstration
WEEKLY_FROM, DAILY_FROM = date(2010, 6, 7), date(2015, 3, 1)
RUN_FROM = date(2015, 5, 24)
DISTRICTS = 9
SEED = 410
#: Invented outbreaks: county by its place in the list, syndrome, first day, days, cases a day and site.
OUTBREAKS = (
    (0, "respiratory", date(2015, 6, 14), 4, 14),
    (3, "diarrhoeal", date(2015, 5, 27), 8, 5),
    (5, "respiratory", date(2015, 6, 2), 5, 12),
    (6, "diarrhoeal", date(2015, 6, 15), 2, 4),
    (8, "respiratory", date(2015, 6, 16), 1, 22),
)
SILENT_SINCE = date(2015, 6, 11)
MISTYPED = date(2015, 6, 8)
FINDINGS = {
    Verdict.TRUE_OUTBREAK: "Called the sites: ill people with one exposure in common. / 已电话核实:病人有共同暴露。",
    Verdict.DATA_ERROR: "The site typed a number ten times too high and has corrected it. / 哨点多填一位数,已更正。",
    Verdict.KNOWN_CAUSE: "A vaccination day filled the clinic. / 接种日就诊增多。",
    Verdict.CHANCE: "Sites called, nothing unusual; back to the usual level. / 电话核实无异常,已回落。",
}


@dataclass(frozen=True)
class Kind:
    """One kind of stream: what is counted where, how many a county, its usual level."""

    key: str
    source: str
    syndrome: str
    zh: str
    en: str
    measure: str
    place: str
    sites: int
    level: float
    detector: str
    parameters: dict
    weekdays: str = "1234567"


KINDS = (
    Kind("FC", "fever_clinic", "respiratory", "发热门诊就诊", "fever clinic visits", "人次 visits", "hospital", 1, 22.0,
         "ewma_switch", {"alpha": 0.001}),
    Kind("PH", "pharmacy", "respiratory", "退热药销售", "fever medicine sold", "盒 packs", "pharmacy", 2, 30.0, "ears",
         {"alpha": 0.0002, "kind": "C2"}),
    Kind("SC", "school", "respiratory", "因病缺课", "absent through illness", "人 pupils", "school", 1, 9.0, "ears",
         {"alpha": 0.0002, "kind": "C2"}, "12345"),
    Kind("SD", "school", "diarrhoeal", "呕吐腹泻病例", "vomiting or diarrhoea", "例 cases", "school", 1, 0.05,
         "k_in_days", {"k": 5, "periods": 14}, "12345"),
)  # fmt: skip
DISEASES = (
    ("ND", "diarrhoeal", "其他感染性腹泻报告病例", "other infectious diarrhoea, reported", 14),
    ("NR", "rash", "手足口病报告病例", "hand, foot and mouth disease, reported", 29),
)


def load(*, by: User, small: bool = False) -> Incident:
    """The watching incident, its streams and counts, and three weeks of evenings with what was made of them."""
    began = datetime.combine(WEEKLY_FROM, time(9), ZONE)
    city = Area.objects.get(path=CITY)
    watch = open_incident(
        name_zh="哈尔滨市监测预警(演示)", name_en="Early warning, Harbin (demonstration)", disease="covid",
        protocol="cn-covid-9", areas=[city], time_zone="Asia/Shanghai", kind=IncidentKind.DEMONSTRATION,
        clock_behind_s=int((now() - datetime.combine(TODAY, time(9), ZONE)).total_seconds()), by=by, at=began,
    )  # fmt: skip
    counties = list(Area.objects.filter(parent=CITY, successor=None).order_by("path"))
    sentinel(counties[0], by=by, at=began)
    dice = np.random.default_rng(SEED)
    streams = actions.define_streams(incident=watch, streams=list(new_streams(counties, by, began)), by=by, at=began)
    enter(watch, streams, counties, dice, by)
    investigator = User.objects.get(username="investigator")
    for back in range((TODAY - (TODAY - timedelta(days=3) if small else RUN_FROM)).days, 0, -1):
        evening(watch, TODAY - timedelta(days=back), investigator, by, dice, counties)
    return watch


def sentinel(county: Area, *, by: User, at: datetime) -> None:
    """A clinic's reporter, who enters numbers and sees nothing else."""
    [user] = add_users(users=[NewUser("sentinel", "哨点报告员 Sentinel", PASSWORD, "zh-hans", is_demonstration=True)],
                       by=by, at=at)  # fmt: skip
    unit = registry.add_unit(name_zh=f"{county.name_zh}哨点", name_en=f"Sentinels, {county.name_en}", kind="clinic",
                             area=county, by=by, at=at)  # fmt: skip
    post = registry.add_post(unit=unit, title_zh="哨点报告员", title_en="Sentinel reporter", role=Role.SENTINEL,
                             by=by, at=at)  # fmt: skip
    registry.appoint(post=post, user=user, since=at, by=by, at=at)


def new_streams(counties: list[Area], by: User, at: datetime) -> Iterator[NewStream]:
    """Sites of the districts, diseases of all counties."""
    for kind in KINDS:
        sites = [(county, n) for county in counties[:DISTRICTS] for n in range(kind.sites)]
        new = [NewPlace(name=f"{county.name_zh}{PLACES[kind.place]}{n + 1 if kind.sites > 1 else ''}", kind=kind.place,
                        area_path=county.path) for county, n in sites]  # fmt: skip
        for (county, n), place in zip(sites, record_places(places=new, by=by, at=at), strict=True):
            yield NewStream(
                code=f"{kind.key}{county.code[-2:]}{n + 1}", name_zh=f"{place.name} {kind.zh}",
                name_en=f"{county.name_en} {n + 1}, {kind.en}", area_path=county.path, source=kind.source,
                syndrome=kind.syndrome, freq="day", detector=kind.detector, parameters=kind.parameters,
                measure=kind.measure, place_id=place.pk, weekdays=kind.weekdays, watched_from=DAILY_FROM,
                denominator="门诊总人次 all visits" if kind.key == "FC" else "",
            )  # fmt: skip
    for key, syndrome, zh, en, _scenario in DISEASES:
        for county in counties:
            yield NewStream(
                code=f"{key}{county.code[-2:]}", name_zh=f"{county.name_zh} {zh}", name_en=f"{county.name_en}, {en}",
                area_path=county.path, source="notifiable", syndrome=syndrome, freq="week", detector="farrington",
                parameters={"alpha": 0.005, "years": 4}, measure="例 cases", says_zero=False, watched_from=WEEKLY_FROM,
            )  # fmt: skip


PLACES = {"hospital": "医院发热门诊", "pharmacy": "大药房", "school": "第一小学"}


def enter(watch: Incident, streams: list[Stream], counties: list[Area], dice: np.random.Generator, by: User) -> None:
    """All counts as they came: history at once, the days of the evenings one by one, a mistyped one corrected."""
    frames = [drawn(stream, counties, dice) for stream in streams]
    counts = pl.concat(frames).with_columns(denominator=pl.lit(None, dtype=pl.Int64))
    started = RUN_FROM - timedelta(days=7)
    told = {"incident": watch, "way": Way.FILE, "by": by}
    before = counts.filter(pl.col("known") < started)
    actions.record_counts(
        counts=before.drop("known"), file_name="history.csv", at=datetime.combine(started, time(8), ZONE), **told
    )
    for [day], part in counts.filter(pl.col("known") >= started).sort("known").group_by("known", maintain_order=True):
        at = datetime.combine(day, time(17), ZONE)  # type: ignore[arg-type]
        part = mistyped(part, streams) if day == MISTYPED else part
        actions.record_counts(counts=part.drop("known"), file_name=f"counts-{day}.csv", at=at, **told)
        if day == MISTYPED:
            right = counts.filter(pl.col("known") == day).drop("known")
            actions.record_counts(counts=right, file_name=f"corrected-{day}.csv", at=at + timedelta(hours=16), **told)


def mistyped(part: pl.DataFrame, streams: list[Stream]) -> pl.DataFrame:
    """One pharmacy's number with a nought too many."""
    wrong = next(stream.pk for stream in streams if stream.code.startswith("PH"))
    return part.with_columns(n=pl.when(pl.col("stream") == wrong).then(pl.col("n") * 10).otherwise("n"))


def drawn(stream: Stream, counties: list[Area], dice: np.random.Generator) -> pl.DataFrame:
    """`stream, date, n, known` of one stream up to yesterday."""
    if stream.freq == "week":
        scenario = next(row[4] for row in DISEASES if stream.code.startswith(row[0]))
        days = weeks()
        n = simulate(scenario, replicates=1, past_size=2.0, size=0.0, rng=dice).counts[0][-len(days) :]
    else:
        days = [DAILY_FROM + timedelta(days=step) for step in range((TODAY - DAILY_FROM).days)]
        n = daily(stream, days, dice)
    where = next(index for index, county in enumerate(counties) if county.path == stream.area_id)
    n = n + excess(where, stream, days, dice)
    # A week is known on its Monday after, a day on the same day.
    late = 7 if stream.freq == "week" else 0
    frame = pl.DataFrame({"stream": stream.pk, "date": days, "n": n.astype(np.int64)})
    frame = frame.with_columns(known=pl.col("date") + pl.duration(days=late)).filter(pl.col("known") < TODAY)
    reported = pl.col("date").dt.weekday().cast(pl.String).is_in(list(stream.weekdays)) | pl.lit(stream.freq == "week")
    silent = pl.lit(stream.code.startswith("FC") and where == 7) & (pl.col("date") >= SILENT_SINCE)
    lost = pl.Series(dice.random(frame.height) < (0.3 if stream.code.startswith("PH") and where == 6 else 0.01))
    return frame.filter(reported & ~silent & ~(lost & pl.lit(stream.freq == "day")))


def weeks() -> list[date]:
    return [WEEKLY_FROM + timedelta(days=7 * step) for step in range((TODAY - WEEKLY_FROM).days // 7)]


def daily(stream: Stream, days: list[date], dice: np.random.Generator) -> np.ndarray:
    """Poisson counts around a level of the site, fewer on Sundays."""
    kind = next(each for each in KINDS if stream.code.startswith(each.key))
    level = kind.level * dice.uniform(0.7, 1.3)
    week = np.array([0.75 if day.weekday() == 6 else 1.0 for day in days])
    return dice.poisson(level * week)


def excess(where: int, stream: Stream, days: list[date], dice: np.random.Generator) -> np.ndarray:
    """What the invented outbreaks add."""
    found = np.zeros(len(days), dtype=np.int64)
    for place, syndrome, first, length, size in OUTBREAKS:
        if (place, syndrome) != (where, stream.syndrome):
            continue
        span = 7 if stream.freq == "week" else 1
        for index, day in enumerate(days):
            days_in = sum(first <= day + timedelta(days=step) < first + timedelta(days=length) for step in range(span))
            found[index] += dice.poisson(size * days_in) if days_in else 0
    return found


def evening(
    watch: Incident, day: date, investigator: User, by: User, dice: np.random.Generator, counties: list[Area]
) -> None:
    """One evening's run; next morning the signals of the evening before are worked, but for those of today."""
    run_evening(watch, day=day, by=by, at=datetime.combine(day, time(20), ZONE))
    if day >= TODAY - timedelta(days=1):
        return
    at = datetime.combine(day + timedelta(days=1), time(10), ZONE)
    homes = [county.path for county in counties]
    for signal in Signal.objects.filter(incident=watch, status=SignalStatus.OPEN, raised_at__lt=at).order_by("id"):
        verdict = judged(signal, homes, dice)
        if verdict == Verdict.TRUE_OUTBREAK and signal.date_first >= date(2015, 6, 14):
            continue  # today's work
        actions.close_signals(
            signals=[signal], verdict=verdict, finding=FINDINGS[verdict],
            hours_spent=round(float(dice.uniform(0.5, 3.0)), 1), by=investigator, at=at,
        )  # fmt: skip


def judged(signal: Signal, homes: list[str], dice: np.random.Generator) -> Verdict:
    """What the signal was, known here because it was invented."""
    for place, syndrome, first, length, _size in OUTBREAKS:
        last = first + timedelta(days=length + 7)
        if syndrome == signal.syndrome and homes[place] == signal.area_id and first <= signal.date_last <= last:
            return Verdict.TRUE_OUTBREAK
    if signal.date_first == MISTYPED and signal.area_id == homes[0]:
        return Verdict.DATA_ERROR
    return Verdict.KNOWN_CAUSE if dice.random() < 0.25 else Verdict.CHANCE
