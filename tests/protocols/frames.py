"""Small frames for the tests of the derivations, written as rows."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

D = date(2022, 7, 1)  # the day most examples count from
T = datetime(2022, 7, 1, 8, tzinfo=UTC)


def day(n):
    return D + timedelta(days=n)


def hour(n):
    return T + timedelta(hours=n)


def contacts(*rows):
    """(id, class, last exposure, found, reset), days as offsets from D; found and reset may be left out."""
    filled = [(*row, *([None] * (5 - len(row)))) for row in rows]
    days = [(r[0], r[1], *(None if n is None else day(n) for n in r[2:])) for r in filled]
    schema = {
        "contact_id": pl.String,
        "contact_class": pl.String,
        "date_exposure_last": pl.Date,
        "date_found": pl.Date,
        "date_reset": pl.Date,
    }
    return pl.DataFrame(days, schema=schema, orient="row")


def results(*rows):
    """(contact, day offset, test, result, reagent)."""
    schema = {
        "contact_id": pl.String,
        "date_collected": pl.Date,
        "test": pl.String,
        "result": pl.String,
        "reagent": pl.String,
    }
    filled = [(r[0], day(r[1]), *r[2:], *([None] * (5 - len(r)))) for r in rows]
    return pl.DataFrame(filled, schema=schema, orient="row")


def facts(*rows):
    """(subject, about, event, hours after T, detail)."""
    schema = {
        "subject_id": pl.String,
        "about": pl.String,
        "event": pl.String,
        "at": pl.Datetime("us", "UTC"),
        "detail": pl.String,
    }
    filled = [(*r[:3], hour(r[3]), r[4] if len(r) > 4 else None) for r in rows]
    return pl.DataFrame(filled, schema=schema, orient="row")


def rows_of(frame, *columns):
    return [tuple(row) for row in frame.select(*columns).iter_rows()]
