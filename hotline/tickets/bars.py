"""Who may not although the role may: nobody judges their own work or takes it out of the count."""

from collections.abc import Iterable

from hotline.people.models import Staff
from hotline.tickets.facts import Kind
from hotline.tickets.models import LedgerEntry, SetAside, Ticket
from hotline.tickets.states import Verb

SENT_SOMEWHERE = (
    Kind.DISPATCHED,
    Kind.UNITS_ADDED,
    Kind.RETURN_UPHELD,
    Kind.RETURN_REFUSED,
    Kind.CONSULTATION_RULED,
    Kind.ANSWERED_DIRECTLY,
)
"""Lines of those who decided who answers the ticket; a direct answer is the desk's decision to answer itself."""


def barred(staff: Staff, verb: Verb, ticket: Ticket) -> bool:
    """Whether `staff` is kept from `verb` by what they did on this ticket before.

    Who dispatched a ticket neither asks to set it aside nor rules on it, and does not close it while its
    citizen is still to be called back; who answered directly does not make the call-back on that answer.
    """
    if verb == Verb.SET_ASIDE:
        return staff.pk in dispatchers(ticket)
    if verb == Verb.RULE_ON_SET_ASIDE:
        request = open_set_aside(ticket)
        return (request is not None and request.requested_by_id == staff.pk) or staff.pk in dispatchers(ticket)
    if verb == Verb.CLOSE:
        return bool(ticket.call_back) and staff.pk in dispatchers(ticket)
    if verb == Verb.FOLLOW_UP:
        return ticket.department_id is None and staff.pk in _people(ticket, Kind.ANSWERED_DIRECTLY)
    return False


def dispatchers(ticket: Ticket) -> frozenset[int]:
    """Keys of all who ever decided who answers the ticket."""
    return _people(ticket, *SENT_SOMEWHERE)


def open_set_aside(ticket: Ticket) -> SetAside | None:
    """The request to set the ticket aside that nobody has ruled on."""
    return next((request for request in ticket.set_asides.all() if request.approved is None), None)


def _people(ticket: Ticket, *kinds: Kind) -> frozenset[int]:
    return frozenset(line.by_id for line in _lines(ticket) if line.kind in kinds and line.by_id is not None)


def _lines(ticket: Ticket) -> Iterable[LedgerEntry]:
    """Fetched beforehand for lists (queries.rows)."""
    if hasattr(ticket, "sending_lines"):
        lines: list[LedgerEntry] = ticket.sending_lines
        return lines
    return ticket.ledger.filter(kind__in=SENT_SOMEWHERE).only("ticket", "kind", "by")
