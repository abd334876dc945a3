"""Compile a loop over numbers to machine code, keeping its Python type.

Compiled functions release Python's lock, so callers may run them on several threads, and are kept on disk
beside the package, so that only the first run after an installation waits for the compiler.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """`function` compiled when first called; sums may be reordered, infinities and missing stay exact."""
    jit = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"})
    return cast(Function, jit(function))


def compiled_in_order(function: Function) -> Function:
    """As `compiled`, with every sum and product in the written order.

    Said outright, because a function takes over the settings of a compiled caller.
    """
    jit = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=False)
    return cast(Function, jit(function))
