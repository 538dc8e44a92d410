"""Who is told of a ticket's line over a socket: the same people who may read it at the interface, veiled alike."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from asgiref.sync import async_to_sync

from agent_console import live
from agent_console.consumers import FeedConsumer
from hotline.tickets import ledger
from hotline.tickets.access import unit_ids, visible_to
from hotline.tickets.models import Ticket
from tests.permissions.relations import HOTLINE, RELATIONS, Relations

pytestmark = pytest.mark.django_db


class Ear(FeedConsumer):
    """A socket that keeps what it would send."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    async def send(self, text_data: str | None = None, bytes_data: bytes | None = None, close: bool = False) -> None:
        """Keep it."""
        self.heard.append(text_data or "")


def told(relations: Relations, row: Ticket) -> dict[str, str]:
    """What the ticket's last line is to everybody: whole, veiled, gone, or nothing."""
    ledger.number_pending()
    line = asdict(live.lines([row.ledger.latest("sequence")])[0])
    names = {line["text"]: "whole", line["veiled"]: "veiled", line["gone"]: "gone"}
    found = {}
    for name in RELATIONS:
        ear = Ear()
        ear.staff = relations.people[name]
        unit_ids(ear.staff)
        async_to_sync(ear._tell)(line)
        found[name] = names[ear.heard[0]] if ear.heard else "nothing"
    return found


@pytest.mark.parametrize("scene", [Relations.accepted, Relations.handling, Relations.consultation, Relations.follow_up])
def test_a_line_reaches_exactly_those_who_may_read_the_ticket(scene: Callable[[Relations], Ticket]) -> None:
    relations = Relations()
    row = scene(relations)
    readers = {name for name in RELATIONS if visible_to(relations.people[name]).filter(pk=row.pk).exists()}
    found = told(relations, row)
    assert {name for name, how in found.items() if how in ("whole", "veiled")} == readers
    assert {name for name, how in found.items() if how == "whole"} == set(HOTLINE)
