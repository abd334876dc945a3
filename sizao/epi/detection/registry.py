"""The table of detectors: delete a line and a detector is gone; add a line and the contract tests try it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sizao.epi.detection.auto import auto
from sizao.epi.detection.bayes import bayes
from sizao.epi.detection.calendar import Day, InputError
from sizao.epi.detection.cusum import cusum
from sizao.epi.detection.ears import ears
from sizao.epi.detection.ewma_switch import ewma_switch
from sizao.epi.detection.farrington import farrington
from sizao.epi.detection.glr import glr
from sizao.epi.detection.historical_limits import historical_limits
from sizao.epi.detection.k_in_days import k_in_days
from sizao.epi.detection.moving_percentile import moving_percentile
from sizao.epi.detection.outbreak_p import outbreak_p
from sizao.epi.detection.recent_sums import recent_sums
from sizao.epi.detection.rki import rki
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class Detector:
    """One detector: its function, what to call it, what it is for, and the frequencies it can read."""

    function: Callable[..., pl.DataFrame]
    label: Message
    purpose: Message
    freqs: tuple[str, ...] = ("day", "week", "month")


@dataclass(frozen=True)
class Detection:
    """Verdicts with what made them, so that a signal can be reproduced in review."""

    verdicts: pl.DataFrame
    detector: str
    parameters: dict[str, Any] = field(default_factory=dict)
    asof: Day | None = None


DETECTORS: dict[str, Detector] = {
    "farrington": Detector(
        farrington,
        N_("Farrington Flexible"),
        N_("Weekly or monthly series with three years of history or more."),
    ),
    "recent_sums": Detector(
        recent_sums,
        N_("Farrington on recent sums"),
        N_("As Farrington Flexible; finds more outbreaks at the same false alarms, on average a little later."),
    ),
    "ears": Detector(ears, N_("EARS C1 to C3"), N_("New series: needs ten days or weeks.")),
    "ewma_switch": Detector(
        ewma_switch,
        N_("ESSENCE regression/EWMA switch"),
        N_("Daily series with a pattern over the week; needs a month."),
        ("day",),
    ),
    "cusum": Detector(cusum, N_("CUSUM"), N_("Slow rises above a steady level.")),
    "glr": Detector(
        glr, N_("Likelihood-ratio CUSUM"), N_("Lasting rises above a seasonal mean; dates their beginning.")
    ),
    "bayes": Detector(bayes, N_("Bayes"), N_("A few weeks of history, small counts.")),
    "rki": Detector(rki, N_("RKI mean and margin"), N_("Two years of history, small counts.")),
    "moving_percentile": Detector(
        moving_percentile,
        N_("Moving percentile (CIDARS)"),
        N_("For comparison with the national automated alert; rings often."),
    ),
    "historical_limits": Detector(
        historical_limits,
        N_("Historical limits"),
        N_("Rare diseases and monthly series: four weeks or a month together."),
    ),
    "k_in_days": Detector(
        k_in_days, N_("k cases in d days"), N_("Rare or severe diseases and closed places; needs no history.")
    ),
    "outbreak_p": Detector(outbreak_p, N_("OutbreakP"), N_("Beginning of a seasonal epidemic; needs no baseline.")),
    "auto": Detector(auto, N_("Chosen by length of history"), N_("Any series; says which method it used.")),
}


def detect(name: str, df: pl.DataFrame, *, asof: Day | None = None, **parameters: Any) -> Detection:
    """Run a detector of the table and keep its parameters; `asof` is the day the data were known."""
    if name not in DETECTORS:
        raise InputError(N_("There is no detector “{name}”; there are {names}.", name=name, names=", ".join(DETECTORS)))
    return Detection(DETECTORS[name].function(df, **parameters), name, parameters, asof)
