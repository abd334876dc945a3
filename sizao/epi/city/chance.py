"""Chance as a pure function of (seed, purpose, who, whom, day): Philox4x32-10.

Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011). Nothing is a "next" number:
the same question has the same answer in any order and on any thread, and two runs that differ in one decision share
all other chance. All arithmetic is in signed 64-bit numbers with 32-bit masks, so that compiled and plain Python agree.
"""

from sizao.epi.compiled import compiled_in_order

MASK = 0xFFFFFFFF
#: One in 32-bit thresholds: an event of probability p happens when a word is below `p * ONE`.
ONE = 1 << 32


#: What a draw is for is part of its address, so that no two uses share a number.
HOUSEHOLDS, AGES, ENROLMENT, CLASSES, EMPLOYMENT, POOL, SEATS = range(1, 8)
MOVEMENT, ATTENDANCE, COURSE, INFECTIOUSNESS, IMPORTS, VACCINATION, WATER, STAY_HOME = range(8, 16)
#: Transmission: this plus the number of the layer.
TRANSMISSION = 32


@compiled_in_order
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Four 32-bit words from a counter of four and a key of two."""
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1 = ((p1 >> 32) & MASK) ^ c1 ^ k0, p1 & MASK
        c2, c3 = ((p0 >> 32) & MASK) ^ c3 ^ k1, p0 & MASK
        k0 = (k0 + 0x9E3779B9) & MASK
        k1 = (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


@compiled_in_order
def draw(seed: int, purpose: int, who: int, whom: int, day: int) -> tuple[int, int, int, int]:
    """Four independent words in [0, 2**32) that belong to this question alone; `seed` has 64 bits."""
    return philox(
        int(who) & MASK,
        int(whom) & MASK,
        int(day) & MASK,
        int(purpose) & MASK,
        int(seed) & MASK,
        (int(seed) >> 32) & MASK,
    )
