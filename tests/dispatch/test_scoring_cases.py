"""What counts, for whom and on which day: stories told by the real verbs, every count exact, live and folded alike."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from dispatch.models import ScoreCase, ScoreDay
from dispatch.scoring import fold
from hotline.people.models import Department
from hotline.tickets import actors, clock, lifecycle, pauses, returns
from hotline.tickets.models import Deadline, Ticket
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""09:00 in the city; the Guangdong pack gives a request for help 1 working day to sign and 10 to answer."""
MARCH = date(2026, 3, 1), date(2026, 3, 31)

Counted = dict[tuple[str, str], tuple[int, int]]


def counted(first: date = MARCH[0], last: date = MARCH[1]) -> Counted:
    """(unit's code, measure) → (counted, set aside), without the measures of the whole request."""
    codes = dict(Department.objects.values_list("pk", "code"))
    return {
        (codes.get(row.department_id or 0, ""), row.measure): (row.counted, row.aside)
        for row in fold.counts(first, last)
    }


def of_unit(unit: Department, *measures: str) -> dict[str, int]:
    """How often each of `measures` counted for the unit in March."""
    found = counted()
    return {measure: found.get((unit.code, measure), (0, 0))[0] for measure in measures}


@pytest.fixture
def tell(cast: Cast) -> Callable[..., Ticket]:
    """Tells what happened `hours` after Monday 09:00, by whom."""
    people = {"agent": cast.agent, "lead": cast.lead, "quality": cast.quality}
    people |= {"unit": cast.clerk, "other": cast.other_clerk, "helper": cast.helper_clerk}

    def told(hours: float, who: str, verb: Callable[..., object], row: Ticket, **said: object) -> Ticket:
        with clock.at(MONDAY + timedelta(hours=hours)):
            row.refresh_from_db()
            verb(ticket=row, by=actors.staff(people[who]), version=row.version, **said)
        return row

    return told


@pytest.fixture
def cast() -> Cast:
    return Cast()


def received(hours: float = 0, channel: str = "web") -> Ticket:
    with clock.at(MONDAY + timedelta(hours=hours)):
        return ticket(contact=contact(channel), type="help")


Tell = Callable[..., Ticket]


def dispatched(cast: Cast, tell: Tell, hours: float = 0, **said: object) -> Ticket:
    row = tell(hours, "agent", lifecycle.accept, received(hours))
    return tell(hours + 0.1, "agent", lifecycle.dispatch_to, row, department=cast.unit, **said)


def at(hours: float) -> object:
    return clock.at(MONDAY + timedelta(hours=hours))


def test_a_request_answered_well(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    tell(2, "unit", lifecycle.sign_for, row)
    tell(3, "unit", lifecycle.contact, row, whom="诉求人")
    tell(30, "unit", lifecycle.answer, row, public="修好了")
    tell(32, "quality", lifecycle.review, row, approved=True)
    tell(50, "quality", lifecycle.follow_up, row, reached=True, solved=True, satisfied=4)
    unit = cast.unit.code
    with at(60):
        expected = {
            (unit, "all"): (1, 0),
            (unit, "online"): (1, 0),
            (unit, "dispatched"): (1, 0),
            (unit, "sign_due"): (1, 0),
            (unit, "signed_in_time"): (1, 0),
            (unit, "contact_due"): (1, 0),
            (unit, "contacted_in_time"): (1, 0),
            (unit, "due"): (1, 0),
            (unit, "answered_in_time"): (1, 0),
            (unit, "answered"): (1, 0),
            (unit, "sent"): (1, 0),
            (unit, "first_unit_right"): (1, 0),
            (unit, "effective_follow_ups"): (1, 0),
            (unit, "solved"): (1, 0),
            (unit, "effective_ratings"): (1, 0),
            (unit, "satisfied"): (1, 0),
        }
        assert counted() == expected
        fold.fold()
        assert counted() == expected
