"""One SIP call as a leg: what the switchboard does with it, the endpoint says on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, UUID, uuid5

from aiosipua import IncomingCall, OutgoingCall

from channels_ingest.telephony import rtp
from channels_ingest.telephony.legs import Ended, Inbox, LegEvent, LegKind

if TYPE_CHECKING:
    from channels_ingest.telephony.sip import SipEndpoint


class CallRefusedError(Exception):
    """A call we placed was not taken; `status` is the other end's answer, 408 where none came, 0 for a fault."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


class SipLeg:
    """One SIP call, to us or from us."""

    kind: LegKind = "sip"

    def __init__(self, endpoint: SipEndpoint, call: IncomingCall | OutgoingCall, terms: rtp.Agreed | None) -> None:
        self.call = call
        tag = call.dialog.remote_tag if isinstance(call, IncomingCall) else call.dialog.local_tag
        self.id = leg_id(call.call_id, tag)
        self.caller = ""
        self.called = ""
        self.headers: Mapping[str, str] = {}
        self.voice: rtp.Voice | None = None
        self.port = 0
        self.inbox = Inbox()
        self.terms = terms
        self.version = 1
        self.moved_on: asyncio.Future[bool] | None = None
        self.limit: asyncio.TimerHandle | None = None
        self._endpoint = endpoint
        self._loop = asyncio.get_running_loop()

    async def answer(self) -> None:
        if isinstance(self.call, IncomingCall) and self.voice is None and not self.inbox.ended:
            await self._endpoint.accept(self)

    def send(self, pcm16: bytes) -> None:
        if self.voice is None or self.inbox.ended:
            return
        self.voice.send(pcm16)
        silent = self._loop.time() - self.voice.heard_at
        if silent > self._endpoint.settings.bounds().silence_seconds and self.terms and not self.terms.held:
            self._endpoint.spawn(self.hang_up("its sound stopped"))

    def events(self) -> AsyncIterator[LegEvent]:
        return self.inbox.events()

    async def press(self, keys: str) -> None:
        """Press keys on our side of the call."""
        if self.voice is not None:
            await self.voice.press(keys)

    async def hang_up(self, reason: str = "") -> None:
        if not self.inbox.ended:
            self.inbox.put(Ended(reason))
            await self._endpoint.end(self, reason)

    async def transfer(self, target: str) -> bool:
        if self.inbox.ended or self.moved_on is not None:
            return False
        return await self._endpoint.refer(self, target)


def leg_id(call_id: str, tag: str) -> UUID:
    """The platform's name of a SIP call, which both ends can work out; `tag` is the caller's.

    Some telephones use a Call-ID again on another day: the tag tells the calls apart.
    """
    return uuid5(NAMESPACE_URL, f"sip:{call_id};{tag}")
