"""Which sentences callers are told when: their place and wait in the queue, that they are moved, who calls back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from channels_ingest.telephony import sounds, whom
from channels_ingest.telephony.acd_parts import Figures
from channels_ingest.telephony.estimates import LiveFigures
from channels_ingest.telephony.sounds import Clip
from channels_ingest.telephony.whom import Whom
from tests.channels_ingest.telephony.hall import QUICK, Browser, Hall, ScriptedLeg, hall, until
from tests.channels_ingest.telephony.test_calling_back import rings

pytestmark = pytest.mark.asyncio


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the sentences in the order in which they were given to be played; each is two frames of its own."""
    names: list[str] = []

    def words(name: str) -> Clip:
        names.append(name)
        return Clip(tuple([_frame(name)] * 2))

    monkeypatch.setattr(sounds, "words", words)
    return names


def _frame(name: str) -> bytes:
    return (1_000 + sum(name.encode())).to_bytes(2, "little") * 320


def heard(leg: ScriptedLeg, name: str) -> bool:
    return leg.sent.count(_frame(name)) >= 2


@pytest_asyncio.fixture
async def board(tmp_path: Path) -> AsyncIterator[Hall]:
    often = Figures(ring=20, wrapup=30, queue=60, announce=0.05, skill=10)
    async with hall(tmp_path, replace(QUICK, figures=often)) as here:
        yield here


async def announced(board: Hall, told: list[str], handling: float) -> list[str]:
    """What the next announcement says before it offers a call-back, where calls take so long."""
    board.board.figures = LiveFigures(lambda: handling)
    told.clear()
    await until(lambda: "still_waiting" in told)
    said = told[told.index("still_waiting") :]
    return said[: said.index("offer_call_back")]


async def test_a_waiting_caller_is_told_place_and_wait(board: Hall, told: list[str]) -> None:
    _first, agent, call = await board.talk()
    waiting = await board.call()
    for handling, wait in [
        (59, "wait_under_1"),
        (60, "wait_1"),
        (100, "wait_2"),
        (200, "wait_3"),
        (300, "wait_5"),
        (600, "wait_10"),
        (900, "wait_over_15"),
    ]:
        assert await announced(board, told, handling) == ["still_waiting", "place_1", wait]
    await until(lambda: heard(waiting, "wait_over_15"))
    await agent.does("pause", reason="meeting")
    await agent.does("hang_up", call=call)
    await agent.does("wrapup_done")  # there is an agent, but none who works
    assert await announced(board, told, 60) == ["still_waiting", "place_1"]


@pytest.mark.parametrize(("ahead", "place"), [(8, "place_9"), (9, "place_10"), (10, "place_many")])
async def test_ten_or_more_are_ahead_from_the_eleventh_place_on(
    board: Hall, told: list[str], monkeypatch: pytest.MonkeyPatch, ahead: int, place: str
) -> None:
    await board.talk()
    monkeypatch.setattr(board.board.acd, "place", lambda call: ahead + 1)
    await board.call()
    assert (await announced(board, told, 60))[:2] == ["still_waiting", place]


async def test_a_caller_who_is_moved_is_told(board: Hall, told: list[str]) -> None:
    caller, agent, call = await board.talk()
    other = await board.agent(2)
    told.clear()
    await agent.does("transfer", call=call, to={"kind": "agent", "username": "agent2"})
    await other.rung()
    await until(lambda: heard(caller, "transferring"))
    assert told == ["transferring"]
    await other.does("answer", call=call)
    assert await caller.hears(other)
    told.clear()
    await other.does("pause", reason="meeting")
    await other.does("transfer", call=call, to={"kind": "queue", "skill": ""})
    await until(lambda: told)
    assert told[0] == "transferring"


async def test_a_caller_is_told_before_a_number_outside_rings(board: Hall, told: list[str]) -> None:
    caller, agent, call = await board.talk()
    outside = board.outside["075783000000"] = ScriptedLeg()
    told.clear()
    await agent.does("transfer", call=call, to={"kind": "number", "number": "075783000000"})
    await until(lambda: board.board.lines[caller.id].outside_talks)
    assert told == ["transferring"]
    assert heard(caller, "transferring")
    assert await caller.hears(outside)


async def test_who_is_asked_for_help_is_not_waited_for(board: Hall, told: list[str]) -> None:
    caller, agent, call = await board.talk()
    board.outside["110"] = ScriptedLeg()
    told.clear()
    await agent.does("hand_over", call=call, service="110")
    await until(lambda: board.board.lines[caller.id].outside_talks)
    assert told == []


async def test_an_attended_transfer_says_nothing(board: Hall, told: list[str]) -> None:
    caller, agent, call = await board.talk()
    other = await board.agent(2)
    await agent.does("consult", call=call, to={"kind": "agent", "username": "agent2"})
    await other.rung()
    await other.does("answer", call=call)
    told.clear()
    await agent.does("complete_transfer", call=call)
    assert await caller.hears(other)
    assert told == []


async def called_back(board: Hall, monkeypatch: pytest.MonkeyPatch) -> tuple[ScriptedLeg, Browser]:
    """A citizen who has just answered our call."""
    monkeypatch.setattr(whom, "of_task", lambda staff, task: Whom("13800000009", task=task))
    agent = await board.agent(1)
    outside = await rings(board, agent)
    outside.answer.set_result(outside.leg)
    return outside.leg, agent


async def test_who_is_called_back_is_told_so_before_the_agent_speaks(
    board: Hall, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen, agent = await called_back(board, monkeypatch)
    await until(lambda: told)
    assert told == ["call_back_call"]
    assert agent.last("call")["call"]["state"] == "dialling"
    await until(lambda: agent.last("call")["call"]["state"] == "talking")
    assert heard(citizen, "call_back_call")
    assert heard(agent, "call_back_call")
    assert await citizen.hears(agent)


async def test_who_hangs_up_on_the_words_was_not_reached(
    board: Hall, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sounds, "words", lambda name: Clip((_frame(name),) * 3_000))
    citizen, agent = await called_back(board, monkeypatch)
    await until(lambda: _frame("call_back_call") in citizen.sent)
    assert not await citizen.hears(agent)
    citizen.leaves()
    await until(lambda: agent.last("call_over"))
    assert agent.last("call_over")["outcome"] == "no_answer"
    await until(lambda: board.lines[-1]["state"] == "closed")
    assert (board.lines[-1]["outcome"], board.lines[-1]["answered_at"]) == ("no_answer", None)
