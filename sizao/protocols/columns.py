"""Frames in and out of the derivations: columns checked at the top, optional ones filled with nothing."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from sizao.vocabulary.text import N_, Message


class WrongColumns(ValueError):
    """A frame lacks a column or holds another kind of value in it."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


def check_columns(frame: pl.DataFrame, wanted: Mapping[str, Any], name: str) -> None:
    """Every wanted column is there with the wanted type."""
    for column, kind in wanted.items():
        if column not in frame.columns:
            raise WrongColumns(N_("{frame} needs the column {column}.", frame=name, column=column))
        if frame.schema[column] not in (kind, pl.Null):
            raise WrongColumns(
                N_(
                    "{frame}: column {column} holds {found}, not {wanted}.",
                    frame=name,
                    column=column,
                    found=str(frame.schema[column]),
                    wanted=str(kind),
                )
            )


def with_optional(frame: pl.DataFrame, optional: Mapping[str, Any]) -> pl.DataFrame:
    """The frame with every optional column, empty where it was missing; types as promised."""
    missing = [pl.lit(None, kind).alias(name) for name, kind in optional.items() if name not in frame.columns]
    cast = [pl.col(name).cast(kind) for name, kind in optional.items() if name in frame.columns]
    return frame.with_columns([*cast, *missing])
