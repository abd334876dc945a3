"""How many people each case infects, day by day."""

from sizao.epi.reproduction.cori import QUANTILES, cori
from sizao.epi.reproduction.serial_interval import SerialInterval, UncertainSI, discretised_gamma
from sizao.epi.reproduction.wallinga_teunis import wallinga_teunis

__all__ = ["QUANTILES", "SerialInterval", "UncertainSI", "cori", "discretised_gamma", "wallinga_teunis"]
