"""The columns of a hand-made area table: their names in English and Chinese, and how a cell is read."""

import datetime as dt
import re
from collections.abc import Callable
from typing import TypeAlias

from sizao.exchange.dates import read_date
from sizao.vocabulary.text import N_, Message

Reading: TypeAlias = tuple[object, Message | None]

#: What a heading may be (lower case, spaces as "_").
HEADINGS: dict[str, str] = {
    heading: column
    for column, headings in {
        "code": "code area_code 代码 编码 行政区划代码 区划代码",
        "parent": "parent parent_code 上级代码 上级 父级代码",
        "kind": "kind type 类型 类别",
        "name_en": "name_en name english_name 英文名 英文名称",
        "name_zh": "name_zh chinese_name 名称 中文名 中文名称 区划名称",
        "name_local": "name_local local_name 当地名称 本地名称",
        "aliases": "aliases other_names 别名 简称",
        "lon": "lon longitude lng 经度",
        "lat": "lat latitude 纬度",
        "population": "population residents 人口 常住人口",
        "valid_from": "valid_from 启用日期 生效日期",
        "valid_to": "valid_to 停用日期 失效日期",
        "successor": "successor successor_code 后继代码 变更后代码",
    }.items()
    for heading in headings.split()
}


def text(cell: str | None) -> Reading:
    return " ".join((cell or "").split()) or None, None


def code(cell: str | None) -> Reading:
    """A code as written; a spreadsheet that took it for a number leaves ".0" behind."""
    return re.sub(r"\.0$", "", (cell or "").strip()) or None, None


def aliases(cell: str | None) -> Reading:
    """Several names, separated by semicolons or bars."""
    names = (" ".join(name.split()) for name in re.split(r"[;；|]", cell or ""))
    return [name for name in dict.fromkeys(names) if name], None


def coordinate(limit: float) -> Callable[[str | None], Reading]:
    """Degrees (WGS 84); what is not is left empty."""

    def read(cell: str | None) -> Reading:
        if not (cell or "").strip():
            return None, None
        try:
            degrees = float(str(cell).strip().replace(",", "."))
        except ValueError:
            degrees = float("nan")
        if abs(degrees) <= limit:
            return degrees, None
        return None, N_(
            "“{found}” is not a coordinate in degrees between -{limit} and {limit}. It was left empty.",
            found=cell,
            limit=round(limit),
        )

    return read


def population(cell: str | None) -> Reading:
    """A whole number; thousands may be parted by commas or spaces."""
    plain = re.sub(r"[,，\s']", "", cell or "").removesuffix(".0")
    if not plain:
        return None, None
    if plain.isascii() and plain.isdigit() and len(plain) <= 12:
        return int(plain), None
    return None, N_("“{found}” is not a number of people. It was left empty.", found=cell)


def day(cell: str | None) -> Reading:
    """A date that can be read in one way only."""
    if not (cell or "").strip():
        return None, None
    date: dt.date | None = read_date(str(cell), None).date
    return date, None if date else N_("“{found}” is not a date. Write it as 2021-01-31. It was left empty.", found=cell)


CELLS: dict[str, Callable[[str | None], Reading]] = {
    "code": code,
    "parent": code,
    "successor": code,
    "kind": text,
    "name_en": text,
    "name_zh": text,
    "name_local": text,
    "aliases": aliases,
    "lon": coordinate(180),
    "lat": coordinate(90),
    "population": population,
    "valid_from": day,
    "valid_to": day,
}
