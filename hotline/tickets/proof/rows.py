"""One ticket against its lines: the chain, the words that the lines are about, and where the row says it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.tickets.facts import Kind
from hotline.tickets.proof import chain, said
from hotline.tickets.proof.chain import Break, Why


@dataclass(slots=True)
class Line:
    """The columns of a ledger line that are checked."""

    sequence: int
    kind: str
    data: Any
    state: str
    by_id: int | None
    actor: str
    at: datetime
    salt: str
    said: Any
    nonce: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a ticket's row says, and its lines in order."""

    number: str
    length: int
    head: str
    state: str
    set_aside: bool
    lines: list[Line]


def broken(ticket: Told, now: Mapping[str, dict[str, Any]]) -> Break | None:
    """The first line of the ticket that is not borne out; `now` holds the words as they are kept."""
    found = chain.broken(ticket.number, ticket.length, ticket.head, ticket.lines)
    if found or not ticket.lines:
        return found
    unlike = said.unlike(ticket.lines, now)
    if unlike is not None:
        return Break(ticket.number, unlike, Why.WORDS)
    if ticket.state != ticket.lines[-1].state:
        return Break(ticket.number, ticket.length, Why.STATE)
    approved = [line.sequence for line in ticket.lines if line.kind == Kind.SET_ASIDE_APPROVED]
    if ticket.set_aside != bool(approved):
        return Break(ticket.number, max(approved, default=ticket.length), Why.SET_ASIDE)
    return None
