"""The socket of a citizen's web chat: what is said to and by the citizen about one ticket, from any entry on."""

from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string

from agent_console import live
from hotline.people.addresses import socket_address
from hotline.tickets import numbers
from hotline.tickets.models import LedgerEntry, Ticket

UNKNOWN_CODE = 4404
LONGEST_WORDS = 2_000
CITIZEN_KINDS = live.CITIZEN_WORDS | live.CITIZEN_STATES


class ChatConsumer(AsyncWebsocketConsumer):
    """One ticket's chat; whoever holds its public code is its citizen."""

    cursor: int
    ticket_id: int | None = None

    async def connect(self) -> None:
        """Find the ticket, join its group, then send what is after `?after=`."""
        self.ticket_id = await self._ticket()
        if self.ticket_id is None:
            await self.close(UNKNOWN_CODE)
            return
        after = parse_qs(self.scope["query_string"].decode()).get("after", ["0"])[0]
        self.cursor = int(after[:18]) if after.isdecimal() else 0
        await self.accept()
        await self.channel_layer.group_add(live.chat_group(self.ticket_id), self.channel_name)
        await self._send_new()
        await self.send(live.CaughtUp(self.cursor).text())

    async def disconnect(self, code: int) -> None:
        """Leave the ticket's group."""
        if self.ticket_id is not None:
            await self.channel_layer.group_discard(live.chat_group(self.ticket_id), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """{"kind": "say", "text": …, "id": …} from the citizen, or a ping; the rest is ignored."""
        frame = live.frame_of(text_data)
        if frame.get("kind") == "say":
            await self._say(frame)
        elif frame.get("kind") == "ping":
            await self._send_new()
            await self.send(live.Pong(self.cursor).text())

    async def chat_event(self, event: dict[str, Any]) -> None:
        """Something was written about this ticket: the lines are read from the database."""
        await self._send_new()

    async def _say(self, frame: dict[str, Any]) -> None:
        text, sent_id = frame.get("text"), frame.get("id")
        if not (isinstance(text, str) and isinstance(sent_id, str) and 0 < len(text) <= LONGEST_WORDS):
            await self.send(live.Refused(str(sent_id), "length").text())
            return
        try:
            await database_sync_to_async(import_string(settings.CHAT_INTAKE))(
                ticket_id=self.ticket_id, text=text, sent_id=sent_id[:64]
            )
        except ValidationError as error:
            await self.send(live.Refused(frame["id"], str(error.message)).text())
        else:
            await self.send(live.Said(sent_id).text())

    async def _send_new(self) -> None:
        for frame, entry in await self._new():
            self.cursor = entry
            if frame:
                await self.send(frame.text())

    @database_sync_to_async
    def _ticket(self) -> int | None:
        code = self.scope["url_route"]["kwargs"]["code"]
        address = socket_address(self.scope)
        if numbers.WRONG_CODES.is_spent(address):
            return None
        found = Ticket.objects.filter(public_code=code).values_list("pk", flat=True) if numbers.is_code(code) else ()
        ticket = next(iter(found), None)
        if ticket is None:
            numbers.WRONG_CODES.take(address)
        return ticket

    @database_sync_to_async
    def _new(self) -> list[tuple[live.Frame | None, int]]:
        entries = LedgerEntry.objects.filter(ticket=self.ticket_id, feed__gt=self.cursor, kind__in=CITIZEN_KINDS)
        return live.chat_frames(list(entries.order_by("feed")))
