"""Philox against Random123's published vectors; the shuffle against what a shuffle is."""

import threading
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from sizao.epi.city.chance import AGES, MASK, MOVEMENT, draw, philox
from sizao.epi.city.shuffle import key_of, shuffled, unshuffled
from sizao.epi.compiled import compiled_in_order

# Random123, tests/kat_vectors, the lines "philox4x32 10": counter, key, words.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((MASK,) * 4, (MASK,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox_gives_the_published_words_compiled_and_plain(counter, key, words):
    assert philox(*counter, *key) == words
    assert philox.py_func(*counter, *key) == words


def test_a_draw_has_its_own_address():
    addresses = [
        (1, 2, 3, 4, 5),
        (2, 2, 3, 4, 5),
        (1, 3, 3, 4, 5),
        (1, 2, 4, 3, 5),
        (1, 2, 3, 4, 6),
        (1 + 2**32, 2, 3, 4, 5),
    ]
    assert len({draw(*each) for each in addresses}) == len(addresses)
    assert draw(1, AGES, np.int32(3), np.int32(4), 5) == draw(1, 2, 3, 4, 5)


@compiled_in_order
def fill(order, words):
    for at in order:
        words[at] = draw(7, 3, at, at * 13, at % 60)[0]


def test_words_do_not_depend_on_order_or_thread():
    n = 20_000
    forward, backward, threaded = (np.zeros(n, np.int64) for _ in range(3))
    fill(np.arange(n), forward)
    fill(np.arange(n)[::-1].copy(), backward)
    halves = [threading.Thread(target=fill, args=(np.arange(n)[k::2].copy(), threaded)) for k in (0, 1)]
    for half in halves:
        half.start()
    for half in halves:
        half.join()
    assert forward.tobytes() == backward.tobytes() == threaded.tobytes()
    assert abs(forward.mean() / 2**32 - 0.5) < 4 / np.sqrt(12 * n)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 3_000), seed=st.integers(0, 2**63 - 1), day=st.integers(0, 400))
def test_a_shuffle_sends_each_number_to_one_place_and_back(n, seed, day):
    key = key_of(seed, MOVEMENT, 0, 0, day)
    there = [shuffled(x, n, *key) for x in range(n)]
    assert sorted(there) == list(range(n))
    assert [unshuffled(y, n, *key) for y in there] == list(range(n))
    assert shuffled.py_func(0, n, *key) == there[0]


@pytest.mark.parametrize("n", [7, 100, 2_500])
def test_over_many_keys_every_place_is_equally_likely(n):
    hits = Counter(shuffled(n // 3, n, *key_of(seed, 8, 0, 0, 0)) for seed in range(20 * n))
    assert chisquare([hits[place] for place in range(n)]).pvalue > 1e-4
