"""The ledger: gapless numbers in commit order, a chain that shows tampering, nothing lost when a process dies."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from hotline.tickets import clock, closing, ledger, lifecycle, tasks
from hotline.tickets.actors import staff as by
from hotline.tickets.errors import InvalidFields, NotYours, StaleVersion
from hotline.tickets.models import LedgerEntry, Ticket
from hotline.tickets.proof import chain, checking
from hotline.tickets.proof.chain import Why
from tests.factories import Cast, ticket


@pytest.mark.django_db(transaction=True)
def test_a_line_that_commits_late_is_numbered_late() -> None:
    """Two transactions write lines 1 and 2 and commit in reverse order: the feed follows the commits."""
    first, second = ticket("先写"), ticket("后写")
    start = ledger.head()
    written, may_commit = threading.Event(), threading.Event()

    def write_first_commit_last() -> None:
        try:
            with transaction.atomic():
                closing.withdraw(ticket=first, by=_citizen())
                written.set()
                assert may_commit.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=write_first_commit_last)
    slow.start()
    assert written.wait(10)
    closing.withdraw(ticket=second, by=_citizen())
    seen_meanwhile = list(_feed_after(start))
    may_commit.set()
    slow.join(10)
    assert seen_meanwhile == [(start + 1, second.pk)]
    assert list(_feed_after(start + 1)) == [(start + 2, first.pk)]
    ids = dict(LedgerEntry.objects.filter(feed__gt=start).values_list("ticket_id", "id"))
    assert ids[first.pk] < ids[second.pk], "the test is void unless the database's own order is the other one"


def _citizen():
    from hotline.tickets.actors import CITIZEN

    return CITIZEN


def _feed_after(entry: int):
    return LedgerEntry.objects.filter(feed__gt=entry).order_by("feed").values_list("feed", "ticket_id")


@pytest.mark.django_db(transaction=True)
def test_numbers_are_gapless_under_concurrent_writers() -> None:
    rows = [ticket(f"第{n}件") for n in range(12)]
    start = ledger.head()

    def withdraw(part: list[Ticket]) -> None:
        try:
            for row in part:
                closing.withdraw(ticket=row, by=_citizen())
        finally:
            connection.close()

    writers = [threading.Thread(target=withdraw, args=(rows[n::4],)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    feeds = [feed for feed, _ticket in _feed_after(start)]
    assert feeds == list(range(start + 1, start + 13))


def test_those_who_come_while_lines_are_numbered_are_served_by_one_more_run() -> None:
    begun, may_end, runs = threading.Event(), threading.Event(), []

    def work() -> None:
        runs.append(threading.current_thread())
        begun.set()
        assert may_end.wait(10)

    together = ledger.Together(work)
    first, *others = (threading.Thread(target=together) for _ in range(5))
    first.start()
    assert begun.wait(10)
    for other in others:
        other.start()
    deadline = time.monotonic() + 10
    while together.came < 5:
        assert time.monotonic() < deadline
    may_end.set()
    for thread in (first, *others):
        thread.join(10)
    assert (len(runs), runs[0]) == (2, first)


def test_a_run_that_failed_serves_nobody() -> None:
    runs: list[int] = []

    def work() -> None:
        runs.append(len(runs))
        if len(runs) == 1:
            raise RuntimeError

    together = ledger.Together(work)
    with pytest.raises(RuntimeError):
        together()
    together()
    assert runs == [0, 1]


TAMPERING = {
    "data": ("update tickets_ledgerentry set data = data || '{\"note\": \"x\"}' {fifth}", 5, Why.HASH),
    "at": ("update tickets_ledgerentry set at = at + interval '1 microsecond' {fifth}", 5, Why.HASH),
    "by": ("update tickets_ledgerentry set by_id = %(other)s {fifth}", 5, Why.HASH),
    "nobody": ("update tickets_ledgerentry set by_id = null {fifth}", 5, Why.HASH),
    "actor": ("update tickets_ledgerentry set actor = 'citizen' {fifth}", 5, Why.HASH),
    "state": ("update tickets_ledgerentry set state = 'closed' {fifth}", 5, Why.HASH),
    "kind": ("update tickets_ledgerentry set kind = 'noted' {fifth}", 5, Why.HASH),
    "hash": ("update tickets_ledgerentry set hash = repeat('0', 64) {fifth}", 5, Why.HASH),
    "previous hash": ("update tickets_ledgerentry set previous_hash = '' {fifth}", 5, Why.PREVIOUS_HASH),
    "ticket": ("update tickets_ledgerentry set ticket_id = %(elsewhere)s, sequence = 9 {fifth}", 5, Why.MISSING),
    "a line in the middle": ("delete from tickets_ledgerentry {fifth}", 5, Why.MISSING),
    "the first line": (
        "delete from tickets_ledgerentry where ticket_id = %(ticket)s and sequence = 1", 1, Why.MISSING,
    ),
    "the last line": (
        "delete from tickets_ledgerentry where ticket_id = %(ticket)s and sequence = 7", 7, Why.MISSING,
    ),
    "every line": ("delete from tickets_ledgerentry where ticket_id = %(ticket)s", 1, Why.MISSING),
    "two lines swapped": (
        """update tickets_ledgerentry set sequence = 0 where ticket_id = %(ticket)s and sequence = 4;
           update tickets_ledgerentry set sequence = 4 {fifth};
           update tickets_ledgerentry set sequence = 5 where ticket_id = %(ticket)s and sequence = 0""",
        4, Why.PREVIOUS_HASH,
    ),
    "the head": ("update tickets_ticket set ledger_head = repeat('0', 64) where id = %(ticket)s", 7, Why.HEAD),
    "the length up": ("update tickets_ticket set ledger_length = 9 where id = %(ticket)s", 8, Why.MISSING),
    "the length down": ("update tickets_ticket set ledger_length = 6 where id = %(ticket)s", 7, Why.EXTRA),
    "the number": ("update tickets_ticket set number = '1' where id = %(ticket)s", 1, Why.HASH),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("what", TAMPERING)
def test_the_chain_names_the_first_broken_line(what: str) -> None:
    statement, sequence, why = TAMPERING[what]
    cast = Cast()
    row, elsewhere = cast.ticket_in("closed"), ticket()
    assert (row.ledger_length, chain.first_break(row)) == (7, None)
    fifth = "where ticket_id = %(ticket)s and sequence = 5"
    with connection.cursor() as cursor:
        values = {"ticket": row.pk, "elsewhere": elsewhere.pk, "other": cast.auditor.pk}
        for part in statement.replace("{fifth}", fifth).split(";"):
            cursor.execute(part, values)
    tampered = Ticket.objects.get(pk=row.pk)
    broken = chain.Break(tampered.number, sequence, why)
    assert chain.first_break(tampered) == broken
    assert not ledger.verify(tampered)
    assert next(checking.breaks(checking.Scope())) == broken


@pytest.mark.django_db(transaction=True)
def test_announcing_may_fail_and_is_repeated_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    published: list[int] = []

    def broken(entries: list[LedgerEntry]) -> None:
        raise ConnectionError("Redis is away")

    monkeypatch.setattr("hotline.reactions.announce", broken)
    row = ticket()
    monkeypatch.setattr("hotline.reactions.announce", lambda entries: published.extend(e.feed for e in entries))
    entry = row.ledger.get()
    assert entry.feed is not None
    assert entry.announced_at is None
    LedgerEntry.objects.filter(pk=entry.pk).update(at=timezone.now() - timedelta(minutes=2), feed=None)
    tasks.sweep_ledger(timestamp=0)
    assert published == [LedgerEntry.objects.get(pk=entry.pk).feed]
    assert ledger.left_undone() == [entry]


@pytest.mark.django_db(transaction=True)
def test_following_runs_once_and_again_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = ticket().ledger.get()
    followed: list[int] = []

    def broken(line: LedgerEntry) -> None:
        raise RuntimeError("killed half-way")

    monkeypatch.setattr("hotline.reactions.react", broken)
    with pytest.raises(RuntimeError):
        ledger.follow(entry.pk)
    assert LedgerEntry.objects.get(pk=entry.pk).announced_at is None
    monkeypatch.setattr("hotline.reactions.react", lambda line: followed.append(line.pk))
    ledger.follow(entry.pk)
    ledger.follow(entry.pk)
    assert followed == [entry.pk]
    assert LedgerEntry.objects.get(pk=entry.pk).announced_at is not None


@pytest.mark.django_db
def test_a_verb_that_fails_leaves_nothing(django_capture_on_commit_callbacks) -> None:
    cast = Cast()
    row = cast.ticket_in("accepted")
    lines = row.ledger_length
    with django_capture_on_commit_callbacks() as announced:
        with pytest.raises(StaleVersion) as stale:
            lifecycle.edit(ticket=row, by=by(cast.agent), version=row.version - 1, title="旧")
        with pytest.raises(InvalidFields):
            lifecycle.edit(ticket=row, by=by(cast.agent), version=row.version, state="closed")
        with pytest.raises(NotYours):
            lifecycle.edit(ticket=row, by=by(cast.clerk), version=row.version, title="不归我")
        with pytest.raises(InvalidFields):
            lifecycle.edit(ticket=row, by=by(cast.agent), version=None, title="无版本")
    assert stale.value.current == row.version
    assert announced == []
    kept = Ticket.objects.get(pk=row.pk)
    assert (kept.title, kept.ledger_length) == (row.title, lines)


@pytest.mark.django_db
def test_history_can_be_told_at_its_own_time() -> None:
    moment = timezone.now() - timedelta(days=30)
    with clock.at(moment):
        row = ticket()
    assert row.created_at == moment
    assert row.ledger.get().at == moment
    assert ledger.verify(Ticket.objects.get(pk=row.pk))
