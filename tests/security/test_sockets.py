"""What a socket must survive and whom it must show out: odd frames, a changed password, an expired session."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus

from agent_console import live
from agent_console.consumers import SIGNED_OUT
from hotline.people.models import Staff
from tests import processes
from tests.agent_console.test_feed import caught_up, socket
from tests.factories import Cast, ticket

PATIENCE = 20
ODD = ("[" * 100_000, '"' + "9" * 5000, "9" * 5000, '{"kind": "looking", "number": "\\ud800"}', '{"kind": ["x"]}')


@pytest.fixture(scope="module")
def serving(django_db_setup: None) -> Iterator[str]:
    """One server for all tests here: it remembers nothing but its open sockets."""
    with processes.server() as address:
        yield address


@pytest.fixture
def server(transactional_db: None, serving: str) -> str:
    """Its address."""
    return serving


@pytest.mark.parametrize("text", [*ODD, None, "", "null", "[1]", '{"a": "\\ud800"}'])
def test_what_is_no_frame_is_an_empty_one(text: str | None) -> None:
    assert live.frame_of(text) in ({}, {"kind": ["x"]})


def test_odd_frames_and_addresses_close_nothing(server: str) -> None:
    cast, row = Cast(), ticket()
    ping = json.dumps({"kind": "ping"})
    with socket(server, "/ws/desk/", cast.agent) as desk, socket(server, f"/ws/chat/{row.public_code}/") as chat:
        caught_up(desk)
        desk_odd = (*ODD, json.dumps({"kind": "looking", "number": "\0"}))
        chat_odd = (
            *ODD,
            '{"kind": "say", "text": "x", "id": "\\ud800"}',
            '{"kind": "say", "text": 1, "id": "\\ud800"}',
        )
        for feed, odd in ((desk, desk_odd), (chat, chat_odd)):
            for frame in odd:
                feed.send(frame)
            feed.send(ping)
            while json.loads(feed.recv(PATIENCE))["kind"] != "pong":
                pass
    for code in ("%00", "AAAA%00AAAA", "%ff", "A" * 3000):
        with pytest.raises(InvalidStatus) as refusal:
            socket(server, f"/ws/chat/{code}/")
        assert refusal.value.response.status_code == 403, code


@pytest.mark.parametrize("event", ["password", "expiry", "dismissed", "signed out"])
def test_a_session_that_no_longer_holds_ends_its_socket(server: str, event: str) -> None:
    cast = Cast()
    with socket(server, "/ws/desk/", cast.agent) as desk:
        caught_up(desk)
        if event == "password":
            cast.agent.set_password("another-horse-battery")
            cast.agent.save()
        elif event == "dismissed":
            Staff.objects.update(is_active=False)
        elif event == "signed out":
            Session.objects.all().delete()
        else:
            Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        desk.send(json.dumps({"kind": "ping"}))
        with pytest.raises(ConnectionClosed) as end:
            desk.recv(PATIENCE)
        assert end.value.rcvd is not None
        assert end.value.rcvd.code == SIGNED_OUT
