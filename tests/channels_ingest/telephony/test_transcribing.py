"""Live words on their way to the desk and into the database; the workers are processes of their own."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async

from channels_ingest.telephony import transcribing
from channels_ingest.telephony.field_reading import EVERY_SECONDS, Field, FieldReader, read_fields
from channels_ingest.telephony.transcribing import Speech, Tap, Told
from channels_ingest.telephony.wire_desk import FieldSuggested, SpeechState, TranscriptPiece
from hotline.calls.models import PhoneCall
from hotline.tickets import clock
from nlp.speech import Utterance
from nlp.speech.live import LiveSettings, Pool
from tests.nlp.speech.live.test_pool import LOUD, QUIET, SETTINGS, loudness, until

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


def no_fields(words: str) -> list[Field]:
    return []


@asynccontextmanager
async def speech(
    settings: LiveSettings = SETTINGS, cost: float = 0.0, afterwards: bool = True
) -> AsyncIterator[tuple[Speech, Pool]]:
    pool = Pool(loudness(cost), settings)
    made = Speech(pool, lambda: afterwards, no_fields)
    await made.start()
    try:
        await until(lambda: len(pool.workers) == settings.workers)
        yield made, pool
    finally:
        await made.stop()


async def a_call() -> UUID:
    row = await PhoneCall.objects.acreate(uuid=uuid4(), started_at=clock.now())
    return row.uuid


def tapped(made: Speech, call: UUID, told: list[Told]) -> Tap:
    tap = made.begin(call, told.append)
    assert tap is not None
    return tap


async def test_both_sides_reach_the_desk_and_are_kept_apart() -> None:
    told: list[Told] = []
    call = await a_call()
    async with speech() as (made, _):
        tap = tapped(made, call, told)
        tap.feed("agent", LOUD, 0.0)
        tap.feed("agent", QUIET, 0.2)
        await until(lambda: len(told) >= 3)
        tap.feed("caller", LOUD, 1.0)
        await tap.end()
        shown = [(piece.piece, piece.side, piece.text, piece.final) for piece in tap.pieces()]

    assert told[0] == SpeechState(call=call, state="live")
    assert shown == [(0, "agent", "loud 3200", True), (1, "caller", "loud 3200", True)]
    row = await PhoneCall.objects.aget(uuid=call)
    assert (row.transcript_state, row.transcript_engine) == ("live", "vosk")
    kept = [(p.number, p.side, p.text, p.start, p.end) async for p in row.pieces.all()]
    assert kept == [(0, "agent", "loud 3200", 0.0, 0.2), (1, "caller", "loud 3200", 1.0, 1.2)]


async def test_a_killed_recogniser_leaves_the_words_and_the_call_is_heard_again_later() -> None:
    told: list[Told] = []
    call = await a_call()
    async with speech() as (made, pool):
        tap = tapped(made, call, told)
        tap.feed("caller", LOUD, 0.0)
        await until(lambda: len(told) == 2)
        (victim,) = pool.workers

        os.kill(victim, signal.SIGKILL)

        await until(lambda: pool.workers not in ([], [victim]))
        tap.feed("caller", LOUD, 5.0)
        await tap.end()

    row = await PhoneCall.objects.aget(uuid=call)
    assert row.transcript_state == "later"
    assert [p.start async for p in row.pieces.all()] == [0.0, 5.0]
    assert SpeechState(call=call, state="later") not in told  # the words went on


async def test_a_call_too_many_is_recorded_now_and_transcribed_after() -> None:
    told: list[Told] = []
    async with speech(cost=0.1) as (made, _):  # room for three sides, which take turns: one call
        assert made.state == "live"
        tapped(made, uuid4(), told)

        assert made.begin(uuid4(), told.append) is None


async def test_when_the_recognisers_are_gone_the_desk_is_told_once() -> None:
    told: list[Told] = []
    call = await a_call()
    async with speech(replace(SETTINGS, retry=600.0, patience=0.05)) as (made, pool):
        tap = tapped(made, call, told)

        os.kill(pool.workers[0], signal.SIGKILL)

        await until(lambda: len(told) == 2)
        tap.feed("caller", LOUD, 0.0)
        await tap.end()
        assert made.state == "later"
    assert told == [SpeechState(call=call, state="live"), SpeechState(call=call, state="later")]
    assert (await PhoneCall.objects.aget(uuid=call)).transcript_state == "later"


async def test_words_wait_for_a_call_that_is_not_in_the_database_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcribing, "RETRY_SECONDS", 0.02)
    told: list[Told] = []
    call = uuid4()
    async with speech() as (made, _):
        tap = tapped(made, call, told)
        tap.feed("caller", LOUD, 0.0)
        await tap.end()

        row = await PhoneCall.objects.acreate(uuid=call, started_at=clock.now())
        async with asyncio.timeout(10):
            while not await row.pieces.aexists():
                await asyncio.sleep(0.02)


async def test_without_any_recogniser_nothing_is_promised() -> None:
    made = Speech(None, lambda: False)

    assert made.state == "none"
    assert made.begin(uuid4(), lambda told: None) is None


async def test_models_are_looked_for_only_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter([False, True])
    made = Speech(None, lambda: next(found))
    states = []
    for now in (5.0, 6.0, 19.9, 20.0, 30.0):
        monkeypatch.setattr(transcribing, "monotonic", lambda now=now: now)
        states.append(made.state)

    assert states == ["none", "none", "none", "later", "later"]


async def test_fields_are_read_off_the_loop_and_told_once_each() -> None:
    readers: set[int] = set()
    told: list[FieldSuggested] = []

    def read(words: str) -> list[Field]:
        readers.add(threading.get_ident())
        return [Field("title", words, "", 0.51)]

    reader = FieldReader(UUID(int=1), told.append, read)
    reader.hear("停水")
    reader.hear("停水")
    await until(lambda: len(told) == 1)
    reader.hear("停水三天")  # within the two seconds: not read at once
    assert [said.value for said in told] == ["停水"]

    await until(lambda: len(told) == 2, EVERY_SECONDS + 10)
    reader.stop()

    assert [(said.field, said.value, said.confidence) for said in told] == [
        ("title", "停水", 0.51),
        ("title", "停水三天", 0.51),
    ]
    assert threading.get_ident() not in readers


async def test_a_reader_that_fails_ends_no_call() -> None:
    told: list[FieldSuggested] = []

    def read(words: str) -> list[Field]:
        if words == "坏":
            raise RuntimeError("no luck")
        return [Field("name", words)]

    reader = FieldReader(UUID(int=1), told.append, read)
    reader.hear("坏")
    await until(lambda: reader.idle)
    reader.hear("张伟")
    await until(lambda: len(told) == 1)
    reader.stop()


async def test_what_is_said_outright_needs_no_model() -> None:
    found = await sync_to_async(read_fields)("我叫张伟，昨天晚上八点停的水")

    assert [(field.field, field.value) for field in found][:1] == [("name", "张伟")]
    assert [field.label for field in found if field.field == "occurred_at"] == ["昨天晚上八点"]


async def test_an_utterance_that_is_taken_back_is_shown_empty() -> None:
    told: list[Told] = []
    tap = Tap(Speech(None, lambda: False, no_fields), UUID(int=1), told.append)
    tap.heard("caller", Utterance(0, "", 0.0, 0.2, final=True))
    tap.heard("caller", Utterance(1, "嗯", 1.0, 1.2))
    tap.heard("caller", Utterance(1, "", 1.0, 1.2, final=True))

    assert [(p.piece, p.text, p.final) for p in told if isinstance(p, TranscriptPiece)] == [
        (0, "嗯", False),
        (0, "", True),
    ]
