"""What a change of rules or calendar would move: counted exactly, kept nowhere, then written into each ledger once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from dispatch import clocks, moving, preview
from dispatch.models import CalendarDay, PackInForce, PlannedMove, RulePack, TermRule
from hotline.tickets import actors, cards, clock, closing, deadlines, ledger, lifecycle, pauses
from hotline.tickets.models import Card, Clock, Deadline, Ticket
from hotline.tickets.rulebook import Limit
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
"""Complaints dispatched then are due on Monday, 14 December; consultations on Wednesday, the 25th."""


def end_of(day: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=SHANGHAI)


def dispatched(cast: Cast, kind: str = "complaint", **helpers: object) -> Ticket:
    by = actors.staff(cast.agent)
    with clock.at(MONDAY):
        row = ticket()
        lifecycle.accept(ticket=row, by=by, version=row.version, type=kind)
        lifecycle.dispatch_to(ticket=row, by=by, version=row.version, department=cast.unit, **helpers)  # type: ignore[arg-type]
    return row


def answer_of(row: Ticket) -> Deadline:
    return deadlines.required(row, Clock.ANSWER, row.assignments.get(role="lead"))


def shorten(days: int = 10) -> None:
    """Complaints are to be answered in so many working days."""
    rule = TermRule.objects.get(pack__code="guangdong", clock=Clock.ANSWER, type="complaint")
    rule.amount, rule.basis = days, "省里通知"
    rule.save()


def test_a_replay_says_what_would_have_been_late_when_it_ended() -> None:
    cast = Cast()
    late, early = dispatched(cast), dispatched(cast)
    for row, day in ((late, 9), (early, 4)):
        with clock.at(datetime(2026, 12, day, 9, tzinfo=SHANGHAI)):
            lifecycle.sign_for(ticket=row, by=actors.staff(cast.clerk), version=row.version)
            lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public="已修好")
    with clock.at(datetime(2027, 1, 8, 9, tzinfo=SHANGHAI)):
        found = preview.replay(shorten, MONDAY, MONDAY + timedelta(days=30))
        assert preview.replay(shorten, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)).moves == ()
    answers = {(move.ticket, move.late, move.relieved) for move in found.moves if move.clock == Clock.ANSWER}
    assert answers == {(late.number, True, False), (early.number, False, False)}
    assert Deadline.objects.get(ticket=late, clock=Clock.ANSWER).due_at == end_of(14)


def test_a_preview_counts_what_moves_and_keeps_nothing() -> None:
    cast = Cast()
    complaints = [dispatched(cast) for _ in range(3)]
    dispatched(cast, "consultation")
    lengths = {row.pk: row.ledger_length for row in Ticket.objects.all()}
    with clock.at(datetime(2026, 12, 8, 9, tzinfo=SHANGHAI)):
        found = preview.preview(shorten)
    assert {move.ticket for move in found.moves} == {row.number for row in complaints}
    assert {(m.clock, m.department, m.before, m.after, m.rule, m.late, m.relieved) for m in found.moves} == {
        (
            Clock.ANSWER,
            cast.unit.code,
            end_of(14),
            end_of(7),
            "guangdong/answer/complaint@2022-01-01",
            True,
            False,
        )
    }
    assert (found.tickets, found.late, found.relieved) == (3, 3, 0)
    assert (found.looked_at, found.untouched) == (16, 0)
    with translation.override("en"):
        assert preview.say_effect(found.tickets, found.late) == "3 tickets move, 3 become late."
    assert TermRule.objects.get(pack__code="guangdong", clock=Clock.ANSWER, type="complaint").amount == 15
    assert not TermRule.history.filter(basis="省里通知").exists()
    assert PlannedMove.objects.count() == 0
    assert {row.pk: row.ledger_length for row in Ticket.objects.all()} == lengths


def test_nothing_moves_when_nothing_changes_whatever_a_clock_has_been_through() -> None:
    cast = Cast()
    row, by = dispatched(cast), actors.staff(cast.clerk)
    with clock.at(MONDAY + timedelta(hours=3)):
        lifecycle.sign_for(ticket=row, by=by, version=row.version)
        pauses.request_extension(ticket=row, by=by, version=row.version, working_days=3, code="complex", reason="复杂")
        lead = actors.staff(cast.lead)
        pauses.rule_on_extension(ticket=row, by=lead, version=row.version, granted=True)
        pauses.suspend(ticket=row, by=lead, version=row.version, reason="等待鉴定")
    with clock.at(MONDAY + timedelta(hours=53, minutes=7)):
        pauses.resume(ticket=row, by=lead, version=row.version)
    assert preview.preview(lambda: None).moves == ()
    assert answer_of(row).due_at == end_of(21), "Monday and Tuesday are given back"
    (move,) = preview.preview(shorten).moves
    assert move.after == end_of(14), "ten days, then three, then the two that it stood still: no weekend among them"


def test_a_calendar_day_moves_what_runs_across_it() -> None:
    cast = Cast()
    row = dispatched(cast, assisting=(cast.helper_unit,))
    with clock.at(MONDAY):
        found = preview.preview(
            lambda: CalendarDay.objects.create(date=date(2026, 12, 1), working=False, reason="本市放假")
        )
    assert {(m.clock, m.department, m.after) for m in found.moves} == {
        (Clock.ANSWER, cast.unit.code, end_of(15)),
        (Clock.ANSWER, cast.helper_unit.code, end_of(15)),
    }
    assert found.tickets == 1
    assert row.number == found.moves[0].ticket


def test_another_pack_moves_open_tickets_only_when_asked_to() -> None:
    cast = Cast()
    dispatched(cast)

    def go_by_shandong() -> None:
        pack = RulePack.objects.get(code="shandong")
        PackInForce.objects.create(pack=pack, from_date=date(2026, 11, 25))

    assert preview.preview(go_by_shandong).moves == ()
    found = preview.preview(go_by_shandong, as_of=date(2026, 11, 25))
    assert [(m.clock, m.after, m.rule) for m in found.moves] == [
        (Clock.ANSWER, end_of(30, 11), "shandong/answer/complaint@2020-01-01")
    ]


def test_a_clock_keeps_its_own_rule_when_the_ticket_was_edited_or_moved_since() -> None:
    cast = Cast()
    row = dispatched(cast)
    with clock.at(MONDAY):
        lifecycle.edit(ticket=row, by=actors.staff(cast.agent), version=row.version, type="consultation")
    assert preview.preview(lambda: None).moves == ()
    (move,) = preview.preview(shorten).moves
    assert move.after == end_of(7)


def test_a_clock_without_a_known_rule_is_left_alone_and_counted() -> None:
    cast = Cast()
    row = dispatched(cast)
    Deadline.objects.filter(pk=answer_of(row).pk).update(rule="before")
    found = preview.preview(shorten)
    assert (found.moves, found.untouched) == ((), 1)


def test_a_paused_clock_moves_but_is_not_late_and_a_window_never_is() -> None:
    cast = Cast()
    row, by = dispatched(cast), actors.staff(cast.clerk)
    with clock.at(MONDAY):
        lifecycle.sign_for(ticket=row, by=by, version=row.version)
        pauses.suspend(ticket=row, by=actors.staff(cast.lead), version=row.version, reason="等待鉴定")
    with clock.at(end_of(20)):
        found = preview.preview(lambda: shorten(1))
    assert (found.tickets, found.late) == (1, 0)
    other = dispatched(cast, "consultation")
    with clock.at(MONDAY + timedelta(days=1, hours=20)):
        window = preview.preview(lambda: TermRule.objects.filter(clock=Clock.RETURN, urgency="").update(amount=0))
    assert [(m.ticket, m.late) for m in window.moves if m.ticket == other.number] == [(other.number, False)]


def test_a_longer_limit_relieves_who_was_late() -> None:
    cast = Cast()
    dispatched(cast)
    with clock.at(end_of(15)):
        found = preview.preview(lambda: shorten(20))
    assert (found.late, found.relieved) == (0, 1)


def test_applying_writes_one_line_for_each_clock_and_gives_it_its_new_reckoning() -> None:
    cast = Cast()
    rows = [dispatched(cast), dispatched(cast)]
    at = datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)
    with clock.at(at):
        found = preview.apply(shorten, reason="省里通知（管理员员）")
        assert (found.tickets, preview.pending()) == (2, 2)
        assert moving.write_moves() == 2
        assert (moving.write_moves(), preview.pending()) == (0, 0)
    for row in rows:
        row.refresh_from_db()
        line = row.ledger.get(kind="limit_moved")
        assert line.actor == "system"
        assert line.data == {
            "clock": "answer",
            "before": "2026-12-14T15:59:59+00:00",
            "due_at": "2026-12-07T15:59:59+00:00",
            "rule": "guangdong/answer/complaint@2022-01-01",
            "reason": "省里通知（管理员员）",
            "department": cast.unit.code,
        }
        answer = answer_of(row)
        assert (row.due_at, answer.due_at, answer.next_at) == (end_of(7), end_of(7), end_of(4))
        assert answer.explanation[0] == "省里通知"
        assert answer.explanation[1] == "自 2026-11-23 09:00 起 10 个工作日，当日不计。"
        assert len(answer.explanation) == 2 + 14 + 1
        assert ledger.verify(row)
    assert preview.preview(lambda: None).moves == ()


def test_a_second_change_waits_for_the_first_and_what_a_killed_worker_left_is_written_later() -> None:
    cast = Cast()
    dispatched(cast)
    preview.apply(shorten, reason="一")
    with pytest.raises(preview.MovesPending):
        preview.apply(lambda: shorten(5), reason="二")
    assert TermRule.objects.get(pack__code="guangdong", clock=Clock.ANSWER, type="complaint").amount == 10
    assert moving.write_moves() == 1
    assert preview.apply(lambda: shorten(5), reason="二").tickets == 1


def test_a_clock_that_ended_meanwhile_is_not_moved_and_an_extension_meanwhile_is_kept() -> None:
    cast = Cast()
    ended, put_off = dispatched(cast), dispatched(cast)
    by = actors.staff(cast.clerk)
    with clock.at(MONDAY):
        lifecycle.sign_for(ticket=put_off, by=by, version=put_off.version)
        preview.apply(shorten, reason="一")
        closing.withdraw(ticket=ended, by=actors.CITIZEN)
        answer = answer_of(put_off)
        deadlines.move(put_off, answer, two_days_more(answer))
        assert moving.write_moves() == 1
    assert preview.pending() == 0
    assert not ended.ledger.filter(kind="limit_moved").exists()
    assert answer_of(put_off).due_at == end_of(7) + timedelta(days=2)


def two_days_more(answer: Deadline) -> Limit:
    """Two days more, as an extension gives."""
    return Limit(clock=Clock.ANSWER, due_at=answer.due_at + timedelta(days=2), rule=answer.rule, explanation=("延期",))


def test_one_move_that_fails_is_left_and_does_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = Cast()
    bad, good = dispatched(cast), dispatched(cast)
    real = cards.move_limit

    def broken(*, deadline: Deadline, **rest: object) -> Ticket:
        if deadline.ticket_id == bad.pk:
            raise ZeroDivisionError
        return real(deadline=deadline, **rest)  # type: ignore[arg-type]

    with clock.at(MONDAY):
        preview.apply(shorten, reason="一")
        monkeypatch.setattr(cards, "move_limit", broken)
        assert (moving.write_moves(), preview.pending()) == (1, 1)
        assert answer_of(good).due_at == end_of(7)
        monkeypatch.undo()
        assert (moving.write_moves(), preview.pending()) == (1, 0)
        assert answer_of(bad).due_at == end_of(7)


def test_a_limit_moved_into_the_past_shows_its_cards_at_the_next_sweep() -> None:
    cast = Cast()
    row = dispatched(cast)
    now = datetime(2026, 12, 9, 9, tzinfo=SHANGHAI)
    with clock.at(now):
        clocks.sweep()
        assert answer_of(row).card == Card.NONE
        preview.apply(shorten, reason="一")
        moving.write_moves()
        clocks.sweep()
    assert answer_of(row).card == Card.RED


def test_the_number_of_queries_does_not_grow_with_the_tickets(settings: LazySettings) -> None:
    cast = Cast()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            preview.preview(shorten)
        return len(captured)

    dispatched(cast)
    one = queries()
    for _ in range(4):
        dispatched(cast)
    assert queries() == one
