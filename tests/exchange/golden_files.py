"""Golden pairs: a file of each format and what it must be read as.

`golden/<format>[.<variant>].<ending>` is the file, the same name with `.json` is what is expected. After a
change that is meant, write the expectations anew with `python -m tests.exchange.golden_files` and read the difference.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from sizao.exchange.formats import FORMATS
from sizao.exchange.parsing import Parsed
from sizao.exchange.tables import read_table

GOLDEN = Path(__file__).parent / "golden"


def files() -> list[Path]:
    return sorted(path for path in GOLDEN.iterdir() if path.suffix != ".json")


def format_of(path: Path) -> str:
    return path.name.split(".")[0]


def expectation(path: Path) -> Path:
    return path.with_name(path.name.rsplit(".", 1)[0] + ".json")


@lru_cache
def parsed(path: Path) -> Parsed:
    return FORMATS[format_of(path)].parse(read_table(path))


def as_data(result: Parsed) -> dict[str, Any]:
    """What was read, without empty fields, as JSON holds it."""
    records = {
        kind: [{name: _plain(value) for name, value in row.items() if value is not None} for row in frame.to_dicts()]
        for kind, frame in result.records.items()
    }
    problems = [
        {"row": problem.row, "severity": problem.severity.value, "message": str(problem.message)}
        for problem in result.problems
    ]
    return {"n_rows": result.n_rows, "refused": result.refused.to_list(), "records": records, "problems": problems}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


if __name__ == "__main__":
    for each in files():
        text = json.dumps(as_data(parsed(each)), ensure_ascii=False, indent=1)
        expectation(each).write_text(text + "\n", encoding="utf-8")
