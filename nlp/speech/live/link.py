"""One recogniser's process as the event loop sees it: what it was given, what it has done, and how busy it is."""

from __future__ import annotations

import asyncio
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence

from nlp.speech.live import wire

_SMOOTHING_SECONDS = 20.0
"""Sound after which a new real-time factor has all but displaced the old one."""
_SPEECH_OF_NOISE = 0.3
"""Quiet callers cost next to nothing; a stream is never taken to cost less than this share of noise."""
_ONE_OF_TWO_SPEAKS = 0.5
"""Before a stream was ever heard: of two who talk with one another one is silent, and silence costs nothing."""
_SPEAKERS = 2
"""Of a call."""
_FORGET_SECONDS = 60.0
"""So long without a call, and what streams cost before, perhaps on a busy machine, says little: one call is tried."""


class Link:
    """A worker that is up, from `Ready` to the end of its process."""

    def __init__(self, process: Process, ready: wire.Ready) -> None:
        self._process = process
        self._noise = ready.cost
        self._factor = self._first = ready.cost * _ONE_OF_TWO_SPEAKS
        self._unheard: dict[int, float] = {}
        self._moved = time.monotonic()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def streams(self) -> int:
        return len(self._unheard)

    @property
    def factor(self) -> float:
        """Seconds of work that a second of one stream's sound costs now, as the clock on the wall has it."""
        return max(self._first if self._is_rested else self._factor, self._noise * _SPEECH_OF_NOISE)

    @property
    def behind(self) -> float:
        """Seconds of work that lie before it."""
        return sum(self._unheard.values()) * self.factor

    def stuck(self, seconds: float) -> bool:
        """Whether it has sound and has done nothing with it for so long: it hangs, or was stopped."""
        return self.behind > 0 and time.monotonic() - self._moved > seconds

    def kill(self) -> None:
        """End it; `serve` returns."""
        if self._process.returncode is None:
            self._process.kill()

    def room(self, budget: float) -> int:
        """How many streams more it can bear when so much of a processor is its own."""
        return max(_SPEAKERS if self._is_rested else 0, int(budget / self.factor) - self.streams)

    @property
    def _is_rested(self) -> bool:
        return not self._unheard and time.monotonic() - self._moved > _FORGET_SECONDS

    def send(self, message: wire.ToWorker) -> None:
        """Never waits: what the process does not take yet lies in memory, and `behind` tells how much."""
        assert self._process.stdin is not None
        if isinstance(message, wire.Open):
            self._factor = self.factor  # forgets, if it has stood still for long
            self._unheard[message.stream] = 0.0
        elif isinstance(message, wire.Close):
            self._unheard.pop(message.stream, None)
        self._process.stdin.write(wire.frame(message))

    def gave(self, stream: int, seconds: float) -> None:
        """So much sound of a stream was sent."""
        if not any(self._unheard.values()):
            self._moved = time.monotonic()
        self._unheard[stream] += seconds

    def did(self, fed: wire.Fed) -> None:
        """So much of it is done with."""
        self._moved = time.monotonic()
        if fed.stream in self._unheard:
            self._unheard[fed.stream] = max(0.0, self._unheard[fed.stream] - fed.seconds)
        if fed.seconds:
            weight = min(1.0, fed.seconds / _SMOOTHING_SECONDS)
            self._factor += weight * (fed.cost / fed.seconds - self._factor)


async def serve(command: Sequence[str], up: Callable[[Link], None], on: Callable[[wire.FromWorker], None]) -> str:
    """Run one worker to its end; returns why it refused to work, or "" when it ended otherwise."""
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, start_new_session=True)
    assert process.stdout is not None
    link: Link | None = None
    try:
        while (message := await wire.receive(process.stdout)) is not None:
            if isinstance(message, wire.Refused):
                return message.reason
            if isinstance(message, wire.Ready):
                link = Link(process, message)
                up(link)
            elif link:
                if isinstance(message, wire.Fed):
                    link.did(message)
                on(message)
        return ""
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    """Its input ends, so it ends; what it was still to say nobody waits for."""
    if process.returncode is None:
        process.kill()
    await process.wait()
