"""Calls while the web process is killed and while PostgreSQL is away: they go on, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
import time
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from subprocess import Popen
from typing import Any

import httpx
import pytest
import websockets
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker
from websockets import ClientConnection, State

from hotline.calls.models import CallBackTask, PhoneCall
from hotline.people.models import Staff
from hotline.tickets.models import LedgerEntry, Ticket
from tests.agent_console.test_feed import session_of
from tests.channels_ingest.telephony.around import Caller, Desk, at_the_desk, both_speak, calling, read, there
from tests.channels_ingest.telephony.hall import until
from tests.factories import staff
from tests.launcher.installation import Database, Web, in_use, make_tables
from tests.processes import free_port, hotline

pytestmark = pytest.mark.asyncio
AWAY_SECONDS = float(os.environ.get("HOTLINE_TEST_DATABASE_AWAY", "60"))
HANGS_SECONDS = 15.0
"""Of the time away: longer than everything that waits for an answer of the database with patience."""
BACK_WITHIN_SECONDS = 20.0


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Database]:
    """Made once for this file: its tables take longer than its calls."""
    with tempfile.TemporaryDirectory(prefix="hotline-faults-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = Database(Path(folder) / "postgres")
        try:
            with in_use(server.url), django_db_blocker.unblock():
                make_tables()
                yield server
        finally:
            server.close()


@dataclass(frozen=True)
class Hotline:
    """What runs in a test."""

    database: Database
    web: Web
    worker: Popen[bytes]
    media: Path
    sip: int
    phones: int
    since: datetime
    """When it was started: what is older in the database is another test's."""

    @property
    def journal(self) -> Path:
        return self.media / "calls" / "journal.jsonl"


@pytest.fixture
def installation(
    database: Database, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hotline]:
    """Telephony and a worker beside a PostgreSQL of their own; the web is started by the test that needs it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setenv("HOTLINE_SPEECH", "none")
    sip, phones, web = free_port(), free_port(), Web()
    ports = {"--sip-port": sip, "--browser-port": phones, "--port": free_port()}
    with ExitStack() as running:
        running.callback(web.stop)
        worker = running.enter_context(hotline("worker", "--queues", "default,speech"))
        running.enter_context(hotline("telephony", *(word for pair in ports.items() for word in map(str, pair))))
        yield Hotline(database, web, worker, tmp_path / "media", sip, phones, timezone.now())


@asynccontextmanager
async def desks(here: Hotline, people: list[Staff]) -> AsyncIterator[list[Desk]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(at_the_desk(here.phones, one, patient=True)) for one in people]


async def two_agents() -> list[Staff]:
    return [await read(lambda: staff("agent")) for _ in range(2)]


async def talks_well(caller: Caller, desk: Desk) -> None:
    """Each hears what the other says; a busy machine is granted more than one try."""
    heard = [min(await both_speak(caller, desk))]
    while heard[-1] < 0.7 and len(heard) < 5:
        heard.append(min(await both_speak(caller, desk)))
    assert max(heard) >= 0.7, heard


async def talk_until(moment: float, caller: Caller, desk: Desk) -> None:
    """They speak as people on the line do, and there is no second in which one does not hear the other."""
    while time.monotonic() < moment:
        assert min(await both_speak(caller, desk)) > 0


async def done(desk: Desk) -> None:
    """The call is over and nothing is left to be written down."""
    await until(lambda: desk.last("call_over"))
    await desk.says("wrapup_done")


def ticket_of(desk: Desk) -> str | None:
    return desk.last("call").get("call", {}).get("ticket")


async def test_postgresql_is_away_for_a_minute_of_calls(installation: Hotline) -> None:
    here, began = installation, 0.0
    async with desks(here, await two_agents()) as (first, second):
        async with calling(here.sip, "13800000001") as goes_on:
            await first.answers()
            await until(lambda: ticket_of(first))
            async with calling(here.sip, "13800000002") as ends:
                await second.answers()
                await until(lambda: ticket_of(second))
                here.database.hang()
                began = time.monotonic()
                await talks_well(ends, second)
            await done(second)
            await until(lambda: second.last("agent")["agent"]["state"] == "idle")
            second.told.clear()
            async with calling(here.sip, "13800000003"):  # gives up while it rings
                await until(lambda: second.last("ringing"))
            await until(lambda: second.last("call_over"))
            await talk_until(began + HANGS_SECONDS, goes_on, first)
            await asyncio.to_thread(here.database.kill)
            await talks_well(goes_on, first)
            async with calling(here.sip, "13800000004") as begins:
                second.told.clear()
                await second.answers()
                await talks_well(begins, second)
                assert ticket_of(second) is None
                await asyncio.gather(
                    talk_until(began + AWAY_SECONDS, goes_on, first), talk_until(began + AWAY_SECONDS, begins, second)
                )
                await asyncio.to_thread(here.database.start)
                back = time.monotonic()
                await until(lambda: ticket_of(second))
                assert time.monotonic() - back < BACK_WITHIN_SECONDS
                await talks_well(begins, second)
            await talks_well(goes_on, first)
        for desk in (first, second):
            await done(desk)
        await everything_is_there(here, calls=4, talked=3, missed=[("13800000003", "abandoned_ringing")])


async def test_web_is_killed_in_the_middle_of_calls(installation: Hotline) -> None:
    here = installation
    people = await two_agents()
    await asyncio.to_thread(here.web.start)
    async with desks(here, people) as (first, second), calling(here.sip, "13900000001") as caller:
        async with console(here, people[0]) as feed:
            last = json.loads(await feed.recv())["entry"]
            call = await first.answers()
            await until(lambda: ticket_of(first))
            seen = await frames_of(feed, str(ticket_of(first)))
            here.web.kill()
            await feed.wait_closed()
        await talks_well(caller, first)
        async with calling(here.sip, "13900000002") as other:
            await second.answers()
            await talks_well(other, second)
            await until(lambda: ticket_of(second))
        await done(second)
        await asyncio.to_thread(here.web.start)
        await talks_well(caller, first)
        assert first.socket.state is State.OPEN
        async with console(here, people[0], after=seen[-1]) as feed:
            missed = await frames_of(feed, str(ticket_of(second)))
        assert seen + missed == list(range(last + 1, missed[-1] + 1))
        await comes_back_by_the_new_web(here, people[0], caller, call)
    await everything_is_there(here, calls=2, talked=2, missed=[])


async def comes_back_by_the_new_web(here: Hotline, person: Staff, caller: Caller, call: str) -> None:
    """The page is loaded anew: the new process lets it in, and it has its call as it was."""
    token = await read(lambda: token_of(here.web.address, person))
    async with websockets.connect(f"ws://127.0.0.1:{here.phones}/phone/?token={token}", proxy=None) as anew:
        desk = Desk(anew)
        await desk.says("hello", version=1)
        await until(lambda: desk.last("state"))
        assert (desk.last("state")["call"]["call"], desk.last("state")["call"]["state"]) == (call, "talking")
        await talks_well(caller, desk)
        await desk.says("hang_up")
        await done(desk)
        await caller.leg.hang_up()  # without rating


def token_of(address: str, person: Staff) -> str:
    """What the page asks for."""
    ours = {"sessionid": session_of(person), "csrftoken": "x" * 32}
    headers = {"X-CSRFToken": "x" * 32, "Cookie": "; ".join(f"{name}={value}" for name, value in ours.items())}
    answer = httpx.post(f"http://{address}/api/v1/phone/token", headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["token"])


@asynccontextmanager
async def console(here: Hotline, person: Staff, after: int | None = None) -> AsyncIterator[ClientConnection]:
    """The desk's feed."""
    key = await read(lambda: session_of(person))
    where = f"ws://{here.web.address}/ws/desk/" + (f"?after={after}" if after else "")
    async with websockets.connect(where, additional_headers={"Cookie": f"sessionid={key}"}, proxy=None) as feed:
        yield feed


async def frames_of(feed: ClientConnection, ticket: str) -> list[int]:
    """The numbers of the feed's lines up to the first one of this ticket."""
    seen = []
    async with asyncio.timeout(60):
        while True:
            frame = json.loads(await feed.recv())
            if "ticket" in frame:
                seen.append(frame["entry"])
                if frame["ticket"]["number"] == ticket:
                    return seen


async def everything_is_there(here: Hotline, *, calls: int, talked: int, missed: list[tuple[str, str]]) -> None:
    """Each call, each ticket and each call-back once; each recording as it was when it was finished."""

    def whole() -> list[PhoneCall]:
        rows = PhoneCall.objects.filter(started_at__gte=here.since).exclude(closed_at=None).exclude(recording="")
        return list(rows) if len(rows) == calls else []

    rows = await there(whole)
    assert sorted(row.outcome for row in rows if row.ticket_id) == ["completed"] * talked
    assert len({row.ticket_id for row in rows} - {None}) == talked
    for row in rows:
        sound = here.media / "recordings" / row.recording
        assert hashlib.sha256(sound.read_bytes()).hexdigest() == row.recording_sha256
        with wave.open(str(sound)) as there_is:
            assert there_is.getnframes() / there_is.getframerate() == pytest.approx(row.recording_seconds, abs=0.01)

    def counted() -> tuple[Any, ...]:
        tickets = Ticket.objects.filter(created_at__gte=here.since)
        received = LedgerEntry.objects.filter(kind="received", ticket__in=tickets)
        tasks = CallBackTask.objects.filter(first_at__gte=here.since)
        found = PhoneCall.objects.filter(started_at__gte=here.since)
        return len(found), len(tickets), len(received), [(task.phone, task.reason, task.calls) for task in tasks]

    def worked() -> bool:
        seen_to = PhoneCall.objects.filter(started_at__gte=here.since, transcript_state="no_model")
        return seen_to.exclude(ticket=None).count() == talked

    assert await read(counted) == (calls, talked, talked, [(*one, 1) for one in missed])
    await there(worked)
    assert here.worker.poll() is None
    assert not here.journal.with_suffix(".refused").exists()
    lines = [json.loads(line)[0] for line in here.journal.read_text().splitlines() if line]
    await until(lambda: int(here.journal.with_suffix(".applied").read_text()) == max(lines))
