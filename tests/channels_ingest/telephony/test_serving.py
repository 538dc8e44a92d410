"""The whole telephone with nothing but packages: a real SIP caller, a browser's socket, PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from django.utils import timezone

from channels_ingest.telephony import book, policy, serving, sounds
from channels_ingest.telephony.audiosocket import AudioSocketLeg
from channels_ingest.telephony.browser import BrowserSettings
from channels_ingest.telephony.calls import SipSettings, TelephonySettings
from channels_ingest.telephony.journal import Journal
from channels_ingest.telephony.serving import Places, Telephone, telephone
from channels_ingest.telephony.sip_leg import CallRefusedError
from dispatch.models import Policy
from hotline.calls.models import CallBackTask, PhoneCall
from hotline.people.models import Staff
from hotline.tickets.models import Ticket
from tests.channels_ingest.telephony.around import CALLER, at_the_desk, both_speak, calling, melody, read, there
from tests.channels_ingest.telephony.hall import ScriptedLeg, until
from tests.channels_ingest.telephony.test_audiosocket import Exchange as Peer
from tests.factories import staff
from tests.fakes.asterisk_ami import AsteriskAmi
from tests.processes import free_port

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet")]


@pytest.fixture
def quiet(settings: Any, tmp_path: Path, time_limits: None) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SPEECH_ENGINE = "none"
    settings.TELEPHONY_SIP_TRUNK = ""


CALL = UUID(int=9)


def sip_port(here: Telephone) -> int:
    assert here.sip is not None
    return here.sip.port


def places(tmp_path: Path) -> Places:
    return Places(
        TelephonySettings(recordings=tmp_path / "media" / "recordings", port=0),
        BrowserSettings(port=0),
        SipSettings(port=free_port()),
    )


@asynccontextmanager
async def running(tmp_path: Path) -> AsyncIterator[Telephone]:
    async with telephone(places(tmp_path)) as here:
        yield here


async def test_a_call_from_its_first_ring_to_its_ticket(tmp_path: Path) -> None:
    agent = await read(lambda: staff("agent"))
    async with running(tmp_path) as here, at_the_desk(here.browsers.port, agent) as desk:
        async with calling(sip_port(here)) as caller:
            call = await desk.answers()
            assert desk.last("ringing")["call"]["caller"]["phone"] == "138****5678"
            row = await there(lambda: Ticket.objects.filter(calls__uuid=call).first())
            await until(lambda: desk.last("call")["call"]["ticket"] == row.number)
            to_desk, to_caller = await both_speak(caller, desk)
            assert min(to_desk, to_caller) >= 0.7
        await until(lambda: desk.last("call_over"))
        await desk.says("wrapup_done")
        row = await there(lambda: PhoneCall.objects.filter(uuid=call, state="closed").exclude(recording="").first())

    def all_of_it() -> tuple[Any, ...]:
        kept = PhoneCall.objects.select_related("ticket__citizen", "agent", "message").get(uuid=call)
        return (kept, kept.ticket, kept.message, Ticket.objects.count(), CallBackTask.objects.count())

    kept, ticket, message, tickets, call_backs = await read(all_of_it)
    assert (kept.outcome, kept.agent, kept.caller, kept.called) == ("completed", agent, CALLER, "12345")
    assert (ticket.channel, ticket.citizen.phone, ticket.state) == ("phone", CALLER, "received")
    assert (message.ticket_id, message.kind) == (ticket.pk, "voice")
    assert (tickets, call_backs) == (1, 0)
    assert (tmp_path / "media" / "recordings" / kept.recording).exists()
    assert len(kept.recording_sha256) == 64
    assert kept.recording_seconds > 1


async def test_a_caller_who_gives_up_is_called_back(tmp_path: Path) -> None:
    agent = await read(lambda: staff("agent"))
    async with running(tmp_path) as here, at_the_desk(here.browsers.port, agent) as desk:
        async with calling(sip_port(here)):
            await until(lambda: desk.last("ringing"))
        task = await there(lambda: CallBackTask.objects.first())
        assert (task.reason, task.phone, task.calls) == ("abandoned_ringing", CALLER, 1)
        desk.told.clear()
        async with calling(sip_port(here)):
            call = await desk.answers()
            await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(answered_at=None).first())
        task = await there(lambda: CallBackTask.objects.exclude(done_at=None).first())
        assert task.result == "called_again"
    assert await read(Ticket.objects.count) == 1


async def test_where_nobody_works_a_message_becomes_a_ticket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = sounds.beep()
    monkeypatch.setattr(sounds, "words", lambda name: short)
    async with running(tmp_path) as here:
        async with calling(sip_port(here)) as caller:
            await until(lambda: here.board.lines)
            line = next(iter(here.board.lines.values()))
            await until(lambda: line.message_at is not None)
            await caller.say(melody() * 2)
        row = await there(lambda: PhoneCall.objects.filter(state="closed").exclude(recording="").first())
    assert row.outcome == "no_agent"
    ticket = await read(lambda: Ticket.objects.get())
    assert ticket.pk == row.ticket_id
    assert await read(lambda: CallBackTask.objects.get().reason) == "no_agent"


async def test_a_database_that_is_away_during_a_call_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await read(lambda: staff("agent"))
    apply, away = book.apply, asyncio.Event()

    def unreachable(*line: Any) -> None:
        if away.is_set():
            raise OperationalError("the server closed the connection")
        apply(*line)

    monkeypatch.setattr(book, "apply", unreachable)
    async with running(tmp_path) as here, at_the_desk(here.browsers.port, agent) as desk:
        away.set()
        async with calling(sip_port(here)) as caller:
            call = await desk.answers()
            to_desk, to_caller = await both_speak(caller, desk)
            assert min(to_desk, to_caller) >= 0.7
            assert desk.last("call")["call"]["ticket"] is None
        await until(lambda: desk.last("call_over"))
        assert await read(PhoneCall.objects.count) == 0
        away.clear()
        row = await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(recording="").first())
    assert row.outcome == "completed"
    assert row.ticket_id is not None


async def test_the_desk_s_state_is_seen_elsewhere(tmp_path: Path) -> None:
    agent = await read(lambda: staff("agent"))

    async def state(wanted: str) -> None:
        await there(lambda: Staff.objects.filter(pk=agent.pk, agent_state=wanted).first())

    async with running(tmp_path) as here, at_the_desk(here.browsers.port, agent) as desk:
        await state("idle")
        async with calling(sip_port(here)):
            await desk.answers()
            await state("busy")
        await state("wrapup")
        await desk.says("pause", reason="meal")
        await state("busy")
        assert (await read(lambda: Staff.objects.get(pk=agent.pk))).agent_state_reason == "meal"
        await desk.says("leave")
        await state("offline")


@pytest.mark.parametrize("dies_of", [RuntimeError("the disk is gone"), None])
async def test_a_part_that_dies_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_of: Exception | None
) -> None:
    async def dies(_journal: Journal) -> None:
        if dies_of is not None:
            raise dies_of

    monkeypatch.setattr(Journal, "run", dies)
    with pytest.raises(RuntimeError, match="the disk is gone" if dies_of else "a part of the telephone has ended"):
        await asyncio.wait_for(serving.until_told(places(tmp_path)), 30)


@pytest.mark.parametrize("when", ["before", "just after", "never", "the exchange cannot say"])
async def test_of_a_followed_exchange_only_announced_calls_are_taken(tmp_path: Path, settings: Any, when: str) -> None:
    announced = {"CallUUID": str(CALL), "Caller": CALLER, "Called": "12345", "Channel": "PJSIP/t-1", "Uniqueid": "1"}
    async with AsteriskAmi() as server:
        settings.TELEPHONY_AMI_HOST, settings.TELEPHONY_AMI_PORT = "127.0.0.1", server.port
        settings.TELEPHONY_AMI_SECRET = server.secret
        async with running(tmp_path) as here:
            assert here.exchange is not None
            await until(here.exchange.up.is_set)
            if when == "before":
                server.say("UserEvent", UserEvent="HotlineCall", **announced)
                await until(lambda: here.exchange.announced(CALL))
            elif when == "the exchange cannot say":
                await server.go_away()
                await until(lambda: not here.exchange.up.is_set())
            peer = await Peer.call(here.audiosocket.port, CALL)
            peer.speak(0.1)
            if when == "just after":
                await until(lambda: here.audiosocket.legs == 1)
                server.say("UserEvent", UserEvent="HotlineCall", **announced)
            if when == "never":
                await peer.closed()
                assert not here.board.lines
            else:
                await until(lambda: CALL in here.board.lines)
                assert here.board.lines[CALL].record.caller == ("" if when == "the exchange cannot say" else CALLER)
                peer.hang_up()


async def test_calls_are_counted_and_copies_of_the_exchanges_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    today = timezone.localdate()
    await read(lambda: Policy.objects.create(key="phone_calls", value=1, from_date=today))
    async with running(tmp_path) as here:
        first = await Peer.call(here.audiosocket.port, CALL)
        first.speak(0.1)
        await until(lambda: CALL in here.board.lines)
        second = await Peer.call(here.audiosocket.port, UUID(int=10))
        second.speak(0.1)
        await second.closed()
        assert (list(here.board.lines), here.audiosocket.legs) == ([CALL], 1)
        assert "refused call 00000000-0000-0000-0000-00000000000a: 1 calls go on, and policy lets in 1" in caplog.text
        monkeypatch.setattr(here, "exchange", Copies())
        copies = [await Peer.call(here.audiosocket.port, UUID(int=number)) for number in (11, 12)]
        for copy in copies:
            copy.speak(0.1)
        await until(lambda: here.audiosocket.legs == 3)
        for peer in (first, *copies):
            peer.hang_up()


@pytest.mark.parametrize("opens", [True, False])
async def test_who_is_refused_as_one_too_many_is_called_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opens: bool
) -> None:
    today = timezone.localdate()
    await read(lambda: Policy.objects.create(key="phone_calls", value=0, from_date=today))
    monkeypatch.setattr(policy.Policy, "open_now", lambda now: opens)
    async with running(tmp_path) as here:
        with pytest.raises(CallRefusedError, match="486"):
            async with calling(sip_port(here)):
                pass
        task = await there(lambda: CallBackTask.objects.first())
        assert (task.phone, task.reason, task.calls) == (CALLER, "refused" if opens else "after_hours", 1)
        row = await read(lambda: PhoneCall.objects.get())
        assert (row.outcome, row.state, row.called, row.answered_at) == (task.reason, "closed", "12345", None)


async def test_without_a_trunk_nobody_is_handed_over_and_the_talk_goes_on(tmp_path: Path) -> None:
    agent = await read(lambda: staff("agent"))
    async with running(tmp_path) as here, at_the_desk(here.browsers.port, agent) as desk:
        async with calling(sip_port(here)) as caller:
            call = await desk.answers()
            assert desk.last("call")["call"]["outward"] is False
            await desk.says("hand_over", id="1", call=call, service="110")
            await until(lambda: desk.last("refused"))
            assert (desk.last("refused")["id"], desk.last("refused")["code"]) == ("1", "unreachable")
            assert min(await both_speak(caller, desk)) >= 0.7
        row = await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(ended_at=None).first())
    assert (row.outcome, row.events) == ("completed", [])
    assert await read(lambda: Ticket.objects.get().state) == "received"


@pytest.mark.parametrize(
    ("kind", "trunk", "exchange", "moves"),
    [
        ("sip", "", None, False),
        ("sip", "10.0.0.1", None, True),
        ("audiosocket", "10.0.0.1", None, False),
        ("audiosocket", "", False, False),
        ("audiosocket", "", True, True),
        ("browser", "10.0.0.1", True, False),
    ],
)
async def test_who_can_be_moved_by_an_exchange(
    tmp_path: Path, settings: Any, kind: str, trunk: str, exchange: bool | None, moves: bool
) -> None:
    settings.TELEPHONY_SIP_TRUNK = trunk
    here, leg = Telephone(places(tmp_path)), ScriptedLeg()
    leg.kind = kind  # type: ignore[assignment]
    here.exchange = None if exchange is None else Moves(exchange)  # type: ignore[assignment]
    assert here._moves(leg) is moves
    assert here.board.out.reaches_outside(leg) is (moves or bool(trunk))


class Moves:
    """An exchange that could move callers, or could not."""

    def __init__(self, yes: bool) -> None:
        self._yes = yes

    def moves(self, call: UUID) -> bool:
        return self._yes


@pytest.mark.parametrize("while_stopping", ["the calls", "the port"])
async def test_who_calls_while_the_telephone_stops_is_called_back(tmp_path: Path, while_stopping: str) -> None:
    here, goes_on = Telephone(places(tmp_path)), asyncio.Event()
    await here.start()
    assert here.sip is not None
    (here.board.spawn if while_stopping == "the calls" else here.sip.spawn)(_waits(goes_on))
    stopping = asyncio.create_task(here.stop())
    await until(lambda: here._stopping if while_stopping == "the calls" else here.sip and here.sip._stopping)
    with pytest.raises(CallRefusedError, match="503"):
        async with calling(sip_port(here)):
            pass
    goes_on.set()
    await stopping
    async with running(tmp_path):  # what the database had not heard of yet, it hears at the next start
        task = await there(lambda: CallBackTask.objects.first())
    assert (task.phone, task.reason, task.calls) == (CALLER, "refused", 1)
    row = await read(lambda: PhoneCall.objects.get())
    assert (row.outcome, row.state, row.called, row.answered_at) == ("refused", "closed", "12345", None)


async def _waits(event: asyncio.Event) -> None:
    await event.wait()


class Copies:
    """An exchange from which only copies come that we asked for."""

    def takes(self, leg: AudioSocketLeg) -> bool:
        return True
