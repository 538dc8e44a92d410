"""From the exchange's events to whole calls: what a real Asterisk said, and what it might say in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_ingest.telephony.ami.calls import FollowedCall, Member, extension_of
from channels_ingest.telephony.ami.follower import Follower, Standing
from channels_ingest.telephony.ami.wire import Decoder, Message

CAPTURED = Path(__file__).parent / "captured"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CALL = UUID(int=1)
PEOPLE = {"8001": "li", "8002": "wang"}


def follower(**settings: frozenset[str]) -> Follower:
    return Follower(who=lambda extension: PEOPLE.get(extension, ""), now=lambda: NOW, **settings)


def message(event: str, **lines: str) -> Message:
    return Message((("Event", event), *lines.items()))


def captured(name: str) -> list[Message]:
    greeting = b"" if name == "login.txt" else b"Asterisk Call Manager/11.0.0\r\n"
    return [found for found in Decoder().feed(greeting + (CAPTURED / name).read_bytes()) if found.event]


def told(following: Follower, messages: list[Message], uuid: UUID = CALL) -> list[FollowedCall]:
    """What is told while these events come."""
    news = []
    for one in messages:
        if one.event == "QueueCallerJoin":
            following.joined(one, uuid)
        else:
            following.hear(one)
        news += [now.whole for now in following.look() if now.news]
    return news


def brief(calls: list[FollowedCall]) -> list[tuple[str, str, str]]:
    return [(call.state, call.extension, call.agent) for call in calls]


def test_a_call_that_is_held_and_transferred_is_one_call_to_its_end() -> None:
    following = follower()
    news = told(following, captured("held_and_transferred.txt"))
    assert brief(news) == [
        ("queued", "", ""),
        ("ringing", "8001", "li"),
        ("talking", "8001", "li"),
        ("held", "8001", "li"),
        ("talking", "8001", "li"),
        ("ringing", "8002", "wang"),
        ("talking", "8002", "wang"),
        ("closed", "8002", "wang"),
    ]
    assert {(call.uuid, call.caller, call.called, call.queue) for call in news} == {
        (CALL, "13800000001", "12346", "hotline")
    }
    assert news[-1].outcome == "completed"
    assert following.calls == {}


def test_a_caller_who_hangs_up_while_it_rings_has_abandoned() -> None:
    news = told(follower(), captured("abandoned_ringing.txt"))
    assert brief(news) == [("queued", "", ""), ("ringing", "8001", "li"), ("closed", "8001", "li")]
    assert (news[-1].outcome, news[-1].answered_at) == ("abandoned_ringing", None)


def test_a_caller_of_the_fallback_queue_is_followed_like_any_other() -> None:
    news = told(follower(), captured("platform_down.txt"))
    assert [(call.state, call.outcome, call.queue) for call in news] == [
        ("queued", "", "hotline-fallback"),
        ("ringing", "", "hotline-fallback"),
        ("closed", "abandoned_ringing", "hotline-fallback"),
    ]


def test_a_caller_who_hangs_up_before_it_rings_has_abandoned_the_queue() -> None:
    news = told(follower(), [JOIN, message("QueueCallerAbandon", Uniqueid="1", Queue="q")])
    assert [(call.state, call.outcome) for call in news] == [("queued", ""), ("closed", "abandoned_queue")]


def test_an_agent_who_hangs_up_ends_the_call() -> None:
    news = told(follower(), captured("agent_hung_up.txt"))
    assert brief(news)[-2:] == [("talking", "8001", "li"), ("closed", "8001", "li")]
    assert news[-1].outcome == "completed"


def test_a_queue_that_is_not_ours_is_left_alone() -> None:
    following = follower(queues=frozenset({"other"}))
    assert not following.wants("hotline")
    for one in captured("login.txt"):
        following.hear(message("QueueMemberStatus", **dict(one.lines[1:]))) if one.event == "QueueMember" else None
    assert following.members() == {}


JOIN = message("QueueCallerJoin", Uniqueid="1", Channel="PJSIP/t-00000001", CallerIDNum="139", Exten="12345", Queue="q")


def called(extension: str) -> Message:
    return message("AgentCalled", Uniqueid="1", Interface=f"PJSIP/{extension}")


def test_where_several_telephones_ring_nobody_is_named() -> None:
    news = told(follower(), [JOIN, called("8001"), called("8002")])
    assert brief(news) == [("queued", "", ""), ("ringing", "8001", "li"), ("ringing", "", "")]


def test_a_telephone_that_rang_in_vain_leaves_the_call_queued() -> None:
    unanswered = message("AgentRingNoAnswer", Uniqueid="1", Interface="PJSIP/8001", RingTime="15000")
    assert brief(told(follower(), [JOIN, called("8001"), unanswered])) == [
        ("queued", "", ""),
        ("ringing", "8001", "li"),
        ("queued", "", ""),
    ]


def test_a_caller_whom_the_queue_let_go_without_an_agent_was_not_served() -> None:
    leave, hangup = message("QueueCallerLeave", Uniqueid="1", Queue="q"), message("Hangup", Uniqueid="1")
    assert told(follower(), [JOIN, leave, hangup])[-1].outcome == "no_agent"


def test_the_same_event_twice_tells_nothing_twice() -> None:
    assert brief(told(follower(), [JOIN, JOIN, called("8001"), called("8001")])) == [
        ("queued", "", ""),
        ("ringing", "8001", "li"),
    ]


def enter(channel_id: str, channel: str, bridge: str = "b") -> Message:
    return message("BridgeEnter", BridgeUniqueid=bridge, Uniqueid=channel_id, Channel=channel)


def test_an_attended_transfer_is_seen_by_who_is_in_the_callers_bridge() -> None:
    connect = message("AgentConnect", Uniqueid="1", Interface="PJSIP/8001")
    first = [JOIN, connect, enter("2", "PJSIP/8001-00000002"), enter("1", "PJSIP/t-00000001")]
    leaves = [
        message("BridgeLeave", BridgeUniqueid="b", Uniqueid="2"),
        enter("3", "PJSIP/8002-00000003"),
        message("AgentComplete", Uniqueid="1", Interface="PJSIP/8001", Reason="transfer"),
    ]
    assert brief(told(follower(), first + leaves)) == [
        ("queued", "", ""),
        ("talking", "8001", "li"),
        ("talking", "8002", "wang"),
    ]


def test_a_hold_ends_with_whoever_held() -> None:
    connect = message("AgentConnect", Uniqueid="1", Interface="PJSIP/8001")
    talk = [JOIN, connect, enter("2", "PJSIP/8001-00000002"), enter("1", "PJSIP/t-00000001")]
    held = [message("Hold", Uniqueid="2"), message("BridgeLeave", BridgeUniqueid="b", Uniqueid="2")]
    assert [call.state for call in told(follower(), talk + held)] == ["queued", "talking", "held", "talking"]


# --- after a break ------------------------------------------------------------------------------------------


def standing(**parts: object) -> Standing:
    whole: dict[str, object] = {"members": [], "waiting": [], "channels": [], "uuids": {}}
    return Standing(**(whole | parts))  # type: ignore[arg-type]


def channel(channel_id: str, name: str, **lines: str) -> Message:
    return message("CoreShowChannel", Uniqueid=channel_id, Channel=name, CallerIDNum="139", Exten="12345", **lines)


def news_of(following: Follower) -> list[FollowedCall]:
    return [now.whole for now in following.look() if now.news]


@pytest.mark.parametrize(
    ("before", "outcome"),
    [
        ([JOIN], "abandoned_queue"),
        ([JOIN, message("AgentConnect", Uniqueid="1", Interface="PJSIP/8001")], "completed"),
    ],
)
def test_a_call_that_ended_while_nobody_looked_is_closed_and_said_to_be_a_guess(
    before: list[Message], outcome: str
) -> None:
    following = follower()
    told(following, before)
    following.resync(standing())
    (call,) = news_of(following)
    assert (call.state, call.outcome, call.lost, call.ended_at) == ("closed", outcome, True, NOW)
    assert following.calls == {}


def test_a_caller_who_came_while_nobody_looked_has_waited_since_then() -> None:
    following = follower()
    entry = message("QueueEntry", Queue="q", Uniqueid="1", Channel="PJSIP/t-00000001", CallerIDNum="139", Wait="40")
    following.resync(standing(waiting=[entry], channels=[channel("1", "PJSIP/t-00000001")], uuids={"1": CALL}))
    (call,) = news_of(following)
    assert (call.state, call.uuid, call.queue, call.caller, call.called) == ("queued", CALL, "q", "139", "12345")
    assert call.started_at == NOW - timedelta(seconds=40)


def test_a_talk_that_began_while_nobody_looked_is_followed_to_its_end() -> None:
    following = follower()
    caller = channel(
        "1", "PJSIP/t-00000001", BridgeId="b", Duration="00:01:30", Application="Queue", ApplicationData="q,t"
    )
    agent = channel("2", "PJSIP/8001-00000002", BridgeId="b", Duration="00:01:00")
    following.resync(standing(channels=[caller, agent], uuids={"1": CALL}))
    (call,) = news_of(following)
    assert (call.state, call.extension, call.agent, call.queue) == ("talking", "8001", "li", "q")
    assert following.calls["1"].parties == {"2": "PJSIP/8001-00000002"}
    assert told(following, [message("Hangup", Uniqueid="1")])[-1].outcome == "completed"


def test_a_real_standing_of_a_call_in_talk_changes_nothing_that_the_events_had_told() -> None:
    """The listing lies in the middle of the captured call, so the events before and after it must agree with it."""
    following, listed, news = follower(), [], []
    for one in captured("held_and_transferred.txt"):
        if one.get("ActionID") in ("a3", "a4"):
            listed.append(one)
            if one.event == "CoreShowChannelsComplete":
                members = [line for line in listed if line.event == "QueueMember"]
                channels = [line for line in listed if line.event == "CoreShowChannel"]
                following.resync(standing(members=members, channels=channels))
                assert news_of(following) == []
        else:
            news += told(following, [one])
    assert len(listed) == 8
    assert [call.state for call in news][-4:] == ["talking", "ringing", "talking", "closed"]


def test_members_are_paused_only_where_every_queue_says_so_and_offline_once_they_left() -> None:
    def member(queue: str, **lines: str) -> Message:
        return message("QueueMemberPause", Queue=queue, Interface="PJSIP/8001", **({"Status": "1"} | lines))

    following = follower()
    following.hear(member("a", Paused="1", PausedReason="meal"))
    assert following.members() == {"8001": Member("8001", "paused", "meal")}
    following.hear(member("b", Paused="0"))
    assert following.members() == {"8001": Member("8001", "idle", "")}
    following.hear(member("a", Paused="0", Status="5"))
    following.hear(member("b", Paused="0", Status="5"))
    assert following.members() == {"8001": Member("8001", "offline", "")}
    following.hear(member("a", Paused="0", Status="2"))
    for queue in "ab":
        following.hear(message("QueueMemberRemoved", Queue=queue, Interface="PJSIP/8001"))
    assert following.members() == {"8001": Member("8001", "offline", "")}


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("PJSIP/8001", "8001"),
        ("PJSIP/8001-0000002a", "8001"),
        ("Local/8001@from-queue/n", "8001"),
        ("Local/8001@from-queue-0000001f;1", "8001"),
        ("SIP/agent-li", "agent-li"),
        ("8001", ""),
    ],
)
def test_extensions(name: str, extension: str) -> None:
    assert extension_of(name) == extension


kinds = ["AgentCalled", "AgentRingNoAnswer", "AgentConnect", "AgentComplete", "QueueCallerAbandon", "QueueCallerJoin"]
kinds += ["Hangup", "Hold", "Unhold", "BlindTransfer", "BridgeEnter", "BridgeLeave", "QueueCallerLeave"]
events = st.builds(
    lambda kind, channel_id, bridge, extension: message(
        kind,
        Uniqueid=channel_id,
        TransfereeUniqueid=channel_id,
        Channel=f"PJSIP/x-0000000{channel_id}",
        BridgeUniqueid=bridge,
        Interface=f"PJSIP/{extension}",
        Extension=extension,
        Queue="q",
        Result="Success",
    ),
    st.sampled_from(kinds),
    st.sampled_from("1234"),
    st.sampled_from("ab"),
    st.sampled_from(["8001", "8002"]),
)


@given(st.lists(events, max_size=40))
def test_events_in_any_order_close_each_call_once_and_leave_nothing_behind(messages: list[Message]) -> None:
    following, news = follower(), []
    for serial, one in enumerate(messages):
        news += told(following, [one], UUID(int=serial))
    following.resync(standing())
    news += news_of(following)
    assert following.calls == {}
    assert following._told == {}
    begun = {call.uuid for call in news}
    closed = [call.uuid for call in news if call.state == "closed"]
    assert sorted(closed, key=str) == sorted(begun, key=str)
    assert all((call.outcome != "") == (call.state == "closed") for call in news)
