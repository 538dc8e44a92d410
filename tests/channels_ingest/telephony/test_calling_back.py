"""An agent calls a citizen: whom they may call, what they hear, and what the call-back knows afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import assume, given
from hypothesis import strategies as st

from channels_ingest.telephony import whom
from channels_ingest.telephony.calling_back import AlreadyCalled
from channels_ingest.telephony.calls import SipSettings
from channels_ingest.telephony.legs import CallLeg
from channels_ingest.telephony.obeying import words_of
from channels_ingest.telephony.serving import Telephone
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.sip_leg import CallRefusedError, SipLeg
from channels_ingest.telephony.whom import NotToBeCalled, Whom, domestic
from hotline.calls import call_backs
from hotline.calls.models import CallBackTask, PhoneCall
from hotline.people.models import Staff
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.calls.test_call_backs import call as missed_call
from tests.channels_ingest.telephony.around import Caller, at_the_desk, both_speak, calling, read, there
from tests.channels_ingest.telephony.hall import Browser, Hall, ScriptedLeg, hall, until
from tests.channels_ingest.telephony.test_serving import quiet, running, sip_port  # noqa: F401  # a fixture
from tests.factories import Cast, staff
from tests.processes import free_port

NUMBER = "13800000009"


# --- whom --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("13812345678", "13812345678"),
        ("+8613812345678", "13812345678"),
        ("008675783123456", ""),
        ("075783123456", "075783123456"),
        ("01062345678", "01062345678"),
        ("83123456", "83123456"),
        ("8613812345678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("+86075783123456", "075783123456"),
        ("+13812345678", ""),
        ("0013812345678", ""),
        ("+4483123456", ""),
        ("+83123456", ""),
        ("0083123456", ""),
        ("+8683123456", ""),
        ("+85221234567", ""),
        ("0085221234567", ""),
        ("16812345", ""),
        ("9600012345", ""),
        ("12345", ""),
        ("", ""),
    ],
)
def test_only_telephones_of_people_in_this_country_are_called(number: str, dialled: str) -> None:
    assert domestic(number) == dialled


@given(
    prefix=st.sampled_from(("+", "00")),
    country=st.from_regex(r"[1-9][0-9]{0,2}", fullmatch=True).filter(lambda code: not code.startswith("86")),
    rest=st.from_regex(r"1?[3-9][0-9]{9}|0(10|2[0-9])[2-8][0-9]{6,7}|[2-8]?[0-9]{6,7}", fullmatch=True),
)
def test_no_number_abroad_is_called(prefix: str, country: str, rest: str) -> None:
    assume(not (country + rest).startswith("86"))  # 8 and 6… is this country's code
    assert domestic(prefix + country + rest) == ""


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(("", "86", "+86", "0086")))
def test_a_mobile_of_this_country_is_called_however_it_is_written(number: str, code: str) -> None:
    assert domestic(code + number) == number


@pytest.mark.django_db(transaction=True)
def test_a_call_back_is_taken_by_calling_and_nobody_elses_is_called(rules_in_force: None) -> None:
    first, second = staff("agent"), staff("agent")
    missed_call()
    task = CallBackTask.objects.create(phone=NUMBER, fingerprint="f", hour="2026-11-22T04:00Z", **seen())
    assert whom.of_task(first.pk, task.pk) == Whom(NUMBER, task=task.pk, taken=True)
    assert whom.of_task(first.pk, task.pk) == Whom(NUMBER, task=task.pk)  # theirs before
    assert CallBackTask.objects.get().taken_by == first
    for agent, key in ((second, task.pk), (first, task.pk + 1)):
        with pytest.raises(NotToBeCalled):
            whom.of_task(agent.pk, key)


def seen() -> dict[str, Any]:
    return {"reason": "no_agent", "first_at": "2026-11-22T04:10Z", "last_at": "2026-11-22T04:10Z"}


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", ["+85221234567", NUMBER], ids=["not to be called", "the agent is in a call"])
async def test_a_call_back_that_is_refused_is_anybodys_again(tmp_path: Path, rules_in_force: None, number: str) -> None:
    agent = await read(lambda: staff("agent"))
    made = partial(CallBackTask.objects.create, phone=number, fingerprint="f", hour="2026-11-22T04:00Z", **seen())
    task = await read(made)
    async with hall(tmp_path) as here:
        here.board.out.dial = Outside().dial
        _caller, browser, _call = await here.talk(agent.pk)
        assert (await browser.asks("call_back", task=task.pk))["type"] == "refused"
        assert (await read(CallBackTask.objects.get)).taken_by_id is None
        await read(lambda: call_backs.take(task, agent))
        assert (await browser.asks("call_back", task=task.pk))["type"] == "refused"
        assert (await read(CallBackTask.objects.get)).taken_by_id == agent.pk  # theirs before: it stays so


@pytest.mark.django_db(transaction=True)
def test_of_tickets_only_those_to_be_asked_about_are_called(time_limits: None) -> None:
    cast = Cast()
    asked, handled = cast.ticket_in(State.FOLLOW_UP), cast.ticket_in(State.HANDLING)
    assert whom.of_ticket(cast.lead.pk, asked.number) == Whom("13800000001", ticket=asked.pk)
    for person, number in ((cast.lead, handled.number), (cast.clerk, asked.number), (cast.lead, "1")):
        with pytest.raises(NotToBeCalled):
            whom.of_ticket(person.pk, number)


# --- at the desk --------------------------------------------------------------------------------------------


class Outside:
    """The network outside: it rings until the test says what becomes of it."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.leg = ScriptedLeg()
        self.answer: asyncio.Future[CallLeg] = asyncio.get_running_loop().create_future()

    async def dial(self, number: str) -> CallLeg:
        self.rung.append(number)
        return await self.answer


@pytest_asyncio.fixture
async def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    monkeypatch.setattr(whom, "of_task", lambda staff, task: Whom(NUMBER, task=task))
    async with hall(tmp_path) as here:
        yield here


async def rings(board: Hall, agent: Browser) -> Outside:
    """The agent has pressed the button, and it rings there."""
    outside = Outside()
    board.board.out.dial = outside.dial
    await agent.does("call_back", task=7)
    await until(lambda: outside.rung)
    return outside


def now(agent: Browser) -> tuple[str, str]:
    """The agent's state and why."""
    told = agent.last("agent")["agent"]
    return told["state"], told["reason"]


@pytest.mark.asyncio
async def test_the_agent_hears_it_ring_and_then_the_citizen(board: Hall) -> None:
    agent = await board.agent(1)
    outside = await rings(board, agent)
    shown = agent.last("call")["call"]
    assert (shown["state"], shown["outgoing"], shown["caller"]["phone"]) == ("dialling", True, "138****0009")
    assert (outside.rung, now(agent)) == ([NUMBER], ("busy", ""))
    await until(lambda: any(any(frame) for frame in agent.sent))  # the ringing tone
    for order in ("hold", "mute"):
        fields = {"on": True} if order == "mute" else {}
        assert (await agent.asks(order, call=shown["call"], **fields))["type"] == "refused"

    outside.answer.set_result(outside.leg)
    await until(lambda: agent.last("call")["call"]["state"] == "talking")
    assert await outside.leg.hears(agent)
    assert await agent.hears(outside.leg)
    await agent.does("hang_up", call=shown["call"])
    await until(outside.leg.ended.is_set)
    await until(lambda: board.lines[-1]["state"] == "wrapup")
    kept = board.lines[-1]
    assert (kept["task"], kept["about"], kept["agent"], kept["outcome"]) == (7, None, 1, "completed")
    assert kept["started_at"] < kept["answered_at"] < kept["ended_at"]
    assert kept["events"] == []
    assert now(agent) == ("wrapup", "")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("refusal", "told", "kept"),
    [
        (CallRefusedError("486 Busy Here", 486), "busy", "busy"),
        (CallRefusedError("No response", 408), "no_answer", "no_answer"),
        (CallRefusedError("404 Not Found", 404), "unreachable", "failed"),
        (OSError("no route"), "unreachable", "failed"),
    ],
    ids=["busy", "silence", "no such number", "no trunk"],
)
async def test_nobody_answers(board: Hall, refusal: Exception, told: str, kept: str) -> None:
    agent = await board.agent(1)
    await agent.does("pause", reason="meeting")
    outside = await rings(board, agent)
    outside.answer.set_exception(refusal)
    await until(lambda: agent.last("call_over"))
    assert agent.last("call_over")["outcome"] == told
    await until(lambda: not board.board.lines)
    await until(lambda: board.lines[-1]["state"] == "closed")
    assert (board.lines[-1]["outcome"], board.lines[-1]["answered_at"]) == (kept, None)
    assert now(agent) == ("paused", "meeting")  # as before
    (recording,) = board.recordings
    assert recording.finish().seconds == 0  # a call of which nothing was heard has one too


@pytest.mark.asyncio
@pytest.mark.parametrize("ends", ["nobody answers", "the agent gives up", "they have talked"])
async def test_one_citizen_is_called_by_one_person_about_one_ticket(
    board: Hall, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    monkeypatch.setattr(whom, "of_ticket", lambda staff, ticket: Whom(NUMBER, ticket=int(ticket)))
    first, second = await board.agent(1), await board.agent(2)
    outside = Outside()
    board.board.out.dial = outside.dial
    answers = await asyncio.gather(first.asks("call_citizen", ticket="5"), second.asks("call_citizen", ticket="5"))
    assert [answer["type"] for answer in answers] == ["done", "refused"]
    assert (answers[1]["code"], answers[1]["message"]) == ("wrong_state", words_of(AlreadyCalled()))
    await until(lambda: outside.rung)
    assert (outside.rung, now(second), len(board.board.lines)) == ([NUMBER], ("idle", ""), 1)
    third = await board.agent(3)
    other = Outside()
    board.board.out.dial = other.dial
    await third.does("call_citizen", ticket="6")  # another ticket
    await until(lambda: other.rung)
    call = first.last("call")["call"]["call"]
    if ends == "nobody answers":
        outside.answer.set_exception(CallRefusedError("No response", 408))
    else:
        if ends == "they have talked":
            outside.answer.set_result(outside.leg)
            await until(lambda: first.last("call")["call"]["state"] == "talking")
            assert (await second.asks("call_citizen", ticket="5"))["type"] == "refused"
        await first.does("hang_up", call=call)
    await until(lambda: first.last("call_over"))
    await until(lambda: all(line.gone for line in board.board.lines.values() if line.record.about == 5))
    again = Outside()
    board.board.out.dial = again.dial
    await second.does("call_citizen", ticket="5")
    await until(lambda: again.rung)


@pytest.mark.asyncio
async def test_the_agent_gives_up_while_it_rings(board: Hall) -> None:
    agent = await board.agent(1)
    outside = await rings(board, agent)
    await agent.does("hang_up", call=agent.last("call")["call"]["call"])
    await until(outside.answer.cancelled)
    await until(lambda: board.lines[-1]["outcome"])
    assert (agent.last("call_over")["outcome"], board.lines[-1]["outcome"]) == ("cancelled", "cancelled")
    await until(lambda: not board.board.lines)
    assert now(agent) == ("idle", "")


@pytest.mark.asyncio
async def test_an_agent_who_is_lost_leaves_no_ringing_telephone(board: Hall) -> None:
    agent = await board.agent(1)
    outside = await rings(board, agent)
    agent.leaves()
    await until(outside.answer.cancelled)
    await until(lambda: board.lines[-1]["outcome"] == "cancelled")
    await until(lambda: not board.board.lines)


@pytest.mark.asyncio
async def test_whom_nobody_may_call_is_not_called(board: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = Outside()
    board.board.out.dial = outside.dial
    lead, agent = await board.agent(1, "supervisor", ready=False), await board.agent(2)
    assert (await lead.asks("call_back", task=7))["code"] == "not_allowed"
    monkeypatch.setattr(whom, "of_task", lambda staff, task: Whom("+85221234567", task=task))
    assert (await agent.asks("call_back", task=7))["code"] == "not_allowed"
    monkeypatch.undo()
    assert (await agent.asks("call_back", task=7))["code"] == "wrong_state"  # there is no database to ask
    await board.call()
    await agent.does("answer", call=await agent.rung())
    monkeypatch.setattr(whom, "of_task", lambda staff, task: Whom(NUMBER, task=task))
    assert (await agent.asks("call_back", task=7))["code"] == "wrong_state"
    board.board.out.dial = None
    assert (await agent.asks("call_back", task=7))["code"] == "unreachable"
    assert outside.rung == []
    assert len(board.board.lines) == 1


# --- with a real telephone ------------------------------------------------------------------------------------


@asynccontextmanager
async def citizen(trunk: int, *, answers: bool = True) -> AsyncIterator[list[Caller]]:
    """Somebody whose telephone is behind the trunk, and answers it or is busy."""
    here: list[Caller] = []

    def rung(leg: SipLeg) -> None:
        work.append(asyncio.create_task(_answer(leg) if answers else leg.hang_up("busy")))

    async def _answer(leg: SipLeg) -> None:
        await leg.answer()
        here.append(Caller(leg))

    work: list[asyncio.Task[None]] = []
    endpoint = SipEndpoint(SipSettings(port=trunk, rtp_ports=(31_300, 31_400)), rung)
    await endpoint.start()
    try:
        yield here
        await asyncio.gather(*work)
    finally:
        await endpoint.stop()


async def missed(here: Telephone, desk: Any) -> CallBackTask:
    """Somebody who called and gave up while it rang."""
    async with calling(sip_port(here)):
        await until(lambda: desk.last("ringing"))
    await until(lambda: desk.last("call_over"))
    return await there(lambda: CallBackTask.objects.first())


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quiet")
async def test_a_missed_call_is_returned_by_telephone(tmp_path: Path, settings: Any, rules_in_force: None) -> None:
    trunk = free_port()
    settings.TELEPHONY_SIP_TRUNK = f"127.0.0.1:{trunk}"
    agent = await read(lambda: staff("agent"))
    async with running(tmp_path) as here, at_the_desk(here.browsers.port, agent) as desk:
        task = await missed(here, desk)
        async with citizen(trunk, answers=False):
            await desk.says("call_back", task=task.pk)
            await until(lambda: desk.last("call_over").get("outcome") == "busy")
            await there(lambda: CallBackTask.objects.filter(tries=1, done_at=None, taken_by=None).first())
        async with citizen(trunk) as answering:
            await desk.says("call_back", task=task.pk)
            await until(lambda: desk.last("call").get("call", {}).get("state") == "talking")
            to_desk, to_citizen = await both_speak(answering[0], desk)
            assert min(to_desk, to_citizen) >= 0.7
            call = desk.last("call")["call"]["call"]
            ticket = await there(lambda: Ticket.objects.filter(calls__uuid=call).first())
            await until(lambda: desk.last("call")["call"]["ticket"] == ticket.number)
            await desk.says("hang_up", call=call)
            await answering[0].gone.wait()
        row = await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(recording="").first())
        task = await there(lambda: CallBackTask.objects.exclude(done_at=None).first())
    assert (row.direction, row.outcome, row.returns_id, row.agent_id) == ("out", "completed", task.pk, agent.pk)
    assert (task.result, task.tries, task.called_back_by_id) == ("reached", 2, agent.pk)
    message = await read(lambda: ticket.messages.get())
    assert (row.message_id, message.kind, row.recording_seconds > 1) == (message.pk, "voice", True)
    assert await read(CallBackTask.objects.count) == 1


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quiet")
async def test_a_call_about_a_ticket_is_kept_with_it(tmp_path: Path, settings: Any) -> None:
    trunk = free_port()
    settings.TELEPHONY_SIP_TRUNK = f"127.0.0.1:{trunk}"

    def answered() -> tuple[Staff, Ticket]:
        cast = Cast()
        return cast.lead, cast.ticket_in(State.FOLLOW_UP)

    lead, ticket = await read(answered)
    async with running(tmp_path) as here, at_the_desk(here.browsers.port, lead) as desk, citizen(trunk) as answering:
        await desk.says("call_citizen", ticket=ticket.number)
        await until(lambda: desk.last("call").get("call", {}).get("ticket") == ticket.number and answering)
        call = desk.last("call")["call"]["call"]
        await until(lambda: desk.last("call")["call"]["state"] == "talking")  # the notice of the recording is over
        await answering[0].leg.hang_up()
        await until(lambda: desk.last("call_over"))
        row = await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(recording="").first())
    assert (row.direction, row.outcome, row.ticket_id, row.returns_id) == ("out", "completed", ticket.pk, None)
    kinds = await read(lambda: list(ticket.messages.values_list("kind", "direction")))
    assert kinds == [("text", "in"), ("voice", "in")]
    assert await read(lambda: Ticket.objects.get().state) == "follow_up"
