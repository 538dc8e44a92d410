"""Ports for sound: held against everybody from the offer on, given back when the call is over."""

import socket

import pytest

from channels_ingest.telephony.ports import Ports

FIRST = 24_000


def taken(port: int) -> bool:
    """Whether somebody has the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.bind(("", port))
        except OSError:
            return True
    return False


def test_a_pair_is_held_until_it_is_opened_and_is_not_given_twice() -> None:
    ports = Ports((FIRST, FIRST + 40))
    one, other = ports.hold(), ports.hold()
    assert one != other
    assert one % 2 == 0
    assert [taken(one), taken(one + 1)] == [True, True]
    ports.open(one)
    assert [taken(one), taken(one + 1)] == [False, False], "now whoever held it binds it"
    assert ports.hold() not in (one, other), "and nobody else of this process"
    ports.release(one)
    ports.release(one)
    assert ports.hold() == one
    ports.release_all()
    assert not taken(other)


def test_ports_of_others_are_passed_over_until_none_is_left() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as foreign:
        foreign.bind(("", FIRST + 101))
        ports = Ports((FIRST + 100, FIRST + 104))
        assert ports.hold() == FIRST + 102
        with pytest.raises(RuntimeError):
            ports.hold()
        ports.release_all()
