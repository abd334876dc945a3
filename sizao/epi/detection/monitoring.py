"""Sequential detectors: the periods they learn from, and the first period they watch."""

from collections.abc import Collection

import numpy as np

from sizao.epi.detection.calendar import Day, InputError, Ints
from sizao.epi.detection.grid import Flags, Grid
from sizao.vocabulary.text import N_


def monitored_from(grid: Grid, start: Day | None) -> Ints:
    """The first watched column of each series: that of `start`, or the second half of its own history."""
    if start is None:
        return grid.began + (grid.n_periods - grid.began) // 2
    column = int(np.clip(grid.calendar.number(start) - grid.start, 0, grid.n_periods))
    return np.full(grid.n_series, column)


def training_columns(grid: Grid, first: Ints) -> Flags:
    """The columns of each series before its first watched one (series by time)."""
    return np.arange(grid.n_periods)[None, :] < first[:, None]


def check_choice(name: str, value: str, choices: Collection[str]) -> None:
    """Refuse a setting that is not one of its choices."""
    if value not in choices:
        raise InputError(
            N_(
                "Setting {name} is “{value}”; it must be one of {choices}.",
                name=name,
                value=value,
                choices=", ".join(choices),
            )
        )
