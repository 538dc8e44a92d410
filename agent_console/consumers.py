"""The sockets of the consoles: a feed of ledger lines that resumes from any entry, without a gap.

Feed numbers are gapless and in commit order (hotline.tickets.ledger). So a socket needs only its
cursor: the next line is forwarded as it comes, an older one is dropped, and when one is missing the
lines between are read from the database. Nothing depends on Redis delivering every message.
"""

from dataclasses import asdict
from time import monotonic
from typing import Any, ClassVar
from urllib.parse import parse_qs

from channels.auth import get_user
from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from agent_console import live, presence
from hotline.people.models import Staff
from hotline.people.roles import HOTLINE_ROLES, Role
from hotline.tickets import ledger, numbers
from hotline.tickets.access import SEES_ALL, may_see, unit_ids, visible_to
from hotline.tickets.models import LedgerEntry

PAGE = 500
MOST_BEHIND = 5_000
"""A client that acknowledges by pings and falls further behind is closed; it comes back and resumes."""
SIGNED_OUT, TOO_SLOW = 4401, 4408
LOOK_AGAIN_AFTER = 60.0
"""Seconds after which a socket that never pings is asked about its session all the same."""


class FeedConsumer(AsyncWebsocketConsumer):
    """The ledger, from `?after=<entry>` on, limited to what its user may see."""

    joins: ClassVar[tuple[str, ...]] = (live.LEDGER_GROUP,)
    staff: Staff
    cursor: int
    seen_at: float
    acknowledged: int | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Hand a message to its method at once.

        Channels first closes old database connections, which is a trip to another thread for every line of every
        console and cost more than the line. What is asked of the database here closes them itself.
        """
        await getattr(self, get_handler_name(message))(message)

    def admits(self, staff: Staff) -> bool:
        """Whether this socket is for `staff`."""
        raise NotImplementedError

    async def connect(self) -> None:
        """Let the right people in, join the feed first, then replay: what comes meanwhile waits its turn."""
        user = self.scope["user"]
        if not user.is_authenticated or not user.is_active or not self.admits(user):
            await self.close(SIGNED_OUT)
            return
        self.staff = user
        await database_sync_to_async(unit_ids)(self.staff)  # kept on the object: no query for each line
        self.cursor, self.seen_at = await self._first_entry(), monotonic()
        await self.accept()
        for group in self.joins:
            await self.channel_layer.group_add(group, self.channel_name)
        await self._replay()
        await self.send(live.CaughtUp(self.cursor).text())

    async def disconnect(self, code: int) -> None:
        """Leave the feed."""
        for group in self.joins:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """A frame of the client; what is not one of ours is ignored."""
        frame = live.frame_of(text_data)
        if frame.get("kind") == "ping":
            await self._ping(frame)
        else:
            await self.said(frame)

    async def said(self, frame: dict[str, Any]) -> None:
        """A frame that is not a ping; desks override it."""

    async def ticket_event(self, line: dict[str, Any]) -> None:
        """A line from the layer: forward it when it is the next one, fetch what is missing, drop repeats."""
        if monotonic() - self.seen_at > LOOK_AGAIN_AFTER and not await self._may_stay():
            return
        if line["entry"] > self.cursor + 1:
            await self._replay()
        elif line["entry"] == self.cursor + 1:
            await self._forward(line)

    async def frame(self, event: dict[str, Any]) -> None:
        """A frame of the moment from the layer."""
        await self.send(event["text"])

    async def _ping(self, frame: dict[str, Any]) -> None:
        if not await self._may_stay():
            return
        if isinstance(frame.get("entry"), int):
            self.acknowledged = frame["entry"]
        await self._replay()  # also finds what Redis, being away, never told
        await self.send(live.Pong(self.cursor).text())

    async def _may_stay(self) -> bool:
        """Show out who was signed out, dismissed or given another duty since the last look."""
        if not await self._still_signed_in():
            await self.close(SIGNED_OUT)
            return False
        self.seen_at = monotonic()
        return True

    async def _forward(self, line: dict[str, Any]) -> None:
        self.cursor = line["entry"]
        await self._tell(line)
        if self.acknowledged is not None and self.cursor - self.acknowledged > MOST_BEHIND:
            await self.close(TOO_SLOW)

    async def _tell(self, line: dict[str, Any]) -> None:
        if self.staff.pk in line["recused"]:
            if self.staff.pk == line["stands_back"]:
                await self.send(line["gone"])
        elif may_see(self.staff, line["departments"]):
            await self.send(line["text"] if self.staff.role in HOTLINE_ROLES else line["veiled"])
        elif not unit_ids(self.staff).isdisjoint(line["former"]):
            await self.send(line["gone"])

    async def _replay(self) -> None:
        while page := await self._page():
            for line in page:
                await self._forward(line)

    @database_sync_to_async
    def _page(self) -> list[dict[str, Any]]:
        entries = LedgerEntry.objects.filter(feed__gt=self.cursor).order_by("feed")[:PAGE]
        return [asdict(line) for line in live.lines(list(entries))]

    @database_sync_to_async
    def _first_entry(self) -> int:
        after = parse_qs(self.scope["query_string"].decode()).get("after", [""])[0]
        head = ledger.head()  # an entry beyond it is of another database: waiting for it would be silence
        return min(int(after[:18]), head) if after.isdecimal() else head

    async def _still_signed_in(self) -> bool:
        """Read anew: a session that has ended, or is older than the password, holds nobody."""
        session = self.scope["session"]
        now = await get_user({"session": session.__class__(session.session_key)})
        return now == self.staff and (now.role, now.department_id) == (self.staff.role, self.staff.department_id)


class DeskConsumer(FeedConsumer):
    """The agents' desk, with presence."""

    joins = (live.LEDGER_GROUP, live.PRESENCE_GROUP)
    number: str | None = None

    def admits(self, staff: Staff) -> bool:
        """All who see every ticket."""
        return staff.role in SEES_ALL

    async def disconnect(self, code: int) -> None:
        """Look at nothing any more; whoever is still there sees it."""
        await self._look_at(None)
        await super().disconnect(code)

    async def said(self, frame: dict[str, Any]) -> None:
        """{"kind": "looking", "number": …|null}: which ticket is on this desk's screen."""
        number = frame.get("number")
        if frame.get("kind") == "looking" and (number is None or isinstance(number, str)):
            await self._look_at(number)

    async def _ping(self, frame: dict[str, Any]) -> None:
        if self.number:
            await database_sync_to_async(presence.looking)(self.staff, self.number)
        await super()._ping(frame)

    @database_sync_to_async
    def _look_at(self, number: str | None) -> None:
        if self.number and self.number != number:
            live.publish_presence(self.number, presence.left(self.staff, self.number))
        if number and numbers.is_number(number) and visible_to(self.staff).filter(number=number).exists():
            live.publish_presence(number, presence.looking(self.staff, number))
            self.number = number
        else:
            self.number = None


class PortalConsumer(FeedConsumer):
    """A department's portal: the lines of its own tickets only."""

    def admits(self, staff: Staff) -> bool:
        """Clerks of departments."""
        return staff.role == Role.DEPARTMENT


class WallboardConsumer(FeedConsumer):
    """The wallboard: the whole ledger, for those who see every ticket."""

    def admits(self, staff: Staff) -> bool:
        """All who see every ticket."""
        return staff.role in SEES_ALL
