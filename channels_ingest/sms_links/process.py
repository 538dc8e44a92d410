"""The process that holds the links: one for each active account, started, restarted and stopped as accounts change."""

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import transaction

from channels_ingest import registry
from channels_ingest.models import ChannelAccount
from channels_ingest.sms_links.adapter import LinkAdapter
from channels_ingest.sms_links.keeper import AWAY, DatabaseKeeper, in_database
from channels_ingest.sms_links.link import Link
from channels_ingest.sms_links.models import SmsLinkStatus
from channels_ingest.sms_links.options import link_options
from channels_ingest.sms_links.wakeups import Wakeups, listening
from hotline.tickets import clock

log = logging.getLogger(__name__)
LOOK_EVERY = 5.0
AGAIN_SECONDS = 2.0
TIDY_EVERY = 60.0  # looks through a week of pieces


@dataclass(slots=True)
class _Held:
    """A link that this process holds."""

    account: ChannelAccount
    settings: str
    link: Link
    keeper: DatabaseKeeper
    task: asyncio.Task[None]
    connected: bool = False
    detail: str = ""


class Holder:
    """Holds what the database says is to be held and nobody else holds."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}
        self._tidy_at = 0.0

    async def run(self) -> None:
        """Until cancelled; links go on while the database is away."""
        try:
            while True:
                try:
                    async with listening() as wakeups:
                        await self._follow(wakeups)
                except (psycopg.Error, *AWAY) as error:
                    log.warning("the database is away: %s", type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            await asyncio.gather(*(self._stop(pk) for pk in list(self._held)))

    async def _follow(self, wakeups: Wakeups) -> None:
        loop = asyncio.get_running_loop()
        for pk in list(self._held):  # the locks went with the last connection
            if not await wakeups.take(pk):
                await self._stop(pk)
        look_at = loop.time()
        while True:
            if loop.time() >= look_at:
                await self._look(wakeups)
                look_at = loop.time() + LOOK_EVERY
            for pk in await wakeups.heard(max(0.05, look_at - loop.time())):
                if held := self._held.get(pk):
                    held.link.wake.set()

    async def _look(self, wakeups: Wakeups) -> None:
        """Stop what is gone or changed, start what is new, say how each stands, do what is due by time."""
        wanted = {account.pk: account for account in await in_database(_accounts)}
        for pk, held in list(self._held.items()):
            account = wanted.get(pk)
            if account is None or _settings(account) != held.settings or held.task.done():
                await self._stop(pk)
                await wakeups.release(pk)
        for pk, account in wanted.items():
            if pk not in self._held and await wakeups.take(pk):
                await self._start(account)
                if pk not in self._held:  # its settings are wrong; a lock counts how often it was taken
                    await wakeups.release(pk)
        for held in self._held.values():
            await self._say(held)
        await self._tidy()

    async def _tidy(self) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._tidy_at:
            self._tidy_at = now + TIDY_EVERY
            for held in self._held.values():
                await held.keeper.tidy()

    async def _start(self, account: ChannelAccount) -> None:
        adapter = registry.get(account.adapter)
        assert isinstance(adapter, LinkAdapter)
        keeper = DatabaseKeeper(account)
        await keeper.take_over()
        try:
            options, dialect = link_options(account.options), adapter.dialect(account.options)
        except ValueError as error:
            detail = str(error)
            if await in_database(lambda: _tell(account, False, detail)):
                log.error("%s: %s", account, detail)
            return

        async def changed(connected: bool, detail: str) -> None:
            held.connected, held.detail = connected, detail
            await self._say(held)

        link = Link(str(account), options, dialect, keeper, changed)
        held = _Held(account, _settings(account), link, keeper, asyncio.create_task(link.run()))
        self._held[account.pk] = held

    async def _stop(self, pk: int) -> None:
        held = self._held.pop(pk)
        await held.link.stop(held.task)
        held.connected, held.detail = False, "stopped"
        await self._say(held)

    async def _say(self, held: _Held) -> None:
        with suppress(*AWAY):  # said again at the next look
            await in_database(lambda: _tell(held.account, held.connected, held.detail))


def _accounts() -> list[ChannelAccount]:
    slugs = [slug for slug, adapter in registry.all_adapters().items() if isinstance(adapter, LinkAdapter)]
    return list(ChannelAccount.objects.filter(adapter__in=slugs, active=True).order_by("pk"))


def _settings(account: ChannelAccount) -> str:
    """What a link was made of: when this changes, it is made anew."""
    return repr((account.adapter, account.name, sorted(account.options.items())))


@transaction.atomic
def _tell(account: ChannelAccount, connected: bool, detail: str) -> bool:
    """Whether that was news."""
    now = clock.now()
    fresh: dict[str, Any] = {"connected": connected, "detail": detail[:200], "since": now, "seen_at": now}
    row, created = SmsLinkStatus.objects.select_for_update().get_or_create(account=account, defaults=fresh)
    news = created or (row.connected, row.detail) != (connected, detail[:200])
    if row.connected != connected:
        row.connected, row.since = connected, now
    row.detail, row.seen_at = detail[:200], now
    row.save()
    return news


def run() -> None:
    """Hold the links until the process is told to stop."""
    asyncio.run(_until_told())


async def _until_told() -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    holding = asyncio.create_task(Holder().run())
    waiting = asyncio.create_task(told.wait())
    print("sms links ready", file=sys.stderr, flush=True)
    await asyncio.wait({holding, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if holding.done():
        await holding  # a fault of ours: let it be seen, and let whoever watches processes start it anew
    holding.cancel()
    with suppress(asyncio.CancelledError):
        await holding
