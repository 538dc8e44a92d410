"""Follows the exchange's queues: from its events, or from how it says that everything stands, to whole calls.

Nothing here asks or waits: events go in, and `look()` gives every call as it is then. The same event
twice changes nothing, so a listing and the events around it may overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from channels_ingest.telephony.ami.calls import Call, FollowedCall, FollowedOutcome, Member, device_state, extension_of
from channels_ingest.telephony.ami.wire import Message


@dataclass(frozen=True, slots=True)
class Standing:
    """How everything stands at one moment: members and callers of the queues, channels, and known calls by channel."""

    members: list[Message]
    waiting: list[Message]
    channels: list[Message]
    uuids: Mapping[str, UUID]


@dataclass(frozen=True, slots=True)
class Now:
    """A call as it is now; `news` where it was told differently last, or never."""

    channel_id: str
    call: Call
    whole: FollowedCall
    news: bool


@dataclass(slots=True)
class Follower:
    """Calls by the caller's channel id; `who` names the agent at an extension, `now` is the clock."""

    who: Callable[[str], str]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    queues: frozenset[str] = frozenset()
    calls: dict[str, Call] = field(default_factory=dict)
    _bridges: dict[str, dict[str, str]] = field(default_factory=dict)
    _members: dict[tuple[str, str], Member] = field(default_factory=dict)
    _told: dict[UUID, FollowedCall] = field(default_factory=dict)

    def look(self) -> list[Now]:
        """Every call as it is now; one that has ended is seen once more and then forgotten."""
        found = []
        for channel_id, call in list(self.calls.items()):
            whole = call.whole(self.who(call.extension) if call.extension else "")
            found.append(Now(channel_id, call, whole, self._told.get(call.uuid) != whole))
            self._told[call.uuid] = whole
            if call.ended_at is not None:
                del self._told[call.uuid], self.calls[channel_id]
        return found

    def members(self) -> dict[str, Member]:
        """How each telephone is: paused or offline only where it is so in every queue."""
        found: dict[str, Member] = {}
        for member in self._members.values():
            if member.extension not in found or found[member.extension].state in ("paused", "offline"):
                found[member.extension] = member
        return found

    def wants(self, queue: str) -> bool:
        """Whether a queue is followed."""
        return not self.queues or queue in self.queues

    # --- one event after the other -------------------------------------------------------------------------

    def hear(self, message: Message) -> None:
        """Any event but a caller's joining a queue, which is `joined`."""
        if hearing := _HEARING.get(message.event):
            hearing(self, message)

    def joined(self, message: Message, uuid: UUID) -> None:
        """Somebody waits in a queue; a caller who was sent back into one goes on with the same call."""
        channel_id = message["Uniqueid"]
        call = self.calls.get(channel_id)
        if call is None:
            call = self._follow(message, uuid, self.now())
            call.called = message.text("Exten")
        call.queue, call.away, call.ringing, call.extension = message["Queue"], False, set(), ""

    def _follow(self, message: Message, uuid: UUID, since: datetime) -> Call:
        call = Call(uuid, message["Channel"], since, caller=message.text("CallerIDNum"))
        self.calls[message["Uniqueid"]] = call
        return call

    def _of(self, message: Message, name: str = "Uniqueid") -> Call | None:
        return self.calls.get(message.get(name, ""))

    def _rings(self, message: Message) -> None:
        if call := self._of(message):
            call.ringing.add(_extension(message))
            call.extension = next(iter(call.ringing)) if len(call.ringing) == 1 else ""

    def _rang_in_vain(self, message: Message) -> None:
        if call := self._of(message):
            call.ringing.discard(_extension(message))
            call.extension = next(iter(call.ringing)) if len(call.ringing) == 1 else ""

    def _connected(self, message: Message) -> None:
        if call := self._of(message):
            call.ringing.clear()
            call.away = False
            call.extension = _extension(message)
            call.answered_at = call.answered_at or self.now()

    def _completed(self, message: Message) -> None:
        """The agent's part is over. The rest, a rating say, is the exchange's own, unless somebody else goes on."""
        if message.get("Reason") != "transfer" and (call := self._of(message)):
            self._close(call, "completed")

    def _abandoned(self, message: Message) -> None:
        if call := self._of(message):
            self._close(call, "abandoned_ringing" if call.ringing else "abandoned_queue")

    def _hung_up(self, message: Message) -> None:
        channel_id = message["Uniqueid"]
        if call := self._of(message):
            self._close(call, "completed" if call.answered_at else "no_agent")
        for bridge in self._bridges.values():
            bridge.pop(channel_id, None)
        self._meet()

    def _close(self, call: Call, outcome: FollowedOutcome, *, lost: bool = False) -> None:
        if call.ended_at is None:
            call.ended_at, call.outcome, call.lost = self.now(), outcome, lost

    def _holds(self, message: Message) -> None:
        self._hold(message["Uniqueid"], message.event == "Hold")

    def _hold(self, channel_id: str, on: bool) -> None:
        for caller_id, call in self.calls.items():
            if channel_id == caller_id or channel_id in call.parties:
                (call.holding.add if on else call.holding.discard)(channel_id)

    def _sent_on(self, message: Message) -> None:
        """A blind transfer: the caller rings elsewhere."""
        if message.get("Result") == "Success" and (call := self._of(message, "TransfereeUniqueid")):
            call.away, call.extension = True, message.text("Extension")

    # --- who is in one bridge with the caller ---------------------------------------------------------------

    def _enters(self, message: Message) -> None:
        self._bridges.setdefault(message["BridgeUniqueid"], {})[message["Uniqueid"]] = message["Channel"]
        self._meet()

    def _leaves(self, message: Message) -> None:
        bridge = self._bridges.get(message["BridgeUniqueid"], {})
        bridge.pop(message["Uniqueid"], None)
        if not bridge:
            self._bridges.pop(message["BridgeUniqueid"], None)
        self._meet()

    def _meet(self) -> None:
        """Whoever shares a bridge with the caller talks to them, whichever kind of transfer brought it about."""
        for caller_id, call in self.calls.items():
            here = next((bridge for bridge in self._bridges.values() if caller_id in bridge), {})
            parties = {other: name for other, name in here.items() if other != caller_id}
            if parties == call.parties or call.ended_at is not None:
                continue
            newest = next((name for other, name in parties.items() if other not in call.parties), "")
            call.parties = parties
            call.holding &= parties.keys() | {caller_id}
            if newest:
                call.away = False
                call.ringing.clear()
                call.answered_at = call.answered_at or self.now()
                call.extension = extension_of(newest) or call.extension

    # --- those who answer ------------------------------------------------------------------------------------

    def _member(self, message: Message) -> None:
        interface = message.get("Interface") or message.get("Location", "")
        if not self.wants(message["Queue"]):
            return
        extension = extension_of(message.get("StateInterface") or interface) or interface
        paused = message.get("Paused") == "1"
        state = device_state(message.get("Status", ""), paused)
        reason = message.text("PausedReason") if paused else ""
        self._members[message["Queue"], interface] = Member(extension, state, reason)

    def _no_member(self, message: Message) -> None:
        """Whoever answers for no queue any more is away, and stays known as such."""
        key = (message["Queue"], message["Interface"])
        member = self._members.pop(key, None)
        if member and member.extension not in {other.extension for other in self._members.values()}:
            self._members[key] = Member(member.extension, "offline")

    # --- how everything stands ---------------------------------------------------------------------------------

    def resync(self, standing: Standing) -> None:
        """Put everything as it is: whoever left meanwhile has left, whoever waits or talks is followed."""
        here = {message["Uniqueid"]: message for message in standing.channels}
        self._bridges = {}
        for channel_id, message in here.items():
            if bridge := message.get("BridgeId", ""):
                self._bridges.setdefault(bridge, {})[channel_id] = message["Channel"]
        for channel_id, call in self.calls.items():
            if channel_id not in here:
                self._close(call, "completed" if call.answered_at else "abandoned_queue", lost=True)
        for message in standing.waiting:
            self._waits(message, here, standing.uuids)
        for channel_id in standing.uuids.keys() - self.calls.keys():
            if channel_id in here:
                self._talks(here[channel_id], standing.uuids[channel_id])
        self._meet()
        self._replace_members(standing.members)

    def _waits(self, message: Message, here: Mapping[str, Message], uuids: Mapping[str, UUID]) -> None:
        channel_id = message["Uniqueid"]
        if channel_id not in here or (channel_id not in self.calls and channel_id not in uuids):
            return  # gone again between the two listings
        if channel_id not in self.calls:
            since = self.now() - timedelta(seconds=int(message.get("Wait", "0")))
            self._follow(message, uuids[channel_id], since).called = here[channel_id].text("Exten")
        call = self.calls[channel_id]
        call.queue, call.away = message["Queue"], False

    def _talks(self, message: Message, uuid: UUID) -> None:
        hours, minutes, seconds = (int(part) for part in message.get("Duration", "00:00:00").split(":"))
        since = self.now() - timedelta(hours=hours, minutes=minutes, seconds=seconds)
        call = self._follow(message, uuid, since)
        call.called, call.answered_at = message.text("Exten"), since
        call.queue = message.text("ApplicationData").split(",")[0] if message.get("Application") == "Queue" else ""

    def _replace_members(self, messages: list[Message]) -> None:
        before = self._members
        self._members = {}
        for message in messages:
            self._member(message)
        known = {member.extension for member in self._members.values()}
        for key, member in before.items():
            if member.extension not in known:
                self._members[key] = Member(member.extension, "offline")


def _extension(message: Message) -> str:
    return extension_of(message["Interface"]) or extension_of(message.get("DestChannel", ""))


_HEARING: dict[str, Callable[[Follower, Message], None]] = {
    "AgentCalled": Follower._rings,
    "AgentRingNoAnswer": Follower._rang_in_vain,
    "AgentConnect": Follower._connected,
    "AgentComplete": Follower._completed,
    "QueueCallerAbandon": Follower._abandoned,
    "Hangup": Follower._hung_up,
    "Hold": Follower._holds,
    "Unhold": Follower._holds,
    "BlindTransfer": Follower._sent_on,
    "BridgeEnter": Follower._enters,
    "BridgeLeave": Follower._leaves,
    "QueueMemberStatus": Follower._member,
    "QueueMemberAdded": Follower._member,
    "QueueMemberPause": Follower._member,
    "QueueMemberRemoved": Follower._no_member,
}
