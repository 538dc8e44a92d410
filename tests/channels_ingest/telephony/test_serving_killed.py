"""`hotline telephony` killed in the middle of a call: nothing that counted is lost."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from hotline.calls.models import CallBackTask, PhoneCall
from hotline.tickets.models import Ticket
from tests.channels_ingest.telephony.around import at_the_desk, both_speak, calling, read, there
from tests.factories import staff
from tests.processes import free_port, hotline

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@contextmanager
def telephony(sip: int, browsers: int) -> Iterator[Popen[bytes]]:
    ports = {"--sip-port": sip, "--browser-port": browsers, "--port": free_port()}
    with hotline("telephony", *(word for name, port in ports.items() for word in (name, str(port)))) as process:
        yield process


async def test_a_killed_process_leaves_a_failed_call_its_sound_its_ticket_and_a_call_back(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time_limits: None
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setenv("HOTLINE_SPEECH", "none")
    agent = await read(lambda: staff("agent"))
    sip, browsers = free_port(), free_port()
    with telephony(sip, browsers) as process:
        async with at_the_desk(browsers, agent, patient=True) as desk, calling(sip) as caller:
            call = await desk.answers()
            await there(lambda: Ticket.objects.filter(calls__uuid=call).first())
            await both_speak(caller, desk)
            process.kill()
            process.wait()
            await desk.socket.wait_closed()
    with telephony(sip, browsers):
        row = await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(recording="").first())
        task = await there(CallBackTask.objects.first)
    assert (row.state, row.outcome, row.answered_at is not None) == ("closed", "failed", True)
    assert (task.reason, task.calls, task.pk) == ("failed", 1, row.call_back_id)
    with wave.open(str(tmp_path / "media" / "recordings" / row.recording)) as sound:
        assert sound.getnchannels() == 2
        assert sound.getnframes() > sound.getframerate() / 2
    assert await read(Ticket.objects.count) == 1
