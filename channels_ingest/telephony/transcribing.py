"""Live words of a call on the agent's desk: both speakers apart, as they speak, and kept when the call is over.

Sound is handed on and never waited for. When there is no recogniser to spare, the answer is "later": the
recording has everything, and its words come after the call.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf
from time import monotonic
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from channels_ingest.telephony import spoken
from channels_ingest.telephony.field_reading import FieldReader, Read, read_fields
from channels_ingest.telephony.spoken import SIDES, Side, Spoken
from channels_ingest.telephony.wire_desk import FieldSuggested, SpeechState, TranscriptPiece
from channels_ingest.threads import own_connection
from hotline.calls.models import PhoneCall
from nlp.speech import SpeechSettings, Utterance
from nlp.speech.engines import survey
from nlp.speech.live import LiveSettings, LiveStream, Pool, vosk
from nlp.speech.readable import join

log = logging.getLogger(__name__)

Told = TranscriptPiece | SpeechState | FieldSuggested
Tell = Callable[[Told], None]
LAST_WORDS_SECONDS = 3.0
RETRY_SECONDS = 10.0
LOOK_SECONDS = 15.0
"""Looking for models reads the disk, in the loop that keeps everybody's sound in time."""
ENGINE = "vosk"


class Speech:
    """Who hears calls live: a pool of recognisers, and what is made of their words."""

    def __init__(self, pool: Pool | None, afterwards: Callable[[], bool], read: Read = read_fields) -> None:
        self._pool = pool
        self._afterwards = afterwards
        self._promise = (-inf, False)
        self.read = read
        self._keeping: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Load the models; calls are heard as soon as that is done."""
        if self._pool:
            await self._pool.start()

    async def stop(self) -> None:
        """What is not kept yet is transcribed from the recording."""
        for task in list(self._keeping):
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        if self._pool:
            await self._pool.stop()

    @property
    def state(self) -> Literal["live", "later", "none"]:
        """What a call that begins now can expect."""
        return "live" if self._pool and self._pool.standing == "ready" else self.afterwards

    @property
    def afterwards(self) -> Literal["later", "none"]:
        """What a call that is not heard now can expect."""
        now = monotonic()
        if now - self._promise[0] >= LOOK_SECONDS:
            self._promise = now, self._afterwards()
        return "later" if self._promise[1] else "none"

    def begin(self, call: UUID, tell: Tell) -> "Tap | None":
        """Hear both sides of a call, or neither; None when the machine cannot bear it now."""
        tap = Tap(self, call, tell)
        streams = self._pool.open(tap.ears) if self._pool else None
        if streams is None:
            return None
        tap.streams = dict(zip(SIDES, streams, strict=True))
        tell(SpeechState(call=call, state="live"))
        return tap

    async def keep(self, call: UUID, said: list[Spoken], whole: bool) -> None:
        """Try once now; while the database is away, go on trying in the background."""
        if not await self._kept(call, said, whole):
            task = asyncio.create_task(self._keep_at_last(call, said, whole))
            self._keeping.add(task)
            task.add_done_callback(self._keeping.discard)

    async def _keep_at_last(self, call: UUID, said: list[Spoken], whole: bool) -> None:
        while not await self._kept(call, said, whole):
            await asyncio.sleep(RETRY_SECONDS)

    async def _kept(self, call: UUID, said: list[Spoken], whole: bool) -> bool:
        try:
            await asyncio.to_thread(_write_down, call, said, whole)
        except (DatabaseError, InterfaceError, PhoneCall.DoesNotExist) as error:
            log.warning("the words of call %s are not kept yet: %s", call, error)
            return False
        return True


@own_connection()
def _write_down(call: UUID, said: list[Spoken], whole: bool) -> None:
    spoken.keep(call, said, engine=ENGINE, state=spoken.State.LIVE if whole else spoken.State.LATER)


class Tap:
    """One call that is heard; made by `Speech.begin`."""

    def __init__(self, speech: Speech, call: UUID, tell: Tell) -> None:
        self.ears = [_Ear(self, side) for side in SIDES]
        self.streams: dict[Side, LiveStream] = {}
        self._speech = speech
        self._call = call
        self._tell = tell
        self._said: dict[tuple[Side, int], Spoken] = {}
        self._lost = False
        self._fields = FieldReader(call, tell, speech.read)

    def feed(self, side: Side, pcm16: bytes, at: float) -> None:
        """Sound of one side whose first sample stands at the second `at` of the recording; never waits."""
        self.streams[side].feed(pcm16, at)

    def pieces(self) -> list[TranscriptPiece]:
        """Everything said so far, for a desk that comes back."""
        return [self._piece(number, one) for number, one in enumerate(self._said.values())]

    async def end(self) -> None:
        """The call is over: wait a little for the last words and keep them all."""
        self._fields.stop()
        finished = [stream.finish(LAST_WORDS_SECONDS) for stream in self.streams.values()]
        whole = all(await asyncio.gather(*finished))
        await self._speech.keep(self._call, list(self._said.values()), whole)

    def heard(self, side: Side, utterance: Utterance) -> None:
        """The recogniser has something new of a side; what it takes back is shown empty."""
        known = (side, utterance.number)
        if known not in self._said and not utterance.text:
            return
        self._said[known] = Spoken(side, utterance)
        self._tell(self._piece(list(self._said).index(known), self._said[known]))
        if side == "caller" and utterance.final:
            self._fields.hear(self._caller_words())

    def lost(self) -> None:
        """One side is heard no more: the other neither, and the desk is told."""
        if not self._lost:
            self._lost = True
            for stream in self.streams.values():
                stream.let_go()
            self._tell(SpeechState(call=self._call, state=self._speech.afterwards))

    def _piece(self, number: int, one: Spoken) -> TranscriptPiece:
        said = one.utterance
        return TranscriptPiece(
            call=self._call,
            piece=number,
            side=one.side,
            text=said.text,
            start=round(said.start, 2),
            end=round(said.end, 2),
            final=said.final,
        )

    def _caller_words(self) -> str:
        return join([one.utterance.text for one in self._said.values() if one.side == "caller" and one.utterance.final])


@dataclass(frozen=True, slots=True)
class _Ear:
    """What the recogniser says of one side."""

    tap: Tap
    side: Side

    def heard(self, utterance: Utterance) -> None:
        self.tap.heard(self.side, utterance)

    def lost(self) -> None:
        self.tap.lost()


def speech() -> Speech:
    """Live speech as this installation is set up."""
    wanted = settings.SPEECH_ENGINE
    live = LiveSettings(workers=settings.SPEECH_WORKERS)
    pool = Pool(vosk(settings.MODEL_DIR), live) if wanted in (ENGINE, "auto") and settings.SPEECH_WORKERS else None
    return Speech(pool, partial(_words_afterwards, wanted))


def _words_afterwards(wanted: str) -> bool:
    """Whether a recording can be transcribed: which models there are may change while we run."""
    if wanted == "none":
        return False
    found = survey(SpeechSettings(models_dir=settings.MODEL_DIR))
    return any(there.ok for name, there in found.items() if wanted in ("auto", name))
