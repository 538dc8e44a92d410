"""The sweep: each clock does what it must when its moment comes, once, in order, whoever else sweeps or fails."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dispatch import clocks
from hotline.tickets import (
    actors,
    cards,
    clock,
    closing,
    deadlines,
    ledger,
    lifecycle,
    merging,
    pauses,
    rulebook,
    supervision,
)
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Assignment, CallBack, Card, Clock, Deadline, Supervision, Ticket
from hotline.tickets.rulebook import CallBackChoice
from hotline.tickets.states import State
from tests.factories import Cast, ticket

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
"""Tickets are dispatched then; without a type they must be answered by Monday, 7 December, in ten working days."""


def on(day: int, month: int = 11, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def midnight_after(day: int, month: int = 11) -> datetime:
    """Just after the end of that day."""
    return on(day, month) + timedelta(days=1)


def swept(at: datetime) -> int:
    with clock.at(at):
        return clocks.sweep()


def story(row: Ticket) -> list[str]:
    """What happened by itself since the dispatch, with what matters of each line."""
    said = []
    for line in row.ledger.filter(actor="system").order_by("sequence"):
        detail = line.data.get("card") or line.data.get("level") or line.data.get("department") or ""
        said.append(f"{line.kind} {detail} {line.data.get('clock', '')}".strip())
    return said


def dispatched(cast: Cast, **helpers: object) -> Ticket:
    with clock.at(MONDAY):
        row, by = ticket(), actors.staff(cast.agent)
        lifecycle.accept(ticket=row, by=by, version=row.version)
        lifecycle.dispatch_to(ticket=row, by=by, version=row.version, department=cast.unit, **helpers)  # type: ignore[arg-type]
    return row


def in_handling(cast: Cast) -> Ticket:
    """Signed for and the citizen contacted: only the answer is due."""
    row, by = dispatched(cast), actors.staff(cast.clerk)
    with clock.at(MONDAY + timedelta(hours=1)):
        lifecycle.sign_for(ticket=row, by=by, version=row.version)
        lifecycle.contact(ticket=row, by=by, version=row.version, whom="本人")
    return row


@pytest.mark.django_db
def test_units_that_are_late_are_signed_for_once() -> None:
    cast = Cast()
    row = dispatched(cast, assisting=(cast.helper_unit,))
    assert swept(on(24, hour=23, minute=59)) == 0
    assert swept(midnight_after(24)) == 3, "two units signed for, and the lead has not spoken with the citizen"
    assert swept(midnight_after(24)) == 0
    row.refresh_from_db()
    assert row.state == State.HANDLING
    assert all(part.auto_signed and part.signed_by is None for part in row.assignments.all())
    assert {part.state for part in row.assignments.all()} == {Assignment.State.HANDLING}
    signed = [line for line in story(row) if line.startswith("signed")]
    assert sorted(signed) == sorted([f"signed {cast.unit.code}", f"signed {cast.helper_unit.code}"])
    assert row.ledger.filter(kind="signed", data__automatic=True).count() == 2
    assert "card_shown red contact" in story(row)


@pytest.mark.django_db
def test_a_unit_that_signed_in_time_is_left_alone() -> None:
    cast = Cast()
    row = in_handling(cast)
    length = Ticket.objects.get(pk=row.pk).ledger_length
    assert swept(on(4, 12)) == 1, "the return window has closed"
    assert deadlines.current(row, Clock.RETURN, row.assignments.get()) is None
    assert Ticket.objects.get(pk=row.pk).ledger_length == length, "and nobody needs a line for that"


@pytest.mark.django_db
def test_an_answer_shows_yellow_then_red_then_makes_ever_stronger_orders() -> None:
    cast = Cast()
    row = in_handling(cast)
    swept(on(4, 12))
    steps = [  # Friday 4 December ends one working day before Monday the 7th
        (on(4, 12, 23, 59), None),
        (midnight_after(4, 12), "card_shown yellow answer"),
        (on(7, 12, 23, 59), None),
        (on(8, 12), "card_shown red answer"),
        (on(8, 12, 23, 59), None),
        (midnight_after(8, 12), "supervised 1"),
        (on(10, 12, 23, 59), None),
        (midnight_after(10, 12), "supervised 2"),
    ]
    told: list[str] = []
    for moment, line in steps:
        assert swept(moment) == (line is not None), moment
        told += [line] if line else []
        assert story(row) == told
    assert swept(midnight_after(14, 12)) == 1, "level 3; the order before it was replaced before its reply was due"
    row.refresh_from_db()
    assert row.supervision_level == 3
    assert row.supervisions.get(ended_at=None).trigger == Supervision.Trigger.LATE
    answer = deadlines.required(row, Clock.ANSWER, row.assignments.get())
    assert (answer.card, answer.next_at) == (Card.RED, None)
    assert ledger.verify(row)


@pytest.mark.django_db
def test_an_order_that_stands_is_not_weakened_by_lateness() -> None:
    cast = Cast()
    row = in_handling(cast)
    with clock.at(on(1, 12)):
        supervision.supervise(ticket=row, by=actors.SYSTEM, level=2, note="领导批示")
    swept(midnight_after(10, 12))
    row.refresh_from_db()
    assert (row.supervision_level, row.supervisions.count()) == (2, 1)
    swept(midnight_after(14, 12))
    row.refresh_from_db()
    assert row.supervision_level == 3


@pytest.mark.django_db
def test_an_assisting_unit_that_is_late_shows_its_card_but_the_order_is_the_leads() -> None:
    cast = Cast()
    row = dispatched(cast, assisting=(cast.helper_unit,))
    by = actors.staff(cast.clerk)
    with clock.at(MONDAY + timedelta(hours=1)):
        lifecycle.sign_for(ticket=row, by=by, version=row.version)
        lifecycle.answer(ticket=row, by=by, version=row.version, public="已办")
    swept(midnight_after(20, 12))
    assert row.ledger.filter(kind="card_shown", data__department=cast.helper_unit.code).count() == 2
    assert not row.supervisions.exists()


@pytest.mark.django_db
def test_two_hours_have_no_yellow_card_and_are_red_at_once() -> None:
    cast = Cast()
    with clock.at(MONDAY):
        row, by = ticket(), actors.staff(cast.agent)
        lifecycle.accept(ticket=row, by=by, version=row.version, urgency="critical")
        lifecycle.dispatch_to(ticket=row, by=by, version=row.version, department=cast.unit)
        lifecycle.sign_for(ticket=row, by=actors.staff(cast.clerk), version=row.version)
    swept(MONDAY + timedelta(hours=2))
    assert story(row) == ["card_shown red contact", "card_shown red answer"]


@pytest.mark.django_db
def test_a_ticket_that_nobody_rates_is_closed_by_the_silence_clock() -> None:
    cast = Cast()
    with clock.at(MONDAY):
        row = cast.ticket_in(State.FOLLOW_UP)
    Deadline.objects.filter(ticket=row).exclude(clock=Clock.SILENCE).delete()
    assert swept(on(30, hour=23, minute=59)) == 0
    assert swept(midnight_after(30)) == 1
    assert swept(midnight_after(30)) == 0
    row.refresh_from_db()
    assert (row.state, row.satisfied) == (State.CLOSED, None)
    assert row.ledger.get(kind="closed").data["automatic"] is True


@pytest.mark.django_db
def test_silence_closes_nobody_who_must_be_called_back(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = Cast()
    monkeypatch.setattr(type(rulebook.book()), "call_back", lambda *_: CallBackChoice(choice=CallBack.DUE))
    with clock.at(MONDAY):
        row = cast.ticket_in(State.FOLLOW_UP)
    assert not row.deadlines.filter(clock=Clock.SILENCE).exists()
    swept(on(30, 12))
    row.refresh_from_db()
    assert (row.state, story(row)) == (State.FOLLOW_UP, ["card_shown red call_back"])
    with clock.at(on(31, 12)):
        by = actors.staff(cast.quality)
        closing.follow_up(ticket=row, by=by, version=row.version, reached=True, solved=True, satisfied=None)
    assert row.deadlines.get(clock=Clock.SILENCE).ended_at is None, "now silence is consent"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "which"),
    [
        (State.RECEIVED, Clock.ACCEPT),
        (State.RETURN_REVIEW, Clock.RULING),
        (State.ANSWER_REVIEW, Clock.REVIEW),
    ],
)
def test_the_hotlines_own_lateness_is_shown_and_nothing_is_ruled_by_itself(state: State, which: Clock) -> None:
    cast = Cast()
    with clock.at(MONDAY):
        row = cast.ticket_in(state)
    Deadline.objects.filter(ticket=row).exclude(clock=which).delete()
    assert swept(on(20, 12)) == 1
    assert swept(on(21, 12)) == 0
    row.refresh_from_db()
    assert (row.state, story(row)) == (state, [f"card_shown red {which}"])
    assert row.ledger.filter(actor="system").get().data["card"] == "red"


@pytest.mark.django_db
def test_a_clock_that_stands_still_fires_nothing_and_goes_on_by_itself_when_its_pause_is_over() -> None:
    cast = Cast()
    row = in_handling(cast)
    swept(on(1, 12))
    with clock.at(on(1, 12)):
        pauses.suspend(ticket=row, by=actors.staff(cast.lead), version=row.version, reason="等待鉴定", until=on(15, 12))
    assert swept(on(14, 12, 23, 59)) == 0
    assert swept(on(15, 12)) == 1
    row.refresh_from_db()
    assert (row.state, story(row)) == (State.HANDLING, ["resumed"])
    assert row.due_at == datetime(2026, 12, 21, 23, 59, 59, tzinfo=SHANGHAI), "later by the fourteen days"
    assert swept(on(15, 12)) == 0


@pytest.mark.django_db
def test_what_fell_due_while_nobody_swept_is_done_once_and_in_order() -> None:
    cast = Cast()
    rows = [dispatched(cast) for _ in range(3)]
    swept(on(20, 12))
    done = [
        *("signed " + cast.unit.code, "card_shown red contact"),
        *("card_shown yellow answer", "card_shown red answer", "supervised 1", "supervised 2", "supervised 3"),
    ]
    for row in rows:
        assert [line for line in story(row) if "supervision" not in line] == done
        row.refresh_from_db()
        assert ledger.verify(row)
    assert swept(on(20, 12)) == 0


@pytest.mark.django_db
def test_one_bad_ticket_does_not_stop_the_rest(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cast = Cast()
    bad, good = dispatched(cast), dispatched(cast)
    real = lifecycle.sign_automatically

    def broken(*, ticket: Ticket, **rest: object) -> Ticket:
        if ticket.pk == bad.pk:
            raise ZeroDivisionError
        return real(ticket=ticket, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(lifecycle, "sign_automatically", broken)
    assert swept(midnight_after(24)) == 3
    assert [r.message for r in caplog.records if r.levelname == "ERROR"] == ["a clock failed and is tried again later"]
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == (State.HANDLING, State.DISPATCHED)
    monkeypatch.undo()
    assert swept(midnight_after(24) + timedelta(minutes=1)) == 1
    bad.refresh_from_db()
    assert bad.state == State.HANDLING


@pytest.mark.django_db
def test_a_clock_left_running_on_an_ended_ticket_is_ended() -> None:
    cast = Cast()
    row = dispatched(cast)
    Ticket.objects.filter(pk=row.pk).update(state=State.WITHDRAWN)
    assert swept(midnight_after(24)) == 2
    assert story(row) == []
    assert deadlines.running(row).filter(next_at__lte=midnight_after(24)).count() == 0


@pytest.mark.django_db
def test_nothing_due_is_two_looks() -> None:
    cast = Cast()
    dispatched(cast)
    with clock.at(MONDAY), CaptureQueriesContext(connection) as captured:
        assert clocks.sweep() == 0
    assert len(captured) == 2, "one for the pauses, one for the clocks"


@pytest.mark.django_db
def test_a_clock_that_has_ended_shows_no_card_and_moves_no_more() -> None:
    cast = Cast()
    row = in_handling(cast)
    answer = deadlines.required(row, Clock.ANSWER, row.assignments.get())
    deadlines.stop_all(row)
    with pytest.raises(NotAllowed):
        cards.show_card(deadline=answer, card=Card.RED)
    assert not row.ledger.filter(kind="card_shown").exists()


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_do_everything_once() -> None:
    cast = Cast()
    rows = [dispatched(cast) for _ in range(6)]
    together, done = threading.Barrier(2), []

    def sweeper() -> None:
        try:
            with clock.at(midnight_after(24)):
                together.wait(timeout=20)
                done.append(clocks.sweep())
        finally:
            connection.close()

    threads = [threading.Thread(target=sweeper) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with clock.at(midnight_after(24)):
        done.append(clocks.sweep())
    assert sum(done) == 12
    for row in rows:
        assert sorted(story(row)) == ["card_shown red contact", f"signed {cast.unit.code}"]


@pytest.mark.django_db(transaction=True)
def test_a_ticket_that_somebody_holds_is_left_for_the_next_sweep() -> None:
    cast = Cast()
    row = dispatched(cast)
    outcome: list[int] = []

    def sweeper() -> None:
        try:
            outcome.append(swept(midnight_after(24)))
        finally:
            connection.close()

    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=row.pk)
        thread = threading.Thread(target=sweeper)
        thread.start()
        thread.join(timeout=30)
    assert outcome == [0]
    assert swept(midnight_after(24)) == 2


@pytest.mark.django_db
def test_an_answer_sent_back_by_the_reviewer_shows_its_yellow_card_before_its_new_limit() -> None:
    cast = Cast()
    row = in_handling(cast)
    with clock.at(on(24, hour=9)):
        lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public="已处理")
    with clock.at(on(25, hour=10)):
        closing.review(ticket=row, by=actors.staff(cast.quality), version=row.version, approved=False, note="太简单")
    answer = deadlines.required(row, Clock.ANSWER, row.assignments.get())
    assert answer.due_at == on(8, 12, 23, 59) + timedelta(seconds=59), "a working day later than before"
    assert answer.next_at == on(7, 12, 23, 59) + timedelta(seconds=59)
    swept(midnight_after(7, 12))
    assert story(row) == ["card_shown yellow answer"]


def acts(row: Ticket) -> list[str]:
    """The cards of the answer and the orders for it."""
    return [said for said in story(row) if said.startswith("supervised") or said.endswith(" answer")]


@pytest.mark.django_db
def test_an_answer_sent_back_when_it_was_late_brings_the_orders_that_were_still_to_come() -> None:
    cast = Cast()
    row = in_handling(cast)
    swept(midnight_after(8, 12))
    told = ["card_shown yellow answer", "card_shown red answer", "supervised 1"]
    assert acts(row) == told
    row.refresh_from_db()
    with clock.at(on(9, 12, 9)):
        lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public="已处理")
    with clock.at(on(10, 12, 9)):
        closing.review(ticket=row, by=actors.staff(cast.quality), version=row.version, approved=False, note="太简单")
    swept(on(11, 12, 23, 59))
    assert acts(row) == told, "two working days after the 8th"
    swept(midnight_after(11, 12))
    assert acts(row) == [*told, "supervised 2"]


@pytest.mark.django_db
def test_a_pause_leaves_each_card_and_order_to_come_once() -> None:
    """Paused for a working day after the yellow card, after the red one, and after the first order."""
    cast = Cast()
    row, by = in_handling(cast), actors.staff(cast.lead)
    told: list[str] = []
    for day, line in [
        (4, "card_shown yellow answer"),  # due on Monday the 7th
        (8, "card_shown red answer"),  # due on the 8th
        (10, "supervised 1"),  # one working day after the 9th
        (15, "supervised 2"),  # three after the 10th
        (18, "supervised 3"),  # five after the 11th
    ]:
        swept(midnight_after(day, 12) - timedelta(seconds=2))
        assert acts(row) == told, day
        swept(midnight_after(day, 12))
        told.append(line)
        assert acts(row) == told, day
        row.refresh_from_db()
        with clock.at(midnight_after(day, 12) + timedelta(hours=10)):
            pauses.suspend(ticket=row, by=by, version=row.version, reason="等待鉴定")
        swept(midnight_after(day, 12) + timedelta(hours=11))
        with clock.at(midnight_after(day, 12) + timedelta(days=3 if day == 4 else 1, hours=10)):
            pauses.resume(ticket=row, by=by, version=row.version)


@pytest.mark.django_db
def test_the_end_of_a_pause_waits_until_a_merge_is_undone() -> None:
    cast, by = Cast(), actors.staff
    row = in_handling(cast)
    with clock.at(on(1, 12)):
        pauses.suspend(ticket=row, by=by(cast.lead), version=row.version, reason="等待鉴定", until=on(3, 12))
        into = cast.ticket_in(State.ACCEPTED)  # nobody's clock runs on it
        merging.merge(ticket=row, by=by(cast.agent), version=row.version, into=into)
    with CaptureQueriesContext(connection) as asked:
        assert swept(on(4, 12)) == 0
    assert not any("FOR UPDATE" in query["sql"] for query in asked.captured_queries)
    with clock.at(on(5, 12)):
        merging.unmerge(ticket=row, by=by(cast.agent), version=row.version)
    swept(on(5, 12))
    row.refresh_from_db()
    assert row.state == State.HANDLING
    told = list(row.ledger.order_by("sequence").values_list("kind", flat=True))
    assert told[-3:] == ["merged", "unmerged", "resumed"]
