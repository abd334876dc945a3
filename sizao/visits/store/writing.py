"""Holding a store for writing."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sizao.visits.store.recovery import recover
from sizao.visits.store.store import Store


@contextmanager
def held(folder: Path | str) -> Iterator[Store]:
    """The store for writing: one writer at a time; what an earlier one left half done is finished first."""
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    with (path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        store = Store(path)
        recover(store)
        yield store


def opened(folder: Path | str) -> Store:
    """The store for reading; an erasure or addition that was decided but not finished is finished first."""
    store = Store.existing(folder)
    if store.manifest.pending:
        with held(folder) as finished:
            return finished
    return store
