"""Guessing at the door: one password on many names, from many addresses of one subscriber."""

from typing import Any

import pytest
from django.test import Client

from hotline.people.limits import Limit, counted_as
from hotline.people.spraying import SIGN_INS
from tests.factories import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def attempt(name: str, password: str, address: str = "203.0.113.9") -> int:
    client = Client(REMOTE_ADDR=address)
    return client.post("/login/", {"username": name, "password": password}).status_code


def test_one_password_is_not_tried_on_every_name(cast: Cast) -> None:
    for number in range(SIGN_INS.most):
        assert SIGN_INS.take("203.0.113.9"), number
    assert attempt(cast.agent.username, PASSWORD) == 429
    assert attempt(cast.agent.username, PASSWORD, "203.0.113.10") == 302


def test_the_administration_has_no_door_of_its_own(cast: Cast) -> None:
    client = Client()
    answer = client.post("/admin/login/?next=/admin/people/", {"username": cast.agent.username, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/admin/people/")
    client.force_login(cast.agent, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/login/?next=/admin/").status_code == 403
    assert client.post("/admin/password_change/").headers["Location"] == "/password/"


def test_a_shift_that_signs_in_from_one_address_is_not_counted(cast: Cast) -> None:
    for _each in range(SIGN_INS.most - 1):
        SIGN_INS.take("203.0.113.9")
    for person in (cast.agent, cast.lead, cast.clerk):
        assert attempt(person.username, PASSWORD) == 302
    assert attempt(cast.agent.username, "wrong") == 200
    assert attempt(cast.lead.username, PASSWORD) == 429


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.9"),
        ("123452611220006016", "123452611220006016"),
        ("", ""),
    ],
)
def test_all_addresses_of_one_subscriber_count_as_one(address: str, counted: str) -> None:
    assert counted_as(address) == counted


def test_an_attempt_given_back_in_the_next_window_breaks_nothing(time_machine: Any) -> None:
    limit = Limit("test", most=1, seconds=60)
    time_machine.move_to("2026-11-22T09:00:59Z", tick=False)
    assert limit.take("a")
    time_machine.move_to("2026-11-22T09:01:01Z", tick=False)
    limit.give_back("a")
    assert [limit.take("a"), limit.take("a")] == [True, False]
