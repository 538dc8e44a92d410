"""Rates of calls: exact counts, who is set aside, and that no unit is measured by them."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from dispatch.models import IndexWeight, Policy
from dispatch.rules import reading
from dispatch.scoring import rates
from dispatch.scoring.rates import Period
from hotline.calls.models import PhoneCall
from hotline.calls.states import Outcome

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
NINE = timezone.make_aware(datetime(2026, 3, 2, 9))


def call(
    outcome: str = "", answered: float | None = None, *, at: datetime = NINE, queued: float = 0.0, direction: str = "in"
) -> None:
    """A call that waited `queued` seconds for the queue and `answered` seconds in it; over where it has an outcome."""
    offered = at + timedelta(seconds=queued)
    PhoneCall.objects.create(
        uuid=uuid4(),
        started_at=at,
        queued_at=offered,
        answered_at=None if answered is None else offered + timedelta(seconds=answered),
        ended_at=at + timedelta(minutes=3) if outcome else None,
        outcome=outcome,
        direction=direction,
    )


def day() -> dict[str, tuple[int, int, int]]:
    """Numerator, denominator and what was set aside."""
    return {rate.name: (rate.numerator, rate.denominator, rate.set_aside) for rate in rates.of_calls(DAY, DAY)}


def test_answered_in_time_late_and_in_vain() -> None:
    call(Outcome.COMPLETED, 15, queued=40)  # the greeting of an exchange before the queue is no waiting
    call(Outcome.COMPLETED, 15.5)
    call("", 2)  # they talk still
    call("")  # it rings: not yet counted
    call(Outcome.ABANDONED_QUEUE)
    call(Outcome.ABANDONED_RINGING)
    call(Outcome.NO_AGENT)
    call(Outcome.FAILED)
    call(Outcome.REFUSED)
    call(Outcome.AFTER_HOURS)
    call(Outcome.COMPLETED, 1, direction="out")  # ours
    call(Outcome.COMPLETED, 1, at=NINE - timedelta(days=1))
    call(Outcome.COMPLETED, 1, at=timezone.make_aware(datetime(2026, 3, 3)))
    assert day() == {"connected": (3, 8, 1), "answered_soon": (2, 3, 0), "abandoned": (2, 8, 1)}
    Policy.objects.create(key="phone_answer", value=20, from_date=DAY)
    assert day()["answered_soon"] == (3, 3, 0), "the seconds are the centre's, from their day on"


def test_a_day_without_calls_has_no_rate() -> None:
    assert [(rate.denominator, rate.value) for rate in rates.of_calls(DAY, DAY)] == [(0, None)] * 3


def test_the_centre_is_measured_by_its_calls_and_no_unit_is() -> None:
    call(Outcome.COMPLETED, 2)
    whole = {rate.name: rate.value for rate in Period.read(DAY, DAY).overall()}
    assert whole["connected"] == 1.0
    of_units = Period.read(DAY, DAY, frozenset()).overall()
    assert not {"connected", "answered_soon", "abandoned"} & {rate.name for rate in of_units}
    with pytest.raises(ValidationError):
        IndexWeight(rate="connected", weight=10).full_clean()


def test_more_calls_are_no_more_queries(django_assert_num_queries: object) -> None:
    for _call in range(3):
        call(Outcome.COMPLETED, 2)
    with reading(), django_assert_num_queries(3):  # type: ignore[operator]
        rates.of_calls(DAY, DAY)
