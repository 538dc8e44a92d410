"""The recogniser's processes and the streams they bear: who is let in, what follows when one of them dies.

Nothing here waits for a recogniser: sound is handed on or let go, and the recording has it in any case.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal, Protocol

from nlp.speech.engine import RATE, Availability, Utterance
from nlp.speech.live import wire
from nlp.speech.live.link import Link, serve
from nlp.speech.media import SAMPLE_BYTES
from nlp.speech.vosk_engine import VoskEngine

log = logging.getLogger(__name__)

Standing = Literal["ready", "full", "none"]
"""Whether another call would be heard now; "none" says that there is nothing to recognise with."""
_LIVED_WELL_SECONDS = 60.0
_LONGEST_WAIT = 30.0
_WATCH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """What live recognition may cost, and when it lets go."""

    workers: int = 1
    budget: float = 0.8
    """Share of a processor that one worker's streams may take."""
    most_behind: float = 8.0
    """Seconds of work that may lie before a worker; then its newest stream is let go."""
    patience: float = 20.0
    """Seconds that a stream waits for another worker when its own has died."""
    retry: float = 0.5
    """Seconds until a dead worker is started again; doubled each time it dies young."""
    look_again: float = 60.0
    """Seconds between two looks for a model that is not there."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """How a worker is started, and whether there is any point in it."""

    command: tuple[str, ...]
    available: Callable[[], Availability]


def vosk(models_dir: Path) -> Recogniser:
    """Workers with the Vosk model of a folder."""
    command = (sys.executable, "-m", "nlp.speech.live.worker", str(models_dir))
    return Recogniser(command, VoskEngine(models_dir).available)


class Hearer(Protocol):
    """Who wants to know what a speaker says; called on the event loop."""

    def heard(self, utterance: Utterance) -> None:
        """An utterance is new, longer, corrected or final."""

    def lost(self) -> None:
        """Nothing more will be heard of this speaker before the call is over."""


class LiveStream:
    """One speaker of a call; made by `Pool.open`."""

    def __init__(self, number: int, rate: int, hearer: Hearer, closed: Callable[[LiveStream], None]) -> None:
        self.number = number
        self.rate = rate
        self.link: Link | None = None
        self.whole = True
        """Whether everything that was fed was also heard."""
        self.next_utterance = 0
        self._hearer = hearer
        self._speaking: Utterance | None = None
        self._closed = closed
        self.finishing = False
        """Whether its sound has ended, and its last words are waited for."""
        self._over = asyncio.Event()
        self._patience: asyncio.TimerHandle | None = None

    def feed(self, pcm16: bytes, at: float) -> None:
        """Sound whose first sample stands at the second `at` of the call; never waits."""
        if self._over.is_set() or self.finishing:
            return
        if self.link is None:
            self.whole = False
            return
        self.link.send(wire.Sound(self.number, pcm16, at))
        self.link.gave(self.number, len(pcm16) / SAMPLE_BYTES / self.rate)

    async def finish(self, timeout: float) -> bool:
        """The sound has ended: wait a little for the last words; returns whether everything was heard."""
        if self.link is None:
            self.end(whole=False)
        elif not self._over.is_set():
            self.finishing = True
            self.link.send(wire.Close(self.number))
            try:
                await asyncio.wait_for(self._over.wait(), timeout)
            except TimeoutError:
                self.end(whole=False)
        return self.whole

    def let_go(self) -> None:
        """Hear it no more; what was being said is lost."""
        if self.link is not None and not self.finishing:  # or it was told before
            self.link.send(wire.Close(self.number))
        self.end(whole=False)

    # --- for the pool only

    def house(self, link: Link) -> None:
        if self._patience:
            self._patience.cancel()
        self.link = link
        link.send(wire.Open(self.number, self.rate, self.next_utterance))

    def orphan(self, patience: float) -> None:
        """Its worker is gone: the words so far stay, what was just being said may be cut."""
        self.link, self.whole = None, False
        if self._speaking:
            spoken = self._speaking
            self.take(Utterance(spoken.number, spoken.text, spoken.start, spoken.end, final=True))
        if self.finishing:
            self.end(whole=False)
        else:
            self._patience = asyncio.get_running_loop().call_later(patience, self.lose)

    def take(self, utterance: Utterance) -> None:
        self._speaking = None if utterance.final else utterance
        self.next_utterance = utterance.number + utterance.final
        self._hearer.heard(utterance)

    def lose(self) -> None:
        """Nobody hears it any more while the call goes on, and its hearer is told."""
        self.let_go()
        self._hearer.lost()

    def end(self, *, whole: bool) -> None:
        if self._patience:
            self._patience.cancel()
        self.link, self.whole = None, self.whole and whole
        self._over.set()
        self._closed(self)


class Pool:
    """Keeps the workers alive and gives them streams."""

    def __init__(self, recogniser: Recogniser, settings: LiveSettings) -> None:
        self._recogniser = recogniser
        self._settings = settings
        self._links: list[Link] = []
        self._streams: dict[int, LiveStream] = {}
        self._numbers = count(1)
        self._keepers: list[asyncio.Task[None]] = []
        self._available = Availability(ok=False)

    async def start(self) -> None:
        """Begin to load models; streams are taken as soon as a worker is ready."""
        self._available = self._recogniser.available()
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(self._settings.workers)]
        self._keepers.append(asyncio.create_task(self._watch()))

    async def stop(self) -> None:
        """End the workers; what they were still to say is not waited for."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    @property
    def standing(self) -> Standing:
        if self._room() > 0:
            return "ready"
        return "full" if self._links or self._available.ok else "none"

    @property
    def reason(self) -> str:
        """Why there is nothing to recognise with."""
        return "" if self._available.ok else str(self._available)

    @property
    def workers(self) -> list[int]:
        """The process ids of the workers that are ready."""
        return [link.pid for link in self._links]

    def open(self, hearers: Sequence[Hearer], rate: int = RATE) -> list[LiveStream] | None:
        """Hear the speakers of one call, all of them or, when the machine cannot bear it, none."""
        places = self._places(len(hearers))
        if len(places) < len(hearers):
            return None
        streams = [LiveStream(next(self._numbers), rate, hearer, self._forget) for hearer in hearers]
        for stream, link in zip(streams, places, strict=True):
            self._streams[stream.number] = stream
            stream.house(link)
        return streams

    def _room(self) -> int:
        return sum(link.room(self._settings.budget) for link in self._links)

    def _places(self, streams: int) -> list[Link]:
        """Where so many streams more would go, each to the worker with the fewest; fewer when there is no room."""
        room = {link: link.room(self._settings.budget) for link in self._links}
        places: list[Link] = []
        while len(places) < streams and (roomy := [link for link in room if room[link] > places.count(link)]):
            places.append(min(roomy, key=lambda link: link.streams + places.count(link)))
        return places

    def _house(self, stream: LiveStream) -> None:
        """Without room it waits for the next worker."""
        for link in self._places(1):
            stream.house(link)

    def _homeless(self) -> list[LiveStream]:
        return [stream for stream in self._streams.values() if stream.link is None]

    def _forget(self, stream: LiveStream) -> None:
        self._streams.pop(stream.number, None)

    # --- the workers

    async def _keep(self) -> None:
        """One worker, started again whenever it ends, ever more seldom when it dies young."""
        loop, wait = asyncio.get_running_loop(), self._settings.retry
        while True:
            self._available = self._recogniser.available()
            if not self._available.ok:
                await asyncio.sleep(self._settings.look_again)
                continue
            began = loop.time()
            await self._one_life()
            if loop.time() - began > _LIVED_WELL_SECONDS:
                wait = self._settings.retry
            await asyncio.sleep(wait if self._available.ok else self._settings.look_again)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _one_life(self) -> None:
        born: list[Link] = []

        def up(link: Link) -> None:
            born.append(link)
            self._up(link)

        try:
            refused = await serve(self._recogniser.command, up, self._said)
        except OSError as error:
            refused = str(error)
        finally:
            for link in born:
                self._gone(link)
        if refused:
            self._available = Availability(ok=False, reason=refused)
        log.warning("a speech worker ended: %s", refused or "it will be started again")

    def _up(self, link: Link) -> None:
        self._links.append(link)
        log.info("speech worker %s is ready for %s streams", link.pid, link.room(self._settings.budget))
        for stream in self._homeless():
            self._house(stream)

    def _gone(self, link: Link) -> None:
        self._links.remove(link)
        orphans = [stream for stream in self._streams.values() if stream.link is link]
        for stream in orphans:
            stream.orphan(self._settings.patience)
        for stream in self._homeless():
            self._house(stream)

    def _said(self, message: wire.FromWorker) -> None:
        if isinstance(message, wire.Heard) and (stream := self._streams.get(message.stream)):
            stream.take(message.utterance)
        elif isinstance(message, wire.Closed) and (stream := self._streams.get(message.stream)):
            stream.end(whole=True)

    async def _watch(self) -> None:
        """A worker that falls behind lets its newest stream go; one that does nothing at all is ended."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            for link in list(self._links):
                if link.stuck(self._settings.most_behind):
                    log.warning("speech worker %s hangs; it is ended", link.pid)
                    link.kill()
                elif link.behind > self._settings.most_behind:
                    heard = (s for s in self._streams.values() if s.link is link and not s.finishing)
                    if newest := max((stream.number for stream in heard), default=0):
                        log.warning("speech worker %s is %.1f s behind: a stream is let go", link.pid, link.behind)
                        self._streams[newest].lose()
