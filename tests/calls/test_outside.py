"""Numbers outside that agents may call: rows of the centre, and nothing else."""

import pytest

from channels_ingest.telephony import policy
from hotline.calls.models import OutsideNumber
from hotline.demo.city.catalogue import load_catalogue

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_what_the_centre_names_may_be_called() -> None:
    assert not policy.read().may_call("110")
    OutsideNumber.objects.create(number="0757", name="本市", all_beginning=True)
    OutsideNumber.objects.create(number="110", name="公安")
    now = policy.read()
    assert [now.may_call(number) for number in ("075788888888", "110", "1100", "0085299999999")] == [
        True,
        True,
        False,
        False,
    ]


def test_the_demonstration_may_call_its_own_city_however_often_it_is_loaded() -> None:
    load_catalogue("a-password")
    load_catalogue("a-password")
    assert [policy.read().may_call(number) for number in ("075788888888", "0085299999999")] == [True, False]
    assert OutsideNumber.objects.count() == 1
