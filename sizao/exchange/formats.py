"""The table of formats: which kinds of files are read, and which of them a file is."""

from sizao.exchange.format import Format
from sizao.exchange.godata import GODATA
from sizao.exchange.sormas import SORMAS
from sizao.exchange.tables import Table
from sizao.exchange.tidy import TIDY

FORMATS: dict[str, Format] = {each.id: each for each in (*TIDY, *GODATA, *SORMAS)}

LIKELY = 0.2  # below this a format is not offered


def recognise(table: Table) -> list[tuple[str, float]]:
    """The formats a table may be in, likeliest first."""
    scores = [(each.id, each.recognises(table)) for each in FORMATS.values()]
    return sorted((item for item in scores if item[1] >= LIKELY), key=lambda item: -item[1])
