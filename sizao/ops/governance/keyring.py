"""Keys for identifying fields, kept in a file outside the database (readable by the owner alone).

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
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = {"current": "1", "seal": {"1": _fresh()}, "index": _fresh()}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(keys, file)


def _fresh() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@lru_cache
def keyring() -> Keyring:
    """The installation's keys; refuses a file that others can read."""
    path = Path(settings.KEYRING)
    if not path.exists():
        raise ImproperlyConfigured(f"No key ring at {path}. Run `sizao setup`, or set SIZAO_KEYRING.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ImproperlyConfigured(f"{path} can be read by others. Run: chmod 600 {path}")
    keys = json.loads(path.read_text())
    seal = {int(name): base64.b64decode(key) for name, key in keys["seal"].items()}
    return Keyring(int(keys["current"]), seal, base64.b64decode(keys["index"]))
