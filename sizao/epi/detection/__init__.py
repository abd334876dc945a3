"""Early warning: detectors, spatial scan, and their evaluation.

Every detector takes a long frame (`date`, `n`, keys) and gives one row for each series and date asked, in
the columns of `verdicts.COLUMNS`. `DETECTORS` lists them; `scan` looks for clusters in space and time.
"""

from sizao.epi.detection.auto import auto
from sizao.epi.detection.bayes import bayes
from sizao.epi.detection.budget import control
from sizao.epi.detection.calendar import InputError
from sizao.epi.detection.combine import Combined, combine
from sizao.epi.detection.cusum import cusum
from sizao.epi.detection.ears import ears
from sizao.epi.detection.ewma_switch import ewma_switch
from sizao.epi.detection.farrington import farrington
from sizao.epi.detection.glr import glr
from sizao.epi.detection.historical_limits import historical_limits
from sizao.epi.detection.holidays import spring_festival
from sizao.epi.detection.k_in_days import k_in_days
from sizao.epi.detection.moving_percentile import moving_percentile
from sizao.epi.detection.outbreak_p import outbreak_p
from sizao.epi.detection.recent_sums import recent_sums
from sizao.epi.detection.registry import DETECTORS, Detection, Detector, detect
from sizao.epi.detection.rki import rki
from sizao.epi.detection.scan import Scan, scan
from sizao.epi.detection.status import Status
from sizao.epi.detection.why import why

__all__ = [
    "DETECTORS",
    "Combined",
    "Detection",
    "Detector",
    "InputError",
    "Scan",
    "Status",
    "auto",
    "bayes",
    "combine",
    "control",
    "cusum",
    "detect",
    "ears",
    "ewma_switch",
    "farrington",
    "glr",
    "historical_limits",
    "k_in_days",
    "moving_percentile",
    "outbreak_p",
    "recent_sums",
    "rki",
    "scan",
    "spring_festival",
    "why",
]
