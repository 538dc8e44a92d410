"""A voice from WeChat: fetched from the vendor, kept, handed to the recogniser, or plainly without words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from channels_ingest import fetching, inbox, registry, tasks
from channels_ingest.errors import MediaUnavailable
from channels_ingest.models import ChannelAccount
from hotline.tickets import clock
from hotline.tickets.models import Message, Ticket
from nlp import speech
from nlp.speech import Transcript
from tests.channels_ingest import jobs, samples
from tests.fakes.vendor import said
from tests.fakes.wechat_api import WeChatServer

OPTIONS = samples.account("wechat").options
AMR = b"#!AMR\n" + bytes.fromhex("3c48f51f96661a3e5b1b3ff8eb4e1bf82cd4a2a2f9c3a1b0a9f0e0d0c0b0a090") * 4


@pytest.fixture
def server(db: None, settings: Any, tmp_path: Path) -> Iterator[WeChatServer]:
    """The vendor with the voice of the samples; the account points there."""
    import json

    settings.MEDIA_ROOT = tmp_path
    store = redis.Redis.from_url(settings.REDIS_URL)
    store.delete(f"{settings.LIVE_PREFIX}:wechat:token:{OPTIONS['appid']}")
    store.close()
    with WeChatServer(OPTIONS["appid"], OPTIONS["secret"]) as vendor:
        vendor.media["mVoice_1Zq8"] = (AMR, "voice/amr")
        options = OPTIONS | {"api_base": vendor.url}
        ChannelAccount.objects.create(adapter="wechat", name="demo", settings=json.dumps(options))
        yield vendor


def receive(name: str) -> Ticket:
    """A voice sample comes in."""
    request = samples.request("wechat", name)
    with clock.at(request.received_at):
        inbox.receive(registry.get("wechat"), ChannelAccount.objects.get(), request)
    return Ticket.objects.get()


def fetch(last_try: bool = False) -> None:
    """Run the job that fetches files, as its first or its last attempt."""
    [arguments] = jobs.take("fetch_media")
    attempts = tasks.FETCH_ATTEMPTS - 1 if last_try else 0
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="x", attempts=attempts)
    context = JobContext(app=app, job=job, start_timestamp=0.0, abort_reason=lambda: None)
    tasks.fetch_media.func(context, **arguments)


def kinds(ticket: Ticket) -> list[str]:
    """What happened to the ticket."""
    return list(ticket.ledger.order_by("sequence").values_list("kind", flat=True))


def test_voice_becomes_text(server: WeChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = receive("voice")
    message = ticket.messages.get()
    assert (ticket.text, message.kind, message.transcript_state) == ("", "voice", "pending")
    fetch()
    message.refresh_from_db()
    assert message.attachment is not None
    assert (message.attachment.content_type, message.attachment.size) == ("audio/amr", len(AMR))
    asked: list[tuple[bytes, str | None]] = []

    def heard(data: bytes, hint: str | None, settings: speech.SpeechSettings) -> Transcript:
        asked.append((data, hint))
        return Transcript(text="楼上漏水", words=(), seconds=1.0, engine="whisper")

    monkeypatch.setattr(speech, "transcribe", heard)
    assert jobs.run("transcribe") == 1
    message.refresh_from_db()
    ticket.refresh_from_db()
    assert asked == [(AMR, "audio/amr")]
    assert (message.transcript, message.transcript_state, ticket.text) == ("楼上漏水", "done", "楼上漏水")
    assert kinds(ticket) == ["received", "media_kept", "transcribed"]
    fetching.transcribe(message.pk)
    assert len(asked) == 1


def test_without_a_model_the_voice_is_kept_and_said_to_have_no_words(
    server: WeChatServer, settings: Any, tmp_path: Path
) -> None:
    settings.MODEL_DIR, settings.SPEECH_ENGINE = tmp_path / "empty", "vosk"
    ticket = receive("voice")
    fetch()
    jobs.run("transcribe")
    message = ticket.messages.get()
    assert message.attachment is not None
    assert message.transcript_state == Message.TranscriptState.NO_MODEL
    assert kinds(ticket) == ["received", "media_kept", "transcribed"]


def test_vendors_own_recognition_is_taken(server: WeChatServer) -> None:
    server.media["mVoice_2Zq8"] = (b"\x06\x01\x02\x03\x04\x05\x06", "voice/speex")
    ticket = receive("voice_recognised_safe")
    assert ticket.text == "我家楼下餐馆油烟很大。"
    fetch()
    message = ticket.messages.get()
    assert message.attachment is not None
    assert (message.attachment.content_type, message.transcript_state) == ("audio/speex", "none")
    assert jobs.queued("transcribe") == []


def test_vendor_in_trouble_is_asked_again(server: WeChatServer) -> None:
    ticket = receive("voice")
    server.instead.append(said({"errcode": -1, "errmsg": "system error"}))
    with pytest.raises(MediaUnavailable):
        fetch()
    assert kinds(ticket) == ["received"]
    assert ticket.messages.get().transcript_state == "pending"


@pytest.mark.parametrize("trouble", ["gone", "last try"])
def test_voice_that_cannot_be_had_is_told_to_staff(server: WeChatServer, trouble: str) -> None:
    ticket = receive("voice")
    if trouble == "gone":
        server.media.clear()
    else:
        server.instead.extend([said({"errcode": -1, "errmsg": "x"})] * 2)
    fetch(last_try=trouble == "last try")
    assert kinds(ticket) == ["received", "noted", "transcribed"]
    assert ticket.messages.get().transcript_state == "failed"


def test_file_that_is_no_sound_is_not_kept(server: WeChatServer) -> None:
    server.media["mVoice_1Zq8"] = (b"MZ\x90\x00 a program", "voice/amr")
    ticket = receive("voice")
    fetch()
    assert ticket.attachments.count() == 0
    assert kinds(ticket) == ["received", "noted", "transcribed"]
