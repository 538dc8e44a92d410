"""EVERY websocket event, declared once as a closed typed class; the only sender.

A console's socket carries ledger lines (numbered, replayed, never lost) and a few frames of the
moment (presence, housekeeping) that may be lost without harm.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, ClassVar

import redis
from channels.layers import get_channel_layer
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from hotline.people.models import Citizen
from hotline.tickets import confiding
from hotline.tickets.access import LIVE_PARTS
from hotline.tickets.facts import Kind
from hotline.tickets.models import Assignment, Consultation, LedgerEntry, Message, Recusal, Ticket
from hotline.tickets.states import State
from hotline.tickets.summary import RELATED, summary

LEDGER_GROUP = "ledger"
PRESENCE_GROUP = "presence"
PARTS_END = frozenset(
    {
        Kind.CONSULTATION_RULED,
        Kind.RECALLED,
        Kind.UNIT_RELEASED,
        Kind.PASSED_UP,
        Kind.RETURN_UPHELD,
        Kind.MERGED,
        Kind.WITHDRAWN,
    }
)
"""Kinds after which a unit that had the ticket may have it no longer."""
CITIZEN_STATES = frozenset(
    {
        Kind.RECEIVED,
        Kind.ACCEPTED,
        Kind.REFUSED,
        Kind.EMERGENCY,
        Kind.ANSWERED_DIRECTLY,
        Kind.DISPATCHED,
        Kind.SIGNED,
        Kind.REVIEW_PASSED,
        Kind.REWORK,
        Kind.CLOSED,
        Kind.MERGED,
        Kind.WITHDRAWN,
    }
)
"""Kinds that move what a citizen sees of the ticket."""


CITIZEN_WORDS = frozenset({Kind.RECEIVED, Kind.WORDS_ADDED, Kind.REPLIED, Kind.RELAYED})
"""Kinds that carry a message of the citizen or to the citizen."""


def chat_group(ticket_id: int) -> str:
    """The group of a ticket's own web chat."""
    return f"chat.{ticket_id}"


@dataclass(frozen=True, slots=True)
class Frame:
    """One JSON object on a socket."""

    kind: ClassVar[str]

    def text(self) -> str:
        """The frame as it goes over the wire."""
        return json.dumps({"kind": self.kind, **asdict(self)}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class CaughtUp(Frame):
    """Everything up to `entry` has been sent; from here on it is live."""

    kind: ClassVar[str] = "caught_up"
    entry: int


@dataclass(frozen=True, slots=True)
class Pong(Frame):
    """Answer to a ping, with the last entry that this socket was given."""

    kind: ClassVar[str] = "pong"
    entry: int


@dataclass(frozen=True, slots=True)
class Presence(Frame):
    """Who looks at a ticket now: [{username, name}]."""

    kind: ClassVar[str] = "presence"
    number: str
    people: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class ChatMessage(Frame):
    """A message of a web chat, as its citizen sees it."""

    kind: ClassVar[str] = "message"
    entry: int
    message: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChatState(Frame):
    """The ticket of a web chat moved on."""

    kind: ClassVar[str] = "state"
    entry: int
    state: str
    state_label: str


@dataclass(frozen=True, slots=True)
class Said(Frame):
    """The citizen's words with this id are kept."""

    kind: ClassVar[str] = "said"
    id: str


@dataclass(frozen=True, slots=True)
class Refused(Frame):
    """The citizen's words with this id were not taken, and why."""

    kind: ClassVar[str] = "refused"
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A ledger line on its way to the consoles: its text, and whose it is.

    `text` is for those who see the ticket, `veiled` for those among them who may not know its citizen;
    a unit in `former`, and whoever has just stood back, gets `gone`, which tells only that the ticket has
    left them; others get nothing but the number, so that they know they missed nothing. `recused` are the
    members of staff who stood back.
    """

    entry: int
    text: str
    veiled: str
    departments: list[int]
    former: list[int]
    recused: list[int]
    stands_back: int | None
    gone: str


@dataclass(frozen=True, slots=True)
class _Around:
    """What decides who is told of the lines of some tickets."""

    live: dict[int, list[int]]
    ended: dict[int, list[int]]
    recused: dict[int, list[int]]
    citizens: dict[int, Citizen]


def lines(entries: list[LedgerEntry]) -> list[Line]:
    """The entries as lines, in order. A few queries, however many."""
    tickets = Ticket.objects.select_related(*RELATED).in_bulk({entry.ticket_id for entry in entries})
    ids = {pk for pk, ticket in tickets.items() if ticket.ledger_length > 1}  # after one line nobody has a part in it
    protected = {ticket.citizen_id for ticket in tickets.values() if ticket.confidential}
    around = _Around(*_parts(ids), _recused(ids), Citizen.objects.in_bulk(protected))
    return [_line(entry, tickets[entry.ticket_id], around) for entry in entries]


def _recused(ids: set[int]) -> dict[int, list[int]]:
    recused: dict[int, list[int]] = defaultdict(list)
    for ticket, staff in Recusal.objects.filter(ticket__in=ids).values_list("ticket", "staff"):
        recused[ticket].append(staff)
    return recused


def _parts(ids: set[int]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    live: dict[int, list[int]] = defaultdict(list)
    ended: dict[int, list[int]] = defaultdict(list)
    parts = Assignment.objects.filter(ticket__in=ids).values_list("ticket", "department", "state")
    for ticket, department, state in parts:
        (live if state in LIVE_PARTS else ended)[ticket].append(department)
    for ticket, department, is_open in _heard(ids):
        (live if is_open else ended)[ticket].append(department)
    return live, ended


def _heard(ids: set[int]) -> QuerySet[Any, tuple[int, int, bool]]:
    """Units heard in consultations, and whether they still are: they follow the ticket without a part in it."""
    is_open = Q(consultation__ruled_at=None, consultation__ticket__state=State.RETURN_REVIEW)
    heard = Consultation.units.through.objects.filter(consultation__ticket__in=ids)
    return heard.annotate(is_open=is_open).values_list("consultation__ticket", "department", "is_open")


def _line(entry: LedgerEntry, ticket: Ticket, around: _Around) -> Line:
    base = {"entry": entry.feed, "kind": entry.kind, "at": timezone.localtime(entry.at).isoformat()}
    seen = summary(ticket)
    text = json.dumps({**base, "ticket": seen}, ensure_ascii=False)
    veiled = text
    if ticket.confidential:
        hidden = confiding.struck_out(seen, around.citizens[ticket.citizen_id])
        veiled = json.dumps({**base, "ticket": hidden}, ensure_ascii=False)
    return Line(
        entry=entry.feed or 0,
        text=text,
        veiled=veiled,
        departments=around.live[ticket.pk],
        former=around.ended[ticket.pk] if entry.kind in PARTS_END or entry.data.get("released") else [],
        recused=around.recused[ticket.pk],
        stands_back=entry.by_id if entry.kind == Kind.RECUSED else None,
        gone=json.dumps({**base, "ticket": {"number": ticket.number, "gone": True}}),
    )


def publish_lines(entries: list[LedgerEntry]) -> None:
    """Send freshly numbered lines to every console, and what concerns it to each web chat."""
    for line in lines(entries):
        _publish(LEDGER_GROUP, {"type": "ticket.event", **asdict(line)})
    for entry in entries:
        if entry.kind in CITIZEN_WORDS | CITIZEN_STATES:
            _publish(chat_group(entry.ticket_id), {"type": "chat.event"})


def chat_frames(entries: Sequence[LedgerEntry]) -> list[tuple[Frame | None, int]]:
    """What the citizen's chat shows of each ledger line (None: nothing), and its number in the feed."""
    messages = Message.objects.in_bulk([entry.data["message"] for entry in entries if entry.kind in CITIZEN_WORDS])
    return [(_chat_frame(entry, messages), entry.feed or 0) for entry in entries]


def _chat_frame(entry: LedgerEntry, messages: Mapping[int, Message]) -> Frame | None:
    feed = entry.feed or 0
    if entry.kind in CITIZEN_WORDS:
        return ChatMessage(entry=feed, message=chat_message(messages[entry.data["message"]]))
    if entry.kind in CITIZEN_STATES:
        ticket = Ticket(state=entry.state)
        return ChatState(entry=feed, state=entry.state, state_label=str(ticket.get_state_display()))
    return None


def chat_message(message: Message) -> dict[str, Any]:
    """A message as its citizen sees it."""
    return {
        "id": message.pk,
        "direction": message.direction,
        "kind": message.kind,
        "text": message.text,
        "at": timezone.localtime(message.at).isoformat(),
    }


def publish_presence(number: str, people: list[dict[str, str]]) -> None:
    """Tell every desk who looks at a ticket."""
    _publish(PRESENCE_GROUP, {"type": "frame", "text": Presence(number, people).text()})


def frame_of(text: str | None) -> dict[str, Any]:
    """The JSON object that a client sent; empty for anything that is none, or that cannot be sent back."""
    try:
        frame = json.loads(text or "")
        json.dumps(frame, ensure_ascii=False).encode()  # half a surrogate pair can be read, and never written
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


@cache
def connection() -> "redis.Redis":
    """The pooled connection of this process to Redis or Valkey."""
    patience = settings.REDIS_PATIENCE
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=patience, socket_connect_timeout=patience)


def _publish(group: str, message: dict[str, Any]) -> None:
    """What group_send does, without opening a connection for each call from synchronous code."""
    layer = get_channel_layer()
    connection().publish(f"{settings.LIVE_PREFIX}__group__{group}", layer.serialize(message))
