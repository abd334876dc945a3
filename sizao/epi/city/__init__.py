"""A simulated city: its people, their days, an epidemic.

`build` makes a `World` from public margins.
"""

from sizao.epi.city.fabric import Fabric, Place, School
from sizao.epi.city.margins import AreaMargins, china_2020, from_census
from sizao.epi.city.world import World, build

__all__ = ["AreaMargins", "Fabric", "Place", "School", "World", "build", "china_2020", "from_census"]
