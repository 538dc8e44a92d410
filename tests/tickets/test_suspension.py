"""A pause stops every clock that runs: the lead's, and those of an assisting unit that has not signed yet."""

from datetime import datetime, timedelta, timezone

import pytest

from hotline.tickets import actors, clock, lifecycle, pauses
from hotline.tickets.models import Assignment
from hotline.tickets.states import State
from tests.factories import Cast

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))
PAUSE = timedelta(days=3)


def test_all_running_clocks_are_later_by_the_pause() -> None:
    cast = Cast()
    row = cast.ticket_in(State.ACCEPTED)
    given = limits()
    row = lifecycle.dispatch_to(
        ticket=row,
        by=actors.staff(cast.agent),
        version=row.version,
        department=cast.unit,
        assisting=(cast.helper_unit,),
    )
    lifecycle.sign_for(ticket=row, by=actors.staff(cast.clerk), version=row.version)
    with clock.at(MORNING):
        pauses.suspend(ticket=row, by=actors.staff(cast.lead), version=row.version, reason="等待鉴定结论")
    with clock.at(MORNING + PAUSE):
        pauses.resume(ticket=row, by=actors.staff(cast.lead), version=row.version)
    lead, helper = Assignment.objects.order_by("pk")
    assert row.due_at == lead.due_at == helper.due_at == given.due_at + PAUSE
    assert helper.sign_due_at == given.sign_due_at + PAUSE
    assert lead.sign_due_at == given.sign_due_at, "it has signed: how soon is a matter of record"
