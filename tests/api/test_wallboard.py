"""The wallboard's figures: exact counts beside a usual day, few queries, and nobody's ticket."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotline.calls.models import PhoneCall
from hotline.people.models import Area
from hotline.tickets import clock
from hotline.tickets.models import Matter, Ticket
from hotline.tickets.states import State
from hotline.tickets.today import USUAL_DAYS, today
from tests.api.conftest import Browser
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db(transaction=True)
NOON = timezone.make_aware(datetime(2026, 11, 20, 12, 30))


@pytest.fixture(autouse=True)
def _no_usual_day_of_another_test() -> None:
    cache.clear()


def received(at: datetime, **fields: object) -> Ticket:
    """A ticket received at `at`, with more columns set as an agent would have."""
    with clock.at(at):
        row = ticket(contact=contact(str(fields.pop("channel", "web"))))
    Ticket.objects.filter(pk=row.pk).update(**fields)
    return row


def test_today_beside_a_usual_day() -> None:
    Matter.objects.all().delete()
    noise = Matter.objects.create(code="0101", name="噪音扰民")
    street = Area.objects.create(code="s1", name="文昌街道", level="street")
    park = Area.objects.create(code="p1", name="文昌公园", level="poi", parent=street)
    for days in range(1, 15):  # every second day of four weeks: half of one is usual
        received(NOON - timedelta(days=2 * days, hours=2), matter=noise, area=park)
    received(NOON - timedelta(days=USUAL_DAYS + 1), matter=noise)  # too long ago to count
    received(NOON - timedelta(hours=1), matter=noise, area=street)
    received(NOON - timedelta(minutes=10), matter=noise, area=park, channel="sms")
    received(NOON - timedelta(minutes=5), state=State.CLOSED)
    received(NOON + timedelta(hours=1))  # not yet

    day = today(NOON)
    assert (day.received, day.usual) == (3, 0.5)
    assert {row["hour"]: row["count"] for row in day.hours if row["count"]} == {11: 1, 12: 2}
    assert {row["hour"]: row["usual"] for row in day.hours if row["usual"]} == {10: 0.5}
    assert day.channels == [{"code": "web", "count": 2}, {"code": "sms", "count": 1}]
    assert [(hot.code, hot.name, hot.count, hot.usual) for hot in day.matters] == [("0101", "噪音扰民", 2, 0.5)]
    assert [(hot.code, hot.name, hot.count, hot.usual) for hot in day.places] == [("s1", "文昌街道", 2, 0.5)]


def test_a_city_without_a_past_has_no_usual_day() -> None:
    day = today(NOON)
    assert (day.received, day.usual, day.matters, day.waiting, day.waiting_since) == (0, 0, [], 0, None)


def test_the_answer_and_its_queries(cast: Cast) -> None:
    first = cast.ticket_in(State.RECEIVED)
    cast.ticket_in(State.HANDLING)
    now = timezone.now()
    for outcome, answered in (("completed", now), ("abandoned_queue", None)):
        PhoneCall.objects.create(uuid=uuid4(), started_at=now, answered_at=answered, ended_at=now, outcome=outcome)
    supervisor = Browser(cast.supervisor, accept_language="en")
    body = supervisor.get("/wallboard").json()
    assert (body["waiting"], body["open"], body["received"]) == (1, 2, 2)
    assert datetime.fromisoformat(body["waiting_since"]) == first.created_at
    assert body["units"] == [{"code": cast.unit.code, "name": cast.unit.name, "open": 1, "late": 0, "due_soon": 0}]
    assert len(body["hours"]) == 24
    rates = {rate["name"]: (rate["label"], rate["numerator"], rate["denominator"]) for rate in body["calls"]}
    assert rates == {
        "connected": ("Calls connected", 1, 2),
        "answered_soon": ("Answered within 15 s", 1, 1),
        "abandoned": ("Calls abandoned", 1, 2),
    }
    assert first.number not in str(body)
    with CaptureQueriesContext(
        connection,
    ) as few:
        supervisor.get("/wallboard")
    for _ in range(5):
        cast.ticket_in(State.HANDLING)
    with CaptureQueriesContext(connection) as many:
        supervisor.get("/wallboard")
    assert len(many) == len(few)


def test_units_have_no_wallboard(cast: Cast) -> None:
    assert Browser(cast.clerk).get("/wallboard").status_code == 403
