"""Files of visits as they come: read, and sorted into rows to keep and rows to mend."""

from pathlib import Path

import polars as pl

from sizao.visits.faults import VisitsError
from sizao.vocabulary.text import N_

NEEDED, TIMES = ("person", "place", "start", "end"), ("start", "end")
PROBLEM = pl.Schema({"file": pl.String, "row": pl.Int64, "column": pl.String, "found": pl.String, "problem": pl.String})
#: What can be wrong with a row: the column it shows in, and the sentence.
KINDS = (
    ("person", N_("Nobody is named. Say who it was.")),
    ("place", N_("No place is named. Say where it was.")),
    ("start", N_("No start can be read. Write seconds since 1970 or a moment like 2021-01-05T14:30:00.")),
    ("end", N_("No end can be read. Write seconds since 1970 or a moment like 2021-01-05T14:30:00.")),
    ("start", N_("The start lies before 1970 or after 2100. Look for a wrong year or for milliseconds.")),
    ("end", N_("The end is not after the start. Look whether they were exchanged.")),
)
LATEST = 4_102_444_800  # 2100-01-01, inside what 32 bits hold
HEADER_ROWS = 2  # a spreadsheet counts from 1, and its first line holds the names


def read(path: Path) -> pl.DataFrame:
    """The file as text or numbers, nothing judged yet. Raises `VisitsError` with what to do."""
    try:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as fault:
        reason = str(fault).splitlines()[0]
        raise VisitsError(N_("{file} cannot be read: {reason}", file=str(path), reason=reason)) from fault
    missing = [name for name in NEEDED if name not in frame.columns]
    if missing:
        raise VisitsError(
            N_(
                "{file} has no column {missing}. Needed are person, place, start and end; room may be there.",
                file=str(path),
                missing=", ".join(missing),
            )
        )
    if "room" not in frame.columns:
        frame = frame.with_columns(room=pl.lit(None, pl.String))
    return frame.select("person", "place", "room", "start", "end")


def checked(frame: pl.DataFrame, file: str, max_stay_s: int | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows to keep (`person, place, room` as text, `start_s, end_s, assumed`) and problems (`PROBLEM`)."""
    rows = frame.with_columns(pl.col(name).cast(pl.String).str.strip_chars() for name in ("person", "place", "room"))
    rows = rows.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in ("person", "place", "room"))
    rows = rows.with_columns(seconds(frame, name).alias(f"{name}_s") for name in TIMES).with_row_index("row")
    rows = closed(rows, max_stay_s).with_columns(wrong=wrong())
    kept = rows.filter(pl.col("wrong").is_null()).select("person", "place", "room", "start_s", "end_s", "assumed")
    return kept, problems(rows.filter(pl.col("wrong").is_not_null()), file)


def seconds(frame: pl.DataFrame, name: str) -> pl.Expr:
    """UTC seconds of a column of numbers, moments, or text of either; null where it cannot be read."""
    kind = frame.schema[name]
    if kind.is_temporal():
        return pl.col(name).cast(pl.Datetime("us")).dt.epoch("s")
    if kind.is_numeric():
        return pl.col(name).cast(pl.Int64, strict=False)
    text = pl.col(name).cast(pl.String).str.strip_chars()
    zoned = text.str.replace(r"(Z|[+-]\d\d:?\d\d)?$", "").str.replace(" ", "T")
    shift = text.str.extract(r"([+-]\d\d):?\d\d$").cast(pl.Int64, strict=False)
    minutes = text.str.extract(r"[+-]\d\d:?(\d\d)$").cast(pl.Int64, strict=False)
    clock = text.str.contains("[T ]")
    offset = (
        pl.when(clock & shift.is_not_null())
        .then((shift.abs() * 3600 + minutes * 60) * pl.when(text.str.contains(r"-\d\d:?\d\d$")).then(-1).otherwise(1))
        .otherwise(0)
    )
    moment = pl.coalesce(
        zoned.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False),
        zoned.str.to_datetime("%Y-%m-%dT%H:%M", strict=False),
        zoned.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")),
    )
    return pl.coalesce(text.cast(pl.Int64, strict=False), moment.dt.epoch("s") - offset)


def closed(rows: pl.DataFrame, max_stay_s: int | None) -> pl.DataFrame:
    """Open ends closed by the stated stay, and marked."""
    start, end = pl.col("start_s"), pl.col("end_s")
    if max_stay_s is None:
        return rows.with_columns(assumed=pl.lit(0, pl.UInt8))
    no_end, no_start = end.is_null() & pl.col("end").is_null(), start.is_null() & pl.col("start").is_null()
    assumed = pl.when(no_end & ~no_start).then(1).when(no_start & ~no_end).then(2).otherwise(0).cast(pl.UInt8)
    return rows.with_columns(
        assumed=assumed,
        start_s=pl.when(no_start).then(end - max_stay_s).otherwise(start),
        end_s=pl.when(no_end).then(start + max_stay_s).otherwise(end),
    )


def wrong() -> pl.Expr:
    """The number in `KINDS` of the first thing that is wrong with a row, or null."""
    start, end = pl.col("start_s"), pl.col("end_s")
    tests = [
        pl.col("person").is_null(),
        pl.col("place").is_null(),
        start.is_null(),
        end.is_null(),
        (start < 0) | (end > LATEST),
        end <= start,
    ]
    return pl.coalesce(pl.when(test).then(number) for number, test in enumerate(tests))


def problems(rows: pl.DataFrame, file: str) -> pl.DataFrame:
    told = []
    for row in rows.iter_rows(named=True):
        column, sentence = KINDS[row["wrong"]]
        told.append((file, row["row"] + HEADER_ROWS, column, str(row[column] or ""), sentence.msgid))
    return pl.DataFrame(told, schema=PROBLEM, orient="row")
