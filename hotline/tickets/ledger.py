"""record() inside the transaction, announce() after it; a hash chain for each ticket.

A line is written with its ticket's row locked, so `sequence` and the chain need no other lock.
`feed`, the number that consoles replay from, is given after the commit: a database sequence is
not commit order, and a console that asks for "all after 105" must never miss a 104 that became
visible late. One advisory lock makes the numbers gapless and in commit order.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from hotline.tickets import clock
from hotline.tickets.actors import Actor
from hotline.tickets.facts import Fact
from hotline.tickets.models import LedgerEntry, Ticket
from hotline.tickets.proof import chain
from hotline.tickets.proof.said import Said, sealed

log = logging.getLogger(__name__)
FEED_LOCK = 12345
_past: ContextVar[bool] = ContextVar("past", default=False)
LEFT_UNDONE_AFTER = timedelta(seconds=60)
NUMBER_PENDING = """
    with pending as (
        select id, row_number() over (order by id) as place from tickets_ledgerentry where feed is null
    )
    update tickets_ledgerentry as entry
       set feed = pending.place + greatest(
           0, (select max(feed) from tickets_ledgerentry), (select max(feed) from tickets_anchor)
       )
      from pending where entry.id = pending.id
    returning entry.*
"""
"""A number that was anchored is never given again, not even when its line was deleted."""


def line(ticket: Ticket, fact: Fact, by: Actor, *said: Said) -> LedgerEntry:
    """The next line about `ticket`, chained to the one before; the caller saves both."""
    ticket.ledger_length += 1
    digests, nonce = sealed(said)
    entry = LedgerEntry(
        ticket=ticket,
        sequence=ticket.ledger_length,
        kind=fact.kind,
        data=fact.data(),
        state=ticket.state,
        by=by.staff,
        actor=by.kind,
        at=clock.now(),
        salt=secrets.token_hex(16),
        said=digests,
        nonce=nonce,
        previous_hash=ticket.ledger_head,
    )
    entry.hash = ticket.ledger_head = chain.hash_of(entry, ticket.number)
    return entry


def record(ticket: Ticket, fact: Fact, by: Actor, *said: Said) -> LedgerEntry:
    """Write one line about `ticket`, whose row the caller has locked and will save; `said` are saved words."""
    entry, past = line(ticket, fact, by, *said), _past.get()
    entry.announced_at = entry.at if past else None
    entry.save(force_insert=True)
    if not past:
        defer_follow(entry)
        transaction.on_commit(announce)
    return entry


@contextmanager
def telling_the_past() -> Iterator[None]:
    """Lines written inside tell what is long over: nothing follows from them; `number_pending` numbers them after."""
    token = _past.set(True)
    try:
        yield
    finally:
        _past.reset(token)


def defer_follow(entry: LedgerEntry) -> None:
    """Queue what follows from `entry`, in this transaction; lines of one ticket are followed in order."""
    job = app.configure_task("hotline.tickets.tasks.react", queue="default", lock=f"ticket:{entry.ticket_id}")
    job.defer(entry=entry.pk)


def follow(entry_id: int) -> None:
    """Do everything that follows from one line, once it is numbered, and mark it announced."""
    announce()
    entry = LedgerEntry.objects.select_related("ticket").get(pk=entry_id)
    if entry.announced_at is None:
        _reactions("react")(entry)
        LedgerEntry.objects.filter(pk=entry_id).update(announced_at=timezone.now())


def left_undone() -> list[LedgerEntry]:
    """Lines older than a minute whose following was never finished: a process was killed, or is behind."""
    limit = timezone.now() - LEFT_UNDONE_AFTER
    return list(LedgerEntry.objects.filter(announced_at=None, at__lt=limit).order_by("id")[:1000])


def verify(ticket: Ticket) -> bool:
    """Whether the ticket's chain is whole: every hash right, every line in place, none missing."""
    return chain.first_break(ticket) is None


def number_pending() -> list[LedgerEntry]:
    """Give every committed line its feed number, gapless and in commit order; return those numbered now."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The lock and the update are two statements on purpose: the second one's snapshot must be
        # taken after the lock is held, or it would not see the numbers given just before.
        cursor.execute("select pg_advisory_xact_lock(%s)", [FEED_LOCK])
        numbered = list(LedgerEntry.objects.raw(NUMBER_PENDING))
    return sorted(numbered, key=lambda entry: entry.feed or 0)


class Together:
    """Work that one thread does for all who wait for it.

    A run that began after somebody came serves them too: while one runs, those who come wait, and the first of
    them then runs once for all.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._running, self._counting = threading.Lock(), threading.Lock()
        self.came = self._served = 0

    def __call__(self) -> None:
        """Return when the work was done once after this call began; raises what the work raises."""
        with self._counting:
            self.came += 1
            mine = self.came
        with self._running:
            if self._served >= mine:
                return
            with self._counting:
                present = self.came
            self._work()
            self._served = present


def _number_and_show() -> None:
    entries = number_pending()
    if entries:
        _reactions("announce")(entries)


_announced = Together(_number_and_show)


def announce() -> None:
    """Number what was committed and show it to the consoles.

    Runs after the commit, so it must not fail the request: consoles notice a gap in the numbers
    by themselves and fetch what is missing, and the clock sweeps what was never numbered.
    """
    try:
        _announced()
    except Exception:
        log.exception("announcing failed; the clock will repeat it")


def head() -> int:
    """The highest feed number given so far; 0 before the first."""
    last = LedgerEntry.objects.filter(feed__isnull=False).order_by("-feed").values_list("feed", flat=True)
    return last.first() or 0


def _reactions(name: str) -> Any:
    return import_string(f"{settings.LEDGER_REACTIONS}.{name}")
