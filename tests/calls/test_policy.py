"""The telephone's figures and emergency services are the centre's, by the days they are in force."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from channels_ingest.telephony import policy
from channels_ingest.telephony.calls import Bounds
from dispatch.models import Policy, PolicyKey
from hotline.tickets.models import ListEntry

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_centre_begins_with_what_the_telephone_goes_by_without_a_database() -> None:
    now, supposed = policy.read(), policy.Policy()
    assert now.bounds == supposed.bounds == Bounds()
    for figure in ("rating_seconds", "message_seconds", "last_agent_days", "handling", "rating"):
        assert getattr(now, figure) == getattr(supposed, figure), figure


def test_figures_count_from_their_day_on() -> None:
    today = timezone.localdate()
    Policy.objects.create(key=PolicyKey.PHONE_CALLS, value=3, from_date=today)
    Policy.objects.create(key=PolicyKey.PHONE_MESSAGE, value=60, from_date=today + timedelta(days=1))
    now = policy.read()
    assert (now.bounds.calls, now.message_seconds) == (3, 300)


@pytest.mark.parametrize(("key", "value"), [("phone_longest", 10_801), ("phone_calls", 0), ("phone_silence", 1)])
def test_a_figure_that_would_lose_calls_is_refused(key: str, value: int) -> None:
    with pytest.raises(ValidationError):
        Policy(key=key, value=value, from_date=timezone.localdate()).full_clean()


def test_callers_can_be_handed_to_the_services_of_the_list() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    ListEntry.objects.filter(list="emergency", code="122").update(to_date=yesterday)
    ListEntry.objects.create(list="emergency", code="12395", name="12395 海上搜救", order=9, from_date=yesterday)
    ListEntry.objects.create(list="emergency", code="coast", name="海警", order=10, from_date=yesterday)
    now = policy.read()
    assert [service.code for service in now.services] == ["110", "119", "120", "12395"]
    assert now.services[3].name == "12395 海上搜救"
    assert [now.knows(service) for service in ("110", "12395", "122", "coast")] == [True, True, False, False]
