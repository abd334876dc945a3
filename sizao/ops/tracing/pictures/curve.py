"""The epidemic curve: cases per day or week, split by what they are, with what could not be drawn in words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from sizao.epi.incidence import incidence
from sizao.ops.tracing.pictures.choices import CurvePart
from sizao.vocabulary.codes import Classification, FoundIn, Setting
from sizao.vocabulary.text import N_, Message

#: A curve is not drawn wider than this: a mistyped year must not make a picture of a century.
MOST_DAYS = 800
#: Days drawn after the last case of an incident that nobody closed.
QUIET_DAYS = 21
MOST_PARTS = 9
REST = "~rest"
UNKNOWN = "~unknown"
CODE_LISTS = {"classification": Classification, "found_in": FoundIn, "setting": Setting}
#: The surest class stands at the bottom.
FIRST = {"classification": ["confirmed", "probable", "asymptomatic", "suspected", "not_classified"]}


@dataclass(frozen=True)
class Part:
    """One colour of the curve: its key, what it is called, its counts per period."""

    key: str
    label: Any
    counts: list[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Curve:
    """Periods from `since` to `until` (first days), the parts piled on each, and the cases in no bar: without a
    day, dated after today, dated outside the range that is drawn."""

    periods: list[date]
    lengths: list[int]
    parts: list[Part]
    undated: int
    later: int
    outside: int
    every: str
    since: date
    until: date
    total: int

    @property
    def drawn(self) -> int:
        return sum(part.total for part in self.parts)

    def last_day(self, index: int) -> date:
        """The last day of a period."""
        span = timedelta(days=6 if self.every == "1w" else 0)
        return min(self.periods[index] + span, self.until)

    def first_day(self, index: int) -> date:
        return max(self.periods[index], self.since)

    def sum_of(self, index: int) -> int:
        return sum(part.counts[index] for part in self.parts)


def draw_curve(
    counts: pl.DataFrame,
    *,
    part: CurvePart,
    every: str,
    today: date,
    since: date | None = None,
    until: date | None = None,
    area_names: dict[str, str] | None = None,
) -> Curve:
    """The curve of `day, part, n`. Cases after `today`, outside the range or without a day are counted apart."""
    total = int(counts["n"].sum())
    days = counts.filter(pl.col("day").is_not_null())
    past = days.filter(pl.col("day") <= today)
    first, last = span_of(past, today, since, until)
    inside = past.filter(pl.col("day").is_between(first, last))
    grouped = with_rest(inside.with_columns(pl.col("part").fill_null(UNKNOWN)))
    table = incidence(grouped, date="day", by=["part"], until=last, since=first, every=every, count="n")  # type: ignore[arg-type]
    periods = incidence(inside, date="day", until=last, since=first, every=every, count="n")  # type: ignore[arg-type]
    keys = ordered(grouped, part)
    parts = [
        Part(key, label_of(key, part, area_names or {}), table.filter(pl.col("part") == key)["n"].to_list())
        for key in keys
    ]
    return Curve(
        periods=periods["date"].to_list(),
        lengths=periods["n_days"].to_list(),
        parts=parts,
        undated=total - int(days["n"].sum()),
        later=int(days.filter(pl.col("day") > today)["n"].sum()),
        outside=int(past["n"].sum() - inside["n"].sum()),
        every=every,
        since=first,
        until=last,
        total=total,
    )


def span_of(days: pl.DataFrame, today: date, since: date | None, until: date | None) -> tuple[date, date]:
    """From the first case to today, or to three weeks after the last case where that is earlier."""
    known = days["day"]
    latest = known.max() if known.len() else today
    last = until or min(today, latest + timedelta(days=QUIET_DAYS))  # type: ignore[operator]
    earliest = known.min() if known.len() else last
    first = since or earliest
    first = max(min(first, last), last - timedelta(days=MOST_DAYS))  # type: ignore[type-var]
    return first, last  # type: ignore[return-value]


def with_rest(counts: pl.DataFrame) -> pl.DataFrame:
    """The largest parts keep their name, the others become one."""
    sizes = counts.group_by("part").agg(pl.col("n").sum()).sort("n", "part", descending=[True, False])
    if sizes.height <= MOST_PARTS:
        return counts
    kept = sizes.head(MOST_PARTS - 1)["part"].to_list()
    named = counts.with_columns(part=pl.when(pl.col("part").is_in(kept)).then("part").otherwise(pl.lit(REST)))
    return named.group_by("day", "part").agg(pl.col("n").sum())


def ordered(counts: pl.DataFrame, part: CurvePart) -> list[str]:
    """The parts from the bottom up: classes by sureness, others the largest first, what is not known on top."""
    sizes = counts.group_by("part").agg(pl.col("n").sum()).sort("n", "part", descending=[True, False])
    keys = sizes["part"].to_list()
    stated = FIRST.get(part, [])
    last = [REST, "unknown", UNKNOWN]
    return sorted(keys, key=lambda key: (key in last, stated.index(key) if key in stated else 0))


def label_of(key: str, part: CurvePart, area_names: dict[str, str]) -> Message | str | Any:
    if part == CurvePart.NONE:
        return N_("Cases")
    if key == REST:
        return N_("All others")
    if key == UNKNOWN:
        return N_("No area of this level") if part == CurvePart.AREA else N_("Not known")
    return area_names.get(key, key) if part == CurvePart.AREA else CODE_LISTS[part](key)
