"""Checks that the rows of an area table form one tree under known countries."""

import re
from collections import deque
from dataclasses import dataclass

from sizao.exchange.areas.shape import DEEPEST_LEVEL, level_of
from sizao.exchange.problems import Problem
from sizao.exchange.rules import Severity
from sizao.vocabulary.text import N_, Message

COUNTRY = re.compile("[A-Z]{2}")


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, its code, the code above it ("" for none) and all its values."""

    number: int
    code: str
    parent: str
    values: dict[str, object]

    def problem(self, column: str, found: str | None, sentence: Message) -> Problem:
        return Problem(self.number, column, found, sentence, Severity.ERROR)


def check_tree(rows: list[Row], known: dict[str, str]) -> tuple[list[Row], list[Problem]]:
    """The sound rows, parents before children, and one error for every other row. `known` are paths by code."""
    problems: list[Problem] = []
    by_code: dict[str, Row] = {}
    for row in rows:
        if (fault := _own_fault(row, by_code)) is None:
            by_code[row.code] = row
        else:
            problems.append(fault)
    sound, faults = _descend(by_code, known)
    placed = {row.code for row in sound} | {row.code for row, _ in faults}
    problems += [fault for _, fault in faults]
    problems += [_unreached(row, by_code) for row in by_code.values() if row.code not in placed]
    return sound, problems


def _own_fault(row: Row, earlier: dict[str, Row]) -> Problem | None:
    if not row.code:
        return row.problem("code", None, N_("This area has no code."))
    if not any(row.values.get(name) for name in ("name_en", "name_zh", "name_local")):
        return row.problem("name_en", None, N_("The area “{code}” has no name.", code=row.code))
    if row.code in earlier:
        sentence = N_(
            "The code “{code}” already stands in row {row}. Give each area its own code.",
            code=row.code,
            row=earlier[row.code].number,
        )
        return row.problem("code", row.code, sentence)
    return None


def _descend(by_code: dict[str, Row], known: dict[str, str]) -> tuple[list[Row], list[tuple[Row, Problem]]]:
    """From the countries and the known areas downwards, level by level."""
    below: dict[str, list[Row]] = {}
    for row in by_code.values():
        below.setdefault(row.parent, []).append(row)
    sound: list[Row] = []
    faults: list[tuple[Row, Problem]] = []
    depth = {code: level_of(path) for code, path in known.items() if code not in by_code}
    for row in below.get("", ()):
        if COUNTRY.fullmatch(row.code):
            depth[row.code] = 0
            sound.append(row)
        else:
            faults.append((row, row.problem("parent", None, _no_parent(row.code))))
    waiting = deque(depth)
    while waiting:
        above = waiting.popleft()
        for row in below.get(above, ()):
            if depth[above] >= DEEPEST_LEVEL:
                faults.append((row, row.problem("parent", row.parent, _too_deep(row.code))))
            else:
                depth[row.code] = depth[above] + 1
                sound.append(row)
                waiting.append(row.code)
    return sound, faults


def _no_parent(code: str) -> Message:
    return N_(
        "The area “{code}” names no area above it. Only a country, with its two-letter ISO code, may do so.",
        code=code,
    )


def _too_deep(code: str) -> Message:
    return N_(
        "The area “{code}” lies deeper than {limit} levels below its country. Join some levels.",
        code=code,
        limit=DEEPEST_LEVEL,
    )


def _unreached(row: Row, by_code: dict[str, Row]) -> Problem:
    """Why no way leads from a country to this row."""
    if row.parent not in by_code:
        sentence = N_(
            "The area above, “{parent}”, is neither in this table nor loaded already. Add it or correct the code.",
            parent=row.parent,
        )
        return row.problem("parent", row.parent, sentence)
    if _is_in_circle(row, by_code):
        sentence = N_(
            "“{code}” lies inside itself: the areas above it lead back to it. Correct “parent” in one of these rows.",
            code=row.code,
        )
        return row.problem("parent", row.parent, sentence)
    sentence = N_(
        "Left out, because the area above it (row {row}) could not be used. Mend that row.",
        row=by_code[row.parent].number,
    )
    return row.problem("parent", row.parent, sentence)


def _is_in_circle(row: Row, by_code: dict[str, Row]) -> bool:
    seen: set[str] = set()
    above: Row | None = row
    while above is not None and above.code not in seen:
        seen.add(above.code)
        if above.parent == row.code:
            return True
        above = by_code.get(above.parent)
    return False
