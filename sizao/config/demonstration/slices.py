"""The demonstration's files, cut into what arrived on each evening."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

FOLDER = Path(__file__).resolve().parents[1] / "data" / "demonstration"


@dataclass(frozen=True)
class Evening:
    """What one day brought, as CSV; None when nothing of the kind came."""

    day: date
    cases: bytes | None
    links: bytes | None
    contacts: bytes | None


def all_at_once() -> Evening:
    """Everything on the last day, for a quick start."""
    days = list(evenings())
    names = ("mers_korea_2015_linelist.csv", "mers_korea_2015_contacts.csv", "simulated_contacts.csv")
    return Evening(days[-1].day, *((FOLDER / name).read_bytes() for name in names))


def _read(name: str) -> pl.DataFrame:
    return pl.read_csv(FOLDER / name, infer_schema=False)


def evenings() -> Iterator[Evening]:
    """Every day from the first case to the last. A case is known on its day of report or of diagnosis, whichever is
    later, a dated death on its day; the last evening brings the whole line list as it was published."""
    cases = _read("mers_korea_2015_linelist.csv").with_columns(known_on=pl.max_horizontal("dt_report", "dt_diag"))
    links, contacts = _read("mers_korea_2015_contacts.csv"), _read("simulated_contacts.csv")
    days = cases["known_on"].str.to_date()
    first, last = days.min(), days.max()
    known = dict(cases.select("id", "known_on").iter_rows())
    known_on = pl.max_horizontal(pl.col("from").replace_strict(known), pl.col("to").replace_strict(known))
    contacts = contacts.with_columns(known_on=pl.col("source_id").replace_strict(known))
    links = links.with_columns(known_on=known_on)
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        today = pl.lit(day.isoformat())
        yield Evening(
            day,
            _csv(cases if day == last else _cases_of(cases, day.isoformat())),
            _csv(links.filter(pl.col("known_on") == today)),
            _csv(contacts.filter(pl.col("known_on") == today)),
        )


def _cases_of(cases: pl.DataFrame, day: str) -> pl.DataFrame:
    """Cases known on the day, and earlier ones whose death is dated on it; nothing that was not known yet."""
    dead = pl.col("dt_death").is_not_null() & (pl.col("dt_death") <= day)
    news = (pl.col("known_on") == day) | ((pl.col("dt_death") == day) & (pl.col("known_on") < day))
    return cases.filter(news).with_columns(
        outcome=pl.when(dead).then(pl.lit("Dead")),
        dt_death=pl.when(dead).then("dt_death"),
    )


def _csv(frame: pl.DataFrame) -> bytes | None:
    return frame.drop("known_on").write_csv().encode() if frame.height else None
