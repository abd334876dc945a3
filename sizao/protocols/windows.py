"""The days on which an exposure to a case counts, for one contact class of one edition."""

import polars as pl

from sizao.protocols.choices import Anchor
from sizao.protocols.figures import Quantity
from sizao.protocols.persons import ContactRule
from sizao.protocols.shape import Protocol

CASE_OPTIONAL = {
    "date_onset": pl.Date,
    "date_collected": pl.Date,
    "date_isolation": pl.Date,
    "date_rash": pl.Date,
    "date_cough": pl.Date,
}
ANCHOR_COLUMN = {Anchor.RASH: "date_rash", Anchor.COUGH: "date_cough"}


def window_of(rule: ContactRule, protocol: Protocol) -> tuple[pl.Expr, pl.Expr]:
    """First and last day. The last is the isolation or the protocol's last infectious day, whichever comes first."""
    shown, silent = anchor_day(rule.anchor), anchor_day(rule.anchor_asymptomatic)
    back_silent = rule.lookback_asymptomatic or rule.lookback
    start = pl.coalesce(moved(shown, rule.lookback, -1), moved(silent, back_silent, -1))
    end = pl.coalesce(
        moved(shown, last_infectious(protocol, "symptomatic"), 1),
        moved(silent, last_infectious(protocol, "asymptomatic"), 1),
    )
    return start, pl.min_horizontal("date_isolation", end)


def last_infectious(protocol: Protocol, key: str) -> Quantity | None:
    window = protocol.infectious.get(key)
    return window.last if window else None


def anchor_day(anchor: Anchor) -> pl.Expr:
    """The day of an anchor; rash and cough fall back on the onset where they were not recorded."""
    if anchor is Anchor.SAMPLE_TAKEN:
        return pl.col("date_collected")
    if anchor in ANCHOR_COLUMN:
        return pl.coalesce(ANCHOR_COLUMN[anchor], "date_onset")
    return pl.col("date_onset")


def moved(day: pl.Expr, days: Quantity | None, sign: int) -> pl.Expr:
    """`day` moved by whole days; nothing where no figure limits it."""
    return pl.lit(None, pl.Date) if days is None else day + pl.duration(days=sign * int(days.value))
