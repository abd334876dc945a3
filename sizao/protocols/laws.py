"""The law of a delay written in a protocol: its distribution function and quantiles, in days, shift included."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from sizao.epi.delays import Law
from sizao.protocols.choices import Family
from sizao.protocols.illness import Distribution

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Delay:
    """A delay's family and parameters. `cdf` takes days of any shape."""

    family: Family
    parameters: dict[str, float]
    shift: float = 0.0

    def cdf(self, days: npt.ArrayLike) -> Floats:
        moved = np.asarray(days, dtype=float) - self.shift
        if self.family is Family.NORMAL:
            return np.asarray(ndtr((moved - self.parameters["mean"]) / self.parameters["sd"]))
        return self.law().cdf(moved)

    def ppf(self, share: float) -> float:
        if self.family is Family.NORMAL:
            return float(self.parameters["mean"] + self.parameters["sd"] * ndtri(share)) + self.shift
        return self.law().ppf(share) + self.shift

    def law(self) -> Law:
        """The same as the science room writes it."""
        given = self.parameters
        if self.family is Family.LOGNORMAL:
            return Law("lognormal", given["sdlog"], float(np.exp(given["meanlog"])))
        return Law("gamma" if self.family is Family.GAMMA else "weibull", given["shape"], given["scale"])


def delay_of(distribution: Distribution) -> Delay:
    """The delay a distribution describes; a mean without a spread, or a number of cases, is none."""
    if distribution.family is None or distribution.family is Family.NEGATIVE_BINOMIAL:
        raise ValueError("a delay with a family is needed")
    return Delay(distribution.family, dict(distribution.parameters), distribution.shift)
