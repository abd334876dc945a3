"""Reads a frame of cases as other rooms hand it over: checks it, and gives it the table's own column names."""

import polars as pl

from sizao.vocabulary import codes

#: Column of the dictionary → column of the table.
COLUMNS = {
    "classification": "classification", "age": "age", "date_report": "date_report", "date_onset": "date_onset",
    "date_diagnosis": "date_diagnosis", "date_admission": "date_admission", "date_isolation": "date_isolation",
    "date_exposure_first": "date_exposure_first", "date_exposure_last": "date_exposure_last", "outcome": "outcome",
    "date_outcome": "date_outcome", "severity": "severity", "found_in": "found_in", "origin": "origin",
    "facility": "facility_name", "note": "note", "area": "area_id",
}  # fmt: skip
CODED: dict[str, tuple[type[codes.Code], codes.Code]] = {
    "classification": (codes.Classification, codes.Classification.NOT_CLASSIFIED),
    "outcome": (codes.Outcome, codes.Outcome.UNKNOWN),
    "severity": (codes.Severity, codes.Severity.UNKNOWN),
    "found_in": (codes.FoundIn, codes.FoundIn.UNKNOWN),
    "origin": (codes.InfectionOrigin, codes.InfectionOrigin.UNKNOWN),
}
NEEDED = ("row", "case_id", "person_id")
OLDEST = 130


def prepared(records: pl.DataFrame) -> pl.DataFrame:
    """`row`, `number`, `person_id` and the table's columns, whatever was not said being null.

    A code that only says "not known" counts as not said. A date of death means the outcome is death.
    """
    _check(records)
    frame = records.select(
        pl.col("row").cast(pl.Int64),
        _text("case_id").alias("number"),
        pl.col("person_id").cast(pl.Int64),
        *(_said(records, column).alias(field) for column, field in COLUMNS.items()),
    )
    if "date_death" in records.columns:
        frame = _with_deaths(frame, records["date_death"].cast(pl.Date))
    return frame


def one_row_per_number(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows that repeat a case number become one: of each column, the last value said."""
    if frame["number"].drop_nulls().is_duplicated().any():
        numbered = frame.filter(pl.col("number").is_not_null())
        last = numbered.group_by("number", maintain_order=True).agg(pl.all().drop_nulls().last())
        frame = pl.concat([last.select(frame.columns), frame.filter(pl.col("number").is_null())])
    return frame


def _check(records: pl.DataFrame) -> None:
    missing = [column for column in NEEDED if column not in records.columns]
    if missing:
        raise ValueError(f"columns {missing} are missing; records of cases need {list(NEEDED)}")
    if records["person_id"].null_count():
        raise ValueError("column 'person_id' has empty cells; every case is a person's")
    for column, (code_list, _default) in CODED.items():
        if column in records.columns:
            wrong = set(records[column].drop_nulls().unique()) - set(code_list) - {""}
            if wrong:
                raise ValueError(f"column {column!r} holds {sorted(wrong)}; it may hold {[str(c) for c in code_list]}")
    if "age" in records.columns:
        ages = records["age"].cast(pl.Float64).drop_nulls()
        if not ages.is_between(0, OLDEST).all():
            raise ValueError(f"column 'age' holds {ages.min()} to {ages.max()}; it may hold 0 to {OLDEST}")


def _said(records: pl.DataFrame, column: str) -> pl.Expr:
    if column not in records.columns:
        return pl.lit(None, dtype=_dtype(column))
    if column in CODED:
        default = str(CODED[column][1])
        return pl.when(~pl.col(column).is_in([default, ""])).then(pl.col(column))
    if column in ("note", "facility", "area"):
        return _text(column)
    return pl.col(column).cast(_dtype(column))


def _text(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text)


def _dtype(column: str) -> type[pl.DataType]:
    return pl.Date if column.startswith("date_") else pl.Float64 if column == "age" else pl.String


def _with_deaths(frame: pl.DataFrame, deaths: pl.Series) -> pl.DataFrame:
    died = deaths.is_not_null()
    return frame.with_columns(
        outcome=pl.when(died).then(pl.lit(str(codes.Outcome.DIED))).otherwise(pl.col("outcome")),
        date_outcome=pl.coalesce(deaths, pl.col("date_outcome")),
    )
