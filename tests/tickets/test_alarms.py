"""Words of danger raise the urgency, shorten the clocks and ring once, until a person has seen it."""

from datetime import timedelta

import pytest

from hotline.tickets import alarms, ledger, lifecycle
from hotline.tickets.actors import staff as by
from hotline.tickets.alarms import Danger
from hotline.tickets.errors import NotAllowed, NotYours
from hotline.tickets.models import Alarm, Clock, Deadline, Ticket
from hotline.tickets.states import State
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


FIRE = Danger(kind="fire", what="火灾", words="着火了", rings=True)
MASS = Danger(kind="mass", what="群体事件", words="集体上访", rings=True)
OUTAGE = Danger(kind="outage", what="停水", words="停水", rings=False)


def _due(row: Ticket, clock: Clock) -> timedelta:
    running = Deadline.objects.get(ticket=row, clock=clock, ended_at=None)
    return running.due_at - row.updated_at


def test_danger_raises_the_urgency_and_rings_once() -> None:
    row = ticket("三楼着火了")
    alarms.escalate(ticket=row, level="critical", dangers=[FIRE])
    alarms.escalate(ticket=row, level="critical", dangers=[FIRE])  # a reaction may run twice
    row.refresh_from_db()
    assert row.urgency == "critical"
    assert [(alarm.kinds, alarm.level, alarm.seen_at) for alarm in Alarm.objects.all()] == [
        (["fire"], "critical", None)
    ]
    lines = list(row.ledger.filter(kind="escalated"))
    assert [line.data["rings"] for line in lines] == [["fire"]]
    assert "着火" not in str(lines[0].data), "the citizen's words stay out of the ledger"
    assert ledger.verify(row)


def test_what_does_not_ring_only_raises_the_urgency() -> None:
    row = ticket("停水了")
    alarms.escalate(ticket=row, level="urgent", dangers=[OUTAGE])
    row.refresh_from_db()
    assert (row.urgency, Alarm.objects.count()) == ("urgent", 0)


def test_two_who_hear_the_same_at_once_write_it_once() -> None:
    row = ticket("停水了")
    other = Ticket.objects.get(pk=row.pk)
    alarms.escalate(ticket=row, level="urgent", dangers=[OUTAGE])
    alarms.escalate(ticket=other, level="urgent", dangers=[OUTAGE])
    assert row.ledger.filter(kind="escalated").count() == 1


def test_another_danger_rings_again() -> None:
    row = ticket()
    alarms.escalate(ticket=row, level="critical", dangers=[FIRE])
    alarms.escalate(ticket=row, level="urgent", dangers=[FIRE, MASS])
    assert [alarm.kinds for alarm in Alarm.objects.order_by("pk")] == [["fire"], ["mass"]]
    row.refresh_from_db()
    assert row.urgency == "critical", "a lesser danger lowers nothing"


def test_the_units_clocks_come_nearer(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    before = row.due_at
    alarms.escalate(ticket=row, level="critical", dangers=[FIRE])
    row.refresh_from_db()
    assert before is not None
    assert row.due_at is not None
    assert row.due_at < before
    assert _due(row, Clock.ANSWER) <= timedelta(hours=2)
    assert set(row.ledger.get(kind="escalated").data["limits"]) >= {"answer"}


def test_only_the_desk_confirms_and_only_what_rings(cast: Cast) -> None:
    row = ticket()
    with pytest.raises(NotAllowed):
        alarms.see(ticket=row, by=by(cast.agent), alarms=[1])
    alarms.escalate(ticket=row, level="critical", dangers=[FIRE])
    with pytest.raises(NotYours):
        alarms.see(ticket=row, by=by(cast.quality), alarms=_all(row))
    alarms.see(ticket=row, by=by(cast.agent), alarms=_all(row))
    alarm = Alarm.objects.get()
    assert (alarm.seen_by, alarm.seen_at is not None) == (cast.agent, True)
    assert row.ledger.get(kind="alarm_seen").data == {"kinds": ["fire"]}
    with pytest.raises(NotAllowed):
        alarms.see(ticket=row, by=by(cast.lead), alarms=_all(row))


def _all(row: Ticket) -> list[int]:
    return list(row.alarms.values_list("pk", flat=True))


def test_an_alarm_that_was_not_shown_rings_on(cast: Cast) -> None:
    row = ticket()
    alarms.escalate(ticket=row, level="critical", dangers=[FIRE])
    shown = _all(row)
    alarms.escalate(ticket=row, level="critical", dangers=[MASS])
    elsewhere = ticket()
    alarms.escalate(ticket=elsewhere, level="critical", dangers=[FIRE])
    alarms.see(ticket=row, by=by(cast.agent), alarms=[*shown, *_all(elsewhere)])
    assert [alarm.kinds for alarm in row.alarms.filter(seen_at=None)] == [["mass"]]
    assert elsewhere.alarms.get().seen_at is None, "another ticket's alarm is not seen by way of this one"
    assert row.ledger.get(kind="alarm_seen").data == {"kinds": ["fire"]}


def test_confirming_refuses_nobodys_typing(cast: Cast) -> None:
    row = ticket()
    version = row.version
    alarms.escalate(ticket=row, level="critical", dangers=[FIRE])
    alarms.see(ticket=row, by=by(cast.agent), alarms=_all(row))
    lifecycle.accept(ticket=row, by=by(cast.agent), version=version)
    assert row.state == State.ACCEPTED
