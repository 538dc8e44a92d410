"""Words of a real SIP call on the agent's screen, through a recogniser that is killed, to the ticket's thread."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from channels_ingest.telephony import transcribing
from channels_ingest.telephony.field_reading import Field
from channels_ingest.telephony.transcribing import Speech
from hotline.calls.models import CallPiece, PhoneCall
from hotline.tickets import files
from nlp.speech.live import Pool
from nlp.speech.media import decode
from nlp.speech.readable import join
from tests.channels_ingest import jobs
from tests.channels_ingest.telephony.around import Desk, at_the_desk, both_speak, calling, melody, read, there
from tests.channels_ingest.telephony.hall import until
from tests.channels_ingest.telephony.test_serving import quiet, running, sip_port
from tests.factories import staff
from tests.nlp.speech.live.test_pool import SETTINGS, loudness

__all__ = ["quiet"]
pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet")]


def heard_fields(words: str) -> list[Field]:
    return [Field("title", "路灯坏了", "", 0.7)]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    """Recognisers that need no model, in processes like the real ones."""
    made = Pool(loudness(), replace(SETTINGS, most_behind=30.0))
    monkeypatch.setattr(transcribing, "speech", lambda: Speech(made, lambda: True, heard_fields))
    return made


def said(desk: Desk, side: str) -> list[dict[str, Any]]:
    """What the screen shows of one side, each utterance in its last form."""
    last = {told["piece"]: told for told in desk.told if told["type"] == "transcript" and told["side"] == side}
    return [told for told in last.values() if told["text"]]


async def test_words_come_live_outlive_their_recogniser_and_are_kept(tmp_path: Path, pool: Pool) -> None:
    agent = await read(lambda: staff("agent"))
    async with running(tmp_path) as here, at_the_desk(here.browsers.port, agent) as desk:
        await until(lambda: pool.workers)
        async with calling(sip_port(here)) as caller:
            call = await desk.answers()
            assert desk.last("speech")["state"] == "live"
            await asyncio.gather(caller.say(melody()), desk.say(melody()))
            await until(lambda: said(desk, "caller") and said(desk, "agent"))
            (victim,) = pool.workers

            os.kill(victim, signal.SIGKILL)

            to_desk, to_caller = await both_speak(caller, desk)
            assert min(to_desk, to_caller) >= 0.7
            await until(lambda: pool.workers not in ([], [victim]))
            before = len(said(desk, "caller"))
            await caller.say(melody())
            await until(lambda: len(said(desk, "caller")) > before)
            await until(lambda: desk.last("suggestion"))
            shown = desk.last("suggestion")
            assert (shown["field"], shown["value"], shown["confidence"]) == ("title", "路灯坏了", 0.7)
        await there(lambda: PhoneCall.objects.filter(uuid=call, transcript_state="later").first())
        await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(recording="").first())

    def afterwards() -> tuple[Any, ...]:
        jobs.run("finish_call")
        jobs.run("transcribe_call")
        row = PhoneCall.objects.select_related("message__attachment").get(uuid=call)
        return row, row.message, list(CallPiece.objects.filter(call=row))

    row, message, pieces = await read(afterwards)
    assert {piece.side for piece in pieces} == {"caller", "agent"}
    assert message.transcript == join([piece.text for piece in pieces if piece.side == "caller"])
    assert message.transcript_state == "done"
    assert decode(files.path_of(message.attachment).read_bytes()).seconds == pytest.approx(
        row.recording_seconds, abs=0.3
    )


async def test_a_call_too_many_is_told_so_on_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcribing, "speech", lambda: Speech(None, lambda: True, heard_fields))
    agent = await read(lambda: staff("agent"))
    async with running(tmp_path) as here, at_the_desk(here.browsers.port, agent) as desk, calling(sip_port(here)):
        await desk.answers()
        await until(lambda: desk.last("speech"))

        assert desk.last("speech")["state"] == "later"
