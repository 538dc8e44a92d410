"""One session with a gateway: a window of unanswered pieces, a pace, keep-alive, and order in what is kept."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from channels_ingest.sms_links.dialect import (
    DELIVER,
    Answered,
    Dialect,
    Goodbye,
    Heard,
    Malformed,
    Piece,
    Probe,
    Reported,
    Unacceptable,
    Uplink,
    Verdict,
)

log = logging.getLogger(__name__)
LONGEST_PDU = 65_536
MOST_UNKEPT = 1000  # events waiting for the database; beyond it the gateway has to wait too
LONGEST_PAUSE = 30.0
MISSED_TESTS = 3
LAST_SEQUENCE = 0x7FFFFFFF


class LinkLost(Exception):
    """The session is over; says why."""


class Keeper(Protocol):
    """Where a session keeps things; every call returns only once it is kept, however long the database is away."""

    async def claim(self) -> Piece | None: ...
    async def answered(self, pk: int, answer: Answered) -> None: ...
    async def refused_here(self, pk: int, why: str) -> None: ...
    async def received(self, uplink: Uplink) -> None: ...
    async def reported(self, report: Reported) -> None: ...
    async def abandon(self, written: set[int]) -> None: ...


@dataclass(frozen=True, slots=True)
class Tuning:
    """How much a gateway takes, and how long silence may last."""

    window: int = 16
    rate: float = 20.0
    keep_alive: float = 30.0
    answer_within: float = 60.0
    login_within: float = 15.0
    poll: float = 5.0
    pause: float = 1.0  # after flow control; doubled while it lasts


@dataclass(slots=True)
class _Unanswered:
    pk: int
    since: float


class Session:
    """Runs from the open connection to its end; whatever ends it, every claimed piece is accounted for."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        dialect: Dialect,
        keeper: Keeper,
        tuning: Tuning,
        wake: asyncio.Event,
    ) -> None:
        self._reader, self._writer, self._dialect = reader, writer, dialect
        self._keeper, self._tuning, self._wake = keeper, tuning, wake
        self._sequence = 0
        self._unanswered: dict[int, _Unanswered] = {}
        self._room = asyncio.Semaphore(tuning.window)
        self._kept: asyncio.Queue[tuple[int, Answered] | Uplink | Reported] = asyncio.Queue(MOST_UNKEPT)
        self._claim: asyncio.Future[Piece | None] | None = None
        self._next_at = 0.0
        self._pause = tuning.pause
        self._heard_at = 0.0
        self._ending = False
        self._parting = False
        self._parted = asyncio.Event()

    async def log_in(self) -> None:
        """Say who we are; LoginRefused, Malformed or TimeoutError when that leads nowhere."""
        async with asyncio.timeout(self._tuning.login_within):
            self._writer.write(self._dialect.hello(self._next_sequence()))
            self._dialect.welcome(await self._frame())
        self._heard_at = self._now()

    async def run(self) -> None:
        """Until the session ends (LinkLost) or is cancelled."""
        loops = [self._read(), self._send(), self._keep(), self._watch()]
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await next(task for task in tasks if task.done())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._parted.set()
            await self._account_for_everything()

    async def end(self, within: float) -> None:
        """Offer no more, wait for the answers that are due, and say goodbye."""
        self._ending = True
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._unanswered:
                    await asyncio.sleep(0.05)
        self._parting = True
        with suppress(OSError, TimeoutError):
            self._writer.write(self._dialect.goodbye(self._next_sequence()))
            await asyncio.wait_for(self._parted.wait(), within)

    # --- out ---------------------------------------------------------------------------------------

    async def _send(self) -> None:
        while True:
            await self._room.acquire()
            piece = await self._next_piece()
            sequence = self._next_sequence()
            try:
                pdu = self._dialect.submit(sequence, piece)
            except ValueError as error:
                await self._keeper.refused_here(piece.pk, str(error))
                self._room.release()
                continue
            self._unanswered[sequence] = _Unanswered(piece.pk, self._now())
            self._writer.write(pdu)
            await self._writer.drain()

    async def _next_piece(self) -> Piece:
        """A claimed piece, when the pace allows one."""
        while True:
            self._wake.clear()
            await asyncio.sleep(max(0.0, self._next_at - self._now()))
            if not self._ending:
                # Shielded: a claim that is under way when the session ends must not be lost sight of.
                self._claim = asyncio.ensure_future(self._keeper.claim())
                if piece := await asyncio.shield(self._claim):
                    self._claim = None
                    self._next_at = max(self._next_at, self._now()) + 1 / self._tuning.rate
                    return piece
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._tuning.poll)

    # --- in ----------------------------------------------------------------------------------------

    async def _read(self) -> None:
        while True:
            pdu = await self._frame()
            self._heard_at = self._now()
            try:
                event = self._dialect.read(pdu)
            except Malformed as fault:
                log.warning("refused: %s", fault)
                self._writer.write(self._dialect.refuse(fault))
                continue
            match event:
                case Answered():
                    await self._take_answer(event)
                case Uplink() | Reported():
                    await self._kept.put(event)
                case Probe():
                    self._writer.write(self._dialect.answer(event))
                case Heard() if self._parting:
                    self._parted.set()
                case Goodbye():
                    self._writer.write(self._dialect.answer(event))
                    await self._writer.drain()
                    raise LinkLost("the gateway ended the session")

    async def _frame(self) -> bytes:
        """One PDU by its length; after one whose length is impossible nothing can be told apart any more."""
        try:
            head = await self._reader.readexactly(4)
            length = int.from_bytes(head, "big")
            if not self._dialect.header_bytes <= length <= LONGEST_PDU:
                raise LinkLost(f"a PDU of {length} octets cannot be")
            return head + await self._reader.readexactly(length - 4)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise LinkLost(f"the connection broke ({type(error).__name__})") from None

    async def _take_answer(self, answer: Answered) -> None:
        due = self._unanswered.get(answer.sequence)
        if due is None:
            log.warning("an answer to nothing that we asked (%s)", answer.error or answer.verdict.value)
            return
        self._pace(answer.verdict)
        await self._kept.put((due.pk, answer))
        del self._unanswered[answer.sequence]
        self._room.release()

    def _pace(self, verdict: Verdict) -> None:
        if verdict is Verdict.THROTTLED:
            self._next_at = max(self._next_at, self._now() + self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        else:
            self._pause = self._tuning.pause

    async def _keep(self) -> None:
        while True:
            await self._keep_one(await self._kept.get())

    async def _keep_one(self, event: tuple[int, Answered] | Uplink | Reported) -> None:
        """Kept first, in the order in which it came, and only then acknowledged."""
        if isinstance(event, tuple):
            await _to_the_end(self._keeper.answered(*event))
        elif isinstance(event, Reported):
            await _to_the_end(self._keeper.reported(event))
            self._writer.write(self._dialect.answer(event))
        else:
            await self._keep_words(event)

    async def _keep_words(self, uplink: Uplink) -> None:
        try:
            await _to_the_end(self._keeper.received(uplink))
            answer = self._dialect.answer(uplink)
        except Unacceptable as why:
            log.warning("refused: %s", why)
            fault = Malformed(str(why), command=DELIVER, sequence=uplink.sequence, message_id=uplink.message_id)
            answer = self._dialect.refuse(fault)
        self._writer.write(answer)

    # --- watching, ending --------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Test a silent link; give up one that stays silent or leaves a piece unanswered."""
        tuning, tests = self._tuning, 0
        while True:
            await asyncio.sleep(tuning.keep_alive / 2)
            now = self._now()
            if any(now - due.since > tuning.answer_within for due in self._unanswered.values()):
                raise LinkLost(f"no answer to a piece for {tuning.answer_within:g} s")
            if now - self._heard_at < tuning.keep_alive:
                tests = 0
                continue
            if tests >= MISSED_TESTS:
                raise LinkLost("silent")
            tests += 1
            self._writer.write(self._dialect.test(self._next_sequence()))

    async def _account_for_everything(self) -> None:
        """Keep the answers that were heard; then what was written without one is perhaps sent."""
        if self._claim is not None:
            await asyncio.gather(self._claim, return_exceptions=True)
        while not self._kept.empty():
            event = self._kept.get_nowait()
            if isinstance(event, tuple):  # words that were not acknowledged come again
                await self._keeper.answered(*event)
        await self._keeper.abandon({due.pk for due in self._unanswered.values()})
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    def _next_sequence(self) -> int:
        self._sequence = self._sequence % LAST_SEQUENCE + 1
        return self._sequence

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


async def _to_the_end(step: Coroutine[Any, Any, None]) -> None:
    """Finish a step that has begun, also when the session ends meanwhile."""
    task = asyncio.create_task(step)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
