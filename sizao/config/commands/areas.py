"""`sizao areas FILE`: load the areas of a country from a table, with a map if you have one."""

import argparse
import json
import sys
from pathlib import Path

import polars as pl

from sizao.config.commands import speaking
from sizao.exchange.areas import read_area_table, read_boundaries
from sizao.exchange.problems import Problem
from sizao.exchange.rules import Severity
from sizao.exchange.unreadable import UnreadableFile
from sizao.ops.governance.actions import SYSTEM
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.registry import actions
from sizao.ops.registry.models import Area
from sizao.vocabulary.text import N_


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    by = User.objects.get(username=SYSTEM)
    known = pl.DataFrame(list(Area.objects.values_list("code", "path")), schema=["code", "path"], orient="row")
    try:
        frame, problems = read_area_table(options.file, country=options.country, known=known)
        drawn = read_boundaries(options.boundaries) if options.boundaries else None
    except UnreadableFile as fault:
        speaking.complain(fault.message)
        return 1
    _list(problems)
    if any(problem.severity == Severity.ERROR for problem in problems) and not options.skip_errors:
        speaking.complain(N_("Nothing was loaded. Mend the rows above, or load the others with --skip-errors."))
        return 1
    loaded = actions.load_areas(areas=frame, by=by, at=now())
    speaking.tell(
        N_(
            "areas: {created} new, {updated} changed, {unchanged} as they were",
            created=f"{loaded.created:,}", updated=f"{loaded.updated:,}", unchanged=f"{loaded.unchanged:,}",
        )
    )  # fmt: skip
    if drawn is not None:
        n = actions.load_boundaries(boundaries=_by_path(drawn), by=by, at=now())
        speaking.tell(N_("boundaries: {n}", n=f"{n:,}"))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = speaking.Parser(prog="sizao areas", about=N_("load the areas of a country"), details=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help=N_("CSV or Excel; see docs/how-to/load-areas.md"))
    parser.add_argument("--country", metavar="XX", help=N_("the country that rows without a parent lie in"))
    parser.add_argument("--boundaries", type=Path, metavar="MAP", help=N_("GeoJSON, plain or gzip"))
    parser.add_argument("--skip-errors", action="store_true", help=N_("load the sound rows although others are wrong"))
    return parser


def _list(problems: list[Problem]) -> None:
    for problem in problems:
        where = f"{problem.row or '-'}\t{problem.column or '-'}\t{problem.severity}"
        print(f"{where}\t{problem.message.say(speaking.spoken())}", file=sys.stderr)


def _by_path(drawn: pl.DataFrame) -> dict[str, dict]:
    """Boundaries by path; those that name only a code are found by it."""
    paths = dict(Area.objects.filter(code__in=drawn["code"].drop_nulls().to_list()).values_list("code", "path"))
    rows = drawn.select("path", "code", "geojson").iter_rows()
    found = {path or paths.get(code, ""): json.loads(shape) for path, code, shape in rows}
    return {path: shape for path, shape in found.items() if path}
