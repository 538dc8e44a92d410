"""The consoles' sockets on a real server: who gets in, what they see, and that nothing is ever missed."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from agent_console import live
from hotline.people.models import Staff
from hotline.tickets import actors, ledger, lifecycle, returns
from hotline.tickets.models import LedgerEntry
from tests import processes
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20


@pytest.fixture(scope="module")
def serving(django_db_setup: None) -> Iterator[str]:
    """One server for all tests here: it remembers nothing but its open sockets."""
    with processes.server() as address:
        yield address


@pytest.fixture
def server(transactional_db: None, serving: str) -> str:
    """Its address."""
    return serving


def session_of(person: Staff) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def socket(server: str, path: str, person: Staff | None = None, origin: str | None = None) -> ClientConnection:
    cookie = {"Cookie": f"sessionid={session_of(person)}"} if person else {}
    return connect(f"ws://{server}{path}", additional_headers=cookie, origin=origin, open_timeout=PATIENCE)


def frames_until(feed: ClientConnection, entry: int) -> list[dict[str, Any]]:
    """Ledger frames until the one numbered `entry` or a word that all up to it was sent."""
    seen = []
    while True:
        frame = json.loads(feed.recv(PATIENCE))
        if frame["kind"] in ("caught_up", "pong"):
            if frame["entry"] >= entry:
                return seen
        elif "ticket" in frame:
            seen.append(frame)
            if frame["entry"] >= entry:
                return seen


def caught_up(feed: ClientConnection) -> int:
    frame = json.loads(feed.recv(PATIENCE))
    assert frame["kind"] == "caught_up"
    return int(frame["entry"])


def test_who_gets_in(server: str) -> None:
    cast = Cast()
    mine = f"http://{server}"
    refused = [
        ("/ws/desk/", None, mine),
        ("/ws/desk/", cast.clerk, mine),
        ("/ws/portal/", cast.agent, mine),
        ("/ws/portal/", None, mine),
        ("/ws/wallboard/", cast.clerk, mine),
        ("/ws/desk/", cast.agent, "http://evil.example"),
        ("/ws/desk/", cast.agent, f"http://{server}.evil.example"),
        ("/ws/desk/", cast.agent, "null"),
        ("/ws/chat/NOSUCHCODE/", None, mine),
        ("/ws/nowhere/", cast.agent, mine),
    ]
    for path, person, origin in refused:
        with pytest.raises((InvalidStatus, ConnectionClosed)), socket(server, path, person, origin) as feed:
            feed.recv(PATIENCE)
    for path, person, origin in [
        ("/ws/desk/", cast.agent, mine),
        ("/ws/desk/", cast.agent, None),
        ("/ws/portal/", cast.clerk, mine),
        ("/ws/wallboard/", cast.supervisor, mine),
    ]:
        with socket(server, path, person, origin) as feed:
            assert caught_up(feed) == ledger.head()


def test_replay_then_live_without_a_gap(server: str) -> None:
    cast = Cast()
    rows = [ticket(f"第{n}件") for n in range(3)]
    start = rows[0].ledger.get().feed
    with socket(server, f"/ws/desk/?after={start}", cast.agent) as feed:
        replayed = frames_until(feed, ledger.head())
        assert [frame["entry"] for frame in replayed] == [start + 1, start + 2]
        caught_up(feed)
        lifecycle.accept(ticket=rows[0], by=actors.staff(cast.agent), version=1)
        frame = json.loads(feed.recv(PATIENCE))
        assert (frame["entry"], frame["kind"]) == (start + 3, "accepted")
        assert frame["ticket"]["number"] == rows[0].number
        assert frame["ticket"]["state"] == "accepted"
        assert "phone" not in json.dumps(frame)


def test_an_entry_of_another_database_does_not_deafen_a_console(server: str) -> None:
    cast = Cast()
    with socket(server, "/ws/desk/?after=999999", cast.agent) as feed:
        start = caught_up(feed)
        assert start == ledger.head()
        ticket("路灯坏了")
        assert json.loads(feed.recv(PATIENCE))["entry"] == start + 1


def test_a_line_that_redis_lost_is_fetched(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = Cast()
    with socket(server, "/ws/desk/", cast.agent) as feed:
        start = caught_up(feed)
        with monkeypatch.context() as redis_away:
            redis_away.setattr(live, "_publish", lambda group, message: None)
            ticket("没有广播"), ticket("也没有广播")
        ticket("广播了")
        entries = [json.loads(feed.recv(PATIENCE))["entry"] for _ in range(3)]
        assert entries == [start + 1, start + 2, start + 3]


def test_a_ping_finds_what_nobody_announced(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = Cast()
    with socket(server, "/ws/desk/", cast.agent) as feed:
        start = caught_up(feed)
        with monkeypatch.context() as redis_away:
            redis_away.setattr(live, "_publish", lambda group, message: None)
            ticket("没有广播")
        feed.send(json.dumps({"kind": "ping", "entry": start}))
        assert [json.loads(feed.recv(PATIENCE))["kind"] for _ in range(2)] == ["received", "pong"]


def test_many_writers_many_consoles_nothing_lost_nothing_twice(server: str) -> None:
    cast = Cast()
    start, writers, each = ledger.head(), 4, 15

    def write() -> None:
        try:
            for n in range(each):
                ticket(f"并发{n}")
        finally:
            connection.close()

    last = start + writers * each
    threads = [threading.Thread(target=write) for _ in range(writers)]
    with ExitStack() as consoles:

        def console() -> ClientConnection:
            return consoles.enter_context(socket(server, f"/ws/desk/?after={start}", cast.agent))

        feeds = [console() for _ in range(5)]
        for thread in threads:
            thread.start()
        feeds.append(console())  # comes in the middle of it
        for thread in threads:
            thread.join(60)
        assert ledger.head() == last
        for feed in feeds:
            seen = [frame["entry"] for frame in frames_until(feed, last)]
            assert seen == list(range(start + 1, last + 1))


def test_a_portal_sees_its_own_and_is_told_when_a_ticket_leaves(server: str) -> None:
    cast = Cast()
    row, foreign = ticket("归我"), ticket("不归我")
    by = actors.staff
    for one, unit in ((row, cast.unit), (foreign, cast.other_unit)):
        lifecycle.accept(ticket=one, by=by(cast.agent), version=one.version)
        lifecycle.dispatch_to(ticket=one, by=by(cast.agent), version=one.version, department=unit)
    with socket(server, "/ws/portal/?after=0", cast.clerk) as feed:
        seen = frames_until(feed, ledger.head())
        assert {frame["ticket"]["number"] for frame in seen} == {row.number}
        returns.request_return(ticket=row, by=by(cast.clerk), version=row.version, reason="not_our_duty", basis="三定")
        returns.rule_on_return(
            ticket=row,
            by=by(cast.lead),
            version=row.version,
            upheld=True,
            department=cast.other_unit,
        )
        lifecycle.sign_for(ticket=row, by=by(cast.other_clerk), version=row.version)
        feed.send(json.dumps({"kind": "ping"}))
        seen = frames_until(feed, ledger.head())
        told = [(frame["kind"], frame["ticket"]) for frame in seen if frame["kind"] != "return_requested"]
        assert told == [("return_upheld", {"number": row.number, "gone": True})]


def test_a_dismissed_agent_is_shown_out(server: str) -> None:
    cast = Cast()
    with socket(server, "/ws/desk/", cast.agent) as feed:
        caught_up(feed)
        Staff.objects.filter(pk=cast.agent.pk).update(is_active=False)
        feed.send(json.dumps({"kind": "ping"}))
        with pytest.raises(ConnectionClosed) as closed:
            feed.recv(PATIENCE)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4401


def test_presence(server: str) -> None:
    cast = Cast()
    row = ticket()
    with socket(server, "/ws/desk/", cast.agent) as one, socket(server, "/ws/desk/", cast.lead) as other:
        caught_up(one), caught_up(other)
        one.send(json.dumps({"kind": "looking", "number": row.number}))
        frame = json.loads(other.recv(PATIENCE))
        assert frame["kind"] == "presence"
        assert frame["number"] == row.number
        assert [person["username"] for person in frame["people"]] == [cast.agent.username]
        one.close()
        assert json.loads(other.recv(PATIENCE))["people"] == []


def test_nonsense_is_ignored(server: str) -> None:
    cast = Cast()
    with socket(server, "/ws/desk/", cast.agent) as feed:
        caught_up(feed)
        for nonsense in ("", "{", "[]", "null", '{"kind": 7}', '{"kind": "looking", "number": 3}', "x" * 10_000):
            feed.send(nonsense)
        feed.send(b"\x00\xff")
        feed.send(json.dumps({"kind": "ping"}))
        assert json.loads(feed.recv(PATIENCE))["kind"] == "pong"


def test_chat_both_ways(server: str) -> None:
    cast = Cast()
    row = ticket("请问怎么办居住证")
    with socket(server, f"/ws/chat/{row.public_code}/", origin=f"http://{server}") as citizen:
        first = json.loads(citizen.recv(PATIENCE))
        assert first["message"]["text"] == "请问怎么办居住证"
        while json.loads(citizen.recv(PATIENCE))["kind"] != "caught_up":
            pass
        lifecycle.reply(ticket=row, by=actors.staff(cast.agent), version=row.version, text="带身份证到派出所")
        answer = json.loads(citizen.recv(PATIENCE))
        assert (answer["message"]["direction"], answer["message"]["text"]) == ("out", "带身份证到派出所")
        lifecycle.note(ticket=row, by=actors.staff(cast.agent), version=row.version, text="内部")
        for _ in range(2):
            citizen.send(json.dumps({"kind": "say", "text": "谢谢", "id": "m-1"}))
        kinds = [json.loads(citizen.recv(PATIENCE)) for _ in range(3)]
        assert sorted(frame["kind"] for frame in kinds) == ["message", "said", "said"]
    assert [m.text for m in row.messages.filter(direction="in")] == ["请问怎么办居住证", "谢谢"]
    assert LedgerEntry.objects.filter(ticket=row, kind="words_added").count() == 1
