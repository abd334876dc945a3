"""What the words in other people's lists mean: every code by its value, its labels, and the words of words.toml.

Words are compared without case, width or punctuation.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping as Map
from functools import lru_cache
from pathlib import Path

from sizao.vocabulary.codes import Code
from sizao.vocabulary.columns import Column

WORDS = Path(__file__).parent / "words.toml"


def plain(text: str) -> str:
    """How words are compared: "  Family_Member " is "family member"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_/\-.,:;()（）'\"]+", " ", folded).strip() or folded.strip()


@lru_cache
def _lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


@lru_cache
def words_of(code_list: type[Code]) -> Map[str, Code]:
    """Every word known for the codes of a list: values, labels in both languages, and what people write."""
    written = _lists().get(code_list.__name__, {})
    words: dict[str, Code] = {plain(member.value): member for member in code_list}
    for member in code_list:
        for word in (member.label.say("en"), member.label.say("zh-hans"), *written.get(member.value, [])):
            words.setdefault(plain(word), member)
    return words


def meaning(column: Column, text: str) -> Code | None:
    """The code a word stands for in this column; None when it is not known."""
    return words_of(column.code_list).get(plain(text)) if column.code_list is not None else None
