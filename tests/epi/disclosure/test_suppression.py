"""Published tables keep their small counts: against sums, hierarchies, classes and yesterday's table."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sizao.epi.disclosure import Reason, RunningTotal, audit_recovery, suppress
from tests.epi.disclosure.tables import ONE_WAY, day_table, one_way, two_way


def blanks(published):
    return published.filter(pl.col("count").is_null())


def check_promises(table, published, layout, threshold=5):
    """What holds of every published table: nothing small, nothing changed, nothing recoverable, nothing idle."""
    assert_frame_equal(published.select(layout["dims"]), table.select(layout["dims"]))
    shown = published["count"].is_not_null()
    assert (published.filter(shown)["count"] == table.filter(shown)["count"]).all()
    assert not published["count"].is_between(1, threshold - 1).any()
    assert (published["reason"].is_null() == shown).all()
    audit = audit_recovery(published, width=threshold, **layout)
    assert audit.height == blanks(published).height
    assert not audit["recoverable"].any()
    truth = audit.join(table, on=layout["dims"])
    assert (truth["lower"] <= truth["count"] + 1e-6).all() and (truth["upper"] >= truth["count"] - 1e-6).all()


def test_a_small_count_takes_its_cheapest_companion_with_it():
    published = suppress(one_way(2, 40, 7), **ONE_WAY)
    assert published.rows() == [
        ("a", None, "small"),
        ("b", 40, None),
        ("c", None, "protects"),
        ("all", 49, None),
    ]


def test_two_small_counts_protect_each_other_if_their_sum_allows():
    assert suppress(one_way(4, 4, 90), **ONE_WAY)["count"].to_list() == [None, None, 90, 98]
    # 1 + 2 = 3 follows by subtraction: neither could be more than 3
    assert suppress(one_way(1, 2, 90), **ONE_WAY)["count"].to_list() != [None, None, 90, 93]


def test_a_lone_small_count_takes_the_total_with_it():
    assert suppress(one_way(3, 0, 0), **ONE_WAY)["count"].to_list() == [None, 0, 0, None]


def test_without_small_counts_everything_is_published():
    table = one_way(0, 5, 17)
    published = suppress(table, **ONE_WAY)
    assert published["count"].to_list() == table["count"].to_list()
    assert published["reason"].null_count() == 4


def test_without_totals_only_the_small_counts_go():
    table = pl.DataFrame({"area": ["a", "b"], "count": [3, 8]})
    assert suppress(table, dims=["area"])["count"].to_list() == [None, 8]


def test_zeros_are_hidden_on_request():
    assert suppress(one_way(0, 8, 9), hide_zeros=True, **ONE_WAY)["count"].to_list() == [None, None, 9, 17]


def test_hiding_only_the_small_counts_would_give_them_away():
    """The attack works: what suppress prevents is not imaginary."""
    table, layout = two_way([[2, 30], [40, 50]])
    naive = table.with_columns(pl.when(pl.col("count").is_between(1, 4)).then(None).otherwise("count").alias("count"))
    audit = audit_recovery(naive, **layout)
    assert audit.select("lower", "upper", "recoverable").rows() == [(2.0, 2.0, True)]


COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 60))


@settings(max_examples=60, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=8), st.integers(2, 11))
def test_one_way_tables_keep_their_promises(counts, threshold):
    table = one_way(*counts)
    check_promises(table, suppress(table, threshold=threshold, **ONE_WAY), ONE_WAY, threshold)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 6), st.integers(1, 4), st.integers(1, 3))
def test_hierarchies_by_class_keep_their_promises(data, counties, classes, cities):
    inside = [[data.draw(COUNTS) for _ in range(classes)] for _ in range(counties)]
    table, layout = two_way(inside, min(cities, counties))
    check_promises(table, suppress(table, **layout), layout)


@settings(max_examples=20, deadline=None)
@given(st.data(), st.integers(2, 5), st.integers(1, 3))
def test_no_additional_blank_is_idle(data, counties, classes):
    """Publish any one of the protecting cells again, and some blank can be worked out."""
    inside = [[data.draw(COUNTS) for _ in range(classes)] for _ in range(counties)]
    table, layout = two_way(inside)
    published = suppress(table, **layout).with_columns(truth=table["count"])
    for row in range(table.height):
        if published["reason"][row] == Reason.PROTECTS:
            less = published.with_columns(
                pl.when(pl.int_range(pl.len()) == row).then("truth").otherwise("count").alias("count")
            )
            assert audit_recovery(less, **layout)["recoverable"].any()


RUNNING = [RunningTotal()]
DAYS = {"dims": ["date", "measure", "area"], "total_rows": {"area": "all"}, "running": RUNNING}


def publish_day_by_day(new):
    """Each day's table is published knowing all that was published before; returns all that readers have."""
    readers = None
    for day in range(len(new)):
        today = day_table(new, day)
        table = today.with_columns(before=pl.lit(None, dtype=pl.Boolean))
        if readers is not None:
            earlier = pl.concat([day_table(new, d) for d in range(day)])
            table = pl.concat([earlier.with_columns(before=readers["count"].is_not_null()), table])
        published = suppress(table, published_before="before", **DAYS)
        out = published.filter(pl.col("date") == today["date"][0]).select(*DAYS["dims"], "count", "reason")
        readers = out if readers is None else pl.concat([readers, out])
    return readers


@settings(max_examples=12, deadline=None)
@given(st.data(), st.integers(2, 5), st.integers(1, 4))
def test_nobody_gets_further_by_comparing_days(data, days, areas):
    new = np.array([[data.draw(COUNTS) for _ in range(areas)] for _ in range(days)])
    readers = publish_day_by_day(new)
    check_promises(pl.concat([day_table(new, d) for d in range(days)]), readers, DAYS)


def test_publishing_each_day_by_itself_gives_small_counts_away():
    """Why the history is needed: a cumulative 4 hidden yesterday follows from 10 today less 6 new."""
    new = np.array([[4, 30], [6, 10]])
    apart = pl.concat([suppress(day_table(new, d), **DAYS) for d in range(2)])
    audit = audit_recovery(apart, **DAYS)
    assert audit["recoverable"].any()
    assert not audit_recovery(publish_day_by_day(new), **DAYS)["recoverable"].any()


def test_a_small_count_that_is_public_already_stays_and_is_named():
    table = one_way(2, 40, 7).with_columns(before=pl.Series([True, None, None, True]))
    published = suppress(table, published_before="before", **ONE_WAY)
    assert published["count"].to_list() == [2, 40, 7, 49]
    assert published["reason"].to_list() == [Reason.ALREADY_PUBLIC, None, None, None]


def test_a_small_count_that_follows_from_public_numbers_is_named():
    table = one_way(2, 40, 7).with_columns(before=pl.Series([None, True, True, True]))
    assert suppress(table, published_before="before", **ONE_WAY)["reason"].to_list()[0] == Reason.EXPOSED


def test_a_small_public_total_is_spread_over_as_many_cells_as_it_takes():
    """The incident's total of 3 is public: where they are can still be kept back, between 0 and 3."""
    table = one_way(3, 0, 0).with_columns(before=pl.Series([None, None, None, True]))
    published = suppress(table, published_before="before", **ONE_WAY)
    assert published["reason"].to_list().count(Reason.EXPOSED) == 2 and published["count"][3] == 3
    audit = audit_recovery(published, **ONE_WAY)
    assert audit.select("lower", "upper").rows() == [(0, 3), (0, 3)]


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(1, 3))
def test_whatever_is_public_already_blanks_are_as_wide_as_they_can_be(data, counties, classes):
    inside = [[data.draw(COUNTS) for _ in range(classes)] for _ in range(counties)]
    table, layout = two_way(inside)
    before = data.draw(
        st.lists(st.sampled_from([None, None, True, False]), min_size=table.height, max_size=table.height)
    )
    table = table.with_columns(before=pl.Series(before, dtype=pl.Boolean))
    published = suppress(table, published_before="before", **layout)
    most = table.with_columns(pl.when(pl.col("before").fill_null(False)).then("count").alias("count"))
    widest = audit_recovery(most, **layout).join(audit_recovery(published, **layout), on=layout["dims"], suffix="_now")
    assert widest.height == blanks(published).height
    for possible, now in widest.select("width", "width_now").iter_rows():
        assert now >= min(5, np.floor(possible + 1e-6)) - 1e-6


def test_a_blank_of_an_earlier_publication_stays_blank():
    table = one_way(20, 40, 70).with_columns(before=pl.Series([None, False, None, None]))
    reasons = suppress(table, published_before="before", **ONE_WAY)["reason"].to_list()
    assert reasons == [Reason.PROTECTS, Reason.WITHHELD_BEFORE, None, None]


def test_the_order_of_rows_does_not_decide_what_is_hidden():
    table, layout = two_way([[1, 8, 20], [14, 3, 9], [30, 30, 2]])
    assert_frame_equal(suppress(table.reverse(), **layout), suppress(table, **layout).reverse())


def test_a_daily_report_of_twenty_areas_hides_little_more_than_the_small_counts():
    rng = np.random.default_rng(4)
    table, layout = two_way(rng.negative_binomial(0.5, 0.5 / 10.5, (20, 6)), cities=4)
    published = suppress(table, **layout)
    check_promises(table, published, layout)
    small = (published["reason"] == Reason.SMALL).sum()
    assert small > 30 and blanks(published).height < 2 * small


REFUSED = [
    ({"count": [2, 40, 7, 50]}, {}, r"total area all is 50 but its parts add up to 49"),
    ({"count": [2, 40, -7, 35]}, {}, r"whole numbers from zero up, found -7"),
    ({"count": [2, None, 7, 9]}, {}, r"found None"),
    ({"area": ["a", "a", "c", "all"]}, {}, r"cell area a occurs more than once"),
    ({"area": ["a", None, "c", "all"]}, {}, r"dimension area has rows without a label"),
    ({}, {"total_rows": {"place": "all"}}, r"not a dimension of the table: place"),
    ({}, {"threshold": 1}, r"threshold must be at least 2"),
    ({}, {"dims": ["area", "day"]}, r"no column day"),
]


@pytest.mark.parametrize(("columns", "options", "sentence"), REFUSED)
def test_what_cannot_be_protected_is_refused_in_a_sentence(columns, options, sentence):
    table = one_way(2, 40, 7).with_columns(**{name: pl.Series(values) for name, values in columns.items()})
    with pytest.raises(ValueError, match=sentence):
        suppress(table, **{**ONE_WAY, **options})


def test_running_totals_need_dates():
    table = day_table(np.array([[1, 2]]), 0).with_columns(pl.col("date").cast(pl.String))
    with pytest.raises(ValueError, match="dimension date must hold dates"):
        suppress(table, **DAYS)


def test_a_corrected_cumulative_number_is_no_contradiction():
    """Yesterday 20 and 30 cumulative, today 6 and 10 new, but 25 and 40: one case was taken back."""
    today = day_table(np.array([[20, 30], [6, 10]]), 1)
    corrected = today.with_columns(
        pl.when((pl.col("measure") == "cumulative") & (pl.col("area") != "c1"))
        .then(pl.col("count") - 1)
        .otherwise("count")
        .alias("count")
    )
    table = pl.concat([day_table(np.array([[20, 30]]), 0), corrected])
    published = suppress(table, **DAYS)
    assert published["count"].null_count() == 0
    assert audit_recovery(published, **DAYS).height == 0


def test_an_empty_table_is_published_as_it_is():
    empty = one_way(1).clear()
    assert suppress(empty, **ONE_WAY).columns == ["area", "count", "reason"]
