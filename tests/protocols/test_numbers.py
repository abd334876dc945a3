"""The files hold the figures of the sources' table: compared with a table written down independently of them."""

import math
from pathlib import Path

import pytest
from scipy import stats

from sizao.protocols import available, load
from sizao.protocols.figures import Days, Quantity
from sizao.protocols.laws import delay_of
from sizao.protocols.missed import missed_by, missed_share
from sizao.protocols.walking import sourced

HERE = Path(__file__).parent


def rows(name):
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


#: How many figures of each table of the sources are written down; a figure dropped from the table is missed here.
COUNTED = {
    "A1": 22,
    "A2": 60,
    "A3": 14,
    "A4": 26,
    "A5": 27,
    "A6": 26,
    "A7": 7,
    "A9": 6,
    "the": 7,
    "B1": 103,
    "C1": 7,
    "B2": 26,
}


def counted():
    found, section = {}, ""
    for line in (HERE / "numbers.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# --- "):
            section = line.removeprefix("# --- ").partition(" ")[0]
        elif line and not line.startswith("#"):
            found[section] = found.get(section, 0) + 1
    return found | {"B2": len(rows("delays.txt"))}


def test_the_tables_are_written_down_whole():
    assert counted() == COUNTED
    assert {f"A{n}" for n in (*range(1, 8), 9)} | {"B1", "B2"} <= set(COUNTED)  # A8 has no figure


def test_no_figure_is_written_down_twice():
    keys = [tuple(row[:2]) for row in rows("numbers.txt")]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("identifier", available())
def test_no_sourced_figure_of_a_file_stands_outside_the_tables(identifier):
    """What a file calls sourced was read in the tables: the same key, figure, unit and grade, if of another edition."""
    known = {(key, value, unit, grade) for _id, key, value, unit, grade, _tag in rows("numbers.txt")}
    for key, item in sourced(load(identifier)).items():
        if isinstance(item, Quantity | Days) and item.is_sourced:
            values = item.value if isinstance(item, Days) else (item.number,)
            assert (key, ",".join(map(str, values)), str(item.unit), str(item.grade)) in known, key


@pytest.mark.parametrize(("identifier", "key", "value", "unit", "grade", "tag"), rows("numbers.txt"))
def test_figure(identifier, key, value, unit, grade, tag):
    item = sourced(load(identifier))[key]
    found = list(item.value) if isinstance(item.value, tuple) else [item.value]
    assert found == [float(part) for part in value.split(",")]
    assert (str(item.unit), str(item.grade)) == (unit, grade)
    assert tag in item.tags if grade != "m" else item.tags == ()


@pytest.mark.parametrize("row", rows("delays.txt"), ids=lambda row: f"{row[0]}-{row[1]}")
def test_delay_as_printed(row):
    identifier, key, *printed = row
    item = load(identifier).distribution[key]
    fitted = reference(item)
    days = [0.5, 3.0, 10.0, 25.0]
    assert delay_of(item).cdf(days) == pytest.approx(fitted.cdf([d - item.shift for d in days]))
    found = [fitted.mean() + item.shift, fitted.std(), fitted.median() + item.shift, fitted.ppf(0.95) + item.shift]
    for value, text in zip(found, printed[:4], strict=True):
        if text != "-":
            assert value == pytest.approx(float(text), abs=rounding(text) + 0.02 * float(text))
    for part in printed[4:]:
        day, percent = part.split(":")
        assert missed_share(item, int(day)).share * 100 == pytest.approx(float(percent), abs=rounding(percent) + 0.02)


def reference(item):
    """The same law in scipy's own words."""
    given = item.parameters
    if item.family == "lognormal":
        return stats.lognorm(s=given["sdlog"], scale=math.exp(given["meanlog"]))
    if item.family == "gamma":
        return stats.gamma(a=given["shape"], scale=given["scale"])
    if item.family == "weibull":
        return stats.weibull_min(c=given["shape"], scale=given["scale"])
    return stats.norm(loc=given["mean"], scale=given["sd"])


def rounding(text):
    """Half of the last printed figure."""
    return 0.5 * 10 ** -len(text.partition(".")[2])


@pytest.mark.parametrize(
    ("identifier", "key", "mean"),
    [
        ("cn-covid-9", "incubation_omicron", 3.49),
        ("cn-covid-9", "serial_interval_ba5", 2.37),
        ("cn-covid-9", "generation_ba1_realised", 2.99),
        ("cn-covid-9", "generation_ba1_intrinsic", 6.84),
        ("cn-covid-9", "generation_omicron_park", 3.0),
        ("cn-covid-8", "generation_delta", 3.8),
        ("measles", "serial_interval", 11.7),
        ("pertussis", "serial_interval", 22.8),
    ],
)
def test_delays_known_by_their_mean_only(identifier, key, mean):
    item = load(identifier).distribution[key]
    assert (item.mean, item.family) == (mean, None)


@pytest.mark.parametrize(
    ("identifier", "key", "mean", "dispersion"),
    [
        ("covid-who-2022", "offspring_sars_singapore", 1.63, 0.16),
        ("covid-who-2022", "offspring_sars_beijing", 0.94, 0.17),
        ("mpox", "offspring_zaire", 0.32, 0.58),
        ("ebola", "offspring_uganda", 1.5, 5.1),
    ],
)
def test_superspreading(identifier, key, mean, dispersion):
    assert load(identifier).distribution[key].parameters == {"mean": mean, "dispersion": dispersion}


def test_the_share_of_ebola_infections_a_follow_up_of_21_days_misses_is_about_a_tenth():
    missed = missed_by(load("ebola"))
    assert missed.days == 21
    assert missed.low < 0.103 < missed.high
    assert missed.share == pytest.approx(0.103, abs=0.002)


def test_where_no_spread_is_sourced_nothing_is_computed():
    assert missed_by(load("cn-covid-9-plus20")) is None
