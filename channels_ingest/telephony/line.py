"""A call in progress: its legs, its sound, what it plays to the caller, and its record."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

from channels_ingest.telephony.acd_parts import Call
from channels_ingest.telephony.bridge import Bridge, Mode, Side
from channels_ingest.telephony.legs import CallLeg
from channels_ingest.telephony.record import CallRecord
from channels_ingest.telephony.recording import Recording
from channels_ingest.telephony.sounds import Clip
from channels_ingest.telephony.speaking import Understood
from channels_ingest.telephony.wire_desk import CallerNow


class Line:
    """One call of the switchboard's."""

    def __init__(self, leg: CallLeg, call: Call, record: CallRecord, bridge: Bridge, recording: Recording) -> None:
        self.leg = leg
        self.call = call
        self.record = record
        self.bridge = bridge
        self.recording = recording
        self.caller = CallerNow(phone="")
        self.ticket: str | None = None
        self.understood = Understood()
        self.outside: CallLeg | None = None
        self.outside_number = ""
        self.outside_talks = False
        self.asking_outside: asyncio.Task[None] | None = None
        """Rings the number outside, then stays as long as they talk."""
        self.moving: asyncio.Task[None] | None = None
        """Sends the caller to a number outside, by the exchange where it can."""
        self.muted: set[int] = set()
        """Staff whom nobody hears; nobody comes into a call so, or into another part in it."""
        self.paused = False
        self.ended = asyncio.Event()
        self.greeted = False
        self.offered = False
        """The caller knows that a key brings a call-back."""
        self.asked_keys: asyncio.Queue[str] | None = None
        self.message_at: float | None = None
        self.held_at: float | None = None
        self.joined_at: float | None = None
        self.present: dict[CallLeg, Side] = {leg: Side.CALLER}
        self.supervisors: dict[CallLeg, Mode] = {}
        self._held = False
        self._script: deque[Clip] = deque()
        self._loop: Clip | None = None
        self._changed = asyncio.Event()
        self._player: asyncio.Task[None] | None = None

    @property
    def gone(self) -> bool:
        """Whether the caller has hung up."""
        return self.ended.is_set()

    def hung_up(self) -> None:
        """The caller has hung up: nobody waits for a key any more."""
        self.ended.set()
        if self.asked_keys is not None:
            self.asked_keys.put_nowait("")

    def leave_outside(self) -> None:
        """Whom we rang or spoke with outside is in the call no more, and is hung up on."""
        if self.asking_outside is not None:
            self.asking_outside.cancel()
            self.asking_outside = None
        self.outside, self.outside_talks = None, False

    # --- who is in it ---------------------------------------------------------------------------------------

    def arrange(self, wanted: dict[CallLeg, Side], *, held: bool) -> None:
        """Bring the bridge to this: these parties, the caller with music or not."""
        for leg in [leg for leg, side in self.present.items() if wanted.get(leg) != side]:
            self.bridge.remove(leg)
            del self.present[leg]
        for leg, side in wanted.items():
            if leg not in self.present:
                self.bridge.add(leg, side)
                self.present[leg] = side
        for leg, mode in self.supervisors.items():
            self.bridge.mode(leg, mode)
        if self.leg in self.present and held != self._held:
            self._held = held
            (self.bridge.hold if held else self.bridge.unhold)(self.leg)

    @property
    def heard_supervisors(self) -> set[CallLeg]:
        """Leads whom the agent hears; who only listens stays unseen."""
        return {leg for leg, mode in self.supervisors.items() if mode is not Mode.LISTEN}

    # --- what the caller hears ---------------------------------------------------------------------------------

    def play(self, *clips: Clip, loop: Clip | None) -> None:
        """After what is being said: these, and then `loop` again and again."""
        self._script.extend(clips)
        if clips or loop is not self._loop:
            self._loop = loop
            self._changed.set()
        if self._player is None:
            self._player = asyncio.create_task(self._play())

    def hush(self) -> None:
        """Nothing more is played."""
        self._script.clear()
        self._loop = None
        if self._player is not None:
            self._player.cancel()
            self._player = None
            if self.leg in self.present:
                self.bridge.stop_playing(self.leg)

    async def say(self, *clips: Clip) -> None:
        """Only these, and wait for their end; the caller may hang up meanwhile."""
        self.hush()
        for clip in clips:
            if self.leg not in self.present:
                return
            await asyncio.wait([self.bridge.play(self.leg, clip)])

    async def _play(self) -> None:
        while True:
            self._changed.clear()
            if self._script:
                await asyncio.wait([self.bridge.play(self.leg, self._script.popleft())])
            elif self._loop is not None:
                self.bridge.play(self.leg, self._loop, loop=True)
                await self._changed.wait()
            else:
                await self._changed.wait()

    def feed(self, side: Side, pcm16: bytes, at: float) -> None:
        """Sound for the recogniser; leads and third parties are not written down, nor what nobody may keep."""
        if self.understood.tap is not None and not self.paused and side in (Side.CALLER, Side.AGENT):
            self.understood.tap.feed("caller" if side is Side.CALLER else "agent", pcm16, at)

    # --- what the caller presses ----------------------------------------------------------------------------------

    def pressed(self, digit: str) -> None:
        """A key of the caller's; pressed while nothing is recorded, it is a number that nobody may keep either."""
        if not self.paused:
            self.record.pressed(digit)
        if self.asked_keys is not None:
            self.asked_keys.put_nowait(digit)

    async def key(self, among: str, seconds: float) -> str:
        """The next key that is one of these; empty when the caller presses none or hangs up."""
        if self.gone:
            return ""
        self.asked_keys = self.asked_keys or asyncio.Queue()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (digit := await self.asked_keys.get()) not in among:
                    pass
                return digit
        return ""

    async def close(self) -> None:
        """The sound is over."""
        self.hush()
        await self.bridge.close()
        if self.understood.tap is not None:
            await self.understood.tap.end()
