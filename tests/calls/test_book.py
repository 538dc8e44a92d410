"""What a journal's line changes in the database: in order, once, and with what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from channels_ingest import outbound, own_pages, tasks
from channels_ingest.telephony import book, directory, taking
from channels_ingest.telephony.record import CallRecord
from hotline.calls.models import CallBackTask, PhoneCall
from hotline.tickets import actors, lifecycle
from hotline.tickets.models import Ticket
from tests.channels_ingest import jobs
from tests.factories import staff

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 4, 10, tzinfo=UTC)
CALL = UUID(int=7)
IN_VAIN: dict[str, Any] = {"outcome": "abandoned_queue", "ended_at": NOW - timedelta(minutes=4)}


@pytest.fixture(autouse=True)
def here(settings: Any, tmp_path: Path, time_limits: None) -> None:
    settings.MEDIA_ROOT = tmp_path


def record(**fields: Any) -> CallRecord:
    return CallRecord(CALL, NOW, "13812345678", "12345", **fields)


def put(line: dict[str, Any]) -> list[str]:
    """Apply a line; the numbers of the tickets that were told."""
    told: list[str] = []
    book.apply(line, lambda call, number: told.append(number))
    return told


def test_lines_are_applied_once_and_in_order() -> None:
    kept = record(state="queued")
    first = kept.line()
    kept.state, kept.answered_at, kept.agent = "talking", NOW, staff("agent").pk
    second = kept.line()
    assert put(first) == []
    (number,) = put(second)
    put(second)
    put(first)
    call = PhoneCall.objects.get()
    assert (call.state, call.version, call.caller, call.citizen.phone) == ("talking", 2, "13812345678", "13812345678")
    assert (call.ticket.number, call.message.kind) == (number, "voice")
    line = Ticket.objects.get().ledger.get()
    assert (line.kind, line.by_id) == ("received", kept.agent), "who was asked first"


def test_a_caller_is_written_to_when_the_talk_has_become_a_matter() -> None:
    agent = staff("agent")
    put(record(state="talking", answered_at=NOW, agent=agent.pk).line())
    ticket = Ticket.objects.get()
    assert outbound.tell(ticket.ledger.get()) is None
    lifecycle.accept(ticket=ticket, by=actors.staff(agent), version=ticket.version)
    told = outbound.tell(ticket.ledger.get(kind="accepted"))
    assert told is not None
    assert ticket.number in told.text
    assert ticket.public_code in told.text
    left_a_message = {"state": "closed", "ended_at": NOW, "outcome": "no_agent", "message": True}
    put(CallRecord(UUID(int=8), NOW, "13812345679", **left_a_message).line())
    left = Ticket.objects.exclude(pk=ticket.pk).get()
    assert outbound.tell(left.ledger.get()) is not None, "to a machine nobody has said anything back"


def test_a_call_of_which_the_intake_makes_no_ticket_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = record(state="talking", answered_at=NOW, agent=staff("agent").pk, service="110")
    kept.happened("sent_outside", service="110", number="110")
    talking = kept.line()
    kept.state, kept.ended_at, kept.outcome = "wrapup", NOW, "completed"
    with monkeypatch.context() as refusing:
        refusing.setattr(own_pages, "from_exchange", lambda form: SimpleNamespace(ticket=None))
        with pytest.raises(taking.NotReady):
            put(talking)
        assert PhoneCall.objects.count() == 0
        book.apply(talking, lambda call, number: None, with_ticket=False)
        assert put(kept.line()) == []  # no later line asks again
        call = PhoneCall.objects.get()
        assert (call.state, call.ticket) == ("wrapup", None)
    assert jobs.run("open_call_ticket") == 1
    call.refresh_from_db()
    assert (call.ticket.state, call.citizen.phone, call.message.kind) == ("emergency", "13812345678", "voice")
    book.open_later(CALL)
    assert Ticket.objects.count() == 1


def test_a_ticket_that_no_job_made_is_made_at_night() -> None:
    kept = record(state="closed", answered_at=timezone.now(), ended_at=timezone.now(), outcome="completed")
    book.apply(kept.line(), lambda call, number: None, with_ticket=False)
    PhoneCall.objects.update(transcript_state="done")
    assert jobs.run("open_call_ticket") == 1
    PhoneCall.objects.update(ticket=None)
    tasks.catch_up_calls.func(timestamp=0)
    assert jobs.run("open_call_ticket") == 1
    assert PhoneCall.objects.get().ticket == Ticket.objects.get()


def test_the_ticket_of_a_message_left_is_made_at_night_too() -> None:
    at = timezone.now()
    kept = record(state="closed", outcome="no_agent", ended_at=at, message=True)
    book.apply(kept.line(), lambda call, number: None, with_ticket=False)
    in_vain = CallRecord(UUID(int=8), at, "13812345679", state="closed", outcome="no_agent", ended_at=at)
    book.apply(in_vain.line(), lambda call, number: None, with_ticket=False)
    assert [call.uuid for call in book.without_ticket()] == [CALL]
    assert jobs.run("open_call_ticket") == 1
    assert not book.without_ticket().exists()
    assert PhoneCall.objects.get(uuid=CALL).ticket == Ticket.objects.get()


def test_a_call_of_ours_joins_its_ticket_later_too() -> None:
    put(record(state="talking", answered_at=NOW, agent=staff("agent").pk).line())
    broken = PhoneCall.objects.get()
    put(book.restarted(NOW + timedelta(minutes=1)))
    task, at = CallBackTask.objects.get(), timezone.now()
    ours = CallRecord(UUID(int=8), at, "13812345678", state="closed", outcome="completed", task=task.pk)
    ours.answered_at = ours.ended_at = at
    about = CallRecord(UUID(int=9), at, "13812345678", state="closed", outcome="completed", about=broken.ticket_id)
    about.answered_at = about.ended_at = at
    for kept in (ours, about):
        book.apply(kept.line(), lambda call, number: None, with_ticket=False)
    assert [call.uuid.int for call in book.without_ticket().order_by("pk")] == [8, 9]
    assert jobs.run("open_call_ticket") == 2
    assert not book.without_ticket().exists()
    ticket = Ticket.objects.get()
    assert set(PhoneCall.objects.values_list("ticket", flat=True)) == {ticket.pk}
    assert len({call.message_id for call in PhoneCall.objects.exclude(message=None)}) == 3


def test_calls_of_a_process_that_is_gone_have_failed() -> None:
    put(record(state="queued").line())
    line = book.restarted(NOW + timedelta(minutes=1))
    put(line)
    put(line)
    call = PhoneCall.objects.get()
    assert (call.state, call.outcome, call.ended_at) == ("closed", "failed", NOW + timedelta(minutes=1))
    assert CallBackTask.objects.get().calls == 1
    later = CallRecord(UUID(int=8), NOW + timedelta(minutes=2), "", state="queued")
    put(later.line())
    put(line)
    assert PhoneCall.objects.get(uuid=later.uuid).outcome == ""


def rated() -> CallRecord:
    """A call that is over and rated."""
    return record(
        state="closed",
        outcome="completed",
        agent=staff("agent").pk,
        answered_at=NOW,
        ended_at=NOW,
        version=5,
        rating=4,
        solved=True,
    )


def test_the_rating_of_a_fresh_call_stays_with_the_call() -> None:
    put(rated().line())
    call = PhoneCall.objects.get()
    assert (call.rating, call.solved) == (4, True)
    assert call.ticket.ratings.count() == 0


def test_the_rating_of_an_answered_ticket_is_the_ticket_s_too_and_once() -> None:
    kept, agent = rated(), staff("agent")
    kept.rating = None
    put(kept.line())
    row = Ticket.objects.get()
    lifecycle.answer_directly(ticket=row, by=actors.staff(agent), version=row.version, public="已答复")
    kept.rating = 4
    line = kept.line()
    put(line)
    put(line)
    rating = Ticket.objects.get().ratings.get()
    assert (rating.channel, rating.satisfied, rating.solved, rating.counts) == ("phone", 4, True, True)


def test_a_call_handed_to_the_police_makes_its_ticket_an_emergency() -> None:
    kept = record(state="talking", agent=staff("agent").pk, answered_at=NOW)
    put(kept.line())
    kept.service = "110"
    kept.happened("sent_outside", service="110", number="110")
    put(kept.line())
    row = Ticket.objects.get()
    assert (row.state, row.partner) == ("emergency", "110")


def broken_off() -> CallRecord:
    """A call in the middle of whose talk the telephone was stopped: its end is written, then that it is closed."""
    kept = record(state="talking", answered_at=NOW + timedelta(minutes=1), agent=staff("agent").pk)
    put(kept.line())
    kept.state, kept.outcome, kept.ended_at = "wrapup", "failed", NOW + timedelta(minutes=3)
    put(kept.line())
    kept.state, kept.closed_at = "closed", NOW + timedelta(minutes=3)
    put(kept.line())
    return kept


def test_who_was_in_a_talk_that_broke_off_is_called_back() -> None:
    broken_off()
    task = CallBackTask.objects.get()
    assert (task.state, task.result, task.reason, task.calls) == ("open", "", "failed", 1)


def test_a_talk_that_broke_off_opens_again_what_it_had_settled() -> None:
    put(CallRecord(UUID(int=8), NOW - timedelta(minutes=5), "13812345678", state="closed", **IN_VAIN).line())
    broken_off()
    task = CallBackTask.objects.get()
    assert (task.state, task.result, task.calls) == ("open", "", 2)


def test_who_is_answered_in_the_exchange_s_queue_after_us_needs_no_call_back() -> None:
    put(record(state="talking", answered_at=NOW, agent=staff("agent").pk).line())
    put(book.restarted(NOW + timedelta(minutes=1)))
    assert CallBackTask.objects.get().state == "open"
    answered_at = NOW + timedelta(minutes=2)
    put(record(state="talking", mode="exchange", version=1_000, answered_at=answered_at).line())
    task = CallBackTask.objects.get()
    assert (task.state, task.result, task.done_at) == ("done", "called_again", answered_at)


def test_calls_that_the_exchange_has_no_more_are_closed() -> None:
    put(record(state="ringing", mode="exchange").line())
    other = CallRecord(UUID(int=8), NOW, "13800000002", mode="exchange", state="queued")
    put(other.line())
    put(book.resynced(NOW + timedelta(minutes=1), [other.uuid]))
    assert PhoneCall.objects.get(uuid=CALL).outcome == "failed"
    assert PhoneCall.objects.get(uuid=other.uuid).outcome == ""
    assert CallBackTask.objects.get().phone == "13812345678"


def test_what_is_known_of_a_caller() -> None:
    put(rated().line())
    known = directory.look_up("13812345678", "12345", 30)
    assert (known.shown.phone, known.shown.tickets, known.shown.calls) == ("138****5678", 1, 1)
    assert [ticket.number for ticket in known.shown.open] == [Ticket.objects.get().number]
    assert known.last_agent == PhoneCall.objects.get().agent_id
    assert directory.look_up("", "12345", 30).shown.phone == ""


def test_who_was_called_by_us_today_does_not_call_again() -> None:
    ours = CallRecord(CALL, timezone.now(), "13812345678", task=None, about=None, state="closed")
    put(ours.line())
    assert directory.look_up("13812345678", "12345", 30).again
    PhoneCall.objects.update(direction="out")
    assert not directory.look_up("13812345678", "12345", 30).again
