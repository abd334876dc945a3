"""An invertible shuffle of 0 … n-1, computed for one number at a time.

A keyed Feistel network with additive halves on a rectangle just larger than n (Black and Rogaway, "Ciphers with
arbitrary finite domains", 2002): what falls outside n is shuffled again until it falls inside.
"""

import math

from sizao.epi.city.chance import MASK, draw
from sizao.epi.compiled import compiled_in_order


@compiled_in_order
def over(a: int, b: int) -> int:
    """a // b for whole numbers from 0 to 2**31 and b above 0, exactly: dividing doubles takes a third of the time."""
    return int(a / b)


@compiled_in_order
def mixed(value: int, key: int, below: int) -> int:
    """A number in [0, below) that depends on every bit of value and key."""
    h = (value * 0x9E3779B1 + key) & MASK
    h = ((h ^ (h >> 15)) * 0x85EBCA77) & MASK
    h = ((h ^ (h >> 13)) * 0xC2B2AE3D) & MASK
    return ((h ^ (h >> 16)) * below) >> 32


@compiled_in_order
def key_of(seed: int, purpose: int, which: int, part: int, day: int) -> tuple[int, int]:
    """The two key words of one shuffle."""
    k0, k1, _, _ = draw(seed, purpose, which, part, day)
    return k0, k1


@compiled_in_order
def shuffled(x: int, n: int, k0: int, k1: int) -> int:
    """Where number x of n goes."""
    wide = int(math.sqrt(n - 1.0)) + 1
    high = over(n + wide - 1, wide)
    while True:
        right = over(x, wide)
        left = x - right * wide
        left += mixed(right, k0, wide)
        left -= wide if left >= wide else 0
        right += mixed(left, k1, high)
        right -= high if right >= high else 0
        left += mixed(right, (k0 + 0x3C6EF372) & MASK, wide)
        left -= wide if left >= wide else 0
        right += mixed(left, (k1 + 0x3C6EF372) & MASK, high)
        right -= high if right >= high else 0
        x = right * wide + left
        if x < n:
            return x


@compiled_in_order
def unshuffled(y: int, n: int, k0: int, k1: int) -> int:
    """Which number of n went to y."""
    wide = int(math.sqrt(n - 1.0)) + 1
    high = over(n + wide - 1, wide)
    while True:
        right = over(y, wide)
        left = y - right * wide
        right -= mixed(left, (k1 + 0x3C6EF372) & MASK, high)
        right += high if right < 0 else 0
        left -= mixed(right, (k0 + 0x3C6EF372) & MASK, wide)
        left += wide if left < 0 else 0
        right -= mixed(left, k1, high)
        right += high if right < 0 else 0
        left -= mixed(right, k0, wide)
        left += wide if left < 0 else 0
        y = right * wide + left
        if y < n:
            return y
