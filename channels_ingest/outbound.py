"""From a ledger line to the citizen on their own channel: queued once, retried, delivered or given up.

Words that a vendor has perhaps taken are never sent again by themselves: they are given up in the open, marked as
perhaps sent, and an agent decides.
"""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models import F

from channels_ingest import notices, registry, tasks, words
from channels_ingest.adapter import Adapter
from channels_ingest.messages import Notice, Receipt
from channels_ingest.models import ChannelAccount, InboundMessage, OutboundMessage
from channels_ingest.sms import is_mobile
from channels_ingest.words import Wording
from hotline.away import AWAY
from hotline.people.models import ContactPoint
from hotline.tickets import clock, lifecycle, merging
from hotline.tickets.models import LedgerEntry, Message, Ticket

log = logging.getLogger(__name__)
WAITS = (30, 120, 600, 3600, 6 * 3600)  # seconds before the second, third … attempt
MOST_ATTEMPTS = len(WAITS) + 1
PASSIVE, PAGE = "passive", "page"
PERHAPS = "perhaps sent"
REMEMBER_SECONDS, REMEMBER_EVERY = 120.0, 2.0
"""So long a worker that sent words while the database went away tries to write down what became of them."""
State = OutboundMessage.State


@dataclass(frozen=True, slots=True)
class Way:
    """How a citizen can be reached now: the account, its adapter, and their address there."""

    account: ChannelAccount
    adapter: Adapter
    recipient: str


# --- queueing --------------------------------------------------------------------------------------


@transaction.atomic
def tell(entry: LedgerEntry) -> OutboundMessage | None:
    """Queue what the citizen is told about a ledger line; None when it is not told. Safe to repeat."""
    wording = notices.wording_of(entry)
    if wording is None:
        return None
    contact = entry.ticket.contact
    said = Message.objects.filter(pk=entry.data.get("message"), direction=Message.Direction.OUT).first()
    return _queue(_line_key(entry), contact, entry.kind, wording, ticket=entry.ticket, entry=entry, message=said)


def tell_reporters(entry: LedgerEntry) -> None:
    """Queue what everybody else hears who reported the same matter: each citizen once, however often they did."""
    for reports in merging.further_reporters(entry.ticket):
        report = next((one for one in reports if way_to(one.contact)), reports[0])
        if wording := notices.wording_for(entry, report):
            _queue(f"{_line_key(entry)}:{report.citizen_id}", report.contact, entry.kind, wording, ticket=report)


def told_at_once(ticket: Ticket, text: str) -> None:
    """Remember that the first notice went out with the acknowledgement, so that it is not sent again."""
    entry = ticket.ledger.order_by("sequence")[0]
    OutboundMessage.objects.create(
        key=_line_key(entry),
        ticket=ticket,
        entry=entry,
        contact=ticket.contact,
        kind=entry.kind,
        text=text,
        state=State.SENT,
        reference=PASSIVE,
        created_at=clock.now(),
        finished_at=clock.now(),
    )


def answer_later(row: InboundMessage, text: str) -> None:
    """Answer a message on a channel that cannot answer within the request."""
    assert row.contact is not None
    _queue(f"in:{row.pk}", row.contact, "answer", words.same(text), ticket=row.ticket)


def _line_key(entry: LedgerEntry) -> str:
    return f"line:{entry.pk}"


def _queue(
    key: str,
    contact: ContactPoint,
    kind: str,
    wording: Wording,
    *,
    ticket: Ticket | None,
    entry: LedgerEntry | None = None,
    message: Message | None = None,
) -> OutboundMessage:
    row, fresh = OutboundMessage.objects.get_or_create(
        key=key,
        defaults={
            "contact": contact,
            "kind": kind,
            "text": wording.full,
            "fields": fields_of(ticket, wording),
            "link": f"{settings.PUBLIC_URL}/t/{ticket.public_code}/" if ticket else "",
            "ticket": ticket,
            "entry": entry,
            "message": message,
            "created_at": clock.now(),
            "retry_at": clock.now(),
        },
    )
    if fresh:
        # One after another for each citizen, so that words arrive in the order in which things happened.
        tasks.deliver.configure(lock=f"contact:{contact.pk}").defer(outbound=row.pk)
    return row


def fields_of(ticket: Ticket | None, wording: Wording) -> dict[str, str]:
    """What a vendor's template can name: short, number, code, title, state, department."""
    fields = {"short": wording.short}
    if ticket is not None:
        fields |= {
            "number": ticket.number,
            "code": ticket.public_code,
            "title": ticket.title or words.clipped(ticket.text, 20),
            "state": words.PHRASES[ticket.state],
            "department": ticket.department.name if ticket.department else settings.CITY_NAME,
        }
    return fields


# --- sending ---------------------------------------------------------------------------------------


def deliver(pk: int) -> None:
    """Send one queued message; claimed first, so that two workers never send it both."""
    claimed = OutboundMessage.objects.filter(pk=pk, state=State.QUEUED)
    if not claimed.update(state=State.SENDING, attempts=F("attempts") + 1, retry_at=clock.now()):
        return
    row = OutboundMessage.objects.select_related("contact__citizen", "ticket", "message").get(pk=pk)
    way = None
    try:
        way = way_to(row.contact)
        receipt = _send(row, way) if way else _without_way(row)
    except Exception as error:  # whatever went wrong is one more failed attempt, counted and in the open
        log.exception("sending %s failed", row.pk)
        receipt = Receipt(accepted=False, error=type(error).__name__, retry=True)
    _remember(row, receipt, way)


def _remember(row: OutboundMessage, receipt: Receipt, way: Way | None) -> None:
    """Only this worker knows what the vendor said: a database that is away for a moment is waited for."""
    until = time.monotonic() + REMEMBER_SECONDS
    while True:
        try:
            _finish(row, receipt, way)
            return
        except AWAY:
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            close_old_connections()
            time.sleep(REMEMBER_EVERY)


def take_up(pk: int) -> bool:
    """Whether words that were left undone may be sent (again); else they are given up here as perhaps sent."""
    row = OutboundMessage.objects.select_related("contact__citizen", "account").get(pk=pk)
    if row.state == State.SENDING and not _sends_once(row):
        settle(row.key, Receipt(accepted=False, error=f"{PERHAPS}: the worker ended before the answer was known"))
        return False
    OutboundMessage.objects.filter(pk=pk, state=State.SENDING).update(state=State.QUEUED)
    return True


def _sends_once(row: OutboundMessage) -> bool:
    """Whether its way cannot send it twice; no way at all sends nothing."""
    if row.account:
        return registry.get(row.account.adapter).capabilities.sends_once
    way = way_to(row.contact)
    return way is None or way.adapter.capabilities.sends_once


def _send(row: OutboundMessage, way: Way) -> Receipt:
    return way.adapter.send(way.account, way.recipient, notice_of(row, way.adapter))


def _without_way(row: OutboundMessage) -> Receipt:
    """Citizens of our own pages read it there; nobody else can be reached without a number."""
    if registry.get(row.contact.channel).capabilities.followed_on_page:
        return Receipt(accepted=True, reference=PAGE)
    if _is_silent_too_long(row.contact, registry.get(row.contact.channel)):
        return Receipt(accepted=False, error="silent for too long, and no mobile number is known")
    return Receipt(accepted=False, error="no way to reach this citizen")


def way_to(contact: ContactPoint) -> Way | None:
    """Their own channel when it can push and they are there; else a short message when a number is known."""
    adapter = registry.get(contact.channel)
    if adapter.capabilities.push and contact.reachable and not _is_silent_too_long(contact, adapter):
        account = ChannelAccount.objects.filter(adapter=contact.channel, name=contact.account, active=True)
        if found := account.first():
            return Way(found, adapter, contact.external_id)
    phone = contact.citizen.phone
    return _short_message_way(phone) if is_mobile(phone) else None


def _is_silent_too_long(contact: ContactPoint, adapter: Adapter) -> bool:
    """Whether the channel's time for free words is over, and no template may follow."""
    can = adapter.capabilities
    if can.push_window is None or can.templates:
        return False
    return contact.last_word_at is None or clock.now() - contact.last_word_at >= can.push_window


def _short_message_way(phone: str) -> Way | None:
    slugs = [slug for slug, adapter in registry.all_adapters().items() if adapter.capabilities.short_messages]
    account = ChannelAccount.objects.filter(adapter__in=slugs, active=True).order_by("pk").first()
    return Way(account, registry.get(account.adapter), phone) if account else None


def notice_of(row: OutboundMessage, adapter: Adapter) -> Notice:
    """The words in the length that the channel carries."""
    can = adapter.capabilities
    text = row.fields["short"] if can.short_messages else row.text
    return Notice(
        kind=row.kind,
        text=text if len(text) <= can.max_text else text[: can.max_text - 1] + "…",
        fields=row.fields,
        link=row.link,
        key=row.key,
        last_heard_at=row.contact.last_word_at,
    )


@transaction.atomic
def settle(key: str, receipt: Receipt) -> None:
    """What became of words that were handed over: it may be heard later, and may change once more."""
    row = OutboundMessage.objects.select_for_update(of=("self",)).filter(key=key).first()
    if row is None:
        return
    state = State.SENT if receipt.accepted else State.GIVEN_UP
    if row.state == state:
        return
    row.state, row.finished_at = state, clock.now()
    row.reference, row.error = receipt.reference[:120], receipt.error[:200]
    row.save()
    _mark_thread(row, Message.Delivery.SENT if receipt.accepted else Message.Delivery.FAILED)
    if not receipt.accepted:
        _record_failure(row)


def hold_back(reason: str) -> int:
    """Give up all that waits to be sent, in the open; returns how many. For when nobody knows what of it was sent."""
    waiting = OutboundMessage.objects.filter(state__in=(State.QUEUED, State.SENDING)).order_by("pk")
    keys = list(waiting.values_list("key", flat=True))
    for key in keys:
        settle(key, Receipt(accepted=False, error=reason))
    return len(keys)


@transaction.atomic
def _finish(row: OutboundMessage, receipt: Receipt, way: Way | None) -> None:
    row.account = way.account if way else None
    if receipt.handed_over:  # its outcome may be here already: see `settle`
        row.save(update_fields=["account"])
        return
    error = f"{PERHAPS}: {receipt.error}" if receipt.unsure else receipt.error
    row.reference, row.error = receipt.reference[:120], error[:200]
    if receipt.accepted:
        row.state, row.finished_at = State.SENT, clock.now()
        _mark_thread(row, Message.Delivery.SENT)
    elif receipt.retry and not receipt.unsure and row.attempts < MOST_ATTEMPTS:
        wait = WAITS[row.attempts - 1]
        row.state, row.retry_at = State.QUEUED, clock.now() + timedelta(seconds=wait)
        later = tasks.deliver.configure(schedule_in={"seconds": wait})
        later.defer(outbound=row.pk)
    else:
        row.state, row.finished_at = State.GIVEN_UP, clock.now()
        _mark_thread(row, Message.Delivery.FAILED)
        _record_failure(row)
    row.save()


def _mark_thread(row: OutboundMessage, delivery: str) -> None:
    if row.message:
        row.message.delivery, row.message.delivery_error = delivery, row.error
        row.message.save(update_fields=["delivery", "delivery_error"])


def _record_failure(row: OutboundMessage) -> None:
    """Giving up is done in the open: a line in the ticket's ledger that the desk sees."""
    if row.ticket is not None:
        channel = row.account.adapter if row.account else row.contact.channel
        lifecycle.report_failure(ticket=row.ticket, channel=channel, error=row.error)
