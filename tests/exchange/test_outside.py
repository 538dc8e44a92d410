"""Callers sent to numbers outside, and calls of ours, through a real exchange's own way out."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from channels_ingest.telephony.browser import BrowserSettings
from channels_ingest.telephony.calls import SipSettings, TelephonySettings
from channels_ingest.telephony.legs import RATE
from channels_ingest.telephony.serving import Places, Telephone, telephone
from hotline.calls.models import CallBackTask, OutsideNumber, PhoneCall
from hotline.tickets.states import State
from tests.channels_ingest.telephony.around import Desk, at_the_desk, read, there
from tests.channels_ingest.telephony.hall import until
from tests.exchange.building import HOTLINE, SECRET, Pbx, free_ports
from tests.exchange.desk import loudest_tone
from tests.exchange.phones import Phone
from tests.exchange.test_exchange_queue import CITIZEN, citizen
from tests.exchange.waiting import becomes
from tests.factories import Cast, staff

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]
NUMBER = "12345"
OUTSIDE = "075783123456"
OFFICE = 600


@pytest.fixture
def centre(pbx: Pbx, settings: Any, tmp_path: Path, time_limits: None) -> Places:
    """A centre behind the exchange, with the trunk and the context that are shipped."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SPEECH_ENGINE = "none"
    settings.TELEPHONY_SIP_TRUNK = f"127.0.0.1:{pbx.sip}"
    settings.TELEPHONY_AMI_HOST, settings.TELEPHONY_AMI_PORT = "127.0.0.1", pbx.ami
    settings.TELEPHONY_AMI_SECRET = SECRET
    settings.TELEPHONY_AUDIOSOCKET_ADDRESS = f"127.0.0.1:{pbx.platform}"
    settings.TELEPHONY_TRANSFER_CONTEXT = "hotline-out"
    OutsideNumber.objects.create(number=OUTSIDE, name="the office")
    (sip,) = free_ports(1, socket.SOCK_DGRAM)
    return Places(
        TelephonySettings(recordings=tmp_path / "media" / "recordings", port=pbx.platform),
        BrowserSettings(port=0),
        SipSettings(host=HOTLINE, port=sip),
    )


@asynccontextmanager
async def following(centre: Places) -> AsyncIterator[Telephone]:
    """The whole telephone, once it follows the exchange."""
    async with telephone(centre) as here:
        assert here.exchange is not None
        await becomes(here.exchange.up.is_set, "it follows the exchange", seconds=30)
        yield here


def office(pbx: Pbx, *, answers: bool = True) -> Phone:
    """Whom the carrier rings, whatever number was dialled."""
    return Phone("office", pbx.sip, OFFICE, port=pbx.carrier, answers=answers)


def hears(who: Phone | Desk, hertz: int) -> bool:
    """Whether this is what somebody hears now, for half a second."""
    if not (who.sound.heard if isinstance(who, Phone) else who.heard):
        return False
    heard = who.sound.last(0.5) if isinstance(who, Phone) else bytes(who.heard[-RATE:])
    return len(heard) > RATE * 3 // 4 and abs(loudest_tone(heard) - hertz) < 10


async def transfers(desk: Desk, call: str) -> None:
    await desk.says("transfer", id="t", call=call, to={"kind": "number", "number": OUTSIDE})
    await until(lambda: desk.last("done").get("id") == "t")


async def ended(call: str) -> PhoneCall:
    row: PhoneCall = await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(outcome="").first())
    return row


async def test_a_caller_whom_the_number_outside_answers_is_served_there(pbx: Pbx, centre: Places) -> None:
    agent = await read(lambda: staff("agent"))
    async with following(centre) as here, at_the_desk(here.browsers.port, agent) as desk:
        async with citizen(pbx) as caller, office(pbx) as outside:
            await caller.dial(NUMBER)
            call = await desk.answers()
            await transfers(desk, call)
            await becomes(lambda: hears(outside, CITIZEN), "the office hears the caller")
            await becomes(lambda: hears(caller, OFFICE), "the caller hears the office")
            await until(lambda: desk.last("call_over"))
            assert desk.last("call_over")["outcome"] == "transferred"
            caller.hang_up()
            await becomes(outside.ended.is_set, "the office is hung up on")
        row = await ended(call)
    assert (row.outcome, row.called, [event["what"] for event in row.events]) == ("completed", NUMBER, ["sent_outside"])
    assert await read(CallBackTask.objects.count) == 0


async def test_whom_nobody_answers_outside_comes_back_first_in_line(pbx: Pbx, centre: Places) -> None:
    agent = await read(lambda: staff("agent"))
    async with following(centre) as here, at_the_desk(here.browsers.port, agent) as desk:
        async with citizen(pbx) as caller, office(pbx, answers=False) as outside:
            await caller.dial(NUMBER)
            call = await desk.answers()
            await transfers(desk, call)
            await becomes(outside.ringing.is_set, "it rings outside")
            async with Phone("13800000002", pbx.sip, CITIZEN) as stranger:
                await stranger.dial(NUMBER)
                await until(lambda: any(one.call.caller == "13800000002" for one in here.board.lines.values()))
                await becomes(outside.ended.is_set, "it rings no more")
                await until(lambda: desk.last("call_over"))
                await until(lambda: len([one for one in here.board.lines.values() if not one.gone]) == 2)
                desk.told.clear()
                await desk.says("wrapup_done")
                again = await desk.answers()
                assert (desk.last("ringing")["call"]["caller"]["phone"], again == call) == ("138****0001", False)
                await becomes(lambda: hears(desk, CITIZEN), "the agent hears the caller")
                stranger.hang_up()
            caller.hang_up()
            await until(lambda: desk.last("call_over"))
        first, second = await ended(call), await ended(again)
    assert (first.outcome, first.events, second.outcome) == ("completed", [], "completed")
    tasks = await read(lambda: list(CallBackTask.objects.values_list("phone", flat=True)))
    assert tasks == ["13800000002"]


async def test_who_gives_up_while_it_rings_outside_is_called_back(pbx: Pbx, centre: Places) -> None:
    agent = await read(lambda: staff("agent"))
    async with following(centre) as here, at_the_desk(here.browsers.port, agent) as desk:
        async with citizen(pbx) as caller, office(pbx, answers=False) as outside:
            await caller.dial(NUMBER)
            call = await desk.answers()
            await transfers(desk, call)
            await becomes(outside.ringing.is_set, "it rings outside")
            caller.hang_up()
            await becomes(outside.ended.is_set, "it rings no more")
            await until(lambda: desk.last("call_over"))
        row = await ended(call)
        task = await there(CallBackTask.objects.first)
    assert (row.outcome, row.events, row.agent_id) == ("abandoned_ringing", [], agent.pk)
    assert (task.phone, task.reason) == ("13800000001", "abandoned_ringing")


async def test_an_agent_asks_outside_by_the_trunk_and_hands_the_caller_over(pbx: Pbx, centre: Places) -> None:
    agent = await read(lambda: staff("agent"))
    async with following(centre) as here, at_the_desk(here.browsers.port, agent) as desk:
        async with citizen(pbx) as caller, office(pbx) as outside:
            await caller.dial(NUMBER)
            call = await desk.answers()
            await desk.says("consult", call=call, to={"kind": "number", "number": OUTSIDE})
            await becomes(lambda: hears(desk, OFFICE), "the agent hears the office")
            assert not hears(caller, OFFICE)
            await desk.says("complete_transfer", call=call)
            await becomes(lambda: hears(outside, CITIZEN), "the office hears the caller")
            await becomes(lambda: hears(caller, OFFICE), "the caller hears the office")
            caller.hang_up()
            await becomes(outside.ended.is_set, "the office is hung up on")
        row = await ended(call)
    assert row.outcome == "completed"


@pytest.mark.parametrize(("does", "outcome"), [("answers", "completed"), ("is away", "no_answer"), ("is busy", "busy")])
async def test_a_citizen_is_called_through_the_exchange(pbx: Pbx, centre: Places, does: str, outcome: str) -> None:
    cast = await read(Cast)
    ticket = await read(lambda: cast.ticket_in(State.FOLLOW_UP))
    async with following(centre) as here, at_the_desk(here.browsers.port, cast.lead) as desk:
        async with office(pbx, answers=does == "answers") as home:
            if does == "is busy":
                home.uas.on_invite = lambda call: call.reject(486, "Busy Here")
            await desk.says("call_citizen", ticket=ticket.number)
            await until(lambda: desk.last("call"))
            call = desk.last("call")["call"]["call"]
            if does == "answers":
                await becomes(lambda: hears(desk, OFFICE), "the lead hears the citizen")
                await desk.says("hang_up", call=call)
            await until(lambda: desk.last("call_over"))
        row = await ended(call)
    assert (row.direction, row.outcome) == ("out", outcome)
    assert await read(PhoneCall.objects.count) == 1, "nothing of it comes back to us as another call"
