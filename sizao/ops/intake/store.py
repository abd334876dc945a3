"""Where delivered files lie: each content once, under its SHA-256, readable by the owner alone.

Beside a delivery's file lie what was understood of it (Parquet, one file per kind of record) and its first rows;
both are made anew from the file at any time and are removed when the records have been handed on.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import polars as pl
from django.conf import settings

from sizao.vocabulary.text import N_, Message

ROWS_TOGETHER = 50_000  # what a slice reads at least
LARGEST = 512 * 1024 * 1024  # bytes; what the readers take at most


class TooLarge(Exception):
    """The file is larger than any reader takes; `message` says what to do."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Kept:
    """A content in the store."""

    sha256: str
    n_bytes: int


def keep(pieces: Iterable[bytes], *, largest: int = LARGEST) -> Kept:
    """Write a stream into the store; it is never held in memory, and nothing is left behind if it breaks off."""
    folder = _folder("files")
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder, prefix="arriving-")
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > largest:
                    raise TooLarge(
                        N_("The file is larger than {mib} MB. Send it in parts.", mib=largest // (1024 * 1024))
                    )
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        kept = Kept(digest.hexdigest(), size)
        place = path_of(kept.sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        Path(name).replace(place)
        return kept
    finally:
        Path(name).unlink(missing_ok=True)


def path_of(sha256: str) -> Path:
    return Path(settings.STORE) / "files" / sha256[:2] / sha256


def write_frames(delivery_id: int, frames: dict[str, pl.DataFrame]) -> None:
    """Replace what was understood of a delivery."""
    drop_frames(delivery_id)
    folder = _folder("understood", str(delivery_id))
    for name, frame in frames.items():
        path = folder / f"{name}.parquet"
        path.touch(mode=0o600)
        frame.write_parquet(path, compression="zstd", compression_level=1, row_group_size=ROWS_TOGETHER)


def read_frame(delivery_id: int, name: str, *, start: int = 0, n: int | None = None) -> pl.DataFrame:
    """One of the frames, or a slice of it; empty when there is none of that name."""
    path = Path(settings.STORE) / "understood" / str(delivery_id) / f"{name}.parquet"
    return pl.scan_parquet(path).slice(start, n).collect() if path.exists() else pl.DataFrame()


def has_frames(delivery_id: int) -> bool:
    return (Path(settings.STORE) / "understood" / str(delivery_id)).is_dir()


def drop_frames(delivery_id: int) -> None:
    rmtree(Path(settings.STORE) / "understood" / str(delivery_id), ignore_errors=True)


def _folder(*parts: str) -> Path:
    folder = Path(settings.STORE)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in parts:
        folder = folder / part
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder
