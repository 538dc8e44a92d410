"""From a message to a ticket, step by step: who, an event?, an order?, more words, or a new request."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings

from channels_ingest import attachments, commands, contacts, orders, words
from channels_ingest.adapter import Adapter
from channels_ingest.attachments import Piece
from channels_ingest.messages import Inbound
from channels_ingest.models import InboundMessage
from hotline.people.models import ContactPoint, Staff
from hotline.tickets import actors, clock, lifecycle
from hotline.tickets.actors import Actor
from hotline.tickets.models import Message, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import ENDED, State

WELCOMED = frozenset({"subscribe", "follow", "scan", "scan_follow"})
GONE = frozenset({"unsubscribe", "unfollow"})
MENU = {"CX": "query", "QUERY": "query", "NEW": "new", "ASK": "new"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: words to answer with, the ticket concerned, the order it was."""

    reply: str = ""
    ticket: Ticket | None = None
    opened: bool = False
    command: str = ""
    # A courtesy that is given where an answer is free, and spared where every message costs.
    spare: bool = False


def take(row: InboundMessage, message: Inbound, adapter: Adapter) -> Outcome:
    """Process one kept message inside the caller's transaction."""
    contact, new = contacts.locked(row.account, message.sender)
    row.contact = contact
    if message.kind == "event":
        return _event(contact, message)
    contacts.heard(contact, message.sender)
    if message.kind == "unknown":
        return Outcome(reply=words.UNSUPPORTED)
    if not (message.text or message.media or message.place):
        return Outcome(reply=words.EMPTY)
    order = None if message.whole or message.media else commands.read(message.text)
    if order is not None and order.name == "new" and order.rest:
        return _open(row, contact, replace(message, text=order.rest), adapter)
    if order is not None and (reply := orders.obey(contact, order)):
        return Outcome(reply=reply, command=order.name)
    ticket = None if new or message.whole or _asked_for_new(row, contact) else in_hand(contact)
    if ticket is not None:
        return _add(row, ticket, message, adapter)
    if order is not None:  # a lone order that nothing answers to is no request
        return Outcome(reply=orders.unanswered(order), command=order.name)
    return _open(row, contact, message, adapter)


def in_hand(contact: ContactPoint) -> Ticket | None:
    """The ticket that further words belong to: an open one, and a draft only while the words come close."""
    newest = contact.tickets.exclude(state__in=ENDED).order_by("-last_word_at", "-pk").first()
    window = timedelta(minutes=settings.DRAFT_WINDOW_MINUTES)
    if newest and newest.state == State.RECEIVED and clock.now() - newest.last_word_at > window:
        return None
    return newest


def _asked_for_new(row: InboundMessage, contact: ContactPoint) -> bool:
    """Whether the message before this one was a bare 新诉求."""
    before = contact.inbound.exclude(pk=row.pk).order_by("-pk").values_list("command", flat=True).first()
    return before == "new"


def _event(contact: ContactPoint, message: Inbound) -> Outcome:
    if message.event in GONE:
        contacts.gone(contact)
        return Outcome()
    if message.event in WELCOMED:
        contacts.heard(contact, message.sender)
        return Outcome(reply=words.WELCOME)
    if message.event != "click":
        return Outcome()  # a page was viewed, a position reported, a template delivered: nobody spoke
    contacts.heard(contact, message.sender)
    name = MENU.get(str(message.extra.get("event_key", "")).upper(), "help")
    reply = orders.obey(contact, commands.named(name))
    return Outcome(reply=reply, command=name)


def _open(row: InboundMessage, contact: ContactPoint, message: Inbound, adapter: Adapter) -> Outcome:
    pieces = attachments.pieces_of(row, message, adapter)
    place = message.place
    ticket, first = lifecycle.receive(
        contact=contact,
        words=_words(message, pieces),
        by=_by(message),
        source=message.extra.get("source", ""),
        type=message.extra.get("type", ""),
        confidential=message.extra.get("confidential", False),
        enterprise=message.extra.get("enterprise", False),
        address=place.address if place else "",
        lat=place.lat if place else None,
        lng=place.lng if place else None,
        occurred_at=message.extra.get("occurred_at"),
    )
    _settle(row, ticket, first, pieces)
    reply = words.received(ticket.number, ticket.public_code).full
    return Outcome(reply=reply, ticket=ticket, opened=True)


def _by(message: Inbound) -> Actor:
    """The citizen, unless a member of staff heard it and wrote it down (首问负责)."""
    username = message.extra.get("agent", "")
    return actors.staff(Staff.objects.get(username=username)) if username else actors.CITIZEN


def _add(row: InboundMessage, ticket: Ticket, message: Inbound, adapter: Adapter) -> Outcome:
    pieces = attachments.pieces_of(row, message, adapter)
    talking = _talking(ticket)
    first = lifecycle.add_words(ticket=ticket, words=_words(message, pieces), channel=row.account.adapter)
    _settle(row, ticket, first, pieces)
    return Outcome(reply="" if talking else words.added(ticket.number), ticket=ticket, spare=True)


def _talking(ticket: Ticket) -> bool:
    """An agent is talking with the citizen: a machine's word between theirs would disturb."""
    since = clock.now() - timedelta(minutes=settings.DRAFT_WINDOW_MINUTES)
    return ticket.messages.filter(direction=Message.Direction.OUT, at__gte=since).exists()


def _words(message: Inbound, pieces: list[Piece]) -> Words:
    """The utterance itself; its first file belongs to it. A vendor's own recognition spares ours."""
    kind = pieces[0].kind if pieces and not message.text else message.kind
    heard = message.kind == "voice" and bool(message.text)
    place = message.place
    return Words(
        text=message.text,
        kind=kind,
        place={"lat": place.lat, "lng": place.lng, "address": place.address} if place else None,
        voice=bool(pieces) and pieces[0].kind == "voice" and not heard,
    )


def _settle(row: InboundMessage, ticket: Ticket, first: Message, pieces: list[Piece]) -> None:
    """Keep the files now, or let a job fetch them; further files become utterances of their own."""
    for index, piece in enumerate(pieces):
        message = first
        if index:
            more = Words(text="", kind=piece.kind, voice=piece.kind == "voice")
            message = lifecycle.add_words(ticket=ticket, words=more, channel=row.account.adapter)
        attachments.settle(row, index, piece, message)
