"""Why a row rang or not, in one sentence."""

from collections.abc import Mapping
from typing import Any

from sizao.epi.detection.status import Status
from sizao.vocabulary.text import N_, Message

LABELS = {status.value: status.label for status in Status}


def why(row: Mapping[str, Any], detector: Message) -> Message:
    """The sentence for one row of verdicts; `detector` is its label in the table of detectors."""
    if row["status"] not in (Status.OK, Status.UNSTABLE):
        return N_("{detector}: {status}.", detector=detector, status=LABELS[row["status"]])
    facts = {"detector": detector, "n": row["n"], "upper": rounded(row["upper"])}
    if row["expected"] is None:
        if row["alarm"]:
            return N_("{detector}: {n} cases, more than the limit of {upper}.", **facts)
        return N_("{detector}: {n} cases, not more than the limit of {upper}.", **facts)
    facts["expected"] = rounded(row["expected"])
    if row["alarm"]:
        return N_("{detector}: {n} cases where {expected} were expected; the threshold is {upper}.", **facts)
    return N_("{detector}: {n} cases, {expected} expected; the threshold of {upper} is not passed.", **facts)


def rounded(value: float | None) -> str:
    """Three figures are enough to read."""
    return "–" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
