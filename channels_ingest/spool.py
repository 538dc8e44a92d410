"""Words that come while the database is away: kept on this machine's disk, and taken in in their order when it is back.

Only for channels whose platform gives up sending (`Capabilities.gives_up`); the others get a 503 and send again.
A request is believed by the account as this process last saw it, so a process that has not met an account since it
started keeps nothing for it. Files are sealed, written whole, and taken away only when their rows are committed.
"""

from __future__ import annotations

import base64
import fcntl
import json
import logging
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.db import close_old_connections

from channels_ingest import inbox, registry
from channels_ingest.adapter import Adapter
from channels_ingest.messages import Answer, WebRequest
from channels_ingest.models import ChannelAccount
from hotline.away import AWAY
from hotline.people.sealing import seal, unseal
from hotline.tickets.files import write_whole

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS: Final = 2.0
KEPT_FREE_BYTES: Final = 256 * 1024 * 1024
"""A disk that is nearly full is not filled to the brim: the database may live on it."""

_ASIDE: Final = ".aside"
BELIEVED_AWAY_SECONDS: Final = 5.0
"""After it did not answer the database is not asked again for so long: a platform waits five seconds in all."""
BEHIND_SECONDS: Final = 600.0
"""So long after an outage nothing overtakes what waits; what waits longer is held up by something else."""

_away_until = time.monotonic()  # what an earlier process left may wait, too
_seen: dict[tuple[str, str], ChannelAccount] = {}


def folder() -> Path:
    """Where they wait; on this machine alone."""
    return Path(settings.DATA_DIR) / "spool"


def remember(address: str, account: ChannelAccount) -> None:
    """The account behind an address, for when it cannot be asked for."""
    _seen[account.adapter, address] = account


def forget(slug: str, address: str) -> None:
    """An account that was closed is not believed any more."""
    _seen.pop((slug, address), None)


def recall(slug: str, address: str) -> ChannelAccount | None:
    """The account as it was last seen by this process."""
    return _seen.get((slug, address))


def note_away() -> None:
    """The database did not answer just now."""
    global _away_until
    _away_until = time.monotonic() + BELIEVED_AWAY_SECONDS


def is_away() -> bool:
    """Whether the database did not answer a moment ago."""
    return time.monotonic() < _away_until


def keep(adapter: Adapter, account: ChannelAccount, request: WebRequest) -> Answer | None:
    """Verify and keep a request; the answer tells the platform that it need not send it again.

    None where it is not kept: the platform goes on sending, or the disk is nearly full. Raises errors.Refused.
    """
    if not adapter.capabilities.gives_up:
        return None
    messages = adapter.read(request, account)
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(place).free < KEPT_FREE_BYTES:
        log.error("the disk is nearly full: a message is not kept in %s", place)
        return None
    write_whole(place / f"{time.time_ns():020d}-{uuid4().hex}", _packed(account, request))
    return adapter.acknowledge(request, account, [(message, None) for message in messages])


def take_in() -> int:
    """Take in what waits, the oldest first; returns how many. One process at a time; raises AWAY errors."""
    if not waiting():
        return 0
    number = 0
    with _alone() as mine:
        while paths := waiting() if mine else []:  # what came meanwhile waits behind these
            for path in paths:
                _take(path)
            number += len(paths)
    return number


def waiting() -> list[Path]:
    """What waits, the oldest first."""
    return sorted(path for path in folder().glob("[0-9]*-*") if not path.suffix)


def is_behind() -> bool:
    """Whether what comes now is to wait behind what came before and is not taken in yet."""
    return time.monotonic() < _away_until + BEHIND_SECONDS and bool(waiting())


def aside() -> list[Path]:
    """What could not be taken in and wants a look; the log says why."""
    return sorted(folder().glob(f"*{_ASIDE}"))


def follow() -> threading.Thread:
    """Begin to look for what waits, for as long as this process lives."""
    thread = threading.Thread(target=_forever, name="spool", daemon=True)
    thread.start()
    return thread


def _forever() -> None:
    while True:
        time.sleep(LOOK_EVERY_SECONDS)
        try:
            if number := take_in():
                log.warning("%s messages that came while the database was away are taken in", number)
        except AWAY:
            note_away()
            log.info("the database is still away: %s messages wait", len(waiting()))
        except OSError:
            log.exception("what waits in %s cannot be read", folder())
        finally:
            close_old_connections()


def _take(path: Path) -> None:
    """What can never be taken in is laid aside in the open, and does not hold up the rest."""
    try:
        account, request = _unpacked(path.read_bytes())
        inbox.receive_late(registry.get(account.adapter), account, request)
    except AWAY:
        raise
    except Exception:
        log.exception("%s could not be taken in; it is laid aside", path.name)
        path.rename(path.with_suffix(_ASIDE))
        return
    path.unlink()


def _packed(account: ChannelAccount, request: WebRequest) -> bytes:
    body = base64.b64encode(request.body).decode("ascii")
    return seal(json.dumps({"account": account.pk, "body": body, **inbox.envelope(request)}))


def _unpacked(sealed: bytes) -> tuple[ChannelAccount, WebRequest]:
    kept: dict[str, Any] = json.loads(unseal(sealed))
    request = inbox.request_of(kept, base64.b64decode(kept["body"]))
    # this process may have remembered an account that was switched off in another
    return ChannelAccount.objects.get(pk=kept["account"], active=True), request


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process of this machine is taking in."""
    with (folder() / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
