"""A frame of persons as columns of the table, column by column: a million persons are sealed and keyed in seconds."""

import os
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from sizao.ops.governance.sealed import seal_texts
from sizao.ops.registry import keys
from sizao.ops.registry.identity import STORED
from sizao.ops.registry.lookup import PersonKeys, birth_blind, id_blind, name_keys, phone_blind
from sizao.vocabulary.codes import Sex

PHONES_APART = re.compile(r"\s*[;,/|、，；]\s*")
SEPARATES = r"[;,/|、，；]"
#: Columns of the dictionary a frame of persons may have, with the type an absent one is filled with.
FRAME = {
    "family_name": pl.String, "given_name": pl.String, "full_name": pl.String, "date_birth": pl.Date,
    "id_number": pl.String, "phone": pl.String, "email": pl.String, "address": pl.String, "nationality": pl.String,
    "sex": pl.String, "year_birth": pl.Int64, "language": pl.String, "occupation": pl.String, "area": pl.String,
}  # fmt: skip
KEYS = PersonKeys._fields


def person_columns(persons: pl.DataFrame) -> dict[str, Any]:
    """Columns of Person but for the id and who recorded them; keys are computed unless the frame has them."""
    frame = framed(persons)
    keyed = persons.select(KEYS) if set(KEYS) <= set(persons.columns) else key_frame(persons)
    uuids = fresh_uuids(frame.height)
    return {
        "uuid": [uuid.hex() for uuid in uuids],
        "identity_sealed": seal_texts(documents(frame), uuids),
        "sex": frame["sex"].fill_null(str(Sex.UNKNOWN)).to_list(),
        "year_birth": years_of_birth(frame).to_list(),
        "language": frame["language"].fill_null("").str.slice(0, 20).to_list(),
        "occupation": frame["occupation"].fill_null("").str.slice(0, 80).to_list(),
        "area_id": frame["area"].to_list(),
        **{name: keyed[name].to_list() for name in KEYS},
    }


def framed(persons: pl.DataFrame) -> pl.DataFrame:
    """Exactly the columns of FRAME; an empty text is nothing known."""
    columns = []
    for name, kind in FRAME.items():
        column = (pl.col(name) if name in persons.columns else pl.lit(None)).cast(kind)
        columns.append((pl.when(column != "").then(column) if kind == pl.String else column).alias(name))
    return persons.select(columns) if persons.width else pl.DataFrame(schema=FRAME)


def fresh_uuids(n: int) -> list[bytes]:
    """Random UUIDs (version 4) as their bytes."""
    drawn = np.frombuffer(bytearray(os.urandom(16 * n)), dtype=np.uint8).reshape(n, 16)
    drawn[:, 6] = drawn[:, 6] & 0x0F | 0x40
    drawn[:, 8] = drawn[:, 8] & 0x3F | 0x80
    whole = drawn.tobytes()
    return [whole[start : start + 16] for start in range(0, 16 * n, 16)]


def documents(frame: pl.DataFrame) -> list[bytes]:
    """What is known of each person as JSON, as `identity.document` would have it; nothing known is empty."""
    known = frame.select(
        *(pl.col(name) for name in STORED if name not in ("date_birth", "phones")),
        date_birth=pl.col("date_birth").dt.to_string("iso"),
        phones=_phone_lists(frame["phone"]),
    ).select(STORED)
    shape = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) * 2**i for i, name in enumerate(STORED))
    shapes = known.select(shape=shape, row=pl.int_range(pl.len()))
    texts = [
        _encoded(known, rows["row"], [name for i, name in enumerate(STORED) if which >> i & 1])
        for (which,), rows in shapes.group_by("shape", maintain_order=True)
    ]
    return pl.concat(texts).sort("row")["text"].to_list() if texts else []


def _encoded(known: pl.DataFrame, rows: pl.Series, columns: list[str]) -> pl.DataFrame:
    """The JSON of rows that know exactly these columns."""
    text = pl.struct(columns).struct.json_encode() if columns else pl.lit("")
    chosen = known if len(rows) == known.height else known[rows]
    return chosen.select(row=rows, text=text.cast(pl.Binary))


def _phone_lists(phone: pl.Series) -> pl.Series:
    """Cells with several telephone numbers, taken apart; one number is a list of one, none is nothing."""
    several = phone.str.contains(SEPARATES).fill_null(False)
    lists = pl.select(pl.when(phone.is_not_null()).then(pl.concat_list(phone))).to_series()
    if not several.any():
        return lists
    apart = {text: list(split_phones(text)) or None for text in phone.filter(several).unique()}
    cells = [apart.get(text, [text] if text else None) for text in phone.to_list()]
    return pl.Series("phones", cells, dtype=pl.List(pl.String))


def split_phones(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in PHONES_APART.split(text.strip()) if part) if text else ()


def years_of_birth(frame: pl.DataFrame) -> pl.Series:
    """From the birth date, else what a valid Chinese identity number states, else the year the frame gives."""
    by_date, by_number = pl.col("date_birth").dt.year().cast(pl.Int64), _births_in_numbers(frame).dt.year()
    return frame.select(year_birth=pl.coalesce(by_date, by_number.cast(pl.Int64), "year_birth")).to_series()


def _births_in_numbers(frame: pl.DataFrame) -> pl.Series:
    """The birth dates that identity numbers state, where the frame gives none."""
    numbers = frame.select(pl.when(pl.col("date_birth").is_null()).then(pl.col("id_number"))).to_series()
    stated = {text: keys.birth_in_id_number(keys.id_number_key(text)) for text in numbers.drop_nulls().unique()}
    return _replaced(numbers, stated, pl.Date)


def _replaced(column: pl.Series, by: dict[Any, Any], kind: Any) -> pl.Series:
    """Each value's counterpart, null where there is none."""
    new = pl.Series(list(by.values()), dtype=kind)
    return column.replace_strict(pl.Series(list(by), dtype=column.dtype), new, default=None, return_dtype=kind)


def key_frame(persons: pl.DataFrame) -> pl.DataFrame:
    """The look-up keys of each row, the same as `lookup.person_keys` gives one by one."""
    frame = framed(persons)
    births = frame["date_birth"].fill_null(_births_in_numbers(frame))
    called, others = _phone_digits(frame["phone"])
    numbers = _id_numbers(frame["id_number"])
    return _name_keys(frame).with_columns(
        key_birth=_replaced(births, {birth: birth_blind(birth) for birth in births.drop_nulls().unique()}, pl.Int64),
        key_phone=_blinded(called, phone_blind),
        key_phone_other=_blinded(others, phone_blind),
        key_id_number=_blinded(numbers, id_blind),
    )


def _name_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """The four keys of a name, computed once for each different name."""
    names = frame.select("family_name", "given_name", "full_name")
    different = names.unique()
    found = [name_keys(family or "", given or "", full or "") for family, given, full in different.iter_rows()]
    keyed = pl.DataFrame(found, schema=dict.fromkeys(KEYS[:4], pl.Int64), orient="row")
    joined = names.join(pl.concat([different, keyed], how="horizontal"), on=names.columns, how="left",
                        nulls_equal=True, maintain_order="left")  # fmt: skip
    return joined.select(KEYS[:4])


def _blinded(texts: pl.Series, blind: Callable[[str], int]) -> pl.Series:
    return pl.Series([None if text is None else blind(text) for text in texts.to_list()], dtype=pl.Int64)


def _id_numbers(cells: pl.Series) -> pl.Series:
    """`keys.id_number_key` of each cell; the many that are plain Chinese numbers are not looked at one by one."""
    upper = cells.str.to_uppercase()
    plain = upper.str.contains(r"^[0-9]{17}[0-9X]$") & ~upper.is_in([digit * 18 for digit in "0123456789"])
    odd = cells.filter(~plain).unique()
    told = {text: keys.id_number_key(text) or None for text in odd}
    return pl.select(pl.when(plain).then(upper).otherwise(_replaced(cells, told, pl.String))).to_series()


def _phone_digits(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The two of `keys.phone_keys` of each cell; the many that hold one plain number are not looked at one by one."""
    last = cells.str.slice(-10)
    plain = cells.str.contains(r"^[0-9]{7,}$") & ~last.is_in([d * n for d in "0123456789" for n in range(7, 11)])
    told = {text: keys.phone_keys(text) for text in cells.filter(~plain).unique()}
    first = _replaced(cells, {text: found[0] for text, found in told.items() if found}, pl.String)
    second = _replaced(cells, {text: found[1] for text, found in told.items() if len(found) > 1}, pl.String)
    return pl.select(pl.when(plain).then(last).otherwise(first)).to_series(), second
