"""A caller sent to a number or to an emergency service: the agent keeps them until somebody there has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from django.utils.translation import gettext

from channels_ingest.telephony.acd_parts import NotNow
from channels_ingest.telephony.legs import CallLeg, Moved
from channels_ingest.telephony.obeying import words_of
from tests.channels_ingest.telephony.hall import Browser, Hall, ScriptedLeg, hall, until

pytestmark = pytest.mark.asyncio
NUMBER = "075788888888"
ORDERS: list[tuple[str, dict[str, Any]]] = [
    ("hand_over", {"service": "110"}),
    ("transfer", {"to": {"kind": "number", "number": NUMBER}}),
]
orders = pytest.mark.parametrize(("order", "fields"), ORDERS, ids=["110", "a number"])


@pytest_asyncio.fixture
async def board(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path) as here:
        yield here


def state(agent: Browser) -> str:
    return str(agent.last("call")["call"]["state"])


def exchange(board: Hall, becomes: Moved) -> list[tuple[CallLeg, str]]:
    """An exchange that could move the caller, and what becomes of it; what it was asked."""
    asked: list[tuple[CallLeg, str]] = []

    async def transfer(leg: CallLeg, number: str) -> Moved:
        asked.append((leg, number))
        if becomes is not Moved.NOT:
            await leg.hang_up()
        return becomes

    board.board.out.transfer, board.board.out.moves = transfer, lambda leg: True
    return asked


@orders
async def test_without_a_way_outside_nothing_is_begun(board: Hall, order: str, fields: dict[str, Any]) -> None:
    board.board.out.dial = None
    board.board.out.transfer = refuses  # a leg that nothing can move
    caller, agent, call = await board.talk()
    assert agent.last("call")["call"]["outward"] is False
    refused = await agent.asks(order, call=call, **fields)
    assert (refused["code"], refused["message"]) == ("unreachable", words_of(NotNow("unreachable")))
    assert state(agent) == "talking"
    assert await caller.hears(agent)
    assert (board.newest(caller)["service"], board.newest(caller)["events"]) == ("", [])


async def refuses(_leg: CallLeg, _number: str) -> Moved:
    return Moved.NOT


@orders
@pytest.mark.parametrize("moves", [False, None], ids=["the exchange does not", "there is no exchange"])
async def test_who_is_not_reached_leaves_the_caller_with_the_same_agent(
    board: Hall, order: str, fields: dict[str, Any], moves: bool | None
) -> None:
    asked = exchange(board, Moved.NOT) if moves is not None else []
    caller, agent, call = await board.talk()
    await board.agent(2)
    assert agent.last("call")["call"]["outward"] is True
    await agent.does(order, call=call, **fields)  # nobody answers in the hall's network
    await until(lambda: agent.last("error"))
    assert agent.last("error")["message"] == gettext("Nobody was reached there. The caller is with you again.")
    await until(lambda: state(agent) == "talking")
    assert len(asked) == (moves is not None)
    assert not agent.last("call_over")
    assert await caller.hears(agent)
    assert (board.newest(caller)["service"], board.newest(caller)["events"]) == ("", [])


async def test_the_agent_stays_until_the_service_answers(board: Hall) -> None:
    answer: asyncio.Future[ScriptedLeg] = asyncio.get_running_loop().create_future()

    async def dial(_number: str) -> ScriptedLeg:
        return await answer

    board.board.out.dial = dial
    caller, agent, call = await board.talk()
    await agent.does("hand_over", call=call, service="110")
    assert state(agent) == "consulting"
    assert agent.last("call")["call"]["parties"] == [{"role": "outside", "name": "110", "state": "ringing"}]
    assert (await agent.asks("hand_over", call=call, service="110"))["code"] == "wrong_state"
    assert board.newest(caller)["service"] == ""
    police = ScriptedLeg()
    answer.set_result(police)
    await until(lambda: agent.last("call_over"))
    assert agent.last("call_over")["outcome"] == "transferred"
    assert await caller.hears(police)
    kept = board.newest(caller)
    assert (kept["service"], [event["what"] for event in kept["events"]]) == ("110", ["sent_outside"])


async def test_the_agent_takes_the_caller_back_before_anybody_answers(board: Hall) -> None:
    given_up = asyncio.Event()

    async def dial(_number: str) -> ScriptedLeg:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()
        raise AssertionError

    board.board.out.dial = dial
    caller, agent, call = await board.talk()
    await agent.does("hand_over", call=call, service="110")
    await until(lambda: board.board.lines[caller.id].asking_outside)
    await agent.does("cancel_consult", call=call)
    await until(given_up.is_set)
    assert await caller.hears(agent)
    assert board.newest(caller)["service"] == ""


async def test_a_caller_whom_the_exchange_has_moved_is_with_the_service(board: Hall) -> None:
    asked = exchange(board, Moved.REACHED)
    caller, agent, call = await board.talk()
    await agent.does("hand_over", call=call, service="110")
    await until(lambda: board.newest(caller)["service"] == "110")
    await until(lambda: board.newest(caller)["outcome"])
    assert asked == [(caller, "110")]
    assert board.newest(caller)["outcome"] == "completed"
    assert [event["what"] for event in board.newest(caller)["events"]] == ["sent_outside"]
    assert agent.last("call_over")["call"] == call


@orders
async def test_who_gives_up_while_the_exchange_rings_outside_was_not_served(
    board: Hall, order: str, fields: dict[str, Any]
) -> None:
    exchange(board, Moved.HUNG_UP)
    caller, agent, call = await board.talk()
    await agent.does(order, call=call, **fields)
    await until(lambda: board.newest(caller)["outcome"])
    kept = board.newest(caller)
    assert (kept["outcome"], kept["service"], kept["events"]) == ("abandoned_ringing", "", [])
    assert agent.last("call_over")["call"] == call


async def test_whom_the_exchange_brings_back_is_another_call(board: Hall) -> None:
    exchange(board, Moved.CAME_BACK)
    caller, agent, call = await board.talk()
    await agent.does("hand_over", call=call, service="110")
    await until(lambda: board.newest(caller)["outcome"])
    kept = board.newest(caller)
    assert (kept["outcome"], kept["service"], kept["events"]) == ("completed", "", [])
    assert agent.last("call_over")["outcome"] == "transferred"
    assert agent.last("error")["message"] == gettext("Nobody was reached there. The caller waits in the queue again.")


async def test_a_caller_whom_the_exchange_has_cannot_be_taken_back(board: Hall) -> None:
    fate: asyncio.Future[Moved] = asyncio.get_running_loop().create_future()

    async def transfer(leg: CallLeg, _number: str) -> Moved:
        await leg.hang_up()
        return await fate

    board.board.out.transfer, board.board.out.moves = transfer, lambda leg: True
    caller, agent, call = await board.talk()
    await agent.does("hand_over", call=call, service="110")
    await until(lambda: board.board.lines[caller.id].gone)
    assert (await agent.asks("cancel_consult", call=call))["code"] == "wrong_state"
    fate.set_result(Moved.REACHED)
    await until(lambda: board.newest(caller)["outcome"])
    assert (board.newest(caller)["outcome"], board.newest(caller)["service"]) == ("completed", "110")
