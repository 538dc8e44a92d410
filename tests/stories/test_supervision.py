"""A unit is urged until the rules put it under supervision; it replies, is put under a stronger order, and let go."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from channels_ingest.models import OutboundMessage
from hotline.tickets import clock
from hotline.tickets.models import Ticket
from tests.stories.world import World

MONDAY = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(autouse=True)
def _on_a_monday_morning() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def in_handling(world: World) -> Ticket:
    """A citizen's request in handling with `urban`."""
    said = {"channel": "app", "external_id": "1", "sender": {"phone": "13800000001"}, "text": "夜里施工吵得睡不着"}
    key = {"headers": {"Authorization": "Bearer demo-api-key"}}
    world.public.post("/api/v1/requests", json.dumps(said), "application/json", **key)
    world.settle()
    ticket = Ticket.objects.get()
    world.does("agent1", "accept", ticket.number)
    world.does("agent1", "dispatch", ticket.number, department="urban")
    world.does("urban", "sign", ticket.number)
    return ticket


def urges(world: World, ticket: Ticket) -> None:
    """The citizen presses the button on their page."""
    world.public.post(f"/t/{ticket.public_code}/urge/")
    world.settle()


def test_urged_three_times_then_supervised_replied_escalated_ended(world: World) -> None:
    ticket = in_handling(world)
    number = ticket.number
    urges(world, ticket)
    urges(world, ticket)  # within the day: counted once
    world.does("agent1", "urge", number, note="市民又来电")
    seen = world.sees("urban", number)
    assert (seen["urgings"], seen["supervision_level"], seen["supervisions"]) == (2, 0, [])

    with clock.at(MONDAY + timedelta(days=1)):
        urges(world, ticket)
        seen = world.sees("urban", number)
        assert (seen["urgings"], seen["supervision_level"]) == (3, 1)
        assert datetime.fromisoformat(seen["last_urged_at"]) == MONDAY + timedelta(days=1)
        order = seen["supervisions"][0]
        assert (order["level_name"], order["trigger"], order["by_name"]) == ("一级督办", "repeated", "")
        reply_due = next(found["due_at"] for found in seen["clocks"] if found["name"] == "supervision")
        assert datetime.fromisoformat(reply_due) == datetime(2026, 11, 26, 23, 59, 59, tzinfo=MONDAY.tzinfo)
        world.does("urban", "answer-order", number, text="已责令夜间停工")
        assert not [found for found in world.sees("urban", number)["clocks"] if found["name"] == "supervision"]
        weaker = world.post(
            "supervisor1", "supervise", number, version=world.sees("supervisor1", number)["version"], level=1, note="x"
        )
        assert (weaker.status_code, list(weaker.json()["errors"])) == (422, ["level"])
        world.does("supervisor1", "supervise", number, level=2, note="仍在施工，两日内办结")
        world.does("urban", "answer-order", number, text="已立案处罚")
        world.does("supervisor1", "end-supervision", number, note="现场已停工")

    seen = world.sees("supervisor1", number)
    first, second = seen["supervisions"]
    assert (seen["supervision_level"], first["level"], second["level"]) == (0, 1, 2)
    assert (first["reply"], second["reply"], second["ending_note"]) == ("已责令夜间停工", "已立案处罚", "现场已停工")
    assert first["ended_by_name"] == second["ended_by_name"] != ""
    assert world.story_of(number) == [
        "received",
        "suggested",
        "accepted by agent1",
        "dispatched by agent1",
        "signed by urban",
        "urged",
        "urged by agent1",
        "urged",
        "supervised",
        "order_answered by urban",
        "supervised by supervisor1",
        "order_answered by urban",
        "supervision_ended by supervisor1",
    ]
    orders = ["urged", "supervised", "order_answered", "supervision_ended"]
    assert not OutboundMessage.objects.filter(kind__in=orders).exists(), "orders are between the centre and the unit"
    page = world.public.get(f"/t/{ticket.public_code}/").content.decode()
    assert "已责令夜间停工" not in page
    assert "现场已停工" not in page
