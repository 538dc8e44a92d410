"""The ledger: gapless numbers in commit order, a chain that shows tampering, nothing lost when a process dies."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from hotline.tickets import clock, ledger, lifecycle, tasks
from hotline.tickets.actors import staff as by
from hotline.tickets.errors import InvalidFields, NotYours, StaleVersion
from hotline.tickets.models import LedgerEntry, Ticket
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
                lifecycle.withdraw(ticket=first, by=_citizen())
                written.set()
                assert may_commit.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=write_first_commit_last)
    slow.start()
    assert written.wait(10)
    lifecycle.withdraw(ticket=second, by=_citizen())
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
                lifecycle.withdraw(ticket=row, by=_citizen())
        finally:
            connection.close()

    writers = [threading.Thread(target=withdraw, args=(rows[n::4],)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    feeds = [feed for feed, _ticket in _feed_after(start)]
    assert feeds == list(range(start + 1, start + 13))


@pytest.mark.django_db
def test_chain_shows_every_kind_of_tampering() -> None:
    cast = Cast()
    row = cast.ticket_in("closed")
    assert ledger.verify(row)
    line = row.ledger.get(kind="dispatched")
    for change in ({"data": {"department": "other"}}, {"kind": "noted"}, {"at": line.at + timedelta(seconds=1)}):
        before = {name: getattr(line, name) for name in change}
        LedgerEntry.objects.filter(pk=line.pk).update(**change)
        assert not ledger.verify(row)
        LedgerEntry.objects.filter(pk=line.pk).update(**before)
        assert ledger.verify(row)
    row.ledger.order_by("-sequence")[0].delete()
    assert not ledger.verify(row)


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
