"""A simulated city: its people, their days, an epidemic.

`build` makes a `World` from public margins; `Movement` says who visits what on any day without storing it;
`spread` lets one of `DISEASES` run through it.
"""

from sizao.epi.city.diseases import DISEASES, Disease, Number
from sizao.epi.city.epidemic import Epidemic, Import, Vaccination, spread
from sizao.epi.city.fabric import Fabric, Place, School
from sizao.epi.city.margins import AreaMargins, china_2020, from_census
from sizao.epi.city.movement import Movement, Slot
from sizao.epi.city.world import World, build

__all__ = [
    "DISEASES",
    "AreaMargins",
    "Disease",
    "Epidemic",
    "Fabric",
    "Import",
    "Movement",
    "Number",
    "Place",
    "School",
    "Slot",
    "Vaccination",
    "World",
    "build",
    "china_2020",
    "from_census",
    "spread",
]
