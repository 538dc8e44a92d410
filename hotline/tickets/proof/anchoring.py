"""Making an anchor: every chain that grew since the one before becomes a leaf of a signed tree."""

import json
import logging

from django.db import transaction

from hotline.tickets import clock
from hotline.tickets.alone import wait_turn
from hotline.tickets.models import Anchor, AnchorLeaf, LedgerEntry
from hotline.tickets.proof import merkle, signing

log = logging.getLogger(__name__)
BATCH = 5000


def leaf_of(number: str, length: int, head: str) -> bytes:
    """The hash of one chain at one moment."""
    return merkle.leaf_hash(json.dumps([number, length, head]).encode())


def anchor_ledger() -> Anchor | None:
    """Anchor every line that was numbered since the last anchor; None when there is none.

    The feed is gapless and in commit order, so what lies between two anchors is neither missed nor
    counted twice, however many processes write meanwhile.
    """
    with transaction.atomic():
        wait_turn("anchor-ledger")
        last = Anchor.objects.order_by("-sequence").first()
        upto = LedgerEntry.objects.order_by("-feed").filter(feed__isnull=False).values_list("feed", flat=True).first()
        if upto is None or (last and upto <= last.feed):
            return None
        return _anchor(last, upto)


def _anchor(last: Anchor | None, upto: int) -> Anchor:
    leaves = _grown(last.feed if last else 0, upto)
    anchor = Anchor(
        sequence=last.sequence + 1 if last else 1,
        at=clock.now(),
        feed=upto,
        leaves=len(leaves),
        root=merkle.root(leaf_of(number, length, head) for number, _ticket, length, head in leaves).hex(),
        previous_hash=last.hash if last else "",
    )
    signing.sign(anchor)
    anchor.save(force_insert=True)
    AnchorLeaf.objects.bulk_create(
        (
            AnchorLeaf(anchor=anchor, ticket_id=ticket, position=position, length=length, head=head)
            for position, (_number, ticket, length, head) in enumerate(leaves)
        ),
        batch_size=BATCH,
    )
    # The log leaves this database, and with it a copy that whoever changes the database cannot reach.
    signed = (anchor.sequence, anchor.leaves, anchor.hash, anchor.signature)
    log.info("ledger anchor %d: %d chains, hash %s, signature %s", *signed)
    return anchor


def _grown(after: int, upto: int) -> list[tuple[str, int, int, str]]:
    """(number, ticket, length, head) of each chain with lines in that part of the feed, by number."""
    lines = LedgerEntry.objects.filter(feed__gt=after, feed__lte=upto).order_by("ticket_id", "-sequence")
    heads = lines.distinct("ticket_id").values_list("ticket__number", "ticket_id", "sequence", "hash")
    return sorted(heads.iterator(BATCH))
