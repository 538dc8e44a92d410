"""More time and time that does not count: capped, ruled on once, recorded with who and why, shown in the reckoning."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from dispatch import explaining
from dispatch.models import TermRule
from hotline.tickets import access, actors, clock, closing, deadlines, lifecycle, pauses, supervision
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import Clock, Deadline, Ticket
from hotline.tickets.states import State
from tests.factories import Cast

pytestmark = pytest.mark.django_db
CHINA = timezone(timedelta(hours=8))
MORNING = datetime(2026, 11, 23, 9, tzinfo=CHINA)  # a Monday; no holiday until the new year
PAUSE = timedelta(days=3)


def end_of(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _on_a_monday_morning() -> Iterator[None]:
    with clock.at(MORNING):
        yield


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def row(cast: Cast) -> Ticket:
    """In handling with a lead, while the assisting unit has not signed; due in ten working days."""
    row = cast.ticket_in(State.ACCEPTED)
    lifecycle.dispatch_to(
        ticket=row,
        by=actors.staff(cast.agent),
        version=row.version,
        department=cast.unit,
        assisting=(cast.helper_unit,),
    )
    lifecycle.sign_for(ticket=row, by=actors.staff(cast.clerk), version=row.version)
    assert row.due_at == end_of(12, 7)
    return row


def ask(row: Ticket, cast: Cast, days: int) -> Ticket:
    return pauses.request_extension(
        ticket=row, by=actors.staff(cast.clerk), version=row.version, working_days=days, code="works", reason="等配件"
    )


def rule(row: Ticket, cast: Cast, granted: bool, days: int | None = None) -> Ticket:
    return pauses.rule_on_extension(
        ticket=row, by=actors.staff(cast.lead), version=row.version, granted=granted, working_days=days, note="属实"
    )


def suspend(row: Ticket, cast: Cast, until: datetime | None = None) -> Ticket:
    return pauses.suspend(
        ticket=row, by=actors.staff(cast.lead), version=row.version, code="expert", reason="等待鉴定结论", until=until
    )


def due_by_unit(row: Ticket, which: Clock) -> dict[str, datetime]:
    found = deadlines.running(row).filter(clock=which)
    return dict(found.values_list("assignment__department__code", "due_at"))


# --- extension ------------------------------------------------------------------------------------------


def test_what_is_late_cannot_be_put_off(row: Ticket, cast: Cast) -> None:
    with clock.at(end_of(12, 8)), pytest.raises(NotAllowed):
        ask(row, cast, 3)
    row.refresh_from_db()
    assert (row.due_at, row.ledger.filter(kind="extension_requested").exists()) == (end_of(12, 7), False)
    with clock.at(end_of(12, 7)):
        ask(row, cast, 3)
    assert row.ledger.filter(kind="extension_requested").exists()


def test_granted_days_put_off_every_answer_and_show_in_the_reckoning(row: Ticket, cast: Cast) -> None:
    ask(row, cast, 3)
    assert deadlines.due_at(row, Clock.RULING) == end_of(11, 24)
    rule(row, cast, granted=True)
    assert row.due_at == end_of(12, 10)
    assert due_by_unit(row, Clock.ANSWER) == {cast.unit.code: end_of(12, 10), cast.helper_unit.code: end_of(12, 10)}
    answer = deadlines.required(row, Clock.ANSWER, row.assignments.get(department=cast.unit))
    assert answer.extended_days == 3
    assert len(answer.explanation) > 3
    assert any("2026-12-10" in line for line in answer.explanation)
    assert deadlines.current(row, Clock.RULING) is None
    told = row.ledger.get(kind="extension_granted").data
    assert (told["working_days"], told["reason"], told["note"]) == (3, "等配件", "属实")
    assert datetime.fromisoformat(told["due_at"]) == end_of(12, 10)


def test_fewer_days_may_be_granted_than_asked_for(row: Ticket, cast: Cast) -> None:
    ask(row, cast, 5)
    rule(row, cast, granted=True, days=2)
    assert (row.due_at, row.extensions.get().granted_days) == (end_of(12, 9), 2)


def test_refused_leaves_the_limit(row: Ticket, cast: Cast) -> None:
    ask(row, cast, 5)
    rule(row, cast, granted=False)
    assert (row.due_at, row.extensions.get().granted_days) == (end_of(12, 7), None)
    assert deadlines.current(row, Clock.RULING) is None


def test_the_cap_holds_over_all_extensions_together(row: Ticket, cast: Cast) -> None:
    assert TermRule.objects.get(clock="extension", pack__code="guangdong").amount == 10
    with pytest.raises(InvalidFields) as caught:
        ask(row, cast, 11)
    assert list(caught.value.errors) == ["working_days"]
    ask(row, cast, 7)
    rule(row, cast, granted=True)
    with pytest.raises(InvalidFields) as caught:
        ask(row, cast, 4)
    assert "3" in caught.value.errors["working_days"][0]
    ask(row, cast, 2)
    with pytest.raises(InvalidFields):
        rule(row, cast, granted=True, days=4)
    rule(row, cast, granted=True, days=3)
    assert deadlines.required(row, Clock.ANSWER, row.assignments.get(department=cast.unit)).extended_days == 10


def test_one_request_at_a_time(row: Ticket, cast: Cast) -> None:
    ask(row, cast, 2)
    assert "request-extension" not in access.allowed(cast.clerk, row)
    assert "rule-on-extension" in access.allowed(cast.lead, row)
    with pytest.raises(NotAllowed):
        ask(row, cast, 2)


def test_a_unit_that_answers_needs_no_more_time(row: Ticket, cast: Cast) -> None:
    ask(row, cast, 2)
    lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public="已修好")
    assert row.extensions.get().granted is False
    assert deadlines.current(row, Clock.RULING) is None


def test_a_request_can_be_ruled_on_while_the_ticket_is_suspended(row: Ticket, cast: Cast) -> None:
    ask(row, cast, 3)
    suspend(row, cast)
    rule(row, cast, granted=True)
    with clock.at(MORNING + PAUSE):
        pauses.resume(ticket=row, by=actors.SYSTEM, version=None)
    assert row.due_at == end_of(12, 15), "three working days later, over a weekend"


def test_what_the_desk_takes_from_a_unit_has_no_request_left(row: Ticket, cast: Cast) -> None:
    ask(row, cast, 3)
    closing.withdraw(ticket=row, by=actors.CITIZEN)
    assert row.extensions.get().granted is False
    assert not deadlines.running(row).exists()


# --- suspension -------------------------------------------------------------------------------------------


def test_all_running_clocks_are_later_by_the_working_days_that_ended_in_the_pause(row: Ticket, cast: Cast) -> None:
    before = {which: due_by_unit(row, which) for which in (Clock.ANSWER, Clock.SIGN, Clock.CONTACT, Clock.RETURN)}
    suspend(row, cast)
    assert row.state == State.SUSPENDED
    assert set(deadlines.running(row).values_list("paused_at", flat=True)) == {MORNING}
    with clock.at(MORNING + PAUSE):
        pauses.resume(ticket=row, by=actors.staff(cast.lead), version=row.version)
    after = {which: due_by_unit(row, which) for which in before}
    lead, helper = cast.unit.code, cast.helper_unit.code
    assert before == {
        Clock.ANSWER: {lead: end_of(12, 7), helper: end_of(12, 7)},
        Clock.SIGN: {helper: end_of(11, 24)},
        Clock.CONTACT: {lead: end_of(11, 24)},
        Clock.RETURN: {lead: end_of(11, 25)},
    }
    assert after == {
        Clock.ANSWER: {lead: end_of(12, 10), helper: end_of(12, 10)},
        Clock.SIGN: {helper: end_of(11, 27)},
        Clock.CONTACT: {lead: end_of(11, 27)},
        Clock.RETURN: {lead: end_of(11, 30)},
    }
    assert row.due_at == end_of(12, 10)
    assert before[Clock.SIGN].keys() == {cast.helper_unit.code}, "the lead has signed: that clock is a matter of record"
    told = row.ledger.get(kind="resumed").data
    assert (told["seconds"], datetime.fromisoformat(told["due_at"])) == (3 * 86_400, end_of(12, 10))


@pytest.mark.parametrize(("hours", "due"), [((105, 168), end_of(12, 7)), ((105, 216), end_of(12, 9))])
def test_a_weekend_gives_nothing_back_and_two_full_working_days_give_two(
    row: Ticket, cast: Cast, hours: tuple[int, int], due: datetime
) -> None:
    """From Friday 18:00 to Monday 09:00, and to the Wednesday after."""
    begins, ends = (MORNING + timedelta(hours=hour) for hour in hours)
    with clock.at(begins):
        suspend(row, cast)
    with clock.at(ends):
        pauses.resume(ticket=row, by=actors.staff(cast.lead), version=row.version)
    assert row.due_at == due
    assert set(due_by_unit(row, Clock.ANSWER).values()) == {due}


def test_a_pause_is_on_record_with_cause_person_and_end(row: Ticket, cast: Cast) -> None:
    suspend(row, cast, until=MORNING + PAUSE)
    kept = row.suspensions.get()
    assert (kept.code, kept.reason, kept.by, kept.at) == ("expert", "等待鉴定结论", cast.lead, MORNING)
    told = row.ledger.get(kind="suspended").data
    assert (told["code"], datetime.fromisoformat(told["until"])) == ("expert", MORNING + PAUSE)


def test_a_pause_cannot_have_ended_already(row: Ticket, cast: Cast) -> None:
    with pytest.raises(InvalidFields) as caught:
        suspend(row, cast, until=MORNING)
    assert list(caught.value.errors) == ["until"]


def test_the_reckoning_names_a_pause_while_it_lasts_and_afterwards(row: Ticket, cast: Cast) -> None:
    answer = deadlines.required(row, Clock.ANSWER, row.assignments.get(department=cast.unit))
    suspend(row, cast)
    standing = explaining.explain(Deadline.objects.get(pk=answer.pk))
    assert standing[: len(answer.explanation)] == answer.explanation
    assert any("2026-11-23 09:00" in line and "等待鉴定结论" in line for line in standing[len(answer.explanation) :])
    with clock.at(MORNING + PAUSE):
        pauses.resume(ticket=row, by=actors.SYSTEM, version=None)
    afterwards = explaining.explain(Deadline.objects.get(pk=answer.pk))[len(answer.explanation) :]
    assert any("2026-11-23 09:00" in line and "2026-11-26 09:00" in line for line in afterwards)
    assert any("2026-12-10" in line for line in afterwards)


def test_a_supervisors_reply_clock_does_not_stand_still(row: Ticket, cast: Cast) -> None:
    supervision.supervise(ticket=row, by=actors.SYSTEM, level=1, note="催办三次")
    suspend(row, cast)
    assert deadlines.required(row, Clock.SUPERVISION).paused_at is None


def test_the_leads_extension_takes_nobody_beyond_their_own_cap(row: Ticket, cast: Cast) -> None:
    helper = row.assignments.get(department=cast.helper_unit)
    lifecycle.sign_for(ticket=row, by=actors.staff(cast.helper_clerk), version=row.version)
    pauses.request_extension(
        ticket=row, by=actors.staff(cast.helper_clerk), version=row.version, working_days=8, reason="等材料"
    )
    rule(row, cast, granted=True)
    ask(row, cast, 5)
    rule(row, cast, granted=True)
    assert deadlines.required(row, Clock.ANSWER, helper).extended_days == 10
    assert deadlines.required(row, Clock.ANSWER, row.assignments.get(department=cast.unit)).extended_days == 5
