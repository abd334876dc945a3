"""Venues people visit: near home, in their area, anywhere in the city; a few large, many small."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]

#: People who share the venues near home (assumed: a residents' committee's area).
COMMUNITY = 2_500
#: People per venue, near home, in the area, in the city (assumed).
PEOPLE_PER_VENUE = (100, 250, 1_000)


@dataclass(frozen=True)
class Ranges:
    """Stretches of people who share venues: first every community, then every area, then the city.

    Range r holds people `first[r]` to `first[r] + size[r]`, its venues are `venue[r]` to `venue[r + 1]`, and venue v
    has the seats `seat[v] + r`-th onward: the seats of a range are numbered from 0, and its starts (with the end) begin
    at `seat[venue[r] + r]`.
    """

    areas: Ints
    first_community: Ints
    first: Ints
    size: Ints
    venue: Ints
    seat: Int32s

    @property
    def n_communities(self) -> int:
        return int(self.first_community[-1])


def ranges(areas: Ints) -> Ranges:
    """Ranges and venues of a city whose area a holds the people `areas[a]` to `areas[a + 1]`."""
    sizes = np.diff(areas)
    blocks = np.maximum(1, sizes // COMMUNITY)
    first_community = np.concatenate([[0], np.cumsum(blocks)]).astype(np.int64)
    within = np.arange(first_community[-1]) - np.repeat(first_community[:-1], blocks)
    first = np.repeat(areas[:-1], blocks) + within * COMMUNITY
    first = np.concatenate([first, areas[:-1], [0]]).astype(np.int64)
    n = int(first_community[-1])
    size = np.concatenate([np.diff(np.append(first[:n], areas[-1])), sizes, [areas[-1]]]).astype(np.int64)
    level = np.repeat([0, 1, 2], [n, len(sizes), 1])
    venues = np.maximum(1, size // np.array(PEOPLE_PER_VENUE)[level])
    # The same few sizes of range come again and again.
    known: dict[tuple[int, int], Int32s] = {}
    for pair in set(zip(size.tolist(), venues.tolist(), strict=True)):
        known[pair] = seat_starts(*pair)
    seat = np.concatenate([known[pair] for pair in zip(size.tolist(), venues.tolist(), strict=True)])
    return Ranges(areas, first_community, first, size, np.concatenate([[0], np.cumsum(venues)]).astype(np.int64), seat)


def seat_starts(people: int, venues: int) -> Int32s:
    """Seats of each venue, added up: sizes as 1 / (rank + venues / 50), Zipf and Mandelbrot's law, whole numbers."""
    weight = (1 << 40) // (50 * np.arange(1, venues + 1) + venues)
    total = np.cumsum(weight)
    ends = total * (people / int(total[-1]))
    starts = np.concatenate([[0], np.floor(ends)]).astype(np.int32)
    starts[-1] = people
    return starts
