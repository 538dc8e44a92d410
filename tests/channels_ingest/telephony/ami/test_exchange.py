"""The exchange beside us, with its manager interface played on a real socket: what it says, and what we order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from channels_ingest.telephony.ami.calls import FollowedCall
from channels_ingest.telephony.ami.settings import AmiSettings
from channels_ingest.telephony.bridge import Side
from channels_ingest.telephony.exchange import Announced, Exchange
from channels_ingest.telephony.legs import CallLeg, Moved
from tests.fakes.asterisk_ami import AsteriskAmi

CALLER = "PJSIP/t-00000001"
AGENT = "PJSIP/8001-00000002"
THERE = {"Uniqueid": "1", "Channel": CALLER, "CallerIDNum": "13800000001", "Exten": "12345"}
JOIN = {**THERE, "Queue": "hotline"}


class Desk:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.calls: list[FollowedCall] = []
        self.agents: list[tuple[str, str, str]] = []
        self.forks: list[tuple[UUID, Side, CallLeg]] = []
        self.resyncs: list[frozenset[UUID]] = []

    def follow(self, call: FollowedCall) -> None:
        self.calls.append(call)

    def agent(self, username: str, state: str, reason: str) -> None:
        self.agents.append((username, state, reason))

    def fork(self, call: UUID, side: Side, leg: CallLeg) -> None:
        self.forks.append((call, side, leg))

    def resynced(self, going_on: frozenset[UUID]) -> None:
        self.resyncs.append(going_on)

    @property
    def states(self) -> list[str]:
        return [call.state for call in self.calls]


class Copy:
    """A leg as far as a copy needs one."""

    def __init__(self, leg_id: UUID) -> None:
        self.id = leg_id
        self.ended = ""

    async def hang_up(self, reason: str = "") -> None:
        self.ended = reason


@asynccontextmanager
async def exchange(
    server: AsteriskAmi, *, who: dict[str, str] | None = None, **changes: object
) -> AsyncIterator[tuple[Exchange, Desk]]:
    settings = AmiSettings(
        host="127.0.0.1",
        port=server.port,
        secret=server.secret,
        first_pause=0.01,
        most_pause=0.02,
        audiosocket="10.0.0.9:9092",
        **changes,  # type: ignore[arg-type]
    )
    desk = Desk()
    people = {"8001": "li", "8002": "wang"} if who is None else who
    followed = Exchange(settings, desk, lambda extension: people.get(extension, ""))
    task = asyncio.create_task(followed.run())
    try:
        await asyncio.wait_for(followed.up.wait(), 5)
        yield followed, desk
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def becomes(found: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not found():
            await asyncio.sleep(0.005)


async def talk(server: AsteriskAmi, desk: Desk) -> None:
    """A call from its queue to its agent."""
    server.say("QueueCallerJoin", **JOIN)
    server.say("AgentConnect", **THERE, Interface="PJSIP/8001")
    server.say("BridgeEnter", BridgeUniqueid="b", Uniqueid="2", Channel=AGENT)
    server.say("BridgeEnter", BridgeUniqueid="b", **THERE)
    await becomes(lambda: desk.states == ["queued", "talking"])


@pytest.mark.asyncio
async def test_a_call_is_marked_with_its_uuid_and_followed() -> None:
    async with AsteriskAmi() as server, exchange(server) as (_, desk):
        await talk(server, desk)
        call = desk.calls[-1]
        assert (call.state, call.agent, call.caller, call.called) == ("talking", "li", "13800000001", "12345")
        assert server.variables[CALLER, "HOTLINE_FOLLOWED"] == str(call.uuid)


@pytest.mark.asyncio
async def test_each_party_is_copied_once_and_only_heard() -> None:
    async with AsteriskAmi() as server, exchange(server) as (followed, desk):
        await talk(server, desk)
        await becomes(lambda: len(server.actions("Originate")) == 2)
        caller, agent = server.actions("Originate")
        assert [order["Data"] for order in (caller, agent)] == [f"{CALLER},qSEo", f"{AGENT},qSEo"]
        assert {order["Application"] for order in (caller, agent)} == {"ChanSpy"}
        host, uuid, codec = caller["Channel"].removeprefix("AudioSocket/").split("/")
        assert (host, codec) == ("10.0.0.9:9092", "c(slin16)")
        leg = Copy(UUID(uuid))
        assert followed.takes(leg)  # type: ignore[arg-type]
        assert not followed.takes(leg)  # type: ignore[arg-type]
        assert desk.forks == [(desk.calls[0].uuid, Side.CALLER, leg)]
        server.say("Hangup", **THERE)
        await becomes(lambda: desk.states[-1] == "closed")
        await becomes(lambda: leg.ended)
        assert len(server.actions("Originate")) == 2


@pytest.mark.asyncio
async def test_a_leg_that_nobody_asked_for_is_no_copy() -> None:
    async with AsteriskAmi() as server, exchange(server) as (followed, desk):
        assert not followed.takes(Copy(uuid4()))  # type: ignore[arg-type]
        assert desk.forks == []


@pytest.mark.asyncio
async def test_whoever_takes_over_is_copied_as_the_agent() -> None:
    async with AsteriskAmi() as server, exchange(server) as (followed, desk):
        await talk(server, desk)
        server.say("BridgeLeave", BridgeUniqueid="b", Uniqueid="2", Channel=AGENT)
        server.say("BridgeEnter", BridgeUniqueid="b", Uniqueid="3", Channel="PJSIP/8002-00000003")
        await becomes(lambda: len(server.actions("Originate")) == 3)
        newest = server.actions("Originate")[-1]
        assert newest["Data"] == "PJSIP/8002-00000003,qSEo"
        assert followed.takes(Copy(UUID(newest["Channel"].split("/")[2])))  # type: ignore[arg-type]
        assert desk.forks[-1][1] is Side.AGENT
        assert desk.calls[-1].agent == "wang"


@pytest.mark.asyncio
async def test_an_agent_who_is_known_only_later_is_told_then() -> None:
    who: dict[str, str] = {}
    async with AsteriskAmi() as server, exchange(server, who=who) as (_, desk):
        server.say("QueueMemberStatus", Queue="hotline", Interface="PJSIP/8001", Status="2", Paused="0")
        await talk(server, desk)
        assert (desk.calls[-1].agent, desk.agents) == ("", [])
        who["8001"] = "li"
        server.say("FullyBooted")
        await becomes(lambda: desk.calls[-1].agent == "li")
        assert (desk.states[-1], desk.agents) == ("talking", [("li", "busy", "")])
        assert len(server.actions("Originate")) == 2


@pytest.mark.asyncio
async def test_a_copy_that_is_refused_is_said_and_the_call_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    async with AsteriskAmi() as server, exchange(server) as (_, desk):
        server.refused["Originate"] = "Extension does not exist."
        await talk(server, desk)
        server.say("Hangup", **THERE)
        await becomes(lambda: desk.states == ["queued", "talking", "closed"])
    assert "its caller is not copied: Extension does not exist." in caplog.text


@pytest.mark.asyncio
async def test_what_happened_during_a_break_is_known_after_it() -> None:
    async with AsteriskAmi() as server, exchange(server) as (_, desk):
        server.say("QueueCallerJoin", **JOIN)
        await becomes(lambda: desk.states == ["queued"])
        later = {"Uniqueid": "9", "Channel": "PJSIP/t-00000009", "CallerIDNum": "139"}
        server.waiting = [{**later, "Queue": "hotline", "Wait": "3"}]
        server.channels = [{**later, "Exten": "12345"}]
        server.members = [{"Queue": "hotline", "Location": "PJSIP/8001", "Status": "1", "Paused": "0"}]
        server.cut()
        await becomes(lambda: len(desk.resyncs) == 2)
        assert [(call.state, call.outcome, call.lost) for call in desk.calls] == [
            ("queued", "", False),
            ("closed", "abandoned_queue", True),
            ("queued", "", False),
        ]
        assert desk.resyncs == [frozenset(), frozenset({desk.calls[-1].uuid})]
        assert desk.agents == [("li", "idle", "")]


@pytest.mark.asyncio
async def test_another_process_of_ours_goes_on_with_the_same_calls() -> None:
    ours, given = uuid4(), uuid4()
    second = "PJSIP/t-00000005"
    async with AsteriskAmi() as server:
        server.variables |= {(CALLER, "HOTLINE_FOLLOWED"): str(ours), (second, "CALL_UUID"): str(given)}
        server.channels = [
            {**THERE, "BridgeId": "b", "Duration": "00:00:10", "Application": "Dial"},
            {"Uniqueid": "2", "Channel": AGENT, "BridgeId": "b", "Duration": "00:00:09"},
            {"Uniqueid": "5", "Channel": second, "CallerIDNum": "139", "Exten": "12345"},
            {"Uniqueid": "6", "Channel": "PJSIP/x-6", "BridgeId": "c", "Application": "Dial"},
        ]
        server.waiting = [{"Uniqueid": "5", "Channel": second, "Queue": "hotline-fallback", "Wait": "1"}]
        async with exchange(server) as (_, desk):
            assert {(call.uuid, call.state, call.agent) for call in desk.calls} == {
                (ours, "talking", "li"),
                (given, "queued", ""),
            }
            assert desk.resyncs == [frozenset({ours, given})]


@pytest.mark.asyncio
async def test_a_caller_who_queues_again_after_the_end_is_another_call() -> None:
    async with AsteriskAmi() as server, exchange(server) as (_, desk):
        await talk(server, desk)
        server.say("AgentComplete", **THERE, Interface="PJSIP/8001", Reason="agent")
        await becomes(lambda: desk.states[-1] == "closed")
        server.say("BridgeLeave", BridgeUniqueid="b", **THERE)
        server.say("QueueCallerJoin", **JOIN)
        await becomes(lambda: desk.states[-1] == "queued")
        assert desk.calls[-1].uuid != desk.calls[0].uuid


@pytest.mark.asyncio
async def test_a_platform_call_is_announced_ended_on_purpose_and_forgotten() -> None:
    call = uuid4()
    async with AsteriskAmi() as server, exchange(server) as (followed, desk):
        server.say("UserEvent", UserEvent="HotlineCall", **THERE, CallUUID=str(call), Caller="138", Called="12345")
        await becomes(lambda: followed.announced(call))
        assert followed.announced(call) == Announced("138", "12345", CALLER, "1")
        assert await followed.done(call)
        assert server.variables[CALLER, "HOTLINE_DONE"] == "1"
        server.say("Hangup", **THERE)
        await becomes(lambda: followed.announced(call) is None)
        assert not await followed.done(call)
        assert desk.calls == []


@pytest.mark.asyncio
async def test_an_end_that_cannot_be_said_is_not_claimed(caplog: pytest.LogCaptureFixture) -> None:
    call = uuid4()
    async with AsteriskAmi() as server, exchange(server) as (followed, _):
        server.say("UserEvent", UserEvent="HotlineCall", **THERE, CallUUID=str(call), Caller="138", Called="12345")
        await becomes(lambda: followed.announced(call))
        await server.go_away()
        await becomes(lambda: not followed.up.is_set())
        assert not await followed.done(call)
    assert "may go on to the fallback queue" in caplog.text


@pytest.mark.asyncio
async def test_a_caller_is_sent_to_a_number_and_to_nothing_else() -> None:
    call = uuid4()
    async with AsteriskAmi() as server, exchange(server) as (followed, _):
        server.say("UserEvent", UserEvent="HotlineCall", **THERE, CallUUID=str(call), Caller="138", Called="12345")
        await becomes(lambda: followed.announced(call))
        for bad in ("110,1)", "s", "", "1 10", "110\r\nAction: Reload"):
            assert await followed.transfer(call, bad) is Moved.NOT
        assert server.actions("Redirect") == []
        sent = asyncio.create_task(followed.transfer(call, "110"))
        await becomes(lambda: server.actions("Redirect"))
        server.say("DialEnd", **THERE, DialStatus="ANSWER")
        assert await sent is Moved.REACHED
        (order,) = server.actions("Redirect")
        assert (order["Channel"], order["Context"], order["Exten"]) == (CALLER, "hotline-out", "110")
        assert server.variables[CALLER, "HOTLINE_DONE"] == "1"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("event", "lines", "moved"),
    [
        ("Hangup", {}, Moved.HUNG_UP),
        ("UserEvent", {"UserEvent": "HotlineCall", "CallUUID": str(UUID(int=7)), "Called": "12345"}, Moved.CAME_BACK),
    ],
    ids=["the caller gives up", "nobody answers"],
)
async def test_what_becomes_of_a_caller_who_was_sent_outside(event: str, lines: dict[str, str], moved: Moved) -> None:
    call = uuid4()
    async with AsteriskAmi() as server, exchange(server) as (followed, _):
        server.say("UserEvent", UserEvent="HotlineCall", **THERE, CallUUID=str(call), Caller="138", Called="12345")
        await becomes(lambda: followed.announced(call))
        sent = asyncio.create_task(followed.transfer(call, "110"))
        await becomes(lambda: server.actions("Redirect"))
        server.say("DialEnd", **THERE, DialStatus="BUSY")
        server.say("DialEnd", Channel="PJSIP/other-1", Uniqueid="99", DialStatus="ANSWER")
        server.say(event, **THERE, **lines)
        assert await sent is moved


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("channels", "moved"),
    [([], Moved.HUNG_UP), ([{"BridgeId": "b-1"}], Moved.REACHED)],
    ids=["gone", "talks to somebody"],
)
async def test_after_a_break_it_is_seen_who_has_a_caller_sent_outside(
    channels: list[dict[str, str]], moved: Moved
) -> None:
    call = uuid4()
    async with AsteriskAmi() as server, exchange(server) as (followed, _):
        server.say("UserEvent", UserEvent="HotlineCall", **THERE, CallUUID=str(call), Caller="138", Called="12345")
        await becomes(lambda: followed.announced(call))
        sent = asyncio.create_task(followed.transfer(call, "110"))
        await becomes(lambda: server.actions("Redirect"))
        server.channels = [THERE | line for line in channels]
        server.cut()
        assert await sent is moved


@pytest.mark.asyncio
async def test_a_caller_who_was_not_moved_is_taken_up_by_the_dialplan_if_we_fail() -> None:
    call = uuid4()
    async with AsteriskAmi() as server, exchange(server) as (followed, _):
        assert not followed.moves(call)
        server.say("UserEvent", UserEvent="HotlineCall", **THERE, CallUUID=str(call), Caller="138", Called="12345")
        await becomes(lambda: followed.announced(call))
        assert followed.moves(call)
        server.refused["Redirect"] = "Channel not up"
        assert await followed.transfer(call, "110") is Moved.NOT
        assert server.variables[CALLER, "HOTLINE_DONE"] == ""
        server.say("Hangup", **THERE)
        await becomes(lambda: not followed.moves(call))


@pytest.mark.asyncio
async def test_a_call_without_a_uuid_is_said_to_be_a_fault_of_the_dialplan(caplog: pytest.LogCaptureFixture) -> None:
    async with AsteriskAmi() as server, exchange(server):
        server.say("UserEvent", UserEvent="HotlineCall", **THERE, CallUUID="none")
        await becomes(lambda: "announced a call without a UUID" in caplog.text)
