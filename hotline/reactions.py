"""AND THEN: what follows each kind of ledger line; the only file that knows everyone.

Telling comes first and acting last: an act writes the next line, which must not be seen before
this one. Every reaction may run twice (a killed worker is repeated), so each is idempotent.
Network work is queued with the line's id, never done here.
"""

from collections.abc import Callable

from hotline.tickets.facts import Kind
from hotline.tickets.models import LedgerEntry

Reaction = Callable[[LedgerEntry], None]

AND_THEN: dict[Kind, tuple[Reaction, ...]] = {}


def announce(entries: list[LedgerEntry]) -> None:
    """Show freshly numbered lines to every console."""


def react(entry: LedgerEntry) -> None:
    """Do what follows from `entry`, in the order of the table."""
    for reaction in AND_THEN.get(Kind(entry.kind), ()):
        reaction(entry)
