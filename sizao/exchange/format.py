"""What a format is: how its files are told, mapped, read and written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from sizao.exchange.mapping import Mapping
from sizao.exchange.parsing import Parsed
from sizao.exchange.reading import Options
from sizao.exchange.tables import Table
from sizao.vocabulary.columns import Column
from sizao.vocabulary.text import Message


@dataclass(frozen=True)
class Format:
    """One kind of file.

    `recognises` says how likely a table is of this format, 0 to 1. `columns` are the targets a mapping may
    use. `reads` makes records of a table; call `parse`. `interprets` finds the true header row of formats that
    have several. `write`, where the format can be written, takes the
    records of its first kind and leaves a file that `parse` reads back to the same records.
    """

    id: str
    label: Message
    kinds: tuple[str, ...]
    columns: tuple[Column, ...]
    recognises: Callable[[Table], float]
    propose: Callable[[Table], Mapping]
    reads: Callable[[Table, Mapping, Options], Parsed]
    interprets: Callable[[Table], Table] = lambda table: table
    write: Callable[[pl.DataFrame, BinaryIO], None] | None = None

    def parse(self, table: Table, mapping: Mapping | None = None, options: Options | None = None) -> Parsed:
        """Records and problems; with the proposed mapping when none is given."""
        return self.reads(table, mapping or self.propose(table), options or Options())
