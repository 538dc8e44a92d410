"""The key of the anchors (Ed25519): what is signed, with which key, and which keys are believed."""

import hashlib
import json
from datetime import UTC
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from hotline.tickets.models import Anchor


@cache
def _private_key(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ledger anchors").derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key() -> str:
    """The public half (hex) of the key in force: what auditors and courts are given."""
    return _private_key(settings.LEDGER_KEY).public_key().public_bytes_raw().hex()


def believed_keys() -> frozenset[str]:
    """The key in force and those that were in force before."""
    return frozenset({public_key(), *settings.LEDGER_OLD_KEYS})


def statement_hash(anchor: Anchor) -> str:
    """SHA-256 (hex) of what the anchor states."""
    at = anchor.at.astimezone(UTC).isoformat()
    statement = [anchor.sequence, at, anchor.feed, anchor.leaves, anchor.root, anchor.previous_hash]
    return hashlib.sha256(json.dumps(statement).encode()).hexdigest()


def sign(anchor: Anchor) -> None:
    """Put hash, key and signature on an anchor that states everything else."""
    anchor.hash, anchor.key = statement_hash(anchor), public_key()
    anchor.signature = _private_key(settings.LEDGER_KEY).sign(bytes.fromhex(anchor.hash)).hex()


def is_signed(anchor: Anchor) -> bool:
    """Whether the anchor's hash was signed with a key that we believe."""
    if anchor.key not in believed_keys():
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(anchor.key))
        key.verify(bytes.fromhex(anchor.signature), bytes.fromhex(anchor.hash))
    except (InvalidSignature, ValueError):  # ValueError: no hexadecimal, or not 32 bytes
        return False
    return True
