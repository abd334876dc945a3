"""Every address the project has, its places filled, and what an answer says once it is unpacked."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
#: Answers that are zip archives inside.
ZIPPED = ("officedocument", "application/zip")


@dataclass(frozen=True)
class Address:
    """One line of the URL table: its name ("" where it has none), its route with the places open."""

    name: str
    route: str

    @property
    def places(self) -> list[str]:
        return PLACE.findall(self.route)

    def filled(self, guesses: Mapping[str, Sequence[object]]) -> list[str]:
        """The address with the first guess in every place, then with the second, and so on. A place with one guess
        keeps it; a turn for which a place has no guess (None) is left out."""
        if unknown := [place for place in self.places if place not in guesses]:
            raise LookupError(
                f"The address {self.route} ({self.name}) has a place “{unknown[0]}” that the walk cannot fill. Add to "
                f"guesses() in tests/governance/scope_world.py what a reader of another county may guess to stand "
                f"there: the id of a row of county A, which build() makes if there is none yet."
            )
        columns = [guesses[place] for place in self.places]
        found = []
        for turn in range(max(map(len, columns), default=1)):
            values = [
                column[turn % len(column)] if len(column) == 1 or turn < len(column) else None for column in columns
            ]
            if None not in values:
                filled = iter(values)
                found.append("/" + PLACE.sub(lambda _place: str(next(filled)), self.route))  # noqa: B023
        return list(dict.fromkeys(found))


def addresses(resolver: URLResolver | None = None, route: str = "", space: str = "") -> Iterator[Address]:
    """The whole table, nameless addresses too."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(space + (pattern.name or ""), here)
        else:
            yield from addresses(pattern, here, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def said(response: HttpResponse) -> str:
    """Everything an answer tells: headers, and the body with archives opened."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    heads = "\n".join(f"{name}: {unquote(str(value))}" for name, value in response.headers.items())
    kind = response.headers.get("Content-Type", "")
    if any(mark in kind for mark in ZIPPED) and zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return heads + "\n" + body.decode("utf-8", "replace")


def shown(response: HttpResponse, secrets: set[str]) -> list[str]:
    """The secrets an answer gives away. Script data writes Chinese as escapes."""
    text = said(response)
    if "\\u" in text:
        text += re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return sorted(word for word in secrets if word in text)
