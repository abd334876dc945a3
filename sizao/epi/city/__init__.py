"""A simulated city: its people, their days, an epidemic.

`build` makes a `World` from public margins; `Movement` says who visits what on any day without storing it.
"""

from sizao.epi.city.fabric import Fabric, Place, School
from sizao.epi.city.margins import AreaMargins, china_2020, from_census
from sizao.epi.city.movement import Movement, Slot
from sizao.epi.city.world import World, build

__all__ = [
    "AreaMargins",
    "Fabric",
    "Movement",
    "Place",
    "School",
    "Slot",
    "World",
    "build",
    "china_2020",
    "from_census",
]
