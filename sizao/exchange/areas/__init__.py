"""Area tables, boundaries and area names, of any country."""

from sizao.exchange.areas.boundaries import read_boundaries
from sizao.exchange.areas.names import AreaNames, Match, resolve_names
from sizao.exchange.areas.shape import AREA_SCHEMA
from sizao.exchange.areas.table import read_area_table

__all__ = ["AREA_SCHEMA", "AreaNames", "Match", "read_area_table", "read_boundaries", "resolve_names"]
