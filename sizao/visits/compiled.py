"""How the loops are compiled: kept on disk, and without holding the interpreter, so that threads help."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def njit(function: Function) -> Function:
    """`function` as machine code; the first call ever takes a few seconds, later processes load it."""
    return cast(Function, numba.njit(cache=True, nogil=True)(function))
