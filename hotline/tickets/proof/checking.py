"""Checking the whole ledger, or one ticket: every chain and the words under it, every anchor, the feed's numbers.

Reads through server-side cursors and keeps some hundred tickets at a time, so a ledger of any size fits.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter

from django.db import models
from django.db.models import F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext_lazy as _

from hotline.tickets.models import Anchor, AnchorLeaf, LedgerEntry, Ticket
from hotline.tickets.proof import merkle, said, signing
from hotline.tickets.proof.anchoring import leaf_of
from hotline.tickets.proof.chain import Break, Why
from hotline.tickets.proof.rows import Line, Told, broken

CHUNK = 5000
TOGETHER = 500
"""Tickets whose words are read at once."""


class AnchorWhy(models.TextChoices):
    """What is wrong with an anchor."""

    MISSING = "missing", _("the anchor is missing")
    PREVIOUS_HASH = "previous_hash", _("its previous hash is not the hash of the anchor before")
    HASH = "hash", _("its hash does not fit what it states")
    SIGNATURE = "signature", _("it is not signed with a key that is believed")
    ROOT = "root", _("its root is not that of its chains")


@dataclass(frozen=True, slots=True)
class AnchorBreak:
    """An anchor that is not as it was signed."""

    anchor: int
    why: AnchorWhy


@dataclass(frozen=True, slots=True)
class FeedBreak:
    """A number of the feed that no line has: its line was deleted or given another number."""

    feed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is checked: everything, one ticket, or what was written `since` a moment."""

    number: str | None = None
    since: datetime | None = None

    def lines(self) -> QuerySet[LedgerEntry]:
        """The lines whose tickets are checked."""
        lines = LedgerEntry.objects.all()
        if self.number:
            lines = lines.filter(ticket__number=self.number)
        return lines.filter(at__gte=self.since) if self.since else lines

    def tickets(self) -> QuerySet[Ticket]:
        """The tickets whose chains are checked, from their first line on."""
        tickets = Ticket.objects.all()
        if self.number:
            tickets = tickets.filter(number=self.number)
        return tickets.filter(pk__in=self.lines().values("ticket")) if self.since else tickets

    def anchors(self) -> QuerySet[Anchor]:
        """The anchors that are checked."""
        anchors = Anchor.objects.order_by("sequence")
        if self.number:
            anchors = anchors.filter(members__ticket__number=self.number)
        return anchors.filter(at__gte=self.since) if self.since else anchors


AnyBreak = Break | AnchorBreak | FeedBreak


def breaks(scope: Scope, advance: Callable[[int], object] = lambda count: None) -> Iterator[AnyBreak]:
    """The first break of each ticket, of each anchor and of the feed; `advance` is told how many lines were read."""
    yield from _broken_tickets(scope, advance)
    yield from _broken_anchors(scope)
    if scope == Scope():
        yield from islice(_gaps(), 1)


def _broken_tickets(scope: Scope, advance: Callable[[int], object]) -> Iterator[Break]:
    tickets = _read(scope)
    while batch := list(islice(tickets, TOGETHER)):
        now = said.kept(key for ticket in batch for key in said.newest(ticket.lines))
        for ticket in batch:
            found = broken(ticket, now)
            advance(ticket.length)
            if found:
                yield found


def _read(scope: Scope) -> Iterator[Told]:
    own = ("number", "ledger_length", "ledger_head", "state", "set_aside")
    columns = [f"ledger__{field.name}" for field in fields(Line)]
    rows = scope.tickets().order_by("pk", "ledger__sequence").values_list(*own, *columns)
    for (number, length, head, state, aside), group in groupby(rows.iterator(CHUNK), key=itemgetter(0, 1, 2, 3, 4)):
        lines = [Line(*row[5:]) for row in group if row[5] is not None]
        yield Told(number, length, head, state, aside, lines)


def _gaps() -> Iterator[FeedBreak]:
    """Numbers are given without a gap, and never one that was anchored already."""
    numbered = LedgerEntry.objects.filter(feed__isnull=False)
    before = Window(Lag("feed", default=0), order_by="feed")
    gaps = numbered.annotate(before=before).exclude(feed=F("before") + 1).order_by("feed")
    for last_there in gaps.values_list("before", flat=True):
        yield FeedBreak(last_there + 1)
    last = numbered.aggregate(last=models.Max("feed"))["last"] or 0
    if (Anchor.objects.aggregate(last=models.Max("feed"))["last"] or 0) > last:
        yield FeedBreak(last + 1)


def _broken_anchors(scope: Scope) -> Iterator[Break | AnchorBreak]:
    last = Anchor.objects.filter(sequence__lt=_first(scope)).order_by("-sequence").first()
    for anchor in scope.anchors().iterator(CHUNK):
        if scope.number:  # only the anchors that name the ticket: the ones between are not read
            last = Anchor.objects.filter(sequence=anchor.sequence - 1).first()
        why = _wrong(anchor, last)
        if why:
            yield AnchorBreak(anchor.sequence if why != AnchorWhy.MISSING else _after(last), why)
        yield from islice(_broken_leaves(anchor, scope.number), 1)
        last = anchor


def _first(scope: Scope) -> int:
    return scope.anchors().values_list("sequence", flat=True).first() or 1


def _after(anchor: Anchor | None) -> int:
    return anchor.sequence + 1 if anchor else 1


def _wrong(anchor: Anchor, last: Anchor | None) -> AnchorWhy | None:
    if anchor.sequence != _after(last):
        return AnchorWhy.MISSING
    if anchor.previous_hash != (last.hash if last else ""):
        return AnchorWhy.PREVIOUS_HASH
    if anchor.hash != signing.statement_hash(anchor):
        return AnchorWhy.HASH
    return None if signing.is_signed(anchor) else AnchorWhy.SIGNATURE


def _broken_leaves(anchor: Anchor, number: str | None) -> Iterator[Break | AnchorBreak]:
    """A root that is not that of the leaves; or else the first leaf that the ledger does not bear out."""
    differing: list[tuple[int, str, int, bool]] = []

    def hashes() -> Iterator[bytes]:
        line = LedgerEntry.objects.filter(ticket=OuterRef("ticket"), sequence=OuterRef("length"))
        leaves = AnchorLeaf.objects.filter(anchor=anchor).order_by("position")
        rows = leaves.values_list("ticket_id", "ticket__number", "length", "head", Subquery(line.values("hash")))
        for ticket, found, length, head, hashed in rows.iterator(CHUNK):
            if hashed != head and not differing and number in (None, found):
                differing.append((ticket, found, length, hashed is None))
            yield leaf_of(found, length, head)

    if merkle.root(hashes()).hex() != anchor.root:
        yield AnchorBreak(anchor.sequence, AnchorWhy.ROOT)
        return
    for ticket, found, length, gone in differing:
        if gone:
            yield Break(found, LedgerEntry.objects.filter(ticket=ticket).count() + 1, Why.MISSING)
        else:
            yield Break(found, length, Why.ANCHORED)


def uncovered(scope: Scope) -> int:
    """How many lines are about words but older than the digests: what was said there is not under the chain."""
    saying = LedgerEntry.objects.filter(ticket__in=scope.tickets(), kind__in=said.SAYING, said__isnull=True)
    return saying.exclude(data__has_key="released").count()


@dataclass(frozen=True, slots=True)
class Unanchored:
    """Lines that no anchor proves yet."""

    lines: int
    oldest: datetime | None


def unanchored() -> Unanchored:
    """How many lines wait for the night, and since when; more than a day means that the worker does not run."""
    covered = Anchor.objects.order_by("-sequence").values_list("feed", flat=True).first() or 0
    waiting = LedgerEntry.objects.exclude(feed__lte=covered)
    return Unanchored(**waiting.aggregate(lines=models.Count("pk"), oldest=models.Min("at")))
