"""Which kinds of line tell that somebody of the holder's own people has acted."""

from hotline.tickets.accountability.spans import Holder, HolderKind, Line
from hotline.tickets.facts import Kind

DESK_ACTS = frozenset(
    {
        Kind.ACCEPTED,
        Kind.EDITED,
        Kind.REPLIED,
        Kind.INFO_REQUESTED,
        Kind.REFUSED,
        Kind.EMERGENCY,
        Kind.ANSWERED_DIRECTLY,
        Kind.DISPATCHED,
        Kind.RECALLED,
        Kind.SPLIT,
        Kind.MERGED,
        Kind.WITHDRAWN,
    }
)
UNIT_ACTS = frozenset(
    {
        Kind.SIGNED,
        Kind.CONTACTED,
        Kind.RELAYED,
        Kind.PASSED_DOWN,
        Kind.PASSED_UP,
        Kind.RETURN_REQUESTED,
        Kind.EXTENSION_REQUESTED,
        Kind.ORDER_ANSWERED,
        Kind.UNIT_ANSWERED,
        Kind.ANSWERED,
    }
)
REVIEW_ACTS = frozenset(
    {
        Kind.RETURN_UPHELD,
        Kind.RETURN_REFUSED,
        Kind.CONSULTATION_RULED,
        Kind.REVIEW_PASSED,
        Kind.REVIEW_FAILED,
        Kind.FOLLOWED_UP,
        Kind.REWORK,
        Kind.CLOSED,
    }
)
ACTS = {HolderKind.DESK: DESK_ACTS, HolderKind.UNIT: UNIT_ACTS, HolderKind.REVIEWER: REVIEW_ACTS}


def acts_for(line: Line, holder: Holder) -> bool:
    """Whether the line's author acted for `holder`."""
    if line.by_id is None or line.kind not in ACTS.get(holder.kind, frozenset()):
        return False
    return holder.kind != HolderKind.UNIT or line.data.get("department") == holder.unit
