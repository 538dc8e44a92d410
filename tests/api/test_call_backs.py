"""The desk's queue of citizens to call back: exactly those, due by rule first, the soonest clock first."""

from datetime import timedelta

import pytest
from django.test import Client

from hotline.tickets import clock
from hotline.tickets.models import CallBack, Clock, Deadline, Ticket
from hotline.tickets.states import State
from tests.factories import Cast

pytestmark = pytest.mark.django_db
QUEUE = "/api/v1/tickets?queue=to_follow_up"


def follow_up(cast: Cast, why: CallBack, hours: int) -> str:
    """A ticket to be called back inside so many hours."""
    row = cast.ticket_in(State.FOLLOW_UP)
    Ticket.objects.filter(pk=row.pk).update(call_back=why)
    Deadline.objects.filter(ticket=row, clock__in=[Clock.CALL_BACK, Clock.SILENCE]).delete()
    moment = clock.now()
    due = moment + timedelta(hours=hours)
    Deadline.objects.create(ticket=row, clock=Clock.CALL_BACK, started_at=moment, due_at=due, rule="test")
    return row.number


def test_only_those_in_their_order_page_by_page(client: Client) -> None:
    cast = Cast()
    by_lot = follow_up(cast, CallBack.SAMPLED, 1)
    late = follow_up(cast, CallBack.DUE, 30)
    soon = follow_up(cast, CallBack.DUE, 2)
    follow_up(cast, CallBack.NONE, 1)
    client.force_login(cast.quality)
    pages, after = [], ""
    for _ in range(3):
        page = client.get(f"{QUEUE}&limit=1{after}").json()
        pages += [(row["number"], row["call_back"]) for row in page["results"]]
        after = f"&after={page['next']}"
    assert pages == [(soon, "due"), (late, "due"), (by_lot, "sampled")]
    assert page["next"] is None
    assert client.get("/api/v1/queue-counts").json()["to_follow_up"] == 3
