"""The mapped copies a question needs, as the compiled code wants them."""

from typing import Any

from numba.typed import List

from sizao.visits.store import mapped, warming
from sizao.visits.store.mapped import Mapped
from sizao.visits.store.store import Store
from sizao.visits.store.writing import held


def copies(store: Store, since: int | None = None, until: int | None = None) -> list[Mapped]:
    """Mapped copies of the segments that may touch `[since, until)`, oldest first; missing ones are made."""
    wanted = store.segments(since, until)
    if not all(warming.is_warm(store, segment) for segment in wanted):
        with held(store.folder) as writing:
            for segment in writing.segments(since, until):
                warming.warm(writing, segment)
        store.manifest = type(store)(store.folder).manifest
        wanted = store.segments(since, until)
    return [mapped.read(store.mapped(segment)) for segment in wanted]


def compiled(several: list[Mapped]) -> Any:
    """The copies as a list that compiled code can walk."""
    return List([tuple(copy) for copy in several])
