"""Gives every area of a table its path: from the code where it can, by number where it must."""

from collections.abc import Iterator

from sizao.exchange.areas.shape import NUMBERS, number_segment, own_segment, parent_path
from sizao.exchange.areas.tree import Row
from sizao.exchange.problems import Problem
from sizao.vocabulary.text import N_


def assign_paths(rows: list[Row], known: dict[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """Paths by code for `rows` (parents first). An area already `known` keeps its path.

    Siblings whose code does not extend their parent's are numbered in the order of their codes, so the order of
    the rows does not matter; numbers once given stay when the table grows, if it is loaded with `known`.
    """
    paths: dict[str, str] = {}
    problems: list[Problem] = []
    taken: dict[str, set[str]] = {}
    for path in known.values():
        taken.setdefault(parent_path(path) or "", set()).add(path)
    for parent, siblings in _families(rows):
        above = paths.get(parent) or known.get(parent) or ""
        if parent and not above:
            continue  # the parent has had its problem
        moved = [row for row in siblings if row.code in known and parent_path(known[row.code]) != (above or None)]
        problems += [_moved(row) for row in moved]
        staying = [row for row in siblings if row not in moved]
        paths |= _sibling_paths(staying, parent, above, known, taken.setdefault(above, set()))
    return paths, problems


def _families(rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    families: dict[str, list[Row]] = {}
    for row in rows:
        families.setdefault(row.parent, []).append(row)
    for parent, siblings in families.items():
        yield parent, sorted(siblings, key=lambda row: row.code)


def _sibling_paths(
    siblings: list[Row], parent: str, above: str, known: dict[str, str], taken: set[str]
) -> dict[str, str]:
    if not above:
        return {row.code: row.code for row in siblings}  # countries
    paths = {row.code: known[row.code] for row in siblings if row.code in known}
    for row in siblings:
        own = own_segment(row.code, parent)
        if row.code not in paths and own is not None and above + own not in taken:
            paths[row.code] = above + own
            taken.add(above + own)
    free = (path for number in range(1, NUMBERS) if (path := above + number_segment(number)) not in taken)
    return paths | {row.code: next(free) for row in siblings if row.code not in paths}


def _moved(row: Row) -> Problem:
    sentence = N_(
        "The area “{code}” is already loaded under another area. Give it a new code, and end the old one with "
        "“valid_to” and “successor”.",
        code=row.code,
    )
    return row.problem("parent", row.parent, sentence)
