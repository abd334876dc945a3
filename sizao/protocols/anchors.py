"""From which day a case's infectious window is counted: the onset, else the sampling, else the diagnosis or report.

A person without symptoms is counted from the sampling, as editions say. For somebody with symptoms whose onset
nobody wrote down, every later day is a stand-in: the true window begins no later, so an exposure before the
reckoned one proves nothing.
"""

import polars as pl

from sizao.protocols.choices import Anchor
from sizao.protocols.columns import with_optional
from sizao.protocols.windows import CASE_OPTIONAL
from sizao.vocabulary.text import N_, Message

#: Days that stand in for the onset, the best first.
STAND_INS = {"sample_taken": "date_collected", "diagnosis": "date_diagnosis", "report": "date_report"}
STAND_IN_LABELS = {"sample_taken": Anchor.SAMPLE_TAKEN.label, "diagnosis": N_("diagnosis"), "report": N_("report")}
ANCHOR_OPTIONAL = CASE_OPTIONAL | {"date_diagnosis": pl.Date, "date_report": pl.Date, "asymptomatic": pl.Boolean}


def with_anchor(cases: pl.DataFrame) -> pl.DataFrame:
    """`cases` with `anchor` and `date_anchor` where another day stands in for the onset, and with that day as
    `date_collected`. `asymptomatic`, where known, says that sampling is the right day and stands in for nothing."""
    known = with_optional(cases, ANCHOR_OPTIONAL)
    undated = pl.all_horizontal(pl.col(name).is_null() for name in ("date_onset", "date_rash", "date_cough"))
    sampled = pl.col("date_collected").is_not_null() & pl.col("asymptomatic").fill_null(True)
    instead = pl.coalesce(STAND_INS.values())
    name = pl.coalesce(pl.when(pl.col(day).is_not_null()).then(pl.lit(key)) for key, day in STAND_INS.items())
    stands_in = undated & ~sampled & instead.is_not_null()
    return known.with_columns(
        anchor=pl.when(stands_in).then(name),
        date_anchor=pl.when(stands_in).then(instead),
        date_collected=pl.when(stands_in).then(instead).otherwise("date_collected"),
    )


def why_anchor(source: str, anchor: str, day: object) -> Message:
    """Why the days are not counted from the onset."""
    return N_(
        "The onset of {source} is not known; counted from the day of {anchor}, {day}.",
        source=source,
        anchor=STAND_IN_LABELS[anchor],
        day=day,
    )
