"""The sound of a call: the copy for those who see the ticket, the original for few, each hearing on record."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from channels_ingest import attachments
from channels_ingest.messages import Media
from channels_ingest.telephony import taking
from dispatch import answers
from hotline.calls.models import CallBackTask, CallPiece, PhoneCall
from hotline.people import apikeys
from hotline.people.models import ApiKey, PersonalDataRead
from hotline.tickets import clock, files, lifecycle
from hotline.tickets.models import Attachment, Message, Recusal
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast

pytestmark = pytest.mark.django_db

WAV = b"RIFF----WAVE----"


@pytest.fixture
def call(cast: Cast, settings: Any, tmp_path: Path) -> PhoneCall:
    """A call of the cast's agent about a ticket that a unit handles, with one word that is hidden."""
    settings.MEDIA_ROOT = tmp_path
    ticket = cast.ticket_in(State.HANDLING)
    message = Message.objects.filter(ticket=ticket).earliest("pk")
    path = tmp_path / "recordings/2026/11/22/call.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(WAV)
    now = clock.now()
    row = PhoneCall.objects.create(
        uuid=uuid4(),
        started_at=now - timedelta(minutes=2),
        answered_at=now - timedelta(minutes=1),
        ended_at=now,
        state="closed",
        outcome="completed",
        ticket=ticket,
        message=message,
        citizen=ticket.citizen,
        agent=cast.agent,
        recording="2026/11/22/call.wav",
    )
    words = [{"text": "138****1234", "start": 0.5, "end": 2.0, "hidden": True}]
    CallPiece.objects.create(call=row, number=0, side="caller", text="138****1234", start=0.5, end=2.0, words=words)
    return row


def address(call: PhoneCall) -> str:
    return f"/phone/calls/{call.uuid}/recording"


def test_the_thread_tells_what_was_said_and_when(cast: Cast, call: PhoneCall) -> None:
    assert call.ticket is not None
    [message, *_rest] = Browser(cast.agent).get(f"/tickets/{call.ticket.number}").json()["messages"]

    assert message["call"] == str(call.uuid)
    assert message["pieces"] == [
        {
            "number": 0,
            "side": "caller",
            "text": "138****1234",
            "start": 0.5,
            "end": 2.0,
            "words": [{"text": "138****1234", "start": 0.5, "end": 2.0, "hidden": True}],
        }
    ]


def test_of_a_protected_citizens_call_a_unit_reads_nothing(cast: Cast, call: PhoneCall) -> None:
    ticket = call.ticket
    assert ticket is not None
    Message.objects.filter(calls=call).update(transcript="我叫章三")  # misheard: no name that could be struck out
    for confidential, clerk_reads in ((False, ("我叫章三", 1)), (True, ("", 0))):
        ticket.confidential = confidential
        ticket.save()
        for person, read in ((cast.clerk, clerk_reads), (cast.agent, ("我叫章三", 1))):
            [message, *_rest] = Browser(person).get(f"/tickets/{ticket.number}").json()["messages"]
            assert (message["transcript"], len(message["pieces"])) == read, person


def test_what_a_citizen_says_at_follow_up_is_not_for_the_unit_it_is_about(cast: Cast, call: PhoneCall) -> None:
    ticket = call.ticket
    assert ticket is not None
    PhoneCall.objects.update(direction="out", message=None)
    call.refresh_from_db()
    taking.join_ticket(call)
    call.save()
    assert call.message is not None
    lifecycle.transcribe(ticket=ticket, message=call.message, text="他们根本没来过，什么时候赔偿？", result="done")
    media = Media("voice", "", filename="call.mp3", content=b"ID3copy")
    attachments.attach(call.message, media, Attachment.Purpose.FOLLOW_UP)
    heard = ticket.attachments.get()
    for person, reads in (
        (cast.agent, True),
        (cast.lead, True),
        (cast.supervisor, True),
        (cast.quality, True),
        (cast.auditor, True),
        (cast.clerk, False),
        (cast.admin, False),
    ):
        whole = Browser(person).get(f"/tickets/{ticket.number}")
        story = Browser(person).get(f"/tickets/{ticket.number}/story.json")
        for told in (whole, story):
            assert (b"call.mp3" in told.content, "他们根本没来过" in told.content.decode()) == (reads, reads), person
        assert ("138****1234" in whole.content.decode()) is reads, person
        sound = Browser(person).get(f"/tickets/{ticket.number}/attachments/{heard.pk}")
        assert sound.status_code == (200 if reads else 403), person
        assert b"ID3copy" in (b"".join(sound.streaming_content) if reads else b"ID3copy")
    for person, demands in ((cast.clerk, []), (cast.quality, ["他们根本没来过，什么时候赔偿？"])):
        hints = answers.hints(ticket, cast.unit, "已修好。", reader=person)
        assert [demand["words"] for demand in hints["demands"]] == demands
    assert _at_follow_up(call) is True
    _row, secret = apikeys.issue(name="map", scopes=[ApiKey.Scope.TICKETS_READ])
    system = Browser(authorization=f"Bearer {secret}").get(f"/tickets/{ticket.number}")
    assert (system.status_code, "他们根本没来过" in system.content.decode()) == (200, False)


def test_what_a_citizen_says_when_a_missed_call_is_returned_is_their_request(cast: Cast, call: PhoneCall) -> None:
    now = clock.now()
    task = CallBackTask.objects.create(fingerprint="f", hour=now, reason="no_agent", first_at=now, last_at=now)
    PhoneCall.objects.update(direction="out", message=None, returns=task)
    call.refresh_from_db()
    taking.join_ticket(call)
    assert _at_follow_up(call) is False


def _at_follow_up(call: PhoneCall) -> bool:
    assert call.message is not None
    return call.message.at_follow_up


def test_a_copy_in_which_no_number_could_be_hidden_is_for_the_hotline_alone(cast: Cast, call: PhoneCall) -> None:
    ticket, message = call.ticket, call.message
    assert ticket is not None
    assert message is not None
    copy = files.keep(ticket, content=b"ID3copy", filename="call.mp3", purpose="as_spoken", by=None)
    Message.objects.filter(pk=message.pk).update(attachment=copy)
    for person, status in ((cast.agent, 200), (cast.supervisor, 200), (cast.clerk, 403), (cast.admin, 403)):
        whole = Browser(person).get(f"/tickets/{ticket.number}").json()
        assert [file["id"] for file in whole["attachments"]] == ([copy.pk] if status == 200 else []), person
        assert (whole["messages"][0]["attachment"] is not None) is (status == 200)
        sound = Browser(person).get(f"/tickets/{ticket.number}/attachments/{copy.pk}")
        assert sound.status_code == status, person
        if status == 200:
            assert b"".join(sound.streaming_content) == b"ID3copy"


def test_few_hear_the_original_and_each_hearing_is_on_record(cast: Cast, call: PhoneCall) -> None:
    for person, status in (
        (cast.agent, 200),
        (cast.lead, 200),
        (cast.quality, 200),
        (cast.auditor, 200),
        (cast.supervisor, 200),
        (cast.clerk, 403),
        (cast.admin, 403),
    ):
        answer = Browser(person).get(address(call))
        assert answer.status_code == status, person
        if status == 200:
            assert b"".join(answer.streaming_content) == WAV
            assert answer.headers["Content-Type"] == "audio/wav"
    heard = PersonalDataRead.objects.order_by("pk").values_list("staff", "what", "citizen", "reason")
    expected = [cast.agent, cast.lead, cast.quality, cast.auditor, cast.supervisor]
    assert list(heard) == [(who.pk, "recording", call.citizen_id, f"call {call.uuid}") for who in expected]


def test_another_agents_call_is_not_heard(cast: Cast, call: PhoneCall) -> None:
    PhoneCall.objects.update(agent=None)

    assert Browser(cast.agent).get(address(call)).status_code == 403
    assert not PersonalDataRead.objects.exists()


def test_a_protected_citizens_call_is_heard_by_the_hotline_alone(cast: Cast, call: PhoneCall) -> None:
    assert call.ticket is not None
    call.ticket.confidential = True
    call.ticket.save()

    assert Browser(cast.auditor).get(address(call)).status_code == 403
    answer = Browser(cast.lead).get(address(call))
    assert b"".join(answer.streaming_content) == WAV


def test_who_stood_back_from_the_ticket_hears_nothing_of_its_calls(cast: Cast, call: PhoneCall) -> None:
    for person in (cast.agent, cast.lead):
        Recusal.objects.create(ticket=call.ticket, staff=person, reason="relative", at=clock.now())

        assert Browser(person).get(address(call)).status_code == 404
    assert not PersonalDataRead.objects.exists()


def test_sound_that_is_deleted_is_said_to_be(cast: Cast, call: PhoneCall) -> None:
    assert call.ticket is not None
    assert call.message is not None
    attachment = files.keep(call.ticket, content=b"ID3copy", filename="call.mp3", purpose="citizen", by=None)
    files.path_of(attachment).unlink()
    PhoneCall.objects.update(sound_deleted_at=clock.now())

    lead = Browser(cast.lead)
    assert lead.get(address(call)).status_code == 404
    gone = lead.get(f"/tickets/{call.ticket.number}/attachments/{attachment.pk}")
    assert gone.status_code == 404
    assert gone.headers["Content-Type"] == "application/problem+json"
    assert not PersonalDataRead.objects.exists()
