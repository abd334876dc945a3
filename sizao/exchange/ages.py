"""Ages as people write them, in years: "45", "45岁", "3 months" (0.25), "10天"."""

import re
import unicodedata

YEAR, MONTH, WEEK, DAY = 1.0, 1 / 12, 7 / 365.25, 1 / 365.25
UNITS: dict[str, float] = {
    word: unit
    for words, unit in (
        ("|y|yr|yrs|year|years|yo|years old|岁|周岁|歲|ans|an|années|annees|année|jahre|jahr", YEAR),
        ("m|mo|mos|mth|mths|month|months|月|个月|月龄|個月|mois|monate|monat", MONTH),
        ("w|wk|wks|week|weeks|周|周龄|星期|semaines|wochen", WEEK),
        ("d|day|days|天|日|日龄|jours|tage", DAY),
    )
    for word in words.split("|")
}
AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\d\s.,]*(?:\s+old)?)\.?")
OLDEST = 130.0
NO_AGE = frozenset(("na", "n/a", "nan", "null", "none", "-", "--", "?", "unknown", "unk", "不详", "未知", "/"))


def read_age(text: str) -> tuple[float | None, str | None]:
    """The age in years, or the rule it breaks. "2岁3个月" adds up; "5-9" is no age."""
    value = unicodedata.normalize("NFKC", text).casefold().strip()
    if value in NO_AGE:
        return None, None
    parts = [(float(found[1].replace(",", ".")), UNITS.get(found[2].strip())) for found in AMOUNT.finditer(value)]
    leftover = AMOUNT.sub("", value).strip(" ,+")
    if not parts or leftover or any(unit is None for _, unit in parts) or _restates_years(parts):
        return None, "age_unreadable"
    years = sum(amount * unit for amount, unit in parts if unit is not None)
    return (round(years, 4), None) if years <= OLDEST else (None, "age_out_of_range")


def _restates_years(parts: list[tuple[float, float | None]]) -> bool:
    """Two numbers of the same unit are a range or a mistake, not one age."""
    return len({unit for _, unit in parts}) < len(parts)
