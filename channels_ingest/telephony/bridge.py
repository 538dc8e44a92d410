"""One call's meeting place: who hears whom, at a steady 20 ms, with what is kept and what is recognised.

Sound goes to the recording and to the taps as it arrives, by the wall clock; to the parties it goes through
a small buffer of each speaker and one clock of the call, so that everybody is sent one frame each 20 ms.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

import numpy as np

from channels_ingest.telephony.jitter import FrameQueue, Pacer
from channels_ingest.telephony.legs import FRAME_BYTES, FRAME_SECONDS, RATE, SAMPLE_BYTES, SILENCE, CallLeg, Sound
from channels_ingest.telephony.rates import to_pcm
from channels_ingest.telephony.recording import Recording, Track
from channels_ingest.telephony.sounds import Clip, Player

log = logging.getLogger(__name__)

TAP_SECONDS = 0.2
_TAP_BYTES = int(TAP_SECONDS * RATE) * SAMPLE_BYTES
_TAP_TICKS = round(TAP_SECONDS / FRAME_SECONDS)
_KEEP_TICKS = 5  # so seldom is sound written down: each writing costs as much as the rest of a frame
_QUIET_SECONDS = 0.5  # longer without sound, the taps are given silence
_MOST_QUIET_TAPS = 5  # but no more than ends a sentence


class Side(StrEnum):
    """What somebody is in a call."""

    CALLER = "caller"
    AGENT = "agent"
    THIRD = "third"
    SUPERVISOR = "supervisor"


class Mode(StrEnum):
    """What a supervisor does: listens unheard, is heard by the agent alone, or by everybody."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


Tap = Callable[[Side, bytes, float], None]
"""Takes 200 ms of one side and how many seconds after the start of the call they begin; must not block."""


@dataclass(eq=False, slots=True)
class _Party:
    leg: CallLeg
    side: Side
    queue: FrameQueue = field(default_factory=FrameQueue)
    track: Track = field(default_factory=Track)
    fresh: bytearray = field(default_factory=bytearray)
    fresh_at: float = 0.0
    tapped: bytearray = field(default_factory=bytearray)
    quiet_taps: int = 0
    mode: Mode = Mode.LISTEN
    held: bool = False
    muted: bool = False
    broken: bool = False
    player: Player | None = None

    @property
    def unheard(self) -> bool:
        """Whether nobody hears this party now."""
        return self.held or self.muted

    def hears(self, other: _Party) -> bool:
        if self is other or self.held or other.unheard:
            return False
        if other.side is not Side.SUPERVISOR:
            return True
        return other.mode is Mode.BARGE or (other.mode is Mode.WHISPER and self.side is Side.AGENT)


class Bridge:
    """The sound of one call, from its first party to its last."""

    def __init__(
        self, music: Clip, recording: Recording | None = None, on_tap: Tap | None = None, *, already: float = 0.0
    ) -> None:
        """`already` is how many seconds ago the recording began, where an earlier process began it."""
        self._music = music
        self._recording = recording
        self._on_tap = on_tap
        self._paused = recording is not None and recording.paused
        self._full = False
        self._parties: dict[UUID, _Party] = {}
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time() - already
        self._clock: asyncio.Task[None] | None = None
        self.pacer = Pacer(self._loop.time())
        self.ticks = 0

    @property
    def seconds(self) -> float:
        """How long the call has lasted."""
        return self._loop.time() - self._began

    def start(self) -> None:
        """Begin the call's clock."""
        self.pacer = Pacer(self._loop.time())
        self._clock = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop the clock; legs and recording stay as they are."""
        if self._clock is not None:
            self._clock.cancel()
            await asyncio.gather(self._clock, return_exceptions=True)
        self._keep_all()
        for party in self._parties.values():
            self._stop(party)
        self._record(lambda recording: recording.reach(self.seconds) if recording.begun else None)

    def add(self, leg: CallLeg, side: Side) -> None:
        """Let somebody in."""
        self._parties[leg.id] = _Party(leg, side)

    def remove(self, leg: CallLeg) -> None:
        """Let somebody go; who is not there stays so."""
        party = self._parties.pop(leg.id, None)
        if party is not None:
            self._keep(party)
            self._stop(party)

    def hear(self, leg: CallLeg, sound: Sound) -> None:
        """Sound of a party: kept, recognised and queued for the others."""
        party = self._parties.get(leg.id)
        if party is None or party.unheard:
            return
        party.queue.put(sound.pcm16)
        if party.side is Side.SUPERVISOR and party.mode is not Mode.BARGE:
            return  # said to the agent alone, or to nobody
        party.fresh += sound.pcm16
        party.fresh_at = sound.at - self._began
        if len(party.fresh) >= _KEEP_TICKS * FRAME_BYTES:
            self._keep(party)

    def hold(self, leg: CallLeg) -> None:
        """The party hears music and nobody hears the party."""
        party = self._parties[leg.id]
        party.held = True
        party.queue.clear()
        self._begin(party, self._music, loop=True)

    def unhold(self, leg: CallLeg) -> None:
        """Take the party back."""
        party = self._parties[leg.id]
        party.held = False
        self._stop(party)

    def mute(self, leg: CallLeg, on: bool) -> None:
        """Nobody hears the party, who hears everybody."""
        party = self._parties[leg.id]
        party.muted = on
        party.queue.clear()

    def mode(self, leg: CallLeg, mode: Mode) -> None:
        """What a supervisor's party does from now on."""
        self._parties[leg.id].mode = mode

    def play(self, leg: CallLeg, clip: Clip, *, loop: bool = False) -> asyncio.Future[None]:
        """Let a party hear this instead of the others; done at its end, cancelled when something replaces it."""
        return self._begin(self._parties[leg.id], clip, loop=loop)

    def stop_playing(self, leg: CallLeg) -> None:
        """Let the party hear the others again."""
        self._stop(self._parties[leg.id])

    def pause_recording(self) -> None:
        """Keep nothing while a number is read out."""
        self._keep_all()
        self._paused = True
        self._record(lambda recording: recording.pause(self.seconds))

    def resume_recording(self) -> None:
        """Keep what is said again."""
        self._keep_all()
        self._paused = False
        self._record(lambda recording: recording.resume(self.seconds))

    def _begin(self, party: _Party, clip: Clip, *, loop: bool) -> asyncio.Future[None]:
        self._stop(party)
        party.player = Player(clip, loop, self._loop.create_future())
        return party.player.done

    @staticmethod
    def _stop(party: _Party) -> None:
        if party.player is not None:
            party.player.done.cancel()
            party.player = None

    def _keep(self, party: _Party) -> None:
        """Write down and have recognised what a party has said lately."""
        if not party.fresh:
            return
        pcm16, at = bytes(party.fresh), party.fresh_at
        party.fresh.clear()
        right = party.side is not Side.CALLER
        if not self._record(lambda recording: _write(recording, party.leg.id, right, pcm16, at)) and self._recording:
            self._recording.lost_seconds += len(pcm16) // SAMPLE_BYTES / RATE
        if self._on_tap is not None and not self._paused:  # what nobody may keep must not be written out either
            party.quiet_taps = 0
            self._tap(party, pcm16, at)

    def _record(self, work: Callable[[Recording], None]) -> bool:
        """On a full disk the recording pauses, and not the call: what comes when there is room is kept again."""
        if self._recording is None:
            return True
        try:
            work(self._recording)
        except OSError:
            if not self._full:
                log.exception("call %s goes on without its recording", self._recording.uuid)
            self._full = True
            return False
        if self._full:
            log.warning("call %s is recorded again", self._recording.uuid)
        self._full = False
        return True

    def _keep_all(self) -> None:
        for party in self._parties.values():
            self._keep(party)

    def _tap(self, party: _Party, pcm16: bytes, at: float) -> None:
        assert self._on_tap is not None
        gap = party.track.place(len(pcm16) // SAMPLE_BYTES, at)
        if gap > int(_QUIET_SECONDS * RATE):  # a long silence ends a sentence; it need not be recognised whole
            party.tapped = bytearray()
            gap = int(_QUIET_SECONDS * RATE)
        party.tapped += bytes(gap * SAMPLE_BYTES) + pcm16
        while len(party.tapped) >= _TAP_BYTES:
            begin = (party.track.samples - len(party.tapped) // SAMPLE_BYTES) / RATE
            self._on_tap(party.side, bytes(party.tapped[:_TAP_BYTES]), begin)
            del party.tapped[:_TAP_BYTES]

    async def _run(self) -> None:
        while True:
            self.tick()
            await asyncio.sleep(self.pacer.wait(self._loop.time()))

    def tick(self) -> None:
        """Send everybody one frame; the call's clock does it each 20 ms."""
        self.ticks += 1
        spoken = {party: frame for party in self._parties.values() if (frame := party.queue.get()) is not None}
        for party in list(self._parties.values()):
            self._send(party, self._for(party, spoken))
        if self.ticks % _KEEP_TICKS == 0:
            self._keep_all()
        if self._on_tap is not None and self.ticks % _TAP_TICKS == 0:
            self._tap_silence()

    @staticmethod
    def _send(party: _Party, frame: bytes) -> None:
        if party.broken:
            return
        try:
            party.leg.send(frame)
        except Exception:  # one party's fault must not stop the clock of the others
            log.exception("leg %s can be told nothing any more", party.leg.id)
            party.broken = True

    def _tap_silence(self) -> None:
        """Recognition ends a sentence by the silence after it, so a party that sends nothing is silent."""
        for party in self._parties.values():
            quiet = self.seconds - party.track.samples / RATE
            if party.track.samples and quiet > _QUIET_SECONDS and party.quiet_taps < _MOST_QUIET_TAPS:
                party.quiet_taps += 1
                self._tap(party, bytes(_TAP_BYTES), self.seconds - _QUIET_SECONDS + TAP_SECONDS)

    def _for(self, party: _Party, spoken: dict[_Party, bytes]) -> bytes:
        if party.player is not None:
            frame = party.player.next()
            if party.player.finished:
                party.player = None
            return frame
        return mix([frame for other, frame in spoken.items() if party.hears(other)])


def _write(recording: Recording, voice: UUID, right: bool, pcm16: bytes, at: float) -> None:
    if not recording.begun:
        recording.begin()
    recording.write(voice, right, pcm16, at)


def mix(frames: Iterable[bytes]) -> bytes:
    """Voices together, none louder than the line can carry."""
    voices = list(frames)
    if not voices:
        return SILENCE
    if len(voices) == 1:
        return voices[0]
    together = np.stack([np.frombuffer(voice, "<i2") for voice in voices])
    return to_pcm(np.asarray(together.sum(axis=0, dtype=np.int32)))
