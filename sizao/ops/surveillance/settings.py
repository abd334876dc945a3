"""A stream's detector and its parameters: what may be set, checked before anything is stored."""

import inspect
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from sizao.epi.detection import DETECTORS, InputError
from sizao.ops.incidents.lifecycle import NotNow
from sizao.vocabulary.text import N_, Message

#: Told by the run or the stream, not by a setting.
NOT_A_SETTING = {"df", "by", "freq", "until", "last", "absent", "since", "threads"}
#: Periods of counts a detector looks back over; the others want everything there is.
SHORT_SIGHTED = {"ears": 40, "k_in_days": 40, "ewma_switch": 120}
DAYS_OF = {"day": 1, "week": 7, "month": 31}
ALL_DAYS = 366 * 7
#: Newest periods looked at each evening: counts that came late may still ring.
LOOK_BACK = {"day": 7, "week": 3, "month": 2}
Parameters = dict[str, Any]


def key_of(detector: str, parameters: Mapping[str, Any]) -> str:
    """Streams with the same key go through their detector together."""
    return json.dumps([detector, parameters], sort_keys=True, ensure_ascii=False)


def arguments(parameters: Mapping[str, Any]) -> Parameters:
    """Parameters as JSON keeps them, as the detector's function takes them: days are dates, lists tuples."""
    return {name: _argument(value) for name, value in parameters.items()}


def _argument(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_argument(each) for each in value)
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return date.fromisoformat(value)
    return value


def days_back(detector: str, parameters: Mapping[str, Any], freq: str) -> int:
    """How many days of counts this setting needs before its newest period."""
    if detector not in SHORT_SIGHTED:
        return ALL_DAYS
    own = sum(value for name, value in parameters.items() if name in ("baseline", "periods", "guard"))
    return min(ALL_DAYS, (SHORT_SIGHTED[detector] + 2 * own + LOOK_BACK[freq]) * DAYS_OF[freq])


def check_setting(detector: str, freq: str, parameters: Mapping[str, Any]) -> None:
    """Refuse a setting the detector cannot run with, in words: it is tried on a small made-up series."""
    if detector not in DETECTORS:
        raise NotNow(N_("There is no detector “{name}”; there are {names}.", name=detector, names=", ".join(DETECTORS)))
    known = set(inspect.signature(DETECTORS[detector].function).parameters) - NOT_A_SETTING
    unknown = sorted(set(parameters) - known)
    if unknown:
        raise NotNow(
            N_(
                "{detector} has no setting “{name}”; it has {names}.",
                detector=detector, name=unknown[0], names=", ".join(sorted(known)) or "–",
            )
        )  # fmt: skip
    last = date(2024, 1, 1)
    step = {"day": 1, "week": 7, "month": 31}[freq]
    days = sorted({last.replace(day=1) - timedelta(days=step * back) for back in range(60)})
    if freq == "month":
        days = sorted({day.replace(day=1) for day in days})
    counts = pl.DataFrame({"stream": [1] * len(days), "date": days, "n": [5 + index % 3 for index in range(len(days))]})
    try:
        DETECTORS[detector].function(counts, by="stream", freq=freq, until=days[-1], **arguments(parameters))
    except InputError as refusal:
        raise NotNow(refusal.message) from refusal
    except (TypeError, ValueError) as refusal:
        raise NotNow(N_("A value of these settings cannot be read: {reason}", reason=str(refusal))) from refusal


def setting_text(detector: str, parameters: Mapping[str, Any]) -> Message:
    """A setting as people read it."""
    label = DETECTORS[detector].label if detector in DETECTORS else N_("Streams together")
    told = ", ".join(f"{name} = {json.dumps(value)}" for name, value in sorted(parameters.items()))
    return N_("{detector} ({parameters})", detector=label, parameters=told) if told else label


def read_parameters(text: str) -> Parameters:
    """Parameters as JSON or as `k=5; periods=14`. An empty text is no parameter."""
    text = text.strip()
    if not text:
        return {}
    try:
        found = (
            json.loads(text) if text.startswith("{") else dict(_pair(part) for part in text.split(";") if part.strip())
        )
    except ValueError as refusal:
        raise NotNow(N_("Write parameters as “k=5; periods=14” or as JSON, not “{text}”.", text=text)) from refusal
    return found


def _pair(part: str) -> tuple[str, Any]:
    name, equals, value = part.partition("=")
    if not equals:
        raise ValueError(part)
    try:
        return name.strip(), json.loads(value.strip())
    except ValueError:
        return name.strip(), value.strip()
