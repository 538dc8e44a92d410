"""One connection to the database of its own: it hears of new pieces, and its locks say who holds which link."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from django.db import connections

from channels_ingest.sms_links.handover import WAKE

log = logging.getLogger(__name__)
LOCKS = 0x736D73  # "sms": the class of our advisory locks


class Wakeups:
    """Valid while the connection is; a lock ends with it."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection

    async def take(self, account_pk: int) -> bool:
        """Whether this process may hold the account's link; another one's death passes it on."""
        cursor = await self._connection.execute("select pg_try_advisory_lock(%s, %s)", [LOCKS, account_pk])
        row = await cursor.fetchone()
        return bool(row and row[0])

    async def release(self, account_pk: int) -> None:
        """Another process may hold it now."""
        await self._connection.execute("select pg_advisory_unlock(%s, %s)", [LOCKS, account_pk])

    async def heard(self, seconds: float) -> list[int]:
        """The accounts that have new pieces, after `seconds` at most."""
        return [int(note.payload) async for note in self._connection.notifies(timeout=seconds, stop_after=1)]


@asynccontextmanager
async def listening() -> AsyncIterator[Wakeups]:
    """Connect and listen; psycopg.OperationalError when the database is away."""
    params = connections["default"].get_connection_params()
    for name in ("pool", "cursor_factory", "context"):
        params.pop(name, None)
    params["autocommit"] = True
    connection = await psycopg.AsyncConnection.connect(**params)
    async with connection:
        await connection.execute(f"listen {WAKE}")
        yield Wakeups(connection)
