"""A frame of persons as columns of the table, column by column: a million persons are sealed and keyed in seconds."""

import os
import re
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
        phones=pl.when(pl.col("phone").str.contains(SEPARATES)).then(None).otherwise(pl.concat_list("phone")),
    ).select(STORED)
    known = known.with_columns(phones=_several(frame["phone"], known["phones"]))
    found: list[bytes] = [b""] * frame.height
    pattern = known.select(pl.all().is_not_null())
    for has in pattern.unique(maintain_order=True).iter_rows():
        columns = [name for name, there in zip(STORED, has, strict=True) if there]
        if not columns:
            continue
        here = pattern.select(pl.all_horizontal(pl.col(n) == v for n, v in zip(STORED, has, strict=True))).to_series()
        texts = known.filter(here).select(pl.struct(columns).struct.json_encode()).to_series().to_list()
        for position, text in zip(here.arg_true().to_list(), texts, strict=True):
            found[position] = text.encode()
    return found


def _several(phone: pl.Series, single: pl.Series) -> pl.Series:
    """Cells with several telephone numbers, taken apart; one number is a list of one, none is nothing."""
    cells = [
        list(split_phones(text)) if one is None and text else (one if text else None)
        for text, one in zip(phone.to_list(), single.to_list(), strict=True)
    ]
    return pl.Series("phones", cells, dtype=pl.List(pl.String))


def split_phones(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in PHONES_APART.split(text.strip()) if part) if text else ()


def years_of_birth(frame: pl.DataFrame) -> pl.Series:
    """From the birth date, else what a valid Chinese identity number states, else the year the frame gives."""
    stated = [
        born.year
        if birth is None and number and (born := keys.birth_in_id_number(keys.id_number_key(number)))
        else None
        for birth, number in zip(frame["date_birth"].to_list(), frame["id_number"].to_list(), strict=True)
    ]
    number = pl.Series(stated, dtype=pl.Int64)
    return frame.select(pl.coalesce(pl.col("date_birth").dt.year().cast(pl.Int64), number, "year_birth")).to_series()


def key_frame(persons: pl.DataFrame) -> pl.DataFrame:
    """The look-up keys of each row, the same as `lookup.person_keys` gives one by one."""
    frame = framed(persons)
    cells = {name: frame[name].to_list() for name in FRAME}
    names = [
        name_keys(family or "", given or "", full or "")
        for family, given, full in zip(cells["family_name"], cells["given_name"], cells["full_name"], strict=True)
    ]
    numbers = [keys.id_number_key(text) if text else "" for text in cells["id_number"]]
    called = [keys.phone_keys(text) if text else () for text in cells["phone"]]
    births = [
        birth or (keys.birth_in_id_number(number) if number else None)
        for birth, number in zip(cells["date_birth"], numbers, strict=True)
    ]
    columns = [
        *([name[position] for name in names] for position in range(4)),
        [birth_blind(birth) if birth else None for birth in births],
        [phone_blind(phones[0]) if phones else None for phones in called],
        [phone_blind(phones[1]) if len(phones) > 1 else None for phones in called],
        [id_blind(number) if number else None for number in numbers],
    ]
    return pl.DataFrame(dict(zip(KEYS, columns, strict=True)), schema=dict.fromkeys(KEYS, pl.Int64))
