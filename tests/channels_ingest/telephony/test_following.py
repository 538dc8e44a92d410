"""Calls of the exchange's own queue: written down, popped up, copied."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from channels_ingest.telephony.ami.calls import FollowedCall
from channels_ingest.telephony.bridge import Side
from channels_ingest.telephony.following import ExchangeCalls
from tests.channels_ingest.telephony.ears import Ears
from tests.channels_ingest.telephony.hall import Hall, ScriptedLeg, hall, until

pytestmark = pytest.mark.asyncio
NOW = datetime.now(UTC)
CALL = FollowedCall(
    uuid=UUID(int=7), state="queued", caller="13812345678", called="12345", queue="main", started_at=NOW
)


def about(board: Hall) -> list[dict[str, object]]:
    return [line for line in board.lines if line.get("uuid") == str(CALL.uuid)]


async def test_a_followed_call_is_written_down_and_pops_up(tmp_path: Path) -> None:
    async with hall(tmp_path) as board:
        calls = ExchangeCalls(board.board)
        agent = await board.agent(1, ready=False)
        calls.follow(CALL)
        calls.follow(replace(CALL, state="ringing", extension="8001", agent="agent1"))
        await until(lambda: agent.last("ringing"))
        pop = agent.last("ringing")["call"]
        assert (pop["call"], pop["state"], pop["caller"]["phone"]) == (str(CALL.uuid), "ringing", "138****5678")
        answered = NOW + timedelta(seconds=9)
        calls.follow(replace(CALL, state="talking", agent="agent1", answered_at=answered))
        assert agent.last("call")["call"]["state"] == "talking"
        over = replace(CALL, state="closed", outcome="completed", answered_at=answered, ended_at=NOW)
        calls.follow(over)
        await until(lambda: len(about(board)) == 4)
        assert agent.last("call_over")["outcome"] == "completed"
    assert [line["state"] for line in about(board)] == ["queued", "ringing", "talking", "closed"]
    assert {line["mode"] for line in about(board)} == {"exchange"}
    versions = [int(str(line["version"])) for line in about(board)]
    assert versions == list(range(versions[0], versions[0] + 4))


async def test_a_page_that_comes_back_knows_the_call_and_its_words(tmp_path: Path) -> None:
    async with hall(tmp_path) as board:
        board.board.out.speech = ears = Ears()
        calls = ExchangeCalls(board.board)
        agent = await board.agent(1, ready=False)
        calls.follow(replace(CALL, state="talking", agent="agent1", answered_at=NOW))
        calls.fork(CALL.uuid, Side.CALLER, ScriptedLeg())
        ears.hears("路灯坏了")
        agent.told.clear()
        await agent.does("hello")
        told = [(one["type"], one.get("text") or one.get("state")) for one in agent.told[:4]]
        assert [kind for kind, _words in told] == ["state", "call", "speech", "transcript"]
        assert told[2:] == [("speech", "live"), ("transcript", "路灯坏了")]
        assert agent.told[1]["call"]["call"] == str(CALL.uuid)


async def test_a_caller_who_gives_up_there_is_missed_here(tmp_path: Path) -> None:
    async with hall(tmp_path) as board:
        calls = ExchangeCalls(board.board)
        calls.follow(CALL)
        calls.follow(replace(CALL, state="closed", outcome="abandoned_queue", ended_at=NOW))
        await until(lambda: len(about(board)) == 2)
    assert about(board)[-1]["outcome"] == "abandoned_queue"


async def test_keys_and_the_rating_belong_to_the_call_also_after_it(tmp_path: Path) -> None:
    async with hall(tmp_path) as board:
        calls = ExchangeCalls(board.board)
        calls.follow(replace(CALL, state="talking", answered_at=NOW))
        calls.key(CALL.uuid, "7")
        over = replace(CALL, state="closed", outcome="completed", answered_at=NOW, ended_at=NOW)
        calls.follow(over)
        for digit in ("9", "2", "1"):  # no level; content; too late
            calls.key(CALL.uuid, digit)
            calls.rated(CALL.uuid, digit)
        calls.rated(UUID(int=8), "1")  # nobody knows that call
        await until(lambda: len(about(board)) == 7)
    last = about(board)[-1]
    assert (last["keys"], last["rating"], last["state"], last["outcome"]) == ("7921", 4, "closed", "completed")
    assert len(board.lines) == 1 + 7  # the first is the start's


async def test_both_copies_become_one_recording(tmp_path: Path) -> None:
    async with hall(tmp_path) as board:
        calls = ExchangeCalls(board.board)
        calls.follow(CALL)
        caller, agent = ScriptedLeg(), ScriptedLeg()
        calls.fork(CALL.uuid, Side.CALLER, caller)
        calls.fork(CALL.uuid, Side.AGENT, agent)
        for _frame in range(5):
            caller.speaks()
            agent.speaks()
        calls.follow(replace(CALL, state="closed", outcome="completed", answered_at=NOW, ended_at=NOW))
        caller.leaves()
        agent.leaves()
        await until(lambda: board.recordings)
    assert [recording.uuid for recording in board.recordings] == [CALL.uuid]


async def test_a_copy_of_a_call_that_is_over_is_let_go(tmp_path: Path) -> None:
    async with hall(tmp_path) as board:
        leg = ScriptedLeg()
        ExchangeCalls(board.board).fork(CALL.uuid, Side.CALLER, leg)
        await until(leg.ended.is_set)
