"""From where somebody comes: our own proxies are believed as far as we said, also by the lockout."""

from typing import Any

import pytest
from axes.helpers import get_client_ip_address
from django.test import RequestFactory

from hotline.people.addresses import client_address, is_within


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "172.18.0.5"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "172.18.0.5"),
        (1, "", "172.18.0.5"),
    ],
)
def test_only_our_own_hops_are_believed(settings: Any, proxies: int, forwarded: str, address: str) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="172.18.0.5", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == get_client_ip_address(request) == address


def test_what_is_no_address_is_in_no_network() -> None:
    assert is_within("10.1.2.3", ["192.168.0.0/16", "10.1.2.9/8"])
    assert not is_within("11.1.2.3", ["10.0.0.0/8"])
    assert not is_within("", ["0.0.0.0/0"])
