"""The hash chain of one ticket: how a line is hashed, and which line is the first that is not as it was written."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.tickets.models import Ticket


class Line(Protocol):
    """What a ledger line is hashed from: a LedgerEntry, or the same columns read in bulk."""

    sequence: int
    kind: str
    data: Any
    state: str
    by_id: int | None
    actor: str
    at: datetime
    salt: str
    said: Any
    previous_hash: str
    hash: str


class Why(models.TextChoices):
    """What is wrong with a line."""

    MISSING = "missing", _("the line is missing")
    EXTRA = "extra", _("the line is beyond the ticket's recorded length")
    PREVIOUS_HASH = "previous_hash", _("its previous hash is not the hash of the line before")
    HASH = "hash", _("its hash does not fit what it says")
    HEAD = "head", _("its hash is not the head recorded on the ticket")
    WORDS = "words", _("what was said is not what the line says")
    STATE = "state", _("the ticket does not stand where its last line says")
    SET_ASIDE = "set_aside", _("the ticket is set aside, or is not, against what its lines say")
    ANCHORED = "anchored", _("its hash is not the one that was anchored")


@dataclass(frozen=True, slots=True)
class Break:
    """The first line of a ticket that is not as it was written."""

    number: str
    sequence: int
    why: Why


def hash_of(entry: Line, number: str) -> str:
    """SHA-256 (hex) over the line and the hash before it; salt and digests of words where it has them."""
    line = [
        entry.previous_hash,
        number,
        entry.sequence,
        entry.kind,
        entry.data,
        entry.state,
        entry.by_id,
        entry.actor,
        entry.at.astimezone(UTC).isoformat(),
        *([entry.salt] if entry.salt else []),
        *([entry.said] if entry.said else []),
    ]
    return hashlib.sha256(json.dumps(line, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def broken(number: str, length: int, head: str, lines: Iterable[Line]) -> Break | None:
    """The first line of a chain, read in order, that is not in place, not right, or not as the ticket records."""
    place, last = 0, ""
    for place, entry in enumerate(lines, start=1):
        why = _wrong(entry, place, last, number)
        if why is None and place > length:
            why = Why.EXTRA
        if why is not None:
            return Break(number, place, why)
        last = entry.hash
    if place < length:
        return Break(number, place + 1, Why.MISSING)
    return None if last == head else Break(number, place, Why.HEAD)


def _wrong(entry: Line, place: int, last: str, number: str) -> Why | None:
    if entry.sequence != place:
        return Why.MISSING
    if entry.previous_hash != last:
        return Why.PREVIOUS_HASH
    return None if hash_of(entry, number) == entry.hash else Why.HASH


def first_break(ticket: Ticket) -> Break | None:
    """Where the ticket's chain breaks first; None when every line is in place, right, and none is missing."""
    lines = cast(Iterable[Line], ticket.ledger.order_by("sequence"))
    return broken(ticket.number, ticket.ledger_length, ticket.ledger_head, lines)
