"""What counts, for whom and on which day: stories told by the real verbs, every count exact, live and folded alike."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest

from dispatch.scoring import fold
from hotline.people.models import Department
from hotline.tickets import actors, clock, closing, confiding, lifecycle, pauses, returns
from hotline.tickets.models import Ticket
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""09:00 in the city; the Guangdong pack gives a request for help 1 working day to sign and 10 to answer."""
MARCH = date(2026, 3, 1), date(2026, 3, 31)

Counted = dict[tuple[str, str], tuple[int, int]]


def counted(first: date = MARCH[0], last: date = MARCH[1]) -> Counted:
    """(unit's code, measure) → (counted, set aside); the centre's own code is empty."""
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


def at(hours: float) -> AbstractContextManager[None]:
    return clock.at(MONDAY + timedelta(hours=hours))


def test_a_request_answered_well(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    tell(2, "unit", lifecycle.sign_for, row)
    tell(3, "unit", lifecycle.contact, row, whom="诉求人")
    tell(30, "unit", lifecycle.answer, row, public="修好了")
    tell(32, "quality", closing.review, row, approved=True)
    tell(50, "quality", closing.follow_up, row, reached=True, solved=True, satisfied=4)
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


def test_a_protected_citizen_written_to_through_the_hotline_was_contacted(cast: Cast, tell: Tell) -> None:
    row = tell(0, "agent", lifecycle.accept, received(), confidential=True)
    tell(0.1, "agent", lifecycle.dispatch_to, row, department=cast.unit)
    tell(2, "unit", lifecycle.sign_for, row)
    tell(3, "unit", confiding.relay, row, text="请问是哪一盏灯?")
    with at(60):
        assert of_unit(cast.unit, "contact_due", "contacted_in_time") == {"contact_due": 1, "contacted_in_time": 1}


def test_an_answer_without_a_contact_is_a_contact_that_was_missed(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    tell(2, "unit", lifecycle.sign_for, row)
    tell(4, "unit", lifecycle.answer, row, public="修好了")
    with at(60):
        expected = {"contact_due": 1, "contacted_in_time": 0, "answered": 1}
        assert of_unit(cast.unit, *expected) == expected
        assert counted(date(2026, 3, 2), date(2026, 3, 2))[cast.unit.code, "contact_due"] == (1, 0)
        fold.fold()
        assert of_unit(cast.unit, *expected) == expected


def test_what_was_missed_counts_on_the_day_it_ran_out(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    tuesday = date(2026, 3, 3)
    with at(24):
        assert of_unit(cast.unit, "sign_due", "signed_in_time") == {"sign_due": 0, "signed_in_time": 0}
    with at(24 * 15):
        assert counted(tuesday, tuesday)[cast.unit.code, "sign_due"] == (1, 0)
        assert of_unit(cast.unit, "due", "answered_in_time") == {"due": 1, "answered_in_time": 0}
        fold.fold()
        lifecycle.sign_automatically(ticket=row, department=cast.unit)
    tell(24 * 16, "unit", lifecycle.answer, row, public="修好了")
    with at(24 * 17):
        assert of_unit(cast.unit, "sign_due", "signed_in_time", "due", "answered_in_time") == {
            "sign_due": 1,
            "signed_in_time": 0,
            "due": 1,
            "answered_in_time": 0,
        }
        monday_after = date(2026, 3, 16)
        assert counted(monday_after, monday_after)[cast.unit.code, "due"] == (1, 0), "still on the day it ran out"


def test_signed_for_by_the_clock_is_not_signed_in_time(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    with at(48):
        lifecycle.sign_automatically(ticket=row, department=cast.unit)
        assert of_unit(cast.unit, "sign_due", "signed_in_time") == {"sign_due": 1, "signed_in_time": 0}


def test_a_unit_that_rightly_returned_answers_for_nothing_but_the_return(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    tell(2, "unit", lifecycle.sign_for, row)
    tell(3, "unit", returns.request_return, row, reason="not_our_duty", basis="三定方案", proposed=cast.other_unit)
    tell(4, "lead", returns.rule_on_return, row, upheld=True, department=cast.other_unit)
    tell(5, "other", lifecycle.sign_for, row)
    with at(24 * 15):
        found = counted()
        assert {key: found[key] for key in found if key[0] == cast.unit.code} == {
            (cast.unit.code, "dispatched"): (1, 0),
            (cast.unit.code, "returned"): (1, 0),
        }
        other = of_unit(cast.other_unit, "all", "dispatched", "sign_due", "signed_in_time", "due", "sent")
        assert other == {"all": 1, "dispatched": 1, "sign_due": 1, "signed_in_time": 1, "due": 1, "sent": 1}
        assert of_unit(cast.other_unit, "first_unit_right", "answered_in_time") == {
            "first_unit_right": 0,
            "answered_in_time": 0,
        }


def test_a_return_that_was_refused_changes_nothing(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    tell(2, "unit", lifecycle.sign_for, row)
    tell(3, "unit", returns.request_return, row, reason="not_our_duty", basis="三定方案", proposed=cast.other_unit)
    tell(4, "lead", returns.rule_on_return, row, upheld=False, note="属于你单位")
    with at(5):
        assert of_unit(cast.unit, "dispatched", "returned", "signed_in_time", "first_unit_right") == {
            "dispatched": 1,
            "returned": 0,
            "signed_in_time": 1,
            "first_unit_right": 1,
        }


def test_each_unit_answers_for_its_own_part(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell, assisting=(cast.helper_unit,))
    tell(2, "unit", lifecycle.sign_for, row)
    tell(30, "unit", lifecycle.answer, row, public="我们的部分好了")
    with at(24 * 20):
        lead = of_unit(cast.unit, "signed_in_time", "due", "answered_in_time", "answered", "all")
        assert lead == {"signed_in_time": 1, "due": 1, "answered_in_time": 1, "answered": 0, "all": 1}
        helper = of_unit(cast.helper_unit, "sign_due", "signed_in_time", "due", "answered_in_time", "answered", "all")
        assert helper == {
            "sign_due": 1,
            "signed_in_time": 0,
            "due": 1,
            "answered_in_time": 0,
            "answered": 0,
            "all": 0,
        }


def test_a_rework_is_due_once_more_and_a_round_counts_its_first_word(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    tell(2, "unit", lifecycle.sign_for, row)
    tell(30, "unit", lifecycle.answer, row, public="修好了")
    tell(31, "quality", closing.review, row, approved=True)
    with at(40):
        row.refresh_from_db()
        closing.rate(ticket=row, channel="web", satisfied=1, solved=False)
    tell(41, "quality", closing.follow_up, row, reached=True, solved=True, satisfied=5)
    tell(48, "quality", closing.rework, row, note="没有修好")
    tell(60, "unit", lifecycle.answer, row, public="又修好了")
    tell(61, "quality", closing.review, row, approved=True)
    tell(70, "quality", closing.follow_up, row, reached=False)
    tell(72, "quality", closing.follow_up, row, reached=True, solved=True, satisfied=3)
    with at(80):
        assert of_unit(cast.unit, "due", "answered_in_time", "answered", "reworked") == {
            "due": 2,
            "answered_in_time": 2,
            "answered": 1,
            "reworked": 1,
        }
        first_day = counted(date(2026, 3, 3), date(2026, 3, 3))
        assert first_day[cast.unit.code, "reworked"] == (1, 0), "on the day of the first answer"
        words = "effective_follow_ups", "solved", "effective_ratings", "very_dissatisfied", "basically_satisfied"
        assert of_unit(cast.unit, *words, "very_satisfied") == dict.fromkeys(words, 1) | {
            "effective_follow_ups": 2,
            "effective_ratings": 2,
            "very_satisfied": 0,
        }


def test_an_answer_sent_back_in_review_is_no_answer_yet(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    tell(2, "unit", lifecycle.sign_for, row)
    tell(30, "unit", lifecycle.answer, row, public="知道了")
    with at(31):
        assert of_unit(cast.unit, "due", "answered_in_time") == {"due": 1, "answered_in_time": 1}
        fold.fold()
    tell(32, "quality", closing.review, row, approved=False, note="没有回答")
    with at(33):
        assert of_unit(cast.unit, "due", "answered_in_time") == {"due": 0, "answered_in_time": 0}


def test_time_that_stood_still_is_not_missed(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    tell(2, "unit", lifecycle.sign_for, row)
    tell(24, "lead", pauses.suspend, row, reason="等待鉴定")
    with at(24 * 20):
        assert of_unit(cast.unit, "due") == {"due": 0}
    tell(24 * 20, "lead", pauses.resume, row)
    tell(24 * 21, "unit", lifecycle.answer, row, public="修好了")
    with at(24 * 22):
        assert of_unit(cast.unit, "due", "answered_in_time") == {"due": 1, "answered_in_time": 1}


def test_a_request_without_a_unit_is_the_centres(cast: Cast, tell: Tell) -> None:
    tell(1, "agent", lifecycle.answer_directly, received(channel="phone"), public="周一上班")
    tell(1, "agent", lifecycle.refuse, received(), reason="诉讼", door="法院")
    with at(2):
        assert counted() == {("", "all"): (2, 0), ("", "online"): (1, 0), ("", "answered"): (1, 0)}


def test_a_withdrawn_request_keeps_what_was_decided_and_owes_no_more(cast: Cast, tell: Tell) -> None:
    row = dispatched(cast, tell)
    tell(2, "unit", lifecycle.sign_for, row)
    with at(30):
        row.refresh_from_db()
        closing.withdraw(ticket=row, by=actors.CITIZEN)
    with at(24 * 20):
        assert of_unit(cast.unit, "sign_due", "signed_in_time", "due", "answered") == {
            "sign_due": 1,
            "signed_in_time": 1,
            "due": 0,
            "answered": 0,
        }
