"""The whole telephone of an installation in one loop: where calls and browsers arrive, the switchboard, the journal."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings

from channels_ingest.telephony import book, taking, transcribing
from channels_ingest.telephony.ami.settings import AmiSettings
from channels_ingest.telephony.audiosocket import AudioSocketLeg, AudioSocketServer
from channels_ingest.telephony.browser import BrowserServer, BrowserSettings
from channels_ingest.telephony.browser_leg import WebLeg
from channels_ingest.telephony.calls import PRIVATE_NETWORKS, Bounds, FinishedCall, SipSettings, TelephonySettings
from channels_ingest.telephony.exchange import Exchange
from channels_ingest.telephony.following import ExchangeCalls
from channels_ingest.telephony.handover import Handover
from channels_ingest.telephony.jitter import come_first
from channels_ingest.telephony.journal import Journal
from channels_ingest.telephony.legs import CallLeg, Moved
from channels_ingest.telephony.outlets import Outlets
from channels_ingest.telephony.phones import AgentPhone
from channels_ingest.telephony.policy import Policies
from channels_ingest.telephony.record import CallRecord
from channels_ingest.telephony.recording import unfinished
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.switchboard import Switchboard, number_of
from hotline.away import AWAY
from hotline.calls import tokens
from hotline.calls.states import CallState, Outcome

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Places:
    """Where calls and browsers arrive; no SIP where `sip` is None."""

    audiosocket: TelephonySettings
    browsers: BrowserSettings
    sip: SipSettings | None = None


class Telephone:
    """Everything running; `async with` it by `telephone`."""

    def __init__(self, places: Places) -> None:
        recordings = places.audiosocket.recordings
        self.journal = Journal(
            recordings.parent / "calls" / "journal.jsonl", self._apply, AWAY, in_part=self._apply_in_part
        )
        self.policies = Policies()
        self.handover = Handover(self._finished)
        self.speech = transcribing.speech()
        self.sip = self._endpoint(places.sip) if places.sip else None
        outlets = Outlets(recordings, self.journal, self.policies, self.handover.take, self.speech)
        self.board = Switchboard(outlets)
        self.exchange_calls = ExchangeCalls(self.board)
        self.exchange = self._exchange()
        outlets.transfer, outlets.moves = self._transfer, self._moves
        outlets.dial = self._dial if self.sip is not None and settings.TELEPHONY_SIP_TRUNK else None
        outlets.normal_end = self.exchange.done if self.exchange else None
        self.audiosocket = AudioSocketServer(replace(places.audiosocket, bounds=self._bounds), self._connected)
        browsers = replace(places.browsers, bounds=self._bounds)
        self.browsers = BrowserServer(browsers, tokens.Admission().admit, self._phone, self._heard)
        self._recordings = recordings
        self._tasks: list[asyncio.Task[None]] = []
        self._refusals: set[asyncio.Task[None]] = set()
        self._stopping = False

    def _endpoint(self, sip: SipSettings) -> SipEndpoint:
        def refused(leg: CallLeg) -> None:
            self._beside(self._refused(leg))

        return SipEndpoint(replace(sip, bounds=self._bounds), self._incoming, refused)

    def _exchange(self) -> Exchange | None:
        if not settings.TELEPHONY_AMI_HOST:
            return None
        return Exchange(AmiSettings.from_settings(), self.exchange_calls, self.exchange_calls.username)

    async def start(self) -> None:
        """Take up what an earlier process left, then let calls and browsers in."""
        await self.journal.open()
        self._run(self.journal.run())
        await self.policies.refresh()
        self._run(self.policies.run())
        await self.speech.start()
        await self.board.start()
        for recording in list(unfinished(self._recordings)):
            goes_on = self.exchange is not None and recording.left_open  # perhaps: the exchange will say
            (self.exchange_calls.left_over if goes_on else self.handover.take)(recording)
        await self.browsers.start()
        await self.audiosocket.start()
        if self.sip is not None:
            await self.sip.start()
        if self.exchange is not None:
            self._run(self.exchange_calls.run())
            self._run(self.exchange.run())

    async def stop(self) -> None:
        """Let nobody in any more, end what is, and keep it."""
        self._stopping = True
        await self.board.stop()
        await self.audiosocket.stop()
        if self.sip is not None:
            await self.sip.stop()
        await self.browsers.stop()
        await self.handover.stop()
        await self.speech.stop()
        await asyncio.gather(*self._refusals, return_exceptions=True)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.journal.close()

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Outlives the switchboard's own work: who calls while that stops is refused and written down too."""
        task = asyncio.create_task(work)
        self._refusals.add(task)
        task.add_done_callback(self._refusals.discard)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def broken(self) -> None:
        """Raises when a part that must always run has ended; else it waits until it is cancelled."""
        ended, _running = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
        raise RuntimeError("a part of the telephone has ended")

    def _bounds(self) -> Bounds:
        return self.policies.now.bounds

    # --- the database -----------------------------------------------------------------------------------------

    def _apply(self, line: dict[str, Any]) -> None:
        book.apply(line, self.board.written)

    def _apply_in_part(self, line: dict[str, Any]) -> None:
        book.apply(line, self.board.written, with_ticket=False)

    async def _finished(self, call: FinishedCall) -> None:
        """A recording is whole: its call is in the database before it."""
        await self.journal.applied()
        await taking.take(call)

    # --- who comes in ------------------------------------------------------------------------------------------

    def _incoming(self, leg: CallLeg) -> None:
        """A call for us; one too many is refused, and an exchange's dialplan goes on with it."""
        most = self._bounds().calls
        going_on = sum(not line.gone for line in self.board.lines.values())
        if self._stopping:
            log.warning("refused call %s: the telephone is being stopped", leg.id)
            self._beside(self._refuse(leg, "stopping"))
        elif going_on < most:
            self.board.take(leg)
        else:
            log.warning("refused call %s: %s calls go on, and policy lets in %s", leg.id, going_on, most)
            self._beside(self._refuse(leg, "busy"))

    async def _refuse(self, leg: CallLeg, reason: str) -> None:
        await leg.hang_up(reason)
        await self._refused(leg)

    async def _refused(self, leg: CallLeg) -> None:
        """Who came when we were full or stopped is called back, and counts among those whom nobody answered."""
        outcome = Outcome.REFUSED if self.policies.now.open_now() else Outcome.AFTER_HOURS
        record = CallRecord(leg.id, datetime.now(UTC), number_of(leg.caller), leg.called[:40], outcome=outcome)
        record.state, record.ended_at, record.closed_at = CallState.CLOSED, record.started_at, record.started_at
        await self.journal.keep([record.line()])

    def _connected(self, leg: AudioSocketLeg) -> None:
        """Copies of an exchange's calls that we asked for are no calls of ours, and do not count as such."""
        if self.exchange is None:
            self._incoming(leg)
        elif not self.exchange.takes(leg):
            self.board.spawn(self._announced(leg, self.exchange))

    async def _announced(self, leg: AudioSocketLeg, exchange: Exchange) -> None:
        """This wire has no login: of an exchange that is followed, only calls that it announced are taken."""
        announced = await exchange.announcement(leg.id) if exchange.up.is_set() else exchange.announced(leg.id)
        if announced is not None:
            leg.caller, leg.called = announced.caller, announced.called
        elif exchange.up.is_set():
            log.warning("refused call %s: the exchange has not announced it", leg.id)
            await leg.hang_up("not announced")
            return
        self._incoming(leg)

    def _phone(self, leg: WebLeg) -> None:
        self.board.attendance.phone(cast(AgentPhone, leg))

    def _heard(self, leg: WebLeg, message: dict[str, Any]) -> None:
        self.board.orders.heard(cast(AgentPhone, leg), message)

    # --- outside -------------------------------------------------------------------------------------------------

    async def _dial(self, number: str) -> CallLeg:
        assert self.sip is not None
        return await self.sip.dial(f"sip:{number}@{settings.TELEPHONY_SIP_TRUNK}")

    def _moves(self, leg: CallLeg) -> bool:
        """Whether there is an exchange that could move this caller now."""
        if leg.kind == "audiosocket":
            return self.exchange is not None and self.exchange.moves(leg.id)
        return leg.kind == "sip" and bool(settings.TELEPHONY_SIP_TRUNK)

    async def _transfer(self, leg: CallLeg, number: str) -> Moved:
        """Have the exchange move the caller, where there is one that can."""
        if not self._moves(leg):
            return Moved.NOT
        if self.exchange is not None and leg.kind == "audiosocket":
            return await self.exchange.transfer(leg.id, number)
        moved = await leg.transfer(f"sip:{number}@{settings.TELEPHONY_SIP_TRUNK}")
        return Moved.REACHED if moved else Moved.NOT


def places(*, audiosocket: int, browser: int, sip: int) -> Places:
    """The installation's own, on these ports; 0 for `sip` is none."""
    allowed = [settings.PUBLIC_URL, *settings.CSRF_TRUSTED_ORIGINS]
    origins = tuple(f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, allowed))
    return Places(
        TelephonySettings(
            recordings=settings.MEDIA_ROOT / "recordings",
            host=settings.TELEPHONY_HOST,
            port=audiosocket,
            narrow_rate=settings.TELEPHONY_AUDIOSOCKET_NARROW_RATE,
        ),
        BrowserSettings(host=settings.TELEPHONY_BROWSER_HOST, port=browser, origins=origins),
        _sip(sip) if sip else None,
    )


def _sip(port: int) -> SipSettings:
    return SipSettings(
        host=settings.TELEPHONY_SIP_HOST,
        port=port,
        advertised=settings.TELEPHONY_SIP_ADVERTISED,
        networks=tuple(settings.TELEPHONY_SIP_NETWORKS) or PRIVATE_NETWORKS,
    )


@asynccontextmanager
async def telephone(where: Places) -> AsyncIterator[Telephone]:
    """The telephone of this installation, as long as the block lasts."""
    here = Telephone(where)
    await here.start()
    try:
        yield here
    finally:
        await here.stop()


def run(where: Places) -> None:
    """Answer until the process is told to stop."""
    come_first()
    asyncio.run(until_told(where))


async def until_told(where: Places) -> None:
    """A telephone of which a part has died looks well and loses calls: better that it is started again."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with telephone(where) as here:
        told_to, broken = asyncio.create_task(told.wait()), asyncio.create_task(here.broken())
        await asyncio.wait({told_to, broken}, return_when=asyncio.FIRST_COMPLETED)
        told_to.cancel()
        if broken.done():
            broken.result()
        broken.cancel()
