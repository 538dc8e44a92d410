"""Asks the exchange how everything stands: who waits, who talks, which telephones answer, and which call is which."""

from __future__ import annotations

from collections.abc import Container
from typing import Final
from uuid import UUID, uuid4

from channels_ingest.telephony.ami.client import AmiClient, Refused
from channels_ingest.telephony.ami.follower import Standing
from channels_ingest.telephony.ami.wire import Message

FOLLOWED: Final = "HOTLINE_FOLLOWED"
"""Our mark on the caller's channel: the call's UUID, so that another process of ours goes on with the same call."""
GIVEN: Final = "CALL_UUID"
"""The dialplan's mark: the UUID under which the platform had the call before the exchange had to go on with it."""


async def ask(client: AmiClient, known: Container[str], queues: frozenset[str]) -> Standing:
    """One listing of everything; calls that nobody knows yet get the UUID that they had, or one of their own."""
    queue_lines = [line for line in await client.ask("QueueStatus") if not queues or line.get("Queue") in queues]
    waiting = [line for line in queue_lines if line.event == "QueueEntry"]
    channels = await client.ask("CoreShowChannels")
    uuids: dict[str, UUID] = {}
    for line in waiting:
        if line["Uniqueid"] not in known:
            uuids[line["Uniqueid"]] = await name(client, line["Channel"])
    for line in channels:
        if line["Uniqueid"] in known or line["Uniqueid"] in uuids or not line.get("BridgeId"):
            continue
        if uuid := await _of_talking(client, line, queues):
            uuids[line["Uniqueid"]] = uuid
    members = [line for line in queue_lines if line.event == "QueueMember"]
    return Standing(members=members, waiting=waiting, channels=channels, uuids=uuids)


async def name(client: AmiClient, channel: str, *, anew: bool = False) -> UUID:
    """The call's UUID: what it was called before, by us or by the dialplan, or one of its own (always if `anew`)."""
    uuid = None if anew else (await read(client, channel, FOLLOWED) or await read(client, channel, GIVEN))
    uuid = uuid or uuid4()
    await mark(client, channel, FOLLOWED, str(uuid))
    return uuid


async def read(client: AmiClient, channel: str, variable: str) -> UUID | None:
    """A UUID that is written on a channel, if there is one and the channel still is."""
    try:
        return UUID((await client.act("Getvar", {"Channel": channel, "Variable": variable})).get("Value", ""))
    except (Refused, ValueError):
        return None


async def mark(client: AmiClient, channel: str, variable: str, value: str) -> bool:
    """Write on a channel; False where it is gone."""
    try:
        await client.act("Setvar", {"Channel": channel, "Variable": variable, "Value": value})
    except Refused:
        return False
    return True


async def _of_talking(client: AmiClient, line: Message, queues: frozenset[str]) -> UUID | None:
    """The call of a caller who talks: known by our mark, or, where we were away, because Queue() runs on it."""
    queue = line.get("ApplicationData", "").split(",")[0]
    if line.get("Application") == "Queue" and (not queues or queue in queues):
        return await name(client, line["Channel"])
    return await read(client, line["Channel"], FOLLOWED)
