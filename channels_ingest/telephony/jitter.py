"""What makes uneven sound even: a small buffer of each speaker, and a clock that strikes each 20 ms."""

from __future__ import annotations

import logging
import os

from channels_ingest.telephony.legs import FRAME_BYTES, FRAME_SECONDS

log = logging.getLogger(__name__)

_PRIME_FRAMES = 2
_MOST_FRAMES = 12
_MOST_LATE_SECONDS = 0.1
_PRIORITY = -10


class FrameQueue:
    """Sound of one party, waiting its turn; too much of it is too late to be heard, so the oldest goes."""

    def __init__(self) -> None:
        self._sound = bytearray()
        self._primed = False
        self.dropped = 0

    def put(self, pcm16: bytes) -> None:
        self._sound += pcm16
        if len(self._sound) > _MOST_FRAMES * FRAME_BYTES:
            surplus = (len(self._sound) - _PRIME_FRAMES * FRAME_BYTES) // FRAME_BYTES
            self.dropped += surplus
            del self._sound[: surplus * FRAME_BYTES]

    def get(self) -> bytes | None:
        """The next frame; None when there is none, and then until a little sound is in store again."""
        if not self._primed:
            self._primed = len(self._sound) >= _PRIME_FRAMES * FRAME_BYTES
        if not self._primed or len(self._sound) < FRAME_BYTES:
            self._primed = False
            return None
        frame = bytes(self._sound[:FRAME_BYTES])
        del self._sound[:FRAME_BYTES]
        return frame

    def clear(self) -> None:
        """Forget what waits: it was said to nobody."""
        self._sound.clear()
        self._primed = False


class Pacer:
    """When the next frame is due, by a clock that is told to it."""

    def __init__(self, now: float) -> None:
        self._due = now
        self.late = 0

    def wait(self, now: float) -> float:
        """How long until the next frame; a little lateness is made up for, more is not: bursts are heard as skips."""
        self._due += FRAME_SECONDS
        wait = self._due - now
        if wait < -FRAME_SECONDS:
            self.late += 1
        if wait < -_MOST_LATE_SECONDS:
            self._due = now
        return max(wait, 0.0)


def come_first() -> None:
    """Ask for the processor before screens and recognisers do; only root and CAP_SYS_NICE are given it."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, _PRIORITY)
    except PermissionError:
        log.info("sound has no higher priority here: a busy machine will be heard")
