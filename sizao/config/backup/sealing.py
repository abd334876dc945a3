"""Encrypting a stream of any length: AES-256-GCM in pieces of one mebibyte, each bound to its place.

The key is made for this one file from a key of the ring and a salt (HKDF, SHA-256). A piece's nonce is its number and
whether it is the last, so that pieces cannot be left out, moved or cut off at the end without being noticed.
"""

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sizao.ops.governance.keyring import keyring

MAGIC = b"SIZAO-BACKUP-1\n"
PIECE = 1024 * 1024
TAG = 16


class Damaged(Exception):
    """The file is not whole, not ours, or needs a key that is not in the ring."""


class Sealer:
    """A file to write into; nothing readable reaches the disk."""

    def __init__(self, out: BinaryIO):
        number, salt = keyring().current, os.urandom(16)
        out.write(MAGIC + bytes([number]) + salt)
        self._out, self._cipher, self._rest, self._n = out, _cipher(keyring().seal[number], salt), bytearray(), 0

    def write(self, data: bytes) -> int:
        self._rest += data
        while len(self._rest) > PIECE:
            self._put(bytes(self._rest[:PIECE]), is_last=False)
            del self._rest[:PIECE]
        return len(data)

    def finish(self) -> None:
        self._put(bytes(self._rest), is_last=True)

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._n, is_last), piece, None))
        self._n += 1


class Opener:
    """A file to read from; every piece is proved before it is handed out."""

    def __init__(self, file: BinaryIO):
        if file.read(len(MAGIC)) != MAGIC:
            raise Damaged("this is not a backup of Sizao")
        number, salt = file.read(1)[0], file.read(16)
        if number not in keyring().seal:
            raise Damaged(f"it was sealed with key {number}, which is not in the key ring")
        self._file, self._cipher = file, _cipher(keyring().seal[number], salt)
        self._n, self._rest, self._next = 0, b"", file.read(PIECE + TAG)

    def read(self, n: int = -1) -> bytes:
        while self._next and (n < 0 or len(self._rest) < n):
            self._rest += self._piece()
        taken, self._rest = (self._rest, b"") if n < 0 else (self._rest[:n], self._rest[n:])
        return taken

    def _piece(self) -> bytes:
        piece, self._next = self._next, self._file.read(PIECE + TAG)
        try:
            plain = self._cipher.decrypt(_nonce(self._n, not self._next), piece, None)
        except InvalidTag:
            raise Damaged(f"it is damaged or cut off at its piece {self._n}") from None
        self._n += 1
        return plain


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"sizao backup").derive(key))


def _nonce(n: int, is_last: bool) -> bytes:
    return n.to_bytes(11, "big") + bytes([is_last])
