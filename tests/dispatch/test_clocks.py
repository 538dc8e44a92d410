"""The clock's own verbs: late units are signed for, quiet tickets closed, nothing twice."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from dispatch import clocks
from hotline.tickets import actors, clock, lifecycle
from hotline.tickets.models import Assignment, Ticket
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db


def test_units_that_are_late_are_signed_for_once() -> None:
    cast = Cast()
    row, by = ticket(), actors.staff(cast.agent)
    lifecycle.accept(ticket=row, by=by, version=row.version)
    lifecycle.dispatch_to(
        ticket=row, by=by, version=row.version, department=cast.unit, assisting=(cast.helper_unit,)
    )
    assert clocks.sign_overdue() == 0
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        assert clocks.sign_overdue() == 2
        assert clocks.sign_overdue() == 0
    row.refresh_from_db()
    assert row.state == "handling"
    assert {part.state for part in row.assignments.all()} == {Assignment.State.HANDLING}
    assert all(part.auto_signed and part.signed_by is None for part in row.assignments.all())
    lines = row.ledger.filter(kind="signed").order_by("sequence")
    assert sorted(line.data["department"] for line in lines) == sorted([cast.unit.code, cast.helper_unit.code])
    assert all(line.data["automatic"] and line.actor == "system" for line in lines)


def test_a_unit_that_signed_in_time_is_left_alone() -> None:
    cast = Cast()
    row = cast.ticket_in("handling")
    with clock.at(clock.now() + timedelta(days=9)):
        assert clocks.sign_overdue() == 0
    assert Ticket.objects.get(pk=row.pk).ledger_length == row.ledger_length


def test_a_ticket_that_nobody_rates_is_closed_after_the_configured_days(settings: LazySettings) -> None:
    settings.AUTO_CLOSE_DAYS = 7
    cast = Cast()
    row = cast.ticket_in("follow_up")
    with clock.at(clock.now() + timedelta(days=6)):
        assert clocks.close_unrated() == 0
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        assert clocks.close_unrated() == 1
        assert clocks.close_unrated() == 0
    row.refresh_from_db()
    assert (row.state, row.satisfied) == ("closed", None)
    assert row.ledger.get(kind="closed").data["automatic"] is True
