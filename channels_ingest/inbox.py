"""Durable first: a message is kept and processed in one transaction, before it is acknowledged."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from channels_ingest import incoming, intake, outbound, registry, tasks
from channels_ingest.adapter import Adapter
from channels_ingest.intake import Outcome
from channels_ingest.messages import Answer, Inbound, Reply, WebRequest
from channels_ingest.models import ChannelAccount, InboundMessage
from hotline.tickets import clock
from hotline.tickets.models import Ticket

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 6
# A vendor waits 5 seconds: when somebody else holds the contact longer than this, a job goes on with it.
LOCK_TIMEOUT = "set local lock_timeout = '3s'"
# The commit may wait its turn behind others' (a notification takes a lock) and must not be refused for it.
NO_LOCK_TIMEOUT = "set local lock_timeout = 0"
KEPT_HEADERS = ("content-type", "user-agent")
UPLOADS_LAST = timedelta(days=7)
"""Longer than a form may be held (a day) or a job waits for room on the disk (three)."""
UPLOAD = re.compile(rb"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Received:
    """One message after it was kept: its row, and whether it was new."""

    message: Inbound
    row: InboundMessage
    fresh: bool

    @property
    def ticket(self) -> Ticket | None:
        """The ticket that it made or joined; None for orders, events and messages still to be retried."""
        return self.row.ticket

    @property
    def reply(self) -> Reply | None:
        """The words to answer with; the same ones for a message that came before."""
        return Reply(self.row.reply) if self.row.reply else None


def receive(adapter: Adapter, account: ChannelAccount, request: WebRequest) -> tuple[Answer, list[Received]]:
    """Verify, keep and process a request; raises errors.Refused, and then nothing was kept."""
    passive = adapter.capabilities.passive_reply
    kept = [_keep(adapter, account, request, message, passive=passive) for message in adapter.read(request, account)]
    replies = [(item.message, item.reply if passive else None) for item in kept]
    return adapter.acknowledge(request, account, replies), kept


def receive_late(adapter: Adapter, account: ChannelAccount, request: WebRequest) -> None:
    """Keep and process a request that was verified and acknowledged before; its words are answered as a push."""
    for message in adapter.reread(request, account):
        _keep(adapter, account, request, message, passive=False)


@transaction.atomic
def _keep(
    adapter: Adapter, account: ChannelAccount, request: WebRequest, message: Inbound, *, passive: bool
) -> Received:
    with connection.cursor() as cursor:
        cursor.execute(LOCK_TIMEOUT)
    row, fresh = InboundMessage.objects.get_or_create(
        account=account,
        external_id=message.external_id,
        defaults={"request": envelope(request), "body": request.body, "received_at": request.received_at},
    )
    if fresh:
        process(row, message, adapter, passive=passive)
    with connection.cursor() as cursor:
        cursor.execute(NO_LOCK_TIMEOUT)
    return Received(message, row, fresh)


def process(row: InboundMessage, message: Inbound, adapter: Adapter, *, passive: bool) -> None:
    """Try once; a failure leaves the row kept and sends a job. `passive` when the caller can still answer."""
    row.attempts += 1
    try:
        with transaction.atomic():
            outcome = intake.take(row, message, adapter)
            _answer(row, outcome, passive=passive)
        row.state, row.error, row.retry_at = InboundMessage.State.DONE, "", None
    except Exception as error:  # whatever went wrong, the citizen's words are not lost by it
        log.exception("message %s could not be processed", row.pk)
        row.contact = row.ticket = None
        row.reply = row.command = ""
        _try_again(row, error)
    row.save()


def _answer(row: InboundMessage, outcome: Outcome, *, passive: bool) -> None:
    row.ticket, row.command = outcome.ticket, outcome.command
    if passive:
        row.reply = outcome.reply
        if outcome.opened and outcome.ticket:
            outbound.told_at_once(outcome.ticket, outcome.reply)
    elif outcome.reply and not outcome.opened and not outcome.spare and row.contact:
        outbound.answer_later(row, outcome.reply)


def _try_again(row: InboundMessage, error: Exception) -> None:
    row.error = type(error).__name__  # its words may quote what the citizen said; they are in the log, cleaned
    if row.attempts >= MOST_ATTEMPTS:
        row.state = InboundMessage.State.GIVEN_UP
        return
    wait = timedelta(seconds=10 * 3 ** (row.attempts - 1))
    row.state, row.retry_at = InboundMessage.State.FAILED, clock.now() + wait
    later = tasks.process_inbound.configure(schedule_in={"seconds": int(wait.total_seconds())})
    later.defer(inbound=row.pk)


@transaction.atomic
def retry(pk: int) -> None:
    """Process a kept message again; nothing happens when it was processed meanwhile."""
    row = InboundMessage.objects.select_for_update(of=("self",)).select_related("account").get(pk=pk)
    if row.state != InboundMessage.State.FAILED:
        return
    adapter = registry.get(row.account.adapter)
    try:
        message = message_of(row, adapter)
    except Exception as error:  # what can no longer be read is one more failed attempt, counted and in the open
        log.exception("message %s could not be read again", row.pk)
        row.attempts += 1
        _try_again(row, error)
        row.save()
        return
    process(row, message, adapter, passive=False)


def message_of(row: InboundMessage, adapter: Adapter) -> Inbound:
    """The message of a kept row, read again from what came in."""
    messages = adapter.reread(request_of(row.request, bytes(row.body)), row.account)
    return next(message for message in messages if message.external_id == row.external_id)


def forget_uploads() -> int:
    """Delete files of forms that were never handed in; how many. What an unfinished message names stays."""
    unfinished = InboundMessage.objects.exclude(state=InboundMessage.State.DONE)
    needed: set[str] = set()
    for body in unfinished.values_list("body", flat=True).iterator():
        needed |= {found.decode() for found in UPLOAD.findall(bytes(body))}
    return incoming.forget(clock.now() - UPLOADS_LAST, needed)


def envelope(request: WebRequest) -> dict[str, object]:
    """What of a request is kept beside its body."""
    return {
        "query": dict(request.query),
        "headers": {name: value for name, value in request.headers.items() if name in KEPT_HEADERS},
        "remote_ip": request.remote_ip,
        "received_at": request.received_at.isoformat(),
        "vouched_by": request.vouched_by,
    }


def request_of(kept: Mapping[str, Any], body: bytes) -> WebRequest:
    """The request of which this is the envelope."""
    return WebRequest(
        method="POST",
        query=kept["query"],
        headers=kept["headers"],
        body=body,
        remote_ip=kept["remote_ip"],
        received_at=datetime.fromisoformat(kept["received_at"]),
        vouched_by=kept["vouched_by"],
    )
