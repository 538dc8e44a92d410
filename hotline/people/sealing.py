"""Personal data at rest: AES-256-GCM with a key id, and a keyed fingerprint for exact search."""

import hashlib
import hmac
import os
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

KEY_ID = b"\x01"
NONCE_BYTES = 12


@cache
def _derived(purpose: bytes, secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def seal(text: str) -> bytes:
    """Encrypt `text`: key id (1 byte), nonce (12 bytes), ciphertext with its tag. Empty stays empty."""
    if not text:
        return b""
    nonce = os.urandom(NONCE_BYTES)
    key = _derived(b"seal", settings.PERSONAL_DATA_KEY)
    return KEY_ID + nonce + AESGCM(key).encrypt(nonce, text.encode(), KEY_ID)


def unseal(sealed: bytes) -> str:
    """Decrypt what `seal` made; raises cryptography.exceptions.InvalidTag when it was tampered with."""
    if not sealed:
        return ""
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    key = _derived(b"seal", settings.PERSONAL_DATA_KEY)
    return AESGCM(key).decrypt(nonce, body, sealed[:1]).decode()


def fingerprint(text: str) -> str:
    """A keyed SHA-256 (hex) that finds equal values without storing them; empty for empty text."""
    if not text:
        return ""
    return hmac.new(_derived(b"find", settings.PERSONAL_DATA_KEY), text.encode(), hashlib.sha256).hexdigest()


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Text in Python, AES-GCM bytes in the database; it cannot be searched, only opened."""

    def get_internal_type(self) -> str:
        """Kept in a bytea column."""
        return "BinaryField"

    def get_db_prep_value(self, value: str | None, connection: Any, prepared: bool = False) -> Any:
        """Seal on the way in."""
        return connection.Database.Binary(seal(value or ""))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        """Open on the way out."""
        return unseal(bytes(value)) if value is not None else ""
