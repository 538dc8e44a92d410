"""The exchange beside us: follows calls that it queues by itself, copies both parties' sound, carries orders out.

In the platform's own mode it only tells who calls, and marks the calls that we ended on purpose, so that the
dialplan does not send their callers to the queue it keeps for when we are down.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID, uuid4

from channels_ingest.telephony.ami import standing
from channels_ingest.telephony.ami.calls import Call, ExtensionState, FollowedCall, Member
from channels_ingest.telephony.ami.client import AmiClient, AmiError, Refused
from channels_ingest.telephony.ami.follower import Follower
from channels_ingest.telephony.ami.sending import Sending
from channels_ingest.telephony.ami.settings import AmiSettings
from channels_ingest.telephony.ami.wire import Message
from channels_ingest.telephony.bridge import Side
from channels_ingest.telephony.legs import CallLeg, Moved

log = logging.getLogger(__name__)

_LISTEN_ONLY: Final = "qSEo"  # ChanSpy: no beeps, end with the party, only what this party says
_EXPECTED_SECONDS: Final = 10.0
_MOST_ANNOUNCED: Final = 1000
_ANNOUNCED_WITHIN_SECONDS: Final = 2.0
_KEYS: Final = frozenset("0123456789*#ABCD")
_NUMBER: Final = re.compile(r"\+?[0-9]{2,20}")


class ExchangeDesk(Protocol):
    """Who is told of the exchange's calls: writes them down and shows them; nothing of it may wait."""

    def follow(self, call: FollowedCall) -> None:
        """A call as it is now; the same again changes nothing."""

    def agent(self, username: str, state: ExtensionState, reason: str) -> None:
        """How an agent's telephone is now."""

    def fork(self, call: UUID, side: Side, leg: CallLeg) -> None:
        """A copy of what one party says; nobody hears what is sent to it."""

    def key(self, call: UUID, digit: str) -> None:
        """The caller has pressed a key, perhaps when the agent had hung up already."""

    def rated(self, call: UUID, digit: str) -> None:
        """The exchange's dialplan has asked the caller how content they are, and this key was the answer."""

    def resynced(self, going_on: frozenset[UUID]) -> None:
        """These and no other calls of the exchange's go on; said after every connection."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A call that the exchange is about to hand to the platform."""

    caller: str
    called: str
    channel: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class _Expected:
    call: UUID
    side: Side
    until: float


class Exchange:
    """`run` follows until cancelled; the rest may be called at any time."""

    def __init__(self, settings: AmiSettings, desk: ExchangeDesk, who: Callable[[str], str]) -> None:
        self._settings = settings
        self._desk = desk
        self._who = who
        self._follower = Follower(who=who, queues=settings.queues)
        self._client = AmiClient(settings, self._up, self._hear)
        self._announced: dict[UUID, Announced] = {}
        self._awaited: dict[UUID, asyncio.Future[None]] = {}
        self._members: dict[str, Member] = {}
        self._expected: dict[UUID, _Expected] = {}
        self._copies: dict[UUID, dict[str, UUID]] = {}
        """Call → channel id → the leg that copies it."""
        self._legs: dict[UUID, CallLeg] = {}
        self._closed: dict[str, UUID] = {}
        """Callers still on the line after their call ended: another queue is another call."""
        self._sending = Sending()

    @property
    def up(self) -> asyncio.Event:
        """Set while the exchange is followed."""
        return self._client.up

    async def run(self) -> None:
        await self._client.run()

    def announced(self, call: UUID) -> Announced | None:
        """Who calls, where the exchange told before it connected the sound."""
        return self._announced.get(call)

    async def announcement(self, call: UUID) -> Announced | None:
        """Who calls; the exchange tells it before it connects the sound, but we may hear it a moment after."""
        if call not in self._announced:
            heard = self._awaited.setdefault(call, asyncio.get_running_loop().create_future())
            await asyncio.wait([heard], timeout=_ANNOUNCED_WITHIN_SECONDS)
            self._awaited.pop(call, None)
        return self._announced.get(call)

    def takes(self, leg: CallLeg) -> bool:
        """Whether this leg is a copy that we asked for; if so it is the desk's now."""
        expected = self._expected.pop(leg.id, None)
        if expected is None or expected.until < asyncio.get_running_loop().time():
            return False
        self._legs[leg.id] = leg
        self._desk.fork(expected.call, expected.side, leg)
        return True

    async def done(self, call: UUID) -> bool:
        """Say that a call of the platform's ends on purpose; False where the exchange could not be told."""
        announced = self._announced.get(call)
        if announced is None:
            return False
        try:
            return await standing.mark(self._client, announced.channel, "HOTLINE_DONE", "1")
        except AmiError as error:
            log.warning("call %s may go on to the fallback queue: %s", call, error)
            return False

    def moves(self, call: UUID) -> bool:
        """Whether a caller of the platform's could be sent elsewhere now."""
        return self.up.is_set() and call in self._announced

    async def transfer(self, call: UUID, number: str) -> Moved:
        """Send a caller of the platform's to a number outside, and wait until somebody has them."""
        announced = self._announced.get(call)
        if announced is None or _NUMBER.fullmatch(number) is None:
            return Moved.NOT
        self._sending.begin(announced.channel_id)
        order = {"Channel": announced.channel, "Context": self._settings.transfer_context}
        try:
            await standing.mark(self._client, announced.channel, "HOTLINE_DONE", "1")
            await self._client.act("Redirect", order | {"Exten": number, "Priority": "1"})
        except AmiError as error:
            log.warning("call %s was not transferred: %s", call, error)
            self._sending.give_up(announced.channel_id)
            await self._not_done(call, announced.channel)
            return Moved.NOT
        return await self._sending.outcome(announced.channel_id)

    async def _not_done(self, call: UUID, channel: str) -> None:
        """The caller stayed with us: if we fail now, the dialplan must take them up again."""
        try:
            await standing.mark(self._client, channel, "HOTLINE_DONE", "")
        except AmiError as error:
            log.warning("call %s is marked as done and is not: %s", call, error)

    # --- what the exchange says ------------------------------------------------------------------------------

    async def _up(self, client: AmiClient) -> None:
        how = await standing.ask(client, self._follower.calls, self._settings.queues)
        self._follower.resync(how)
        await self._tell()
        here = {line["Uniqueid"]: line for line in how.channels}
        self._sending.resync(here)
        self._closed = {channel_id: uuid for channel_id, uuid in self._closed.items() if channel_id in here}
        self._desk.resynced(frozenset(call.uuid for call in self._follower.calls.values()))

    async def _hear(self, message: Message) -> None:
        if message.event == "QueueCallerJoin":
            if self._follower.wants(message["Queue"]):
                self._follower.joined(message, await self._name(message))
        elif message.event == "UserEvent":
            self._told(message)
        elif message.event == "DTMFEnd":
            self._pressed(message)
        elif message.event == "DialEnd":
            self._sending.dialled(message)
        elif message.event == "OriginateResponse" and message.get("Response") == "Failure":
            log.warning("the exchange cannot send us a party's sound (reason %s)", message.get("Reason", "?"))
        else:
            self._follower.hear(message)
        await self._tell()
        if message.event == "Hangup":
            self._forget(message["Uniqueid"])

    async def _name(self, message: Message) -> UUID:
        channel_id = message["Uniqueid"]
        known = self._follower.calls.get(channel_id)
        if known is not None:
            return known.uuid
        return await standing.name(self._client, message["Channel"], anew=channel_id in self._closed)

    def _told(self, message: Message) -> None:
        """What the dialplan says on its own account."""
        if message.get("UserEvent") == "HotlineCall":
            self._announce(message)
        elif message.get("UserEvent") == "HotlineRated":
            call, digit = self._call_of(message), message.text("Rating")
            if call is not None and digit in _KEYS:
                self._desk.rated(call, digit)

    def _pressed(self, message: Message) -> None:
        """A key of the caller's own: what a telephone sends us, not what we send on to it."""
        call, digit = self._call_of(message), message.get("Digit", "")
        if call is not None and message.get("Direction") == "Received" and digit in _KEYS:
            self._desk.key(call, digit)

    def _call_of(self, message: Message) -> UUID | None:
        """The caller's call, also when it is over and the exchange still has them on the line."""
        channel_id = message.get("Uniqueid", "")
        going_on = self._follower.calls.get(channel_id)
        return going_on.uuid if going_on is not None else self._closed.get(channel_id)

    def _announce(self, message: Message) -> None:
        try:
            uuid = UUID(message.get("CallUUID", ""))
        except ValueError:
            log.warning("the exchange announced a call without a UUID: see deploy/asterisk/extensions_hotline.conf")
            return
        if len(self._announced) >= _MOST_ANNOUNCED:
            del self._announced[next(iter(self._announced))]
        self._sending.known(message["Uniqueid"], Moved.CAME_BACK)
        caller, called = message.text("Caller"), message.text("Called")
        self._announced[uuid] = Announced(caller, called, message["Channel"], message["Uniqueid"])
        if waiting := self._awaited.pop(uuid, None):
            waiting.set_result(None)

    def _forget(self, channel_id: str) -> None:
        self._closed.pop(channel_id, None)
        self._sending.known(channel_id, Moved.HUNG_UP)
        for uuid in [uuid for uuid, announced in self._announced.items() if announced.channel_id == channel_id]:
            del self._announced[uuid]

    # --- what follows ------------------------------------------------------------------------------------------

    async def _tell(self) -> None:
        """Hand on what is new, also by whose telephone is known only now, and copy the parties of each call."""
        for now in self._follower.look():
            if now.news:
                self._desk.follow(now.whole)
            if now.whole.ended_at is None:
                await self._copy(now.call, now.channel_id)
            else:
                self._closed[now.channel_id] = now.call.uuid
                await self._stop_copying(now.call.uuid)
        for extension, member in self._follower.members().items():
            if (username := self._who(extension)) and self._members.get(username) != member:
                self._members[username] = member
                self._desk.agent(username, member.state, member.reason)

    async def _copy(self, call: Call, caller_id: str) -> None:
        """One copy of each party for as long as that party is in the call; the caller's stays."""
        if not call.parties:
            return
        copies = self._copies.setdefault(call.uuid, {})
        for channel_id in [one for one in copies if one != caller_id and one not in call.parties]:
            await self._hang_up(copies.pop(channel_id))
        if caller_id not in copies:
            copies[caller_id] = await self._originate(call, Side.CALLER, call.channel)
        for channel_id, channel in call.parties.items():
            if channel_id not in copies:
                side = Side.AGENT if len(copies) == 1 else Side.THIRD
                copies[channel_id] = await self._originate(call, side, channel)

    async def _originate(self, call: Call, side: Side, channel: str) -> UUID:
        """Have the exchange send what a party says to our AudioSocket, as a call of its own."""
        leg = uuid4()
        self._expect(leg, _Expected(call.uuid, side, asyncio.get_running_loop().time() + _EXPECTED_SECONDS))
        order = {
            "Channel": f"AudioSocket/{self._settings.audiosocket}/{leg}/c(slin16)",
            "Application": "ChanSpy",
            "Data": f"{channel},{_LISTEN_ONLY}",
            "Async": "true",
            "Timeout": "5000",
        }
        try:
            await self._client.act("Originate", order)
        except Refused as error:
            log.warning("call %s: the sound of its %s is not copied: %s", call.uuid, side, error)
        return leg

    def _expect(self, leg: UUID, expected: _Expected) -> None:
        now = asyncio.get_running_loop().time()
        for late in [one for one, other in self._expected.items() if other.until < now]:
            del self._expected[late]
        self._expected[leg] = expected

    async def _stop_copying(self, call: UUID) -> None:
        for leg in self._copies.pop(call, {}).values():
            await self._hang_up(leg)

    async def _hang_up(self, leg_id: UUID) -> None:
        self._expected.pop(leg_id, None)
        if leg := self._legs.pop(leg_id, None):
            await leg.hang_up("the party left")
