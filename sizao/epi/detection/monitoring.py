"""Sequential detectors: the periods they learn from, and the first period they watch."""

from collections.abc import Collection

import numpy as np

from sizao.epi.detection.calendar import Day, InputError
from sizao.epi.detection.grid import Flags, Grid
from sizao.vocabulary.text import N_


def monitored_from(grid: Grid, start: Day | None) -> int:
    """The first watched column: that of `start`, or the second half of the history."""
    if start is None:
        return grid.n_periods // 2
    column = grid.calendar.number(start) - grid.start
    return int(np.clip(column, 0, grid.n_periods))


def training_columns(grid: Grid, first: int) -> Flags:
    """The columns before the first watched one."""
    return np.arange(grid.n_periods) < first


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
