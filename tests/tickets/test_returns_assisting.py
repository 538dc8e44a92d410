"""While a return is judged the units that assist work on, and the lead's part waits for the ruling."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.db.models import QuerySet

from dispatch import clocks
from hotline.people.models import Staff
from hotline.tickets import access, clock, deadlines, levels, lifecycle, queries, returns
from hotline.tickets.actors import staff as by
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Assignment, Clock, Ticket
from hotline.tickets.states import State
from tests.factories import Cast

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))
PART = Assignment.State


@pytest.fixture(autouse=True)
def _on_a_monday_morning() -> Iterator[None]:
    with clock.at(MORNING):
        yield


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def row(cast: Cast) -> Ticket:
    """Returned by its lead, who had not signed; another unit assists and has not signed either."""
    row = cast.ticket_in(State.ACCEPTED)
    lifecycle.dispatch_to(
        ticket=row, by=by(cast.agent), version=row.version, department=cast.unit, assisting=(cast.helper_unit,)
    )
    returns.request_return(
        ticket=row,
        by=by(cast.clerk),
        version=row.version,
        reason="not_our_duty",
        basis="三定",
        proposed=cast.other_unit,
    )
    return row


def parts(row: Ticket) -> dict[str, str]:
    return {part.department.code: part.state for part in row.assignments.select_related("department")}


def signs(row: Ticket, cast: Cast) -> Ticket:
    return lifecycle.sign_for(ticket=row, by=by(cast.helper_clerk), version=row.version)


def answers(row: Ticket, cast: Cast) -> Ticket:
    return lifecycle.answer(ticket=row, by=by(cast.helper_clerk), version=row.version, public="配合完毕")


def test_who_assists_signs_and_answers_and_the_return_is_judged_still(row: Ticket, cast: Cast) -> None:
    assert "sign" in access.allowed(cast.helper_clerk, row)
    signs(row, cast)
    assert {"contact", "answer"} <= set(access.allowed(cast.helper_clerk, row))
    answers(row, cast)
    assert (row.state, row.answered_at) == (State.RETURN_REVIEW, None)
    assert parts(row) == {cast.unit.code: PART.TO_SIGN, cast.helper_unit.code: PART.ANSWERED}
    assert row.ledger.get(kind="unit_answered").data["waiting_for"] == [cast.unit.code]
    assert not deadlines.running(row).filter(assignment__department=cast.helper_unit).exists()


def test_the_lead_neither_signs_nor_answers_what_it_has_returned(row: Ticket, cast: Cast) -> None:
    assert not {"sign", "contact", "answer"} & set(access.allowed(cast.clerk, row))
    with pytest.raises(NotAllowed):
        lifecycle.sign_for(ticket=row, by=by(cast.clerk), version=row.version)
    with pytest.raises(NotAllowed):
        lifecycle.answer(ticket=row, by=by(cast.clerk), version=row.version, public="修好")
    with pytest.raises(NotAllowed):
        lifecycle.sign_automatically(ticket=row, department=cast.unit)
    row.refresh_from_db()
    assert row.state == State.RETURN_REVIEW


def test_who_does_not_sign_in_time_is_signed_for_while_the_return_is_judged(row: Ticket, cast: Cast) -> None:
    with clock.at(MORNING + timedelta(days=2)):
        clocks.sweep()
    row.refresh_from_db()
    assert row.state == State.RETURN_REVIEW
    assert parts(row) == {cast.unit.code: PART.TO_SIGN, cast.helper_unit.code: PART.HANDLING}
    assert [line.data["department"] for line in row.ledger.filter(kind="signed")] == [cast.helper_unit.code]


@pytest.mark.parametrize(("upheld", "state"), [(True, State.DISPATCHED), (False, State.HANDLING)])
def test_the_answer_given_meanwhile_stays_given(row: Ticket, cast: Cast, upheld: bool, state: State) -> None:
    signs(row, cast)
    answers(row, cast)
    moved_to = cast.other_unit if upheld else None
    returns.rule_on_return(ticket=row, by=by(cast.lead), version=row.version, upheld=upheld, department=moved_to)
    assert row.state == state
    lead, clerk = (cast.other_unit, cast.other_clerk) if upheld else (cast.unit, cast.clerk)
    if upheld:
        lifecycle.sign_for(ticket=row, by=by(clerk), version=row.version)
    lifecycle.answer(ticket=row, by=by(clerk), version=row.version, public="修好了")
    assert row.state == State.ANSWER_REVIEW, "nobody else is waited for"
    assert parts(row)[lead.code] == parts(row)[cast.helper_unit.code] == PART.ANSWERED


def test_the_portal_shows_it_among_what_is_to_be_signed(row: Ticket, cast: Cast) -> None:
    def groups(person: Staff) -> dict[str, str]:
        found: QuerySet[Any] = queries.grouped(person)
        return {row.number: row.group for row in found}

    assert groups(cast.helper_clerk) == {row.number: "to_sign"}
    assert groups(cast.clerk) == {row.number: "handling"}
    signs(row, cast)
    assert groups(cast.helper_clerk) == {row.number: "handling"}


def test_nobody_is_called_in_or_released_meanwhile(row: Ticket, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        levels.release(ticket=row, by=by(cast.agent), version=row.version, department=cast.helper_unit, note="不必")
    assert deadlines.due_at(row, Clock.RULING) is not None
