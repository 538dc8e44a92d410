"""The AMI client: one connection that comes back by itself, says what happens, and carries orders out.

After every (re)connection `on_up` is awaited before any event is given out, so that it can ask how everything
stands; events that came meanwhile follow after it. An order that the connection's end overtakes fails with
`Unreachable`: it is never sent again by itself, since a transfer a minute late is worse than none.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from itertools import count
from typing import Final

from channels_ingest.telephony.ami.settings import AmiSettings
from channels_ingest.telephony.ami.wire import BadWire, Decoder, Message, encode

log = logging.getLogger(__name__)

_READ_BYTES: Final = 65_536
_MOST_EVENTS_WAITING: Final = 20_000
_CLASSES: Final = "system,call,agent,user,dtmf"


class AmiError(Exception):
    """
    Refused       the exchange said no, and why
    Unreachable   there is no connection, or it ended before the answer
    """


class Refused(AmiError):
    """The exchange said no; the message is its own reason."""


class Unreachable(AmiError):
    """No connection, or one that ended before the answer."""


class AmiClient:
    """`run` keeps the connection until cancelled; everything else is for while it runs."""

    def __init__(
        self,
        settings: AmiSettings,
        on_up: Callable[[AmiClient], Awaitable[None]],
        on_event: Callable[[Message], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._on_up = on_up
        self._on_event = on_event
        self._numbers = count(1)
        self._asked: dict[str, _Asked] = {}
        self._writer: asyncio.StreamWriter | None = None
        self.up = asyncio.Event()
        """Set while connected, logged in and in step."""

    async def run(self) -> None:
        """Connect, stay connected, and come back after every break; ends only by being cancelled."""
        tries = 0
        while True:
            try:
                await self._one_connection()
            except (OSError, AmiError, BadWire, TimeoutError) as error:
                log.warning("the exchange's manager interface: %s", error or "no answer in time")
                tries = 0 if self.up.is_set() else tries + 1
            except Exception:  # whatever it was, asking anew how everything stands mends it
                log.exception("what the exchange said could not be followed")
                tries += 1
            finally:
                self.up.clear()
            await asyncio.sleep(self._pause(tries))

    async def act(self, action: str, fields: Mapping[str, str | list[str]] | None = None) -> Message:
        """Carry out an order and return the answer; raises Refused or Unreachable."""
        return (await self._ask(action, fields or {}, whole_list=False))[0]

    async def ask(self, action: str, fields: Mapping[str, str | list[str]] | None = None) -> list[Message]:
        """The events of a listing such as QueueStatus; raises Refused or Unreachable."""
        return (await self._ask(action, fields or {}, whole_list=True))[1:]

    def _pause(self, tries: int) -> float:
        """Longer after each failure, and never the same for two of us."""
        most: float = min(self._settings.most_pause, self._settings.first_pause * 2.0 ** min(tries, 16))
        return random.uniform(most / 2, most)

    async def _one_connection(self) -> None:
        settings = self._settings
        async with asyncio.timeout(settings.answer_seconds):
            reader, writer = await asyncio.open_connection(settings.host, settings.port)
        self._writer = writer
        events: asyncio.Queue[Message] = asyncio.Queue(_MOST_EVENTS_WAITING)
        try:
            async with asyncio.TaskGroup() as group:
                reading = group.create_task(self._read(reader, events))
                group.create_task(self._work(events, reading))
        except* (OSError, AmiError, BadWire, TimeoutError) as errors:
            raise errors.exceptions[0] from None
        finally:
            self._end(writer)

    async def _work(self, events: asyncio.Queue[Message], reading: asyncio.Task[None]) -> None:
        """Log in, get into step, and then give the events out in their order, with a ping now and then."""
        await self._log_in()
        await self._on_up(self)
        self.up.set()
        log.info("following the exchange at %s:%s", self._settings.host, self._settings.port)
        pinging = asyncio.create_task(self._ping(reading))
        try:
            while True:
                await self._on_event(await events.get())
        finally:
            pinging.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pinging

    async def _log_in(self) -> None:
        """By challenge, so that the secret itself never crosses the network."""
        challenge = (await self.act("Challenge", {"AuthType": "MD5"}))["Challenge"]
        key = hashlib.md5(f"{challenge}{self._settings.secret}".encode(), usedforsecurity=False).hexdigest()
        login = {"AuthType": "MD5", "Username": self._settings.username, "Key": key, "Events": _CLASSES}
        await self.act("Login", login)

    async def _ping(self, reading: asyncio.Task[None]) -> None:
        """A connection that died without a word shows only by a question that is not answered."""
        while True:
            await asyncio.sleep(self._settings.ping_seconds)
            try:
                await self.act("Ping")
            except Unreachable as error:
                log.warning("the exchange no longer answers: %s", error)
                if self._writer:
                    self._writer.transport.abort()
                return

    async def _read(self, reader: asyncio.StreamReader, events: asyncio.Queue[Message]) -> None:
        decoder = Decoder()
        while data := await reader.read(_READ_BYTES):
            for message in decoder.feed(data):
                self._sort(message, events)
        raise ConnectionResetError("the exchange closed the connection")

    def _sort(self, message: Message, events: asyncio.Queue[Message]) -> None:
        """An answer to whom asked; an event to the queue. Where we cannot follow any more we start anew."""
        asked = self._asked.get(message.get("ActionID", ""))
        if asked is not None:
            asked.hear(message)
        elif message.event:
            try:
                events.put_nowait(message)
            except asyncio.QueueFull:
                raise ConnectionResetError("the exchange's events came faster than they can be followed") from None

    async def _ask(self, action: str, fields: Mapping[str, str | list[str]], *, whole_list: bool) -> list[Message]:
        if self._writer is None:
            raise Unreachable("there is no connection to the exchange")
        number = f"hotline-{next(self._numbers)}"
        asked = _Asked(whole_list)
        self._writer.write(encode(action, {**fields, "ActionID": number}))
        self._asked[number] = asked
        try:
            async with asyncio.timeout(self._settings.answer_seconds):
                await asked.done
        except TimeoutError:
            raise Unreachable(f"no answer to {action} in {self._settings.answer_seconds:g} s") from None
        finally:
            del self._asked[number]
        return asked.heard

    def _end(self, writer: asyncio.StreamWriter) -> None:
        self._writer = None
        writer.close()
        for asked in self._asked.values():
            asked.fail(Unreachable("the connection to the exchange ended"))


async def _nothing(_: object) -> None:
    return


@contextlib.asynccontextmanager
async def session(
    settings: AmiSettings, on_event: Callable[[Message], Awaitable[None]] = _nothing
) -> AsyncIterator[AmiClient]:
    """One connection, logged in, for this block; raises what hinders it (OSError, AmiError, BadWire, TimeoutError)."""
    client = AmiClient(settings, _nothing, on_event)
    connection = asyncio.create_task(client._one_connection())
    ready = asyncio.create_task(client.up.wait())
    try:
        await asyncio.wait({connection, ready}, return_when=asyncio.FIRST_COMPLETED)
        if connection.done():
            await connection
        yield client
    finally:
        ready.cancel()
        connection.cancel()
        await asyncio.gather(connection, ready, return_exceptions=True)


class _Asked:
    """An order on its way: its answer, and the events of the listing that it begins."""

    def __init__(self, whole_list: bool) -> None:
        self.heard: list[Message] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._whole_list = whole_list

    def hear(self, message: Message) -> None:
        if self.done.done():
            return
        if not message.event and message.get("Response") not in ("Success", "Follows"):
            self.fail(Refused(message.get("Message", "refused without a reason")))
            return
        last = message.get("EventList", "").lower() in ("complete", "cancelled")
        if not last:
            self.heard.append(message)
        if last or (not self._whole_list and not message.event):
            self.done.set_result(None)

    def fail(self, error: AmiError) -> None:
        if not self.done.done():
            self.done.set_exception(error)
