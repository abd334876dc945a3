"""Keys for identifying fields, kept outside the database: in a file readable by the owner alone, or in SIZAO_KEYS.

The file is JSON: {"current": "1", "seal": {"1": base64 of 32 bytes}, "index": base64 of 32 bytes}.
"""

import base64
import json
import os
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Keyring:
    """`seal[n]` encrypts; `current` names the one new values use; `index` keys the blind indexes."""

    current: int
    seal: dict[int, bytes]
    index: bytes


def make(path: Path) -> None:
    """Write a new key ring unless there is one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, {"current": "1", "seal": {"1": _fresh()}, "index": _fresh()})


def add_key(path: Path) -> int:
    """Make a new key the current one; values under the older keys go on opening. Answers its number."""
    keys = json.loads(path.read_text())
    number = max(map(int, keys["seal"])) + 1
    if number > 255:
        raise ImproperlyConfigured("A sealed value has one byte for its key, and 255 keys have been made.")
    keys["seal"][str(number)] = _fresh()
    _write(path, keys | {"current": str(number)})
    return number


def drop_key(path: Path, number: int) -> None:
    """Forget a key. Whoever calls has made sure that nothing is sealed with it."""
    keys = json.loads(path.read_text())
    if str(number) == keys["current"]:
        raise ImproperlyConfigured(f"Key {number} is the current one.")
    del keys["seal"][str(number)]
    _write(path, keys)


def _write(path: Path, keys: dict) -> None:
    """The whole ring or nothing: a reader never finds half a file."""
    beside = path.with_name(path.name + ".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(keys, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _fresh() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def keyring() -> Keyring:
    """The installation's keys as they are now: from the environment, or from a file that nobody else can read. A
    process that runs on while a key is added finds it at its next question."""
    if settings.KEYS:
        return _parsed(settings.KEYS)
    path = Path(settings.KEYRING)
    try:
        state = path.stat()
    except FileNotFoundError:
        raise ImproperlyConfigured(f"No key ring at {path}. Run `sizao setup`, or set SIZAO_KEYRING.") from None
    if stat.S_IMODE(state.st_mode) & 0o077:
        raise ImproperlyConfigured(f"{path} can be read by others. Run: chmod 600 {path}")
    return _read(path, state.st_mtime_ns, state.st_ino)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _file: int) -> Keyring:
    return _parsed(path.read_text())


@lru_cache(maxsize=4)
def _parsed(text: str) -> Keyring:
    keys = json.loads(text)
    seal = {int(name): base64.b64decode(key) for name, key in keys["seal"].items()}
    return Keyring(int(keys["current"]), seal, base64.b64decode(keys["index"]))
