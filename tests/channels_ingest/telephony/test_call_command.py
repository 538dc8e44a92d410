"""`hotline call`: its exit status, and what it finds out about its call."""

from __future__ import annotations

import argparse
import wave
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_ingest.models import ChannelAccount, InboundMessage
from hotline.calls.models import PhoneCall
from hotline.commands import call
from tests import factories
from tests.processes import free_port


def arguments(wav: Path, *more: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    call.add_arguments(parser)
    return parser.parse_args([str(wav), *more])


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "words.wav").write_text("no sound")
    assert call.run(arguments(tmp_path / "words.wav")) == 2
    assert "words.wav" in capsys.readouterr().err


def test_a_platform_that_is_not_there_is_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(1_600))
    assert call.run(arguments(path, "--to", f"sip:12345@127.0.0.1:{free_port()}", "--answer", "0.3")) == 1
    assert "not answered" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_call_in_the_book_is_found_with_its_words_and_ticket() -> None:
    uuid, ticket = uuid4(), factories.ticket()
    assert call.look_up(uuid) == call.Found()
    PhoneCall.objects.create(
        uuid=uuid, ticket=ticket, started_at=timezone.now(), transcript="路灯坏了", transcript_state="done"
    )
    assert call.look_up(uuid) == call.Found("路灯坏了", str(ticket.number), "")


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "hopeless"), [("pending", False), ("no_model", True), ("failed", True)])
def test_a_call_that_became_a_message_only_is_found_by_it(state: str, hopeless: bool) -> None:
    uuid, ticket = uuid4(), factories.ticket()
    ticket.messages.update(kind="voice", transcript_state=state)
    account = ChannelAccount.objects.create(adapter="phone", name="demo")
    InboundMessage.objects.create(
        account=account, external_id=str(uuid), ticket=ticket, body=b"", received_at=timezone.now()
    )
    found = call.look_up(uuid)
    assert (found.ticket, found.transcript, bool(found.hopeless)) == (str(ticket.number), "", hopeless)
