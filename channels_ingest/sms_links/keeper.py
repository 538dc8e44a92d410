"""The stores as a session asks for them: off the event loop, and tried until the database is there."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import Error as DatabaseAway
from psycopg import Error as DriverError
from psycopg_pool import PoolTimeout

from channels_ingest.models import ChannelAccount
from channels_ingest.sms_links.dialect import Answered, Piece, Reported, Uplink
from channels_ingest.sms_links.store import PieceStore
from channels_ingest.sms_links.uplinks import UplinkStore
from channels_ingest.threads import own_connection

log = logging.getLogger(__name__)
T = TypeVar("T")
AWAY = (DatabaseAway, DriverError, PoolTimeout)
TRY_AGAIN_SECONDS = 1.0
THREADS = ThreadPoolExecutor(4, "sms-links")


async def in_database(work: Callable[[], T]) -> T:
    """Run `work` in a thread with a connection of its own, given back at once."""

    return await asyncio.get_running_loop().run_in_executor(THREADS, own_connection()(work))


async def until_kept(work: Callable[[], T]) -> T:
    """Run `work` again until the database takes it; a fault of ours is not repeated."""
    while True:
        try:
            return await in_database(work)
        except AWAY as error:
            log.warning("the database does not take it yet: %s", type(error).__name__)
            await asyncio.sleep(TRY_AGAIN_SECONDS)


class DatabaseKeeper:
    """What one account's session keeps."""

    def __init__(self, account: ChannelAccount) -> None:
        self._pieces, self._uplinks = PieceStore(account.pk), UplinkStore(account)

    async def claim(self) -> Piece | None:
        """The next piece to send; none while the database is away."""
        try:
            return await in_database(self._pieces.claim)
        except AWAY as error:
            log.warning("no piece could be claimed: %s", type(error).__name__)
            return None

    async def answered(self, pk: int, answer: Answered) -> None:
        """Keep the gateway's answer."""
        await until_kept(lambda: self._pieces.answered(pk, answer))

    async def refused_here(self, pk: int, why: str) -> None:
        """Keep that the protocol cannot carry a piece."""
        await until_kept(lambda: self._pieces.refused_here(pk, why))

    async def received(self, uplink: Uplink) -> None:
        """Keep a citizen's message or a part of one."""
        await until_kept(lambda: self._uplinks.keep(uplink))

    async def reported(self, report: Reported) -> None:
        """Keep a status report."""
        await until_kept(lambda: self._pieces.reported(report))

    async def abandon(self, written: set[int]) -> None:
        """Account for what a session left unanswered."""
        await until_kept(lambda: self._pieces.abandon(written))

    async def take_over(self) -> None:
        """Account for what a process left that is gone."""
        await until_kept(lambda: self._pieces.abandon(None))

    async def tidy(self) -> None:
        """What is due by time: parts that do not come, pieces that waited too long, rows long finished."""
        await in_database(self._pieces.tidy)
        await in_database(self._uplinks.tidy)
