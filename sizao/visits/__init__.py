"""Who was where: one set of questions, several engines.

A *store* is a folder of Parquet files, one or more a day, that any tool can read. `add` brings visits in, `erase`
takes a person out, `contacts`, `secondary`, `place`, `where` and `sources` ask. Every question is answered by each
engine of `ENGINES` with the same rows; `docs/explanation/visits.md` states the semantics.
"""

from sizao.visits.faults import VisitsError
from sizao.visits.questions import ENGINES, contacts, place, secondary, sources, where
from sizao.visits.store.adding import Added, add
from sizao.visits.store.erasing import Erased, erase, retain
from sizao.visits.store.merging import compact
from sizao.visits.store.store import Store

__all__ = [
    "ENGINES",
    "Added",
    "Erased",
    "Store",
    "VisitsError",
    "add",
    "compact",
    "contacts",
    "erase",
    "place",
    "retain",
    "secondary",
    "sources",
    "where",
]
