"""Checking the whole ledger, or one ticket: every chain line by line, then every anchor against the chains.

Reads through server-side cursors and keeps one row at a time, so a ledger of any size fits.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple, cast

from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from hotline.tickets.models import Anchor, AnchorLeaf, LedgerEntry, Ticket
from hotline.tickets.proof import chain, merkle, signing
from hotline.tickets.proof.anchoring import leaf_of
from hotline.tickets.proof.chain import Break, Why

CHUNK = 5000


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


class _Line(NamedTuple):
    sequence: int
    kind: str
    data: Any
    state: str
    by_id: int | None
    actor: str
    at: datetime
    salt: str
    previous_hash: str
    hash: str


def breaks(scope: Scope, advance: Callable[[int], object] = lambda count: None) -> Iterator[Break | AnchorBreak]:
    """The first break of each chain and of each anchor; `advance` is told how many lines were read."""
    yield from _broken_chains(scope, advance)
    yield from _broken_anchors(scope)


def _broken_chains(scope: Scope, advance: Callable[[int], object]) -> Iterator[Break]:
    columns = [f"ledger__{name}" for name in _Line._fields]
    rows = scope.tickets().order_by("pk", "ledger__sequence")
    read = rows.values_list("pk", "number", "ledger_length", "ledger_head", *columns).iterator(CHUNK)
    for (_pk, number, length, head), group in groupby(read, key=itemgetter(0, 1, 2, 3)):
        lines = cast(Iterator[chain.Line], (_Line(*row[4:]) for row in group if row[4] is not None))
        found = chain.broken(number, length, head, lines)
        advance(length)
        if found:
            yield found


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
