"""A voice that no browser plays is kept as it came, with an MP3 beside it for the player."""

from pathlib import Path
from typing import Any

import pytest

from channels_ingest import attachments
from channels_ingest.messages import Media
from hotline.tickets.models import Message
from tests.api.conftest import Browser
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
VOICE = Path(__file__).parents[1] / "nlp" / "speech" / "samples" / "tone.awb"


def spoken(content: bytes, settings: Any, folder: Path) -> Message:
    """A voice message that was just fetched."""
    settings.MEDIA_ROOT = folder
    message = ticket().messages.get()
    attachments.attach(message, Media("voice", "m1", content, "audio/amr", "voice.amr"))
    return message


def test_the_player_gets_mp3_and_the_original_stays(settings: Any, tmp_path: Path) -> None:
    message = spoken(VOICE.read_bytes(), settings, tmp_path)
    agent = Browser(Cast().agent)
    shown = agent.get(f"/tickets/{message.ticket.number}").json()["messages"][0]["attachment"]
    copy = agent.client.get(shown["play_url"])
    assert copy.headers["Content-Type"] == "audio/mpeg"
    assert 'filename="voice.mp3"' in copy.headers["Content-Disposition"]
    whole = b"".join(copy)
    piece = agent.client.get(shown["play_url"], headers={"range": "bytes=10-19"})
    assert (piece.status_code, piece.content) == (206, whole[10:20])
    original = agent.client.get(shown["url"])
    assert (original.headers["Content-Type"], b"".join(original)) == ("audio/amr", VOICE.read_bytes())


def test_a_voice_that_cannot_be_read_is_kept_all_the_same(settings: Any, tmp_path: Path) -> None:
    broken = b"#!AMR\n"
    message = spoken(broken, settings, tmp_path)
    agent = Browser(Cast().agent)
    shown = agent.get(f"/tickets/{message.ticket.number}").json()["messages"][0]["attachment"]
    answer = agent.client.get(shown["play_url"])
    assert (answer.headers["Content-Type"], b"".join(answer)) == ("audio/amr", broken)
