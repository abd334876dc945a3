"""The shipped protocols load, say who answers for them, and give the rules the operation asks first."""

from datetime import date
from itertools import pairwise

import pytest

from sizao import protocols
from sizao.epi.detection.registry import DETECTORS
from sizao.protocols.choices import Detector
from sizao.protocols.walking import sourced


@pytest.mark.parametrize("identifier", protocols.available())
def test_every_shipped_protocol_loads(identifier):
    protocol = protocols.load(identifier)
    assert protocol.id == identifier
    assert protocol.contact_classes()
    assert protocol.follow_up_days("close") >= 1
    assert protocol.deadline["respond_717"].hours == 168
    assert protocol.next_review > protocol.reviewed_on
    assert protocol.name.say("zh-hans") != protocol.name.say("en")
    assert not protocol.is_checked  # until an expert signs a file, pages say so


@pytest.mark.parametrize("identifier", protocols.available())
def test_unsourced_figures_are_never_shown_as_sourced(identifier):
    for key, item in sourced(protocols.load(identifier)).items():
        assert item.is_sourced == bool(item.tags), key


@pytest.mark.parametrize(
    ("identifier", "days"),
    [
        ("cn-covid-7", 14),
        ("cn-covid-8", 21),
        ("cn-covid-9", 10),
        ("cn-covid-9-plus20", 8),
        ("cn-covid-9-plus10", 5),
        ("covid-who-2022", 10),
        ("mers", 14),
        ("ebola", 21),
    ],
)
def test_follow_up_of_close_contacts(identifier, days):
    assert protocols.load(identifier).follow_up_days("close") == days


def test_one_edition_at_a_time_is_in_force_in_china():
    chain = ["cn-covid-7", "cn-covid-8", "cn-covid-9", "cn-covid-9-plus20", "cn-covid-9-plus10"]
    editions = [protocols.load(identifier) for identifier in chain]
    for before, after in pairwise(editions):
        assert (after.in_force - before.until).days == 1
        assert after.supersedes == before.id
    assert editions[2].in_force == date(2022, 6, 28)


def test_an_unknown_protocol_is_answered_with_those_there_are():
    with pytest.raises(protocols.UnknownProtocol, match="cn-covid-9"):
        protocols.load("cn-covid-10")


def test_a_file_may_name_every_detector_of_the_table_and_no_other():
    assert {str(name): name.label for name in Detector} == {name: found.label for name, found in DETECTORS.items()}


@pytest.mark.parametrize("identifier", protocols.available())
def test_every_protocol_says_how_its_series_are_watched(identifier):
    assert protocols.load(identifier).detectors
