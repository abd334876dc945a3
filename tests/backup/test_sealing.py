"""A sealed stream opens whole or not at all."""

import io
import os

import pytest

from sizao.config.backup.sealing import PIECE, TAG, Damaged, Opener, Sealer

HEAD = 15 + 1 + 16


def sealed(data: bytes) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out)
    sealer.write(data)
    sealer.finish()
    return out.getvalue()


@pytest.mark.parametrize("n", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_opens(n):
    data = os.urandom(n)
    assert Opener(io.BytesIO(sealed(data))).read() == data


def test_in_small_pieces_too():
    data = os.urandom(PIECE + 100)
    opener = Opener(io.BytesIO(sealed(data)))
    assert b"".join(iter(lambda: opener.read(70_000), b"")) == data


def test_nothing_readable_is_in_it():
    assert b"a name" not in sealed(b"a name" * 1000)


def bad(change):
    data = sealed(bytes(2 * PIECE + 10))
    with pytest.raises(Damaged):
        Opener(io.BytesIO(change(data))).read()


def test_one_bit_altered_anywhere_is_found():
    for place in (0, 20, HEAD + 5, HEAD + PIECE + TAG + 3, -1):
        altered = bytearray(sealed(bytes(2 * PIECE + 10)))
        altered[place] ^= 1
        with pytest.raises(Damaged):
            Opener(io.BytesIO(bytes(altered))).read()


def test_an_end_cut_off_is_found():
    bad(lambda data: data[:-1])
    bad(lambda data: data[: HEAD + PIECE + TAG])
    bad(lambda data: data[: HEAD + 2 * (PIECE + TAG)])


def test_pieces_that_change_places_are_found():
    def swap(data):
        first, second = data[HEAD : HEAD + PIECE + TAG], data[HEAD + PIECE + TAG : HEAD + 2 * (PIECE + TAG)]
        return data[:HEAD] + second + first + data[HEAD + 2 * (PIECE + TAG) :]

    out = io.BytesIO()
    sealer = Sealer(out)
    sealer.write(os.urandom(2 * PIECE + 10))
    sealer.finish()
    with pytest.raises(Damaged):
        Opener(io.BytesIO(swap(out.getvalue()))).read()


def test_a_file_of_another_kind_is_refused():
    bad(lambda data: b"PK" + data)
