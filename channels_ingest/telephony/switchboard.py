"""The switchboard: the one place that changes a call. It ties legs, the queue's rules, sound, record and journal.

Every change goes the same way, one after another: the rules decide, the journal has it on the disk, and only
then legs and desks hear of it. Sound itself never waits for any of this.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from channels_ingest.telephony import book, directory, sounds
from channels_ingest.telephony.acd import Acd
from channels_ingest.telephony.acd_parts import Call, Decision, NotNow
from channels_ingest.telephony.attendance import Attendance
from channels_ingest.telephony.bridge import Bridge, Side
from channels_ingest.telephony.carrying import Carrier
from channels_ingest.telephony.estimates import LiveFigures
from channels_ingest.telephony.legs import CallLeg, Ended, Key, Sound
from channels_ingest.telephony.line import Line
from channels_ingest.telephony.obeying import Orders
from channels_ingest.telephony.outlets import Outlets
from channels_ingest.telephony.phones import Desk
from channels_ingest.telephony.record import CallRecord
from channels_ingest.telephony.recording import Recording
from channels_ingest.telephony.showing import Shower
from channels_ingest.telephony.speaking import Heard
from channels_ingest.telephony.wire_desk import SpeechState
from hotline.calls.states import CallState

log = logging.getLogger(__name__)

LOOK_UP_SECONDS = 1.0
CALL_BACK_KEY = "1"
SHOW_EVERY_SECONDS = 1.0
STOP_SECONDS = 3.0
_NOT_DIGITS = re.compile(r"[^0-9+]")


class Switchboard:
    """All calls and desks. Its methods are called on the event loop; `take` and `written` never wait."""

    def __init__(self, outlets: Outlets) -> None:
        self.out = outlets
        self.acd = Acd(outlets.policies.now.figures)
        self.lines: dict[UUID, Line] = {}
        self.desks: dict[int, Desk] = {}
        self.figures = LiveFigures(lambda: outlets.policies.now.handling)
        self.followers: list[Callable[[UUID, str], None]] = []
        """Told too when a call's ticket is known."""
        self.returned: list[Callable[[Desk], None]] = []
        """Told when a desk was told everything of our own calls: it may have one of the exchange's."""
        self.shower = Shower(self)
        self.orders = Orders(self)
        self.carrier = Carrier(self)
        self.attendance = Attendance(self)
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._clockwork: list[asyncio.Task[None]] = []
        self._loop = asyncio.get_running_loop()

    # --- beginning and end ----------------------------------------------------------------------------------

    async def start(self) -> None:
        """Write down that calls of an earlier process are over; begin to keep time."""
        await self.out.journal.keep([book.restarted(datetime.now(UTC))])
        await asyncio.to_thread(_load_sounds)
        steps = (self._keep_time, self._show)
        self._clockwork = [asyncio.create_task(self._again_and_again(step)) for step in steps]

    async def stop(self) -> None:
        """End every call; recordings are handed on."""
        for line in list(self.lines.values()):
            await self.turn(lambda now, line=line: self.acd.fail(line.call, now))  # type: ignore[misc]
            await self._guarded(line.leg.hang_up("the telephone is being stopped"))
        phones = [desk.phone for desk in self.desks.values()]  # at once: one that is dead is waited for some seconds
        await asyncio.gather(*(self._guarded(phone.hang_up("the telephone is being stopped")) for phone in phones))
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        for task in (*self._clockwork, *self._tasks):
            task.cancel()
        await asyncio.gather(*self._clockwork, *self._tasks, return_exceptions=True)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something beside; what goes wrong there is seen in the log and ends nothing else."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("a step of the telephone failed")

    # --- one change after another ------------------------------------------------------------------------------

    def now(self) -> float:
        """The clock of the rules."""
        return self._loop.time()

    def wall(self, at: float) -> datetime:
        """A moment of the rules' clock as people read it."""
        return datetime.now(UTC) + timedelta(seconds=at - self.now())

    async def turn(self, decide: Callable[[float], list[Decision]]) -> None:
        """Let the rules decide, keep it, carry it out. Raises NotNow, and then nothing has changed."""
        async with self._turn:
            self.acd.figures = self.out.policies.now.figures
            decided = decide(self.now())
            lines = self.carrier.note(decided)
            await self.out.journal.keep(line.record.line() for line in lines)
            self.carrier.carry_out(decided, lines)
        self._wake.set()

    async def keep(self, line: Line) -> None:
        """Keep what was written into a call's record beside the rules."""
        async with self._turn:
            await self.out.journal.keep([line.record.line()])

    async def _again_and_again(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """One step that goes wrong must not stop the clock of all calls."""
        while True:
            try:
                await step()
            except Exception:
                log.exception("a step of the telephone's clock failed")
                await asyncio.sleep(SHOW_EVERY_SECONDS)

    async def _keep_time(self) -> None:
        at = self.acd.next_at(self.now())
        with suppress(TimeoutError):
            async with asyncio.timeout(None if at is None else max(at - self.now(), 0)):
                await self._wake.wait()
        self._wake.clear()
        at = self.acd.next_at(self.now() - 0.001)
        if at is not None and at <= self.now():
            await self.turn(self.acd.tick)

    async def _show(self) -> None:
        await asyncio.sleep(SHOW_EVERY_SECONDS)
        await self.shower.show()

    # --- a call ---------------------------------------------------------------------------------------------------

    def take(self, leg: CallLeg) -> None:
        """A call has come in."""
        self.spawn(self._serve(leg))

    async def _serve(self, leg: CallLeg) -> None:
        recording = Recording(self.out.recordings, leg.id, datetime.now(UTC))
        if recording.known or leg.id in self.lines:
            log.warning("refused call %s: there was one of this UUID", leg.id)
            await leg.hang_up("this call was here before")
            return
        over = self.acd.fail
        try:
            line = await self._open(leg, recording)
            await self.listen(line)
            over = self.acd.caller_gone
        finally:
            await leg.hang_up("failed")  # nothing, where it has ended
            if opened := self.lines.get(leg.id):
                await self.over(opened, over)

    async def over(self, line: Line, over: Callable[[Call, float], list[Decision]]) -> None:
        """The leg has ended, whatever went wrong before."""
        line.hung_up()
        try:
            if line.moving is not None and line.call.state == CallState.CONSULTING:
                await asyncio.wait([line.moving])  # whether the exchange has moved the caller tells how it ends
            await self.turn(lambda now: over(line.call, now))
        finally:
            await self._close(line)

    async def _open(self, leg: CallLeg, recording: Recording) -> Line:
        caller = number_of(leg.caller)
        known = await self.look_up(caller, leg.called)
        await leg.answer()
        call = Call(leg.id, caller, self.now(), skill=known.skill, again=known.again, last_agent=known.last_agent)
        record = CallRecord(leg.id, datetime.now(UTC), caller, leg.called[:40], skill=known.skill)
        bridge = Bridge(sounds.music(), recording, on_tap=lambda *heard: line.feed(*heard))
        line = Line(leg, call, record, bridge, recording)
        line.caller = known.shown
        bridge.add(leg, Side.CALLER)
        bridge.start()
        self.lines[leg.id] = line
        self.figures.arrived(self.now())
        open_now = self.out.policies.now.open_now()
        await self.turn(lambda now: self.acd.arrive(call, now, open=open_now))
        return line

    async def look_up(self, caller: str, called: str) -> directory.Known:
        """A database that is slow or away must not keep a caller waiting."""
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                return await asyncio.to_thread(directory.look_up, caller, called, self.out.policies.now.last_agent_days)
        except Exception as error:
            log.warning("a caller is not looked up: %s", type(error).__name__)
            return directory.stranger(caller)

    async def listen(self, line: Line) -> None:
        """Hear what the citizen says and presses, until their leg has ended."""
        async for event in line.leg.events():
            if isinstance(event, Sound):
                line.bridge.hear(line.leg, event)
            elif isinstance(event, Key):
                line.pressed(event.digit)
                self._key(line, event.digit)
            elif isinstance(event, Ended):
                return

    def _key(self, line: Line, digit: str) -> None:
        if digit == CALL_BACK_KEY and line.offered and line.call.state == CallState.QUEUED:
            self.spawn(self._call_back_instead(line))

    async def _call_back_instead(self, line: Line) -> None:
        def instead(now: float) -> list[Decision]:
            decided = self.acd.call_back_instead(line.call, now)
            line.record.asked = True  # only now: it may ring at an agent's by the time it is our turn
            return decided

        with suppress(NotNow):
            await self.turn(instead)
            await line.say(sounds.words("call_back_taken"))
            await self.end_leg(line)

    async def _close(self, line: Line) -> None:
        """Nobody hears anything any more; what was recorded is handed on."""
        for desk in list(self.desks.values()):
            if desk.supervising == line.call.id:
                await self.attendance.stop_listening(desk)
        line.leave_outside()
        try:
            await line.close()
        finally:  # whatever the recognisers do, what was recorded is kept
            if line.call.state == CallState.CLOSED:
                self.lines.pop(line.call.id, None)
            line.recording.dtmf = line.record.keys
            self.out.hand_on(line.recording)

    async def end_leg(self, line: Line) -> None:
        """End the caller's leg on purpose."""
        if not line.gone:
            if self.out.normal_end is not None:
                await self.out.normal_end(line.call.id)
            await line.leg.hang_up()

    # --- speech ---------------------------------------------------------------------------------------------------

    def recognise(self, line: Line) -> None:
        """From the first word between caller and agent on, if there is a recogniser and room in it."""
        if self.out.speech is None or line.understood.tap is not None:
            return
        line.understood.tap = self.out.speech.begin(line.call.id, lambda heard: self._heard(line, heard))
        if line.understood.tap is None:
            state = self.out.speech.state
            self._heard(line, SpeechState(call=line.call.id, state="later" if state == "live" else state))

    def _heard(self, line: Line, heard: Heard) -> None:
        line.understood.remember(heard)
        for staff in (line.call.owner, line.call.consulted):
            if staff is not None and staff in self.desks:
                self.desks[staff].tell(heard)

    def written(self, call: UUID, number: str) -> None:
        """The database has the call's ticket; called in the thread that writes."""
        self._loop.call_soon_threadsafe(self._ticket, call, number)

    def _ticket(self, call: UUID, number: str) -> None:
        line = self.lines.get(call)
        if line is not None and line.ticket != number:
            line.ticket = number
            self.shower.call(line)
        for follower in self.followers:
            follower(call, number)


def number_of(caller: str) -> str:
    """The caller's number as it is kept; empty for a name or a withheld one."""
    number = _NOT_DIGITS.sub("", caller)
    return number[:20] if len(number) >= 3 else ""


def _load_sounds() -> None:
    """Sentences are read from the disk once, before somebody must hear them."""
    sounds.music()
    for path in sounds.WORDS.glob("*.wav"):
        sounds.words(path.stem)
