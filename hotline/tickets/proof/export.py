"""One ticket's proof, complete in itself: the anchors that name its chain, each with the path from leaf to root."""

from datetime import UTC
from typing import Any

from hotline.tickets.models import Anchor, AnchorLeaf, Ticket
from hotline.tickets.proof import merkle
from hotline.tickets.proof.anchoring import leaf_of

FORMAT = "hotline-ledger-proof/1"


def proof_of(ticket: Ticket) -> dict[str, Any]:
    """Length and head of the chain now, and every anchor that holds an earlier or the same length of it."""
    leaves = AnchorLeaf.objects.filter(ticket=ticket).select_related("anchor").order_by("anchor__sequence")
    return {
        "format": FORMAT,
        "number": ticket.number,
        "length": ticket.ledger_length,
        "head": ticket.ledger_head,
        "anchors": [_anchored(leaf) for leaf in leaves],
    }


def _anchored(leaf: AnchorLeaf) -> dict[str, Any]:
    rows = AnchorLeaf.objects.filter(anchor=leaf.anchor).order_by("position")
    hashes = [leaf_of(*row) for row in rows.values_list("ticket__number", "length", "head")]
    steps = merkle.path(hashes, leaf.position)
    return {
        **_stated(leaf.anchor),
        "leaf": {"length": leaf.length, "head": leaf.head},
        "path": [{"side": side, "hash": beside.hex()} for side, beside in steps],
    }


def _stated(anchor: Anchor) -> dict[str, Any]:
    """`at` is written as it was signed: in UTC."""
    return {
        "sequence": anchor.sequence,
        "at": anchor.at.astimezone(UTC).isoformat(),
        "feed": anchor.feed,
        "leaves": anchor.leaves,
        "root": anchor.root,
        "previous_hash": anchor.previous_hash,
        "hash": anchor.hash,
        "key": anchor.key,
        "signature": anchor.signature,
    }
