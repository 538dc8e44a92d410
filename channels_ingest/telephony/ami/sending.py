"""Callers whom the exchange was told to send outside: it is waited for until somebody there has them, or nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from channels_ingest.telephony.ami.wire import Message
from channels_ingest.telephony.legs import Moved

_RINGS_SECONDS: Final = 120.0
"""Longer than any dialplan rings; one that does not dial tells nothing, and is believed to have the caller."""


class Sending:
    """By channel id: callers of whom it is not known yet who has them."""

    def __init__(self) -> None:
        self._open: dict[str, asyncio.Future[Moved]] = {}

    def begin(self, channel_id: str) -> None:
        """Before the exchange is told: what it says of the caller from now on counts."""
        self._open[channel_id] = asyncio.get_running_loop().create_future()

    def give_up(self, channel_id: str) -> None:
        """The exchange has not done it, or nobody waits any more."""
        self._open.pop(channel_id, None)

    async def outcome(self, channel_id: str) -> Moved:
        """What became of the caller."""
        try:
            async with asyncio.timeout(_RINGS_SECONDS):
                return await self._open[channel_id]
        except TimeoutError:
            return Moved.REACHED
        finally:
            self.give_up(channel_id)

    def known(self, channel_id: str, moved: Moved) -> None:
        """The exchange has said who has the caller; the first word counts."""
        if (sent := self._open.get(channel_id)) and not sent.done():
            sent.set_result(moved)

    def dialled(self, message: Message) -> None:
        """Somebody has answered, there or elsewhere."""
        if message.get("DialStatus") == "ANSWER":
            self.known(message.get("Uniqueid", ""), Moved.REACHED)

    def resync(self, here: Mapping[str, Message]) -> None:
        """After a break in which we saw nothing: who is gone gave up, for all that we know."""
        for channel_id in self._open:
            if channel_id not in here:
                self.known(channel_id, Moved.HUNG_UP)
            elif here[channel_id].get("BridgeId"):
                self.known(channel_id, Moved.REACHED)
