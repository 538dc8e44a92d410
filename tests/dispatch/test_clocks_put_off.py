"""What the sweep could not do: tried again ever more seldom at the cost of one look; a gap in the rules stops it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch import clocks
from dispatch.models import Policy, PolicyKey
from hotline.tickets import actors, cards, clock, lifecycle, supervision
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Clock, Deadline, Ticket
from hotline.tickets.states import State
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
END_OF_TUESDAY = datetime(2026, 11, 24, 23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Refusing:
    """Refuses (or fails) to sign for the tickets named, and notes when it was asked to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception, *numbers: str) -> None:
        self.error, self.numbers, self.asked = error, set(numbers), []  # type: ignore[var-annotated]
        self._real = lifecycle.sign_automatically
        monkeypatch.setattr(lifecycle, "sign_automatically", self)

    def __call__(self, *, ticket: Ticket, **rest: object) -> Ticket:
        if ticket.number not in self.numbers:
            return self._real(ticket=ticket, **rest)  # type: ignore[arg-type]
        self.asked.append(clock.now())
        raise self.error


def dispatched(cast: Cast) -> Ticket:
    """To be signed for, and the citizen to be contacted, by the end of Tuesday."""
    with clock.at(MONDAY):
        row, by = ticket(), actors.staff(cast.agent)
        lifecycle.accept(ticket=row, by=by, version=row.version)
        lifecycle.dispatch_to(ticket=row, by=by, version=row.version, department=cast.unit)
    return row


def swept(at: datetime) -> int:
    with clock.at(at):
        return clocks.sweep()


def sign_clock(row: Ticket) -> Deadline:
    return Deadline.objects.get(ticket=row, clock=Clock.SIGN)


@pytest.mark.parametrize("error", [NotAllowed("closed"), ZeroDivisionError()])
def test_what_cannot_be_done_is_tried_ever_more_seldom_and_keeps_its_moment(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    row = dispatched(Cast())
    refusing = Refusing(monkeypatch, error, row.number)
    first = END_OF_TUESDAY + SECOND
    for minute in range(60):
        swept(first + minute * MINUTE)
    tries = [(asked - first) // MINUTE for asked in refusing.asked]
    assert tries == [0, 1, 3, 7, 15, 30, 45], "each waits as long as the clock has waited, at most a quarter of an hour"
    kept = sign_clock(row)
    assert (kept.next_at, kept.retry_at) == (END_OF_TUESDAY, first + 60 * MINUTE)


def test_it_is_done_once_at_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    row = dispatched(Cast())
    with monkeypatch.context() as patched:
        Refusing(patched, NotAllowed("closed"), row.number)
        assert swept(END_OF_TUESDAY + SECOND) == 1, "the contact's red card"
    assert swept(END_OF_TUESDAY + 2 * SECOND) == 0
    assert swept(END_OF_TUESDAY + SECOND + MINUTE) == 1
    row.refresh_from_db()
    assert row.state == State.HANDLING
    assert swept(END_OF_TUESDAY + timedelta(hours=1)) == 0
    assert row.ledger.filter(kind="signed").count() == 1


def test_an_order_for_lateness_that_came_at_a_bad_time_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = Cast()
    row = dispatched(cast)
    swept(datetime(2026, 12, 8, 1, tzinfo=MONDAY.tzinfo))
    due = datetime(2026, 12, 8, 23, 59, 59, tzinfo=MONDAY.tzinfo)
    assert Deadline.objects.get(ticket=row, clock=Clock.ANSWER).next_at == due
    with monkeypatch.context() as patched:
        patched.setattr(supervision, "supervise", lambda **order: (_ for _ in ()).throw(NotAllowed("closed")))
        assert swept(due + SECOND) == 0
    assert swept(due + MINUTE + SECOND) == 1
    row.refresh_from_db()
    assert row.supervision_level == 1


def test_what_is_refused_holds_up_nobody_and_costs_one_look_each(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = Cast()
    rows = [dispatched(cast) for _ in range(5)]
    Refusing(monkeypatch, NotAllowed("closed"), *(row.number for row in rows[:4]))
    assert swept(END_OF_TUESDAY + SECOND) == 6, "five contacts, one signed for"
    with CaptureQueriesContext(connection) as again:
        assert swept(END_OF_TUESDAY + 2 * SECOND) == 0
    assert len(again) == 2, "put off, they cost no more than nothing due"
    with CaptureQueriesContext(connection) as retried:
        swept(END_OF_TUESDAY + MINUTE + SECOND)
    looks = [query["sql"] for query in retried.captured_queries if "retry_at" in query["sql"]]
    found = [sql for sql in looks if sql.startswith("SELECT") and "FOR UPDATE" not in sql]
    assert len(found) == 5, "one for each, and one that finds no more"
    assert len({len(sql) for sql in found[1:]}) == 1, "none lists those before it"


def test_a_gap_in_the_rules_stops_the_sweep_with_one_error(caplog: pytest.LogCaptureFixture) -> None:
    cast = Cast()
    rows = [dispatched(cast) for _ in range(3)]
    swept(END_OF_TUESDAY + SECOND)
    kept = list(Policy.objects.filter(key=PolicyKey.YELLOW_DAYS))
    Policy.objects.filter(key=PolicyKey.YELLOW_DAYS).delete()
    evening = datetime(2026, 12, 5, 0, 0, tzinfo=MONDAY.tzinfo)
    swept(datetime(2026, 12, 4, 0, 0, tzinfo=MONDAY.tzinfo))  # the windows for a return close without any figure
    caplog.clear()
    assert swept(evening) == 0
    (error,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "yellow_days" in error.getMessage()
    assert error.exc_info is None
    answers = Deadline.objects.filter(clock=Clock.ANSWER).order_by("next_at", "pk")
    assert [answer.retry_at is not None for answer in answers] == [True, False, False]
    assert swept(evening + SECOND) == 0, "the next sweep begins behind it"
    assert [answer.retry_at is not None for answer in answers.all()] == [True, True, False]
    Policy.objects.bulk_create(kept)
    assert swept(evening + timedelta(minutes=20)) == 3
    for row in rows:
        assert row.ledger.filter(kind="card_shown", data__card="yellow").count() == 1


def test_a_clock_whose_next_moment_is_the_same_does_both_in_one_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Yellow on the day itself and red at its end: two cards of one clock, one moment."""
    row = dispatched(Cast())
    Policy.objects.filter(key__in=[PolicyKey.YELLOW_DAYS, PolicyKey.RED_DAYS]).update(value=0)
    due = datetime(2026, 12, 7, 23, 59, 59, tzinfo=MONDAY.tzinfo)
    swept(due - MINUTE)
    Deadline.objects.filter(ticket=row, clock=Clock.ANSWER).update(next_at=due)
    assert swept(due + SECOND) == 2
    shown = row.ledger.filter(kind="card_shown", data__clock="answer").order_by("sequence")
    assert [line.data["card"] for line in shown] == ["yellow", "red"]


def test_a_gap_is_an_error_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "show_card", lambda **card: (_ for _ in ()).throw(ImproperlyConfigured("no rule")))
    row = dispatched(Cast())
    Deadline.objects.filter(ticket=row).exclude(clock=Clock.CONTACT).update(next_at=None)
    assert swept(END_OF_TUESDAY + SECOND) == 0
    assert Deadline.objects.get(ticket=row, clock=Clock.CONTACT).retry_at == END_OF_TUESDAY + SECOND + MINUTE
