"""Days, moments and numbers are written one way in each language, wherever they stand."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sizao.vocabulary.dates import say_day, say_moment, say_number
from sizao.vocabulary.text import N_, say

DAY = date(2015, 6, 7)


@pytest.mark.parametrize(("language", "said"), [("en", "7 Jun 2015"), ("zh-hans", "2015年6月7日")])
def test_a_day_alone_and_inside_a_sentence(language, said):
    assert say_day(DAY, language) == say(DAY, language) == N_("{day}", day=DAY).say(language) == said


@pytest.mark.parametrize(("language", "said"), [("en", "7 Jun 2015 00:30"), ("zh-hans", "2015年6月7日 00:30")])
def test_a_moment_is_told_by_the_clocks_of_a_place(language, said):
    moment = datetime(2015, 6, 6, 15, 30, tzinfo=UTC)
    assert say_moment(moment, language, ZoneInfo("Asia/Seoul")) == said
    assert say(moment, language) is moment, "without a place nobody knows its day"


@pytest.mark.parametrize(
    ("number", "decimals", "said"), [(1234567, None, "1,234,567"), (0.4567, 1, "0.5"), (999, None, "999")]
)
def test_thousands_are_apart(number, decimals, said):
    assert say_number(number, decimals) == said
