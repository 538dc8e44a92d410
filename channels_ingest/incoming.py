"""Files that a page of ours has taken in, between the upload and the message that names them."""

import secrets
from pathlib import Path

from django.conf import settings

from channels_ingest.errors import MediaUnavailable


def put(content: bytes) -> str:
    """Keep uploaded bytes until the message is processed; returns the reference to name in the message."""
    reference = secrets.token_hex(16)
    path = _path(reference)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    try:
        path.write_bytes(content)
    except OSError:  # what a full disk cut short must not take up room for ever
        path.unlink(missing_ok=True)
        raise
    return reference


def take(reference: str) -> bytes:
    """The bytes put before."""
    try:
        return _path(reference).read_bytes()
    except FileNotFoundError as error:
        raise MediaUnavailable("the upload is gone", retry=False) from error


def drop(reference: str) -> None:
    """Forget an upload whose file is now kept as an attachment."""
    if _is_reference(reference):
        _path(reference).unlink(missing_ok=True)


def _path(reference: str) -> Path:
    if not _is_reference(reference):
        raise MediaUnavailable("not an upload", retry=False)
    return Path(settings.MEDIA_ROOT) / "incoming" / reference


def _is_reference(reference: str) -> bool:
    return len(reference) == 32 and set(reference) <= set("0123456789abcdef")
