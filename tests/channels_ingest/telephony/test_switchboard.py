"""The switchboard with scripted legs: who hears whom, what desks are told, what is written down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from channels_ingest.telephony import listening, sounds
from channels_ingest.telephony.acd_parts import Decision, NotNow
from channels_ingest.telephony.listening import NotOnRecord
from channels_ingest.telephony.obeying import words_of
from channels_ingest.telephony.wire_desk import FieldSuggested
from tests.channels_ingest.telephony.ears import Ears
from tests.channels_ingest.telephony.hall import QUICK, Browser, Hall, ScriptedLeg, hall, until

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def board(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path) as here:
        yield here


async def closed(board: Hall, leg: ScriptedLeg) -> None:
    await until(lambda: board.state(leg) == "closed")


# --- a plain call -------------------------------------------------------------------------------------------


async def test_a_call_rings_pops_up_and_is_answered(board: Hall) -> None:
    agent = await board.agent(1)
    caller = await board.call(ScriptedLeg("13812345678"))
    call = await agent.rung()
    pop = agent.last("ringing")["call"]
    assert (pop["call"], pop["state"], pop["caller"]["phone"]) == (str(caller.id), "ringing", "138****5678")
    assert agent.last("agent")["agent"]["state"] == "ringing"
    await agent.does("answer", call=call)
    assert caller.answered
    assert agent.last("call")["call"]["state"] == "talking"
    assert await agent.hears(caller)
    assert await caller.hears(agent)


async def test_the_caller_hears_the_greeting_and_then_ringing(board: Hall) -> None:
    agent = await board.agent(1)
    caller = await board.call()
    await agent.rung()
    greeting = [frame for frame in sounds.words("greeting").frames if any(frame)][:30]
    await until(lambda: len([frame for frame in caller.sent if any(frame)]) >= 30)
    assert [frame for frame in caller.sent if any(frame)][:30] == greeting


async def test_messages_are_numbered_without_a_gap(board: Hall) -> None:
    _caller, agent, _call = await board.talk()
    assert [told["seq"] for told in agent.told] == list(range(1, len(agent.told) + 1))


async def test_hanging_up_leads_through_wrap_up_to_the_end(board: Hall) -> None:
    caller, agent, call = await board.talk()
    await agent.does("hang_up", call=call)
    assert agent.last("call_over")["outcome"] == "completed"
    assert agent.last("agent")["agent"]["state"] == "wrapup"
    await until(caller.ended.is_set)
    await until(lambda: board.state(caller) == "wrapup")
    await agent.does("wrapup_done")
    await closed(board, caller)
    kept = board.newest(caller)
    assert (kept["outcome"], kept["agent"]) == ("completed", 1)
    assert kept["started_at"] <= kept["ringing_at"] <= kept["answered_at"] <= kept["ended_at"] <= kept["closed_at"]
    assert len(board.recordings) == 1
    await until(lambda: not board.board.lines)


async def test_the_caller_hangs_up(board: Hall) -> None:
    caller, agent, _call = await board.talk()
    caller.leaves()
    await until(lambda: agent.last("call_over"))
    assert agent.last("call_over")["outcome"] == "caller_hung_up"
    assert agent.last("agent")["agent"]["state"] == "wrapup"


async def test_versions_of_a_call_rise_by_one(board: Hall) -> None:
    caller, agent, call = await board.talk()
    await agent.does("hang_up", call=call)
    await agent.does("wrapup_done")
    await closed(board, caller)
    versions = [line["version"] for line in board.lines if line.get("uuid") == str(caller.id)]
    assert versions == list(range(1, len(versions) + 1))


async def test_the_number_is_sealed_in_the_journal(board: Hall, tmp_path: Path) -> None:
    await board.talk()
    assert "13800000001" not in (tmp_path / "calls.jsonl").read_text()


# --- waiting ------------------------------------------------------------------------------------------------


async def test_who_waits_is_told_and_can_have_a_call_back_by_a_key(board: Hall) -> None:
    await board.agent(1, ready=False)
    caller = await board.call()
    await until(lambda: board.state(caller) == "queued")
    caller.presses("1")
    await until(caller.ended.is_set)
    await closed(board, caller)
    kept = board.newest(caller)
    assert (kept["outcome"], kept["asked"], kept["keys"]) == ("no_agent", True, "1")


async def test_a_key_that_comes_when_it_rings_already_asks_for_nothing(
    board: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    _talking, agent, first = await board.talk()
    waiting = await board.call()
    line = board.board.lines[waiting.id]
    await until(lambda: line.offered)
    turn, reached = board.board.turn, asyncio.Event()

    async def late(decide: Callable[[float], list[Decision]]) -> None:
        if "_call_back_instead" in decide.__qualname__:
            reached.set()
            await until(lambda: line.call.state == "ringing")
        await turn(decide)

    monkeypatch.setattr(board.board, "turn", late)
    waiting.presses("1")
    await until(reached.is_set)
    await agent.does("hang_up", call=first)
    await agent.does("wrapup_done")
    await until(lambda: agent.last("ringing")["call"]["call"] == str(waiting.id))
    await agent.does("answer", call=str(waiting.id))
    await agent.does("hang_up", call=str(waiting.id))
    await until(waiting.ended.is_set)
    await closed(board, waiting)
    assert (board.newest(waiting)["asked"], board.newest(waiting)["outcome"]) == (False, "completed")


async def test_a_caller_without_a_number_is_not_offered_a_call_back(board: Hall) -> None:
    await board.agent(1, ready=False)
    caller = await board.call(ScriptedLeg("anonymous"))
    caller.presses("1")
    await until(lambda: board.board.lines[caller.id].record.keys == "1")
    assert board.board.lines[caller.id].call.state == "queued"


async def test_a_caller_who_gives_up(board: Hall) -> None:
    await board.agent(1, ready=False)
    caller = await board.call()
    caller.leaves()
    await closed(board, caller)
    assert board.newest(caller)["outcome"] == "abandoned_queue"


async def test_a_ringing_call_that_is_given_up_stops_ringing(board: Hall) -> None:
    agent = await board.agent(1)
    caller = await board.call()
    await agent.rung()
    caller.leaves()
    await until(lambda: agent.last("call_over"))
    assert agent.last("call_over")["outcome"] == "abandoned"
    await closed(board, caller)
    assert board.newest(caller)["outcome"] == "abandoned_ringing"
    assert agent.last("agent")["agent"]["state"] == "idle"


async def test_who_does_not_answer_is_paused_and_another_rung(tmp_path: Path) -> None:
    quick = replace(QUICK, figures=replace(QUICK.figures, ring=0.2))
    async with hall(tmp_path, quick) as board:
        first, second = await board.agent(1), await board.agent(2)
        await board.call()
        await first.rung()
        call = await second.rung()
        assert first.last("call_over")["outcome"] == "not_answered"
        assert first.last("agent")["agent"]["reason"] == "not_answered"
        await second.does("answer", call=call)


async def test_nobody_there_means_a_message(board: Hall) -> None:
    caller = await board.call()
    await until(lambda: board.state(caller) == "voicemail")
    line = board.board.lines[caller.id]
    line.message_at = board.board.now() - 3  # the sentence and the tone are over, and something was said
    caller.leaves()
    await closed(board, caller)
    kept = board.newest(caller)
    assert (kept["outcome"], kept["message"]) == ("no_agent", True)


async def test_after_hours(tmp_path: Path) -> None:
    async with hall(tmp_path, replace(QUICK, opens=0, closes=0)) as board:
        await board.agent(1)
        caller = await board.call()
        caller.leaves()
        await closed(board, caller)
        assert (board.newest(caller)["outcome"], board.newest(caller)["message"]) == ("after_hours", False)


# --- hold, transfer, three-way ----------------------------------------------------------------------------------


async def test_hold(board: Hall) -> None:
    caller, agent, call = await board.talk()
    await agent.does("hold", call=call)
    assert not await caller.hears(agent)
    assert not await agent.hears(caller)
    assert any(caller.sent[-1])
    await agent.does("unhold", call=call)
    assert await caller.hears(agent)
    assert board.newest(caller)["held_seconds"] > 0


async def test_mute(board: Hall) -> None:
    caller, agent, call = await board.talk()
    await agent.does("mute", call=call, on=True)
    assert agent.last("call")["call"]["muted"] is True
    assert not await caller.hears(agent)
    assert await agent.hears(caller)
    await agent.does("mute", call=call, on=False)
    assert await caller.hears(agent)


async def test_who_is_given_the_call_is_heard_though_the_agent_before_was_not(board: Hall) -> None:
    caller, agent, call = await board.talk()
    other = await board.agent(2)
    await agent.does("mute", call=call, on=True)
    await agent.does("transfer", call=call, to={"kind": "agent", "username": "agent2"})
    await other.rung()
    await other.does("answer", call=call)
    assert other.last("call")["call"]["muted"] is False
    assert await caller.hears(other)


async def test_each_desk_is_mute_by_itself(board: Hall) -> None:
    caller, agent, call = await board.talk()
    other = await board.agent(2)
    await agent.does("consult", call=call, to={"kind": "agent", "username": "agent2"})
    await other.rung()
    await other.does("answer", call=call)
    await other.does("mute", call=call, on=True)
    assert other.last("call")["call"]["muted"] is True
    assert agent.last("call")["call"]["muted"] is False
    assert not await agent.hears(other)
    assert await other.hears(agent)
    await agent.does("complete_transfer", call=call)
    assert other.last("call")["call"]["muted"] is False
    assert await caller.hears(other)


async def test_a_telephone_that_comes_back_new_stays_mute(board: Hall) -> None:
    caller, agent, call = await board.talk()
    await agent.does("mute", call=call, on=True)
    again = await board.agent(1, ready=False)
    assert again.last("state")["call"]["muted"] is True
    assert not await caller.hears(again)


async def test_a_blind_transfer_to_a_colleague(board: Hall) -> None:
    caller, agent, call = await board.talk()
    other = await board.agent(2)
    await agent.does("transfer", call=call, to={"kind": "agent", "username": "agent2"})
    assert agent.last("call_over")["outcome"] == "transferred"
    assert await other.rung() == call
    await other.does("answer", call=call)
    assert await caller.hears(other)
    assert not await caller.hears(agent)
    assert board.newest(caller)["agent"] == 2


async def test_nobody_can_be_given_a_call_who_is_not_free(board: Hall) -> None:
    _caller, agent, call = await board.talk()
    await board.agent(2, ready=False)
    answer = await agent.asks("transfer", call=call, to={"kind": "agent", "username": "agent2"})
    assert (answer["type"], answer["code"]) == ("refused", "unreachable")


async def test_an_attended_transfer(board: Hall) -> None:
    caller, agent, call = await board.talk()
    other = await board.agent(2)
    await agent.does("consult", call=call, to={"kind": "agent", "username": "agent2"})
    assert agent.last("call")["call"]["parties"] == [{"role": "agent", "name": "坐席2", "state": "ringing"}]
    await other.rung()
    await other.does("answer", call=call)
    assert await other.hears(agent)
    assert not await other.hears(caller)
    await agent.does("complete_transfer", call=call)
    assert await caller.hears(other)
    assert not await caller.hears(agent)


async def test_three_speak_together(board: Hall) -> None:
    caller, agent, call = await board.talk()
    other = await board.agent(2)
    await agent.does("consult", call=call, to={"kind": "agent", "username": "agent2"})
    await other.rung()
    await other.does("answer", call=call)
    await agent.does("conference", call=call)
    assert await caller.hears(other)
    assert await caller.hears(agent)
    assert await other.hears(caller)
    await agent.does("cancel_consult", call=call)
    assert not await caller.hears(other)
    assert await caller.hears(agent)


async def test_a_number_outside_is_asked_and_gets_keys(board: Hall) -> None:
    caller, agent, call = await board.talk()
    outside = board.outside["075788888888"] = ScriptedLeg()
    refused = await agent.asks("keys", call=call, digits="1")
    assert refused["code"] == "wrong_state"
    await agent.does("consult", call=call, to={"kind": "number", "number": "075788888888"})
    await until(lambda: agent.last("call")["call"]["parties"][0]["state"] == "talking")
    assert await outside.hears(agent)
    assert not await outside.hears(caller)
    await agent.does("keys", call=call, digits="12#")
    assert outside.pressed == "12#"
    await agent.does("conference", call=call)
    assert await outside.hears(caller)
    outside.leaves()
    await until(lambda: agent.last("call")["call"]["parties"] == [])
    assert await caller.hears(agent)


async def test_a_number_outside_that_does_not_answer(board: Hall) -> None:
    caller, agent, call = await board.talk()
    await agent.does("consult", call=call, to={"kind": "number", "number": "075788888888"})
    await until(lambda: agent.last("call")["call"]["state"] == "talking")
    assert await caller.hears(agent)


@pytest.mark.parametrize("ends", ["cancel_consult", "hang_up", "the caller hangs up"])
async def test_a_number_rings_no_longer_than_the_call_wants_it(board: Hall, ends: str) -> None:
    caller, agent, call = await board.talk()
    ringing, given_up = asyncio.Event(), asyncio.Event()

    async def ring_for_ever(_number: str) -> ScriptedLeg:
        try:
            ringing.set()
            await asyncio.Event().wait()
        finally:
            given_up.set()
        raise AssertionError

    board.board.out.dial = ring_for_ever
    await agent.does("consult", call=call, to={"kind": "number", "number": "075788888888"})
    await until(ringing.is_set)
    if ends == "the caller hangs up":
        caller.leaves()
    else:
        await agent.does(ends, call=call)
    await until(given_up.is_set)


async def test_the_second_number_asked_is_the_one_that_counts(board: Hall) -> None:
    caller, agent, call = await board.talk()
    first = board.outside["07571"] = ScriptedLeg()
    second = board.outside["07572"] = ScriptedLeg()
    for number, leg in (("07571", first), ("07572", second)):
        await agent.does("consult", call=call, to={"kind": "number", "number": number})
        await until(lambda leg=leg: board.board.lines[caller.id].outside is leg)  # type: ignore[misc]
        if leg is first:
            await agent.does("cancel_consult", call=call)
    await until(first.ended.is_set)
    assert agent.last("call")["call"]["state"] == "consulting"
    assert await second.hears(agent)
    await agent.does("complete_transfer", call=call)
    assert await second.hears(caller)
    assert not second.ended.is_set()
    caller.leaves()
    await until(second.ended.is_set)


@pytest.mark.parametrize(
    ("number", "code"),
    [("0085299999999", "not_allowed"), ("110", "not_allowed"), ("0757888\n", "bad_message"), ("0757@b", "bad_message")],
)
async def test_agents_call_no_number_that_the_centre_does_not_name(board: Hall, number: str, code: str) -> None:
    _caller, agent, call = await board.talk()
    stranger = board.outside[number] = ScriptedLeg()
    for order in ("consult", "transfer"):
        refused = await agent.asks(order, call=call, to={"kind": "number", "number": number})
        assert refused["code"] == code
    assert agent.last("call")["call"]["state"] == "talking"
    assert not stranger.sent


async def test_keys_pressed_while_nothing_is_recorded_are_not_kept(board: Hall) -> None:
    caller, agent, call = await board.talk()
    caller.presses("1")
    assert await agent.hears(caller)
    assert board.board.lines[caller.id].record.keys == "1"
    await agent.does("pause_recording", call=call, on=True)
    caller.presses("44010319900101")
    assert await agent.hears(caller)  # what came before it has been dealt with
    await agent.does("pause_recording", call=call, on=False)
    caller.presses("2")
    await until(lambda: board.board.lines[caller.id].record.keys == "12")


async def test_handed_over_to_the_police(board: Hall) -> None:
    caller, agent, call = await board.talk()
    police = board.outside["110"] = ScriptedLeg()
    assert agent.last("state")["services"] == [{"code": "110", "name": "110 公安", "name_en": "110 police"}]
    assert (await agent.asks("hand_over", call=call, service="119"))["code"] == "not_allowed", "not of the list"
    await agent.does("hand_over", call=call, service="110")
    await until(lambda: board.board.lines[caller.id].outside_talks)
    assert agent.last("call_over")["outcome"] == "transferred"
    assert await caller.hears(police)
    assert not await caller.hears(agent)
    police.leaves()
    await until(caller.ended.is_set)
    await closed(board, caller)
    kept = board.newest(caller)
    assert (kept["outcome"], kept["service"]) == ("completed", "110")


# --- what is understood ---------------------------------------------------------------------------------------


async def test_a_page_that_comes_back_and_who_takes_over_know_every_word(board: Hall) -> None:
    ears = Ears()
    board.board.out.speech = ears
    _caller, agent, call = await board.talk()
    ears.hears("路灯坏了")
    ears.tell(FieldSuggested(call=ears.call, field="place", value="文昌路", confidence=0.5))
    ears.tell(FieldSuggested(call=ears.call, field="place", value="文昌路12号", confidence=0.9))
    ears.hears("三天了")
    words = [
        ("speech", "live"),
        ("transcript", "路灯坏了"),
        ("transcript", "三天了"),
        ("suggestion", "文昌路12号"),
    ]

    def told(browser: Browser) -> list[tuple[str, str]]:
        return [
            (one["type"], one.get("text") or one.get("value") or one["state"])
            for one in browser.told
            if one["type"] in ("speech", "transcript", "suggestion")
        ]

    agent.told.clear()
    await agent.does("hello")
    assert agent.told[0]["type"] == "state"
    assert told(agent) == words
    other = await board.agent(2)
    assert told(other) == []
    await agent.does("transfer", call=call, to={"kind": "agent", "username": "agent2"})
    await other.does("answer", call=call)
    await until(lambda: told(other) == words)


async def test_an_agent_who_has_wrapped_up_is_told_nothing_of_the_call(board: Hall) -> None:
    caller, agent, call = await board.talk()
    await agent.does("hang_up", call=call)
    await until(caller.ended.is_set)
    agent.told.clear()
    await agent.does("wrapup_done")
    assert agent.last("agent")["agent"]["state"] == "idle"
    assert agent.last("call") == {}


# --- leads --------------------------------------------------------------------------------------------------


async def test_who_comes_back_in_another_role_listens_no_more(board: Hall) -> None:
    caller, _agent, call = await board.talk()
    lead = await board.agent(9, "lead", ready=False)
    await lead.does("listen", call=call)
    assert await lead.hears(caller)
    lead.visitor = replace(lead.visitor, role="agent")
    lead.away(on=False)
    lead.away(on=True)
    await until(lambda: board.board.desks[9].supervising is None)
    assert not await lead.hears(caller)


async def test_a_lead_listens_whispers_and_speaks(board: Hall) -> None:
    caller, agent, call = await board.talk()
    lead = await board.agent(9, "lead", ready=False)
    await lead.does("listen", call=call)
    assert await lead.hears(caller)
    assert await lead.hears(agent)
    assert not await agent.hears(lead)
    assert agent.last("call")["call"]["parties"] == []
    await lead.does("whisper", call=call)
    assert await agent.hears(lead)
    assert not await caller.hears(lead)
    assert agent.last("call")["call"]["parties"] == [{"role": "supervisor", "name": "坐席9", "state": "talking"}]
    await lead.does("barge", call=call)
    assert await caller.hears(lead)
    await lead.does("stop_listening", call=call)
    assert not await caller.hears(lead)
    assert not await lead.hears(caller)
    assert [event["what"] for event in board.newest(caller)["events"]] == ["listen", "whisper", "barge"]
    assert board.listeners == [(9, "listen"), (9, "whisper"), (9, "barge")]


async def test_nobody_listens_while_it_cannot_be_put_on_record(board: Hall) -> None:
    caller, _agent, call = await board.talk()
    lead = await board.agent(9, "lead", ready=False)
    board.nobody_listens = True
    refused = await lead.asks("listen", call=call)
    assert (refused["code"], refused["message"]) == (
        "wrong_state",
        str(words_of(NotOnRecord())),
    )
    assert words_of(NotOnRecord()) != words_of(NotNow())
    assert not await lead.hears(caller)


async def test_nobody_is_left_listening_to_a_call_that_ended_meanwhile(
    board: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, agent, call = await board.talk()
    lead = await board.agent(9, "lead", ready=False)
    asked, told = asyncio.Event(), asyncio.Event()

    async def slow(*_asked: object) -> None:
        asked.set()
        await told.wait()

    monkeypatch.setattr(listening, "let_in", slow)
    answer = asyncio.create_task(lead.asks("listen", call=call))
    await until(asked.is_set)
    await agent.does("hang_up", call=call)
    await agent.does("wrapup_done")
    await until(lambda: caller.id not in board.board.lines)
    told.set()
    assert (await answer)["code"] == "wrong_state"
    assert board.board.desks[9].supervising is None
    assert lead.last("agent")["agent"]["reason"] != "supervising"
    await lead.does("stop_listening", call=call)


async def test_who_looks_after_quality_listens_and_says_nothing(board: Hall) -> None:
    caller, agent, call = await board.talk()
    quality = await board.agent(9, "quality", ready=False)
    whole = quality.last("state")
    assert (whole["leads"], whole["joins"]) == (True, False)
    await quality.does("listen", call=call)
    assert await quality.hears(caller)
    assert (await quality.asks("whisper", call=call))["code"] == "not_allowed"
    assert not await agent.hears(quality)


async def test_an_agent_may_not_listen(board: Hall) -> None:
    _caller, _agent, call = await board.talk()
    other = await board.agent(2)
    assert (await other.asks("listen", call=call))["code"] == "not_allowed"


async def test_a_supervisor_gets_no_calls(board: Hall) -> None:
    supervisor = await board.agent(9, "supervisor", ready=False)
    assert (await supervisor.asks("ready"))["code"] == "not_allowed"


# --- what breaks --------------------------------------------------------------------------------------------


async def test_a_page_that_is_reloaded_keeps_its_caller(board: Hall) -> None:
    caller, agent, call = await board.talk()
    agent.away(on=False)
    await until(lambda: not board.board.desks[1].reachable)
    assert not await agent.hears(caller)
    agent.away(on=True)
    await until(lambda: board.board.desks[1].reachable)
    agent.told.clear()
    agent.says("hello", version=1)
    await until(lambda: agent.last("state"))
    whole = agent.last("state")
    assert (whole["call"]["call"], whole["call"]["state"], whole["agent"]["state"]) == (call, "talking", "busy")
    assert await caller.hears(agent)


async def test_a_telephone_lost_for_good_gives_the_caller_to_another(board: Hall) -> None:
    caller, agent, call = await board.talk()
    other = await board.agent(2)
    agent.leaves()
    assert await other.rung() == call
    await other.does("answer", call=call)
    assert await caller.hears(other)


async def test_nobody_touches_another_s_call(board: Hall) -> None:
    caller, _agent, call = await board.talk()
    other = await board.agent(2)
    for order in ("hang_up", "hold", "cancel_consult", "answer"):
        assert (await other.asks(order, call=call))["code"] == "not_yours", order
    assert board.state(caller) == "talking"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "dance"}, "bad_message"),
        ({"type": "hold", "call": "6a1f6f0e-3c55-4d1c-9d0e-2f6a7b8c9d01"}, "no_such_call"),
        ({"type": "wrapup_done"}, "wrong_state"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(board: Hall, message: dict[str, str], code: str) -> None:
    agent = await board.agent(1)
    answer = await agent.asks(**message)
    assert (answer["type"], answer["code"]) == ("refused", code)
    assert answer["message"]


async def test_a_database_that_is_away_stops_no_call(tmp_path: Path) -> None:
    def away(line: object) -> None:
        raise ConnectionError

    async with hall(tmp_path, apply=away) as board:
        caller, agent, call = await board.talk()
        assert await caller.hears(agent)
        await agent.does("hang_up", call=call)
        await until(caller.ended.is_set)
        assert board.journal.behind >= 3


# --- the centre's figures ----------------------------------------------------------------------------------


async def test_a_message_lasts_no_longer_than_the_centre_lets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sounds, "words", lambda name: sounds.beep())
    async with hall(tmp_path, replace(QUICK, message_seconds=0.1)) as board:
        caller = await board.call()
        await until(caller.ended.is_set)
        await closed(board, caller)
        assert board.newest(caller)["outcome"] == "no_agent"


# --- rating -------------------------------------------------------------------------------------------------


async def test_the_caller_rates_by_key(tmp_path: Path) -> None:
    async with hall(tmp_path, replace(QUICK, rating=True)) as board:
        caller, agent, call = await board.talk()
        await agent.does("hang_up", call=call)
        assert not caller.ended.is_set()
        line = board.board.lines[caller.id]
        await until(lambda: line.asked_keys is not None)
        caller.presses("12")
        await until(lambda: board.newest(caller)["rating"] == 4)
        await until(caller.ended.is_set)
        assert board.newest(caller)["solved"] is True


async def test_who_hangs_up_at_the_question_has_not_rated(tmp_path: Path) -> None:
    async with hall(tmp_path, replace(QUICK, rating=True)) as board:
        caller, agent, call = await board.talk()
        await agent.does("hang_up", call=call)
        caller.leaves()
        await agent.does("wrapup_done")
        await closed(board, caller)
        await until(lambda: not board.board.lines)
        assert board.newest(caller)["rating"] is None


async def test_a_lead_sees_every_call(board: Hall) -> None:
    _caller, _agent, call = await board.talk()
    lead: Browser = await board.agent(9, "lead", ready=False)
    rows = lead.last("state")["calls"]
    assert [(row["call"], row["agent"], row["caller"]) for row in rows] == [(call, "agent1", "138****0001")]


# --- faults ---------------------------------------------------------------------------------------------------


async def test_a_step_of_the_clock_that_fails_does_not_stop_it(board: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    tick, faults = board.board.acd.tick, [RuntimeError("once")]

    def tick_or_fail(now: float) -> list[Decision]:
        if faults:
            raise faults.pop()
        return tick(now)

    monkeypatch.setattr(board.board.acd, "tick", tick_or_fail)
    board.policies.now = replace(QUICK, figures=replace(QUICK.figures, ring=0.1))
    agent = await board.agent(1)
    await board.call()
    await agent.rung()
    await until(lambda: agent.last("call_over"))
    assert faults == []
    assert agent.last("call_over")["outcome"] == "not_answered"


async def test_an_order_that_fails_is_answered_all_the_same(board: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    caller, agent, call = await board.talk()
    monkeypatch.setattr(board.board.lines[caller.id].bridge, "mute", _broken)
    assert (await agent.asks("mute", call=call, on=True))["type"] == "refused"
    assert await caller.hears(agent)


async def test_a_call_that_cannot_be_answered_is_let_go(board: Hall) -> None:
    class Broken(ScriptedLeg):
        async def answer(self) -> None:
            raise OSError("no port is free")

    leg = Broken()
    board.board.take(leg)
    await until(leg.ended.is_set)
    assert board.board.lines == {}


async def test_a_call_that_breaks_off_by_a_fault_of_ours_has_failed(
    board: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, agent, _call = await board.talk()
    monkeypatch.setattr(board.board.lines[caller.id].bridge, "hear", _broken)
    caller.speaks()
    await until(caller.ended.is_set)
    await until(lambda: agent.last("call_over"))
    await until(lambda: board.recordings)
    await until(lambda: board.newest(caller).get("outcome"))
    assert board.newest(caller)["outcome"] == "failed"


def _broken(*_given: object) -> None:
    raise OSError("nothing is heard any more")


async def test_a_recogniser_that_fails_at_the_end_takes_no_recording_along(
    board: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, _, _ = await board.talk()

    async def fails() -> None:
        raise ValueError

    tap = Ears()
    monkeypatch.setattr(tap, "end", fails)
    board.board.lines[caller.id].understood.tap = tap
    caller.leaves()
    await until(lambda: board.recordings)
    assert [recording.uuid for recording in board.recordings] == [caller.id]


async def test_a_leg_that_cannot_be_ended_leaves_none_behind_at_a_stop(
    board: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, browser, _ = await board.talk()
    ended: list[str] = []

    async def fails(reason: str = "") -> None:
        raise OSError("its line is broken")

    async def ends(reason: str = "") -> None:
        ended.append(reason)

    monkeypatch.setattr(caller, "hang_up", fails)
    monkeypatch.setattr(browser, "hang_up", ends)
    await board.board.stop()
    assert ended == ["the telephone is being stopped"]
