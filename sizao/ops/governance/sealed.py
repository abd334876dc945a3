"""Sealing identifying values: AES-256-GCM bound to the row's UUID, and keyed 64-bit look-up keys.

A sealed value is one byte of key number, twelve of nonce, then ciphertext and tag. The row's UUID is
associated data, so a value copied to another row does not open. Look-up keys are BLAKE2b with a separate
key, cut to 63 bits so that both databases hold them as integers; equal values have equal keys and nothing
else can be read from them without the key.
"""

import json
import os
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sizao.ops.governance.keyring import keyring


def seal(document: dict[str, Any], row: UUID) -> bytes:
    """Encrypt a JSON document for the row with this UUID."""
    plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return seal_texts([plain], [row.bytes])[0]


def seal_texts(documents: Sequence[bytes], rows: Sequence[bytes]) -> list[bytes]:
    """Encrypt JSON documents, given as bytes, for the rows with these UUIDs (their 16 bytes); empty stays empty."""
    key, nonces = keyring().current, os.urandom(12 * len(rows))
    encrypt, start = _cipher(key).encrypt, bytes([key])
    sealed = []
    for position, (plain, row) in enumerate(zip(documents, rows, strict=True)):
        nonce = nonces[12 * position : 12 * position + 12]
        sealed.append(start + nonce + encrypt(nonce, plain, row) if plain else b"")
    return sealed


def unseal(sealed: bytes | memoryview, row: UUID) -> dict[str, Any]:
    """Decrypt what `seal` made for that row."""
    sealed = bytes(sealed)
    plain = _cipher(sealed[0]).decrypt(sealed[1:13], sealed[13:], row.bytes)
    return json.loads(plain.decode())  # json would guess the encoding of bytes first


def unseal_texts(sealed: Sequence[bytes], rows: Sequence[bytes]) -> list[bytes]:
    """The JSON documents that `seal_texts` encrypted for these rows; empty stays empty."""
    opens = {key: _cipher(key).decrypt for key in {document[0] for document in sealed if document}}
    return [
        opens[document[0]](document[1:13], document[13:], row) if document else b""
        for document, row in zip(sealed, rows, strict=True)
    ]


def blind(kind: str, value: str) -> int:
    """The look-up key of a normalised value; `kind` keeps equal texts of different fields apart."""
    digest = blake2b(f"{kind}\0{value}".encode(), digest_size=8, key=keyring().index).digest()
    return int.from_bytes(digest, "big") >> 1


def key_of(sealed: bytes | memoryview) -> int:
    """The number of the key a value is sealed with."""
    return bytes(sealed[:1])[0]


def resealed(sealed: bytes | memoryview, row: UUID) -> bytes:
    """The same content under the current key."""
    sealed = bytes(sealed)
    return seal_texts([_cipher(sealed[0]).decrypt(sealed[1:13], sealed[13:], row.bytes)], [row.bytes])[0]


@lru_cache
def _cipher(key: int) -> AESGCM:
    return AESGCM(keyring().seal[key])
