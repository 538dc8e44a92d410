"""责任链: who was accountable for a ticket in every span of its life, told from its ledger alone.

At any moment exactly one holder has the ball: the desk, the lead unit, a reviewer, the citizen who was
asked for something, or nobody once the ticket has ended (首问负责, 限时办结, 责任追究). Assisting units stand beside.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import cast

from hotline.tickets import clock
from hotline.tickets.accountability.changes import CHANGES
from hotline.tickets.accountability.spans import Beside, Chain, Holder, HolderKind, Line, Span
from hotline.tickets.accountability.walk import Walk
from hotline.tickets.models import Ticket

__all__ = ["Beside", "Chain", "Holder", "HolderKind", "Line", "Span", "chain_of", "told"]


def chain_of(ticket: Ticket) -> Chain:
    """Who was, and is, accountable for `ticket`."""
    return told(cast(Iterable[Line], ticket.ledger.order_by("sequence")), clock.now())


def told(lines: Iterable[Line], now: datetime) -> Chain:
    """The same from lines in their order; a span that lasts is late when its limit is before `now`."""
    walk = Walk()
    for line in lines:
        at = walk.begin(line)
        if line.kind in CHANGES:
            CHANGES[line.kind](walk, line, at)
        walk.finish(line, at)
    spans = [*walk.spans, walk.span] if walk.span else []
    return Chain(
        first_asked=walk.first_asked,
        spans=tuple(_judged(span, now) for span in spans if span.end != span.start),
        beside=(*walk.past_beside, *walk.beside.values()),
    )


def _judged(span: Span, now: datetime) -> Span:
    return replace(span, late=span.due_at is not None and (span.end or now) > span.due_at)
