"""Files that a page of ours has taken in, between the upload and the message that names them."""

import secrets
from collections.abc import Container
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from channels_ingest.errors import MediaUnavailable
from hotline.tickets.files import write_whole


def put(content: bytes) -> str:
    """Keep uploaded bytes until the message is processed; returns the reference for the message. OSError: no room."""
    reference = secrets.token_hex(16)
    write_whole(_path(reference), content)
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


def forget(before: datetime, needed: Container[str]) -> int:
    """Delete what was taken in `before` and is not `needed`: of forms that never came, or came twice. How many."""
    number = 0
    for path in _folder().glob("*"):
        with suppress(FileNotFoundError):  # a message took it just now
            if path.name not in needed and path.stat().st_mtime < before.timestamp():
                path.unlink()
                number += 1
    return number


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "incoming"


def _path(reference: str) -> Path:
    if not _is_reference(reference):
        raise MediaUnavailable("not an upload", retry=False)
    return _folder() / reference


def _is_reference(reference: str) -> bool:
    return len(reference) == 32 and set(reference) <= set("0123456789abcdef")
