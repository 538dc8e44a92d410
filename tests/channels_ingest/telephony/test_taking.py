"""A finished call becomes one ticket with its recording, however often it is handed over."""

import asyncio
import wave
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy
import pytest

from channels_ingest.models import ChannelAccount
from channels_ingest.telephony import taking
from channels_ingest.telephony.calls import FinishedCall
from channels_ingest.telephony.legs import RATE, SAMPLE_BYTES
from channels_ingest.telephony.recording import STEREO
from dispatch.models import PolicyKey
from dispatch.models.policy import BOUNDS
from hotline.tickets import files
from hotline.tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def call(folder: Path, seconds: float) -> FinishedCall:
    """A call of a steady tone."""
    path = folder / "call.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        tone = (numpy.sin(numpy.arange(int(16_000 * seconds)) * 0.1) * 6_000).astype("<i2")
        sound.writeframes(numpy.repeat(tone, 2).tobytes())
    uuid = UUID("7f3a9e3c-5b0f-4c1e-9a52-0d6f8c1b2a3d")
    return FinishedCall(uuid, datetime(2026, 11, 21, 9, tzinfo=UTC), seconds, path, "0" * 64, "")


@pytest.fixture
def account(settings, tmp_path: Path) -> ChannelAccount:
    settings.MEDIA_ROOT = tmp_path / "media"
    return ChannelAccount.objects.create(adapter="phone", name="demo")


def test_a_call_becomes_one_ticket(account: ChannelAccount, tmp_path: Path) -> None:
    for _again in range(2):
        asyncio.run(taking.take(call(tmp_path, 3)))
    ticket = Ticket.objects.get()
    message = ticket.messages.get()
    assert (ticket.channel, message.kind, message.transcript_state) == ("phone", "voice", "pending")
    assert message.attachment is not None
    assert message.attachment.content_type == "audio/mpeg"
    assert files.path_of(message.attachment).stat().st_size == message.attachment.size


def test_no_call_is_too_long_to_become_a_ticket(tmp_path: Path) -> None:
    _least, longest = BOUNDS[PolicyKey.PHONE_LONGEST]
    assert taking.LONGEST_CALL.max_seconds > longest
    assert taking.LONGEST_CALL.max_bytes > longest * RATE * SAMPLE_BYTES * STEREO


def test_a_call_that_ended_at_once_is_no_ticket(account: ChannelAccount, tmp_path: Path) -> None:
    asyncio.run(taking.take(call(tmp_path, 0.4)))
    assert not Ticket.objects.exists()
