"""The book of calls in the database: what a line of the journal changes there, however often it is applied."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from channels_ingest.orders import RATABLE
from channels_ingest.telephony import record, taking
from channels_ingest.telephony.directory import citizen_of
from channels_ingest.telephony.record import CallRecord
from channels_ingest.threads import own_connection
from hotline.calls import call_backs
from hotline.calls.models import PhoneCall
from hotline.calls.states import CallState, Outcome
from hotline.people.sealing import fingerprint
from hotline.tickets import actors, closing, lifecycle
from hotline.tickets.errors import TicketError
from hotline.tickets.models import Ticket
from hotline.tickets.states import ENDED, State

log = logging.getLogger(__name__)
RESTART, RESYNCED = "restart", "resynced"
LATE_TICKET_DAYS = 7
_FIELDS = (
    "mode",
    "state",
    "outcome",
    "called",
    "skill",
    "held_seconds",
    "keys",
    "solved",
    "rating",
    "events",
    "version",
)
_MOMENTS = ("queued_at", "ringing_at", "answered_at", "ended_at", "closed_at")
Written = Callable[[UUID, str], None]
"""Is told which ticket a call has, in the thread that writes."""


def restarted(at: datetime) -> dict[str, Any]:
    """The line that a starting process writes: calls of an earlier one are over."""
    return {"kind": RESTART, "at": at.isoformat()}


def resynced(at: datetime, going_on: Collection[UUID]) -> dict[str, Any]:
    """The line that is written when the exchange is followed again: of its calls only these go on."""
    return {"kind": RESYNCED, "at": at.isoformat(), "going_on": [str(call) for call in going_on]}


@own_connection()
def apply(line: dict[str, Any], written: Written, *, with_ticket: bool = True) -> None:
    """Bring one line into the database; where the intake makes no ticket of it, without: that is made later."""
    if line["kind"] == RESTART:
        _end_all(datetime.fromisoformat(line["at"]), with_ticket=with_ticket)
    elif line["kind"] == RESYNCED:
        _end_lost(datetime.fromisoformat(line["at"]), line["going_on"])
    else:
        _write(record.read(line), written, with_ticket=with_ticket)


def _write(kept: CallRecord, written: Written, *, with_ticket: bool) -> None:
    with transaction.atomic():
        row, _made = PhoneCall.objects.get_or_create(
            uuid=kept.uuid,
            defaults={
                "started_at": kept.started_at,
                "caller": kept.caller,
                "caller_fingerprint": fingerprint(kept.caller),
                "citizen": citizen_of(kept.caller),
                "direction": PhoneCall.Direction.OUT if kept.outgoing else PhoneCall.Direction.IN,
                "returns_id": kept.task,
                "ticket_id": kept.about,
            },
        )
        row = PhoneCall.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.version >= kept.version:
            return
        rated = kept.rating is not None and row.rating is None
        handed_over = bool(kept.service) and not _service(row)
        ends = row.ended_at is None and kept.ended_at is not None
        answered = kept.answered_at is not None and kept.answered_at != row.answered_at
        given_up = row.answered_at is not None or (kept.message and row.ended_at is not None)
        for name in (*_FIELDS, *_MOMENTS):
            setattr(row, name, getattr(kept, name))
        row.agent_id, row.left_message = kept.agent, kept.message
        if (kept.answered_at or kept.message) and not given_up:  # else a line before this one has seen to it
            _open_ticket(row, with_ticket=with_ticket)
        row.save()
        if answered and not kept.outgoing:  # not again with the line that ends the talk: a broken talk is called back
            call_backs.answered(row)
        _follow(row, kept, rated=rated, handed_over=handed_over)
        if ends and kept.outgoing:
            call_backs.attempted(row)
    if row.ticket is not None:
        written(row.uuid, row.ticket.number)


def _open_ticket(row: PhoneCall, *, with_ticket: bool) -> None:
    if with_ticket:
        taking.bring_in(row)
    elif not taking.brought_in(row):
        from channels_ingest import tasks

        tasks.defer_once(tasks.open_call_ticket, f"ticket:{row.uuid}", priority=0, call=str(row.uuid))


def open_later(call: UUID) -> None:
    """Make the ticket that the intake did not make while the call went on; again makes no second one."""
    from channels_ingest import tasks

    with transaction.atomic():
        row = PhoneCall.objects.select_for_update(of=("self",)).get(uuid=call)
        if taking.brought_in(row):
            return
        taking.bring_in(row)
        row.save(update_fields=["ticket", "citizen", "message"])
        if service := _service(row):
            _hand_over(row, service)
        if row.recording:
            tasks.finish_call.defer(call=str(row.uuid))


def without_ticket() -> QuerySet[PhoneCall]:
    """Calls of late in which somebody spoke, with us or after the tone, and whose words are with no ticket yet."""
    since = timezone.now() - timedelta(days=LATE_TICKET_DAYS)
    spoke = Q(answered_at__isnull=False) | Q(left_message=True)
    apart = Q(direction=PhoneCall.Direction.OUT, message=None) & ~Q(ticket__state__in=ENDED)
    return PhoneCall.objects.filter(spoke, Q(ticket=None) | apart, ended_at__gte=since)


def _service(row: PhoneCall) -> str:
    """The emergency service to which the call was handed; empty for none."""
    return next((event["service"] for event in row.events if event.get("service")), "")


def _follow(row: PhoneCall, kept: CallRecord, *, rated: bool, handed_over: bool) -> None:
    """What follows from what has changed; nothing of it happens twice."""
    if row.ended_at and row.missed:
        call_backs.missed(row, asked=kept.asked)
    if rated:
        _rate(row)
    if handed_over:
        _hand_over(row, kept.service)


def _rate(row: PhoneCall) -> None:
    """Where the call's own ticket is answered, the rating is the ticket's too: one record, whatever the channel."""
    ticket = Ticket.objects.filter(calls=row, state__in=RATABLE).first()
    if ticket is not None and row.rating is not None:
        closing.rate(ticket=ticket, channel="phone", satisfied=row.rating, solved=row.solved)


def _hand_over(row: PhoneCall, service: str) -> None:
    """转紧急: the ticket says so, if its state still lets it."""
    ticket = Ticket.objects.filter(calls=row).exclude(state=State.EMERGENCY).first()
    if ticket is None or row.agent is None:
        return
    with suppress(TicketError), transaction.atomic():
        lifecycle.emergency(ticket=ticket, by=actors.staff(row.agent), version=ticket.version, service=service)


@transaction.atomic
def _end_all(at: datetime, *, with_ticket: bool) -> None:
    """The process that had these calls is gone: they failed, and their callers are called back."""
    broken = PhoneCall.objects.filter(mode=PhoneCall.Mode.PLATFORM, started_at__lt=at)
    broken.filter(state=CallState.WRAPUP).update(state=CallState.CLOSED, closed_at=at)
    for row in broken.filter(ended_at=None).select_for_update(of=("self",)):
        if row.state == CallState.VOICEMAIL:
            row.left_message = True
            _open_ticket(row, with_ticket=with_ticket)
        row.state, row.outcome, row.ended_at, row.closed_at = CallState.CLOSED, Outcome.FAILED, at, at
        row.version += 1
        row.save()
        call_backs.missed(row)


@transaction.atomic
def _end_lost(at: datetime, going_on: list[str]) -> None:
    """The exchange has these calls no more: how and when they ended nobody saw."""
    open_ones = PhoneCall.objects.filter(mode=PhoneCall.Mode.EXCHANGE, ended_at=None, started_at__lt=at)
    for row in open_ones.exclude(uuid__in=going_on).select_for_update(of=("self",)):
        row.state, row.ended_at, row.closed_at = CallState.CLOSED, at, at
        row.outcome = Outcome.COMPLETED if row.answered_at else Outcome.FAILED
        row.save()
        if row.missed:
            call_backs.missed(row)
