"""From a ledger line to the words that its citizen is told: which lines are told, and with which facts."""

from collections.abc import Callable
from datetime import datetime

from django.utils.dateparse import parse_datetime

from channels_ingest import words
from channels_ingest.words import Wording
from hotline.calls.models import PhoneCall
from hotline.people.models import Department
from hotline.tickets import listed
from hotline.tickets.facts import Kind
from hotline.tickets.models import Assignment, LedgerEntry, List, ListEntry, Message, Ticket

Teller = Callable[[LedgerEntry, str], Wording | None]
"""Of a line and the number by which the citizen who is told knows the matter."""


def wording_of(entry: LedgerEntry) -> Wording | None:
    """What the citizen is told about this line; None for what is not theirs to hear."""
    teller = TELLERS.get(Kind(entry.kind))
    return teller(entry, entry.ticket.number) if teller else None


def wording_for(entry: LedgerEntry, report: Ticket) -> Wording | None:
    """What another citizen is told about this line, whose own `report` was merged into its ticket."""
    kind = Kind(entry.kind)
    return TELLERS[kind](entry, report.number) if kind in TOLD_TO_ALL else None


def _received(entry: LedgerEntry, number: str) -> Wording | None:
    """Who speaks with an agent is told when that is over: with 受理, or with the answer."""
    ticket = entry.ticket
    if _was_answered(ticket):
        return None
    if ticket.split_from:
        return words.split_off(number, ticket.public_code, ticket.split_from.number)
    return words.received(number, ticket.public_code)


def _accepted(entry: LedgerEntry, number: str) -> Wording:
    ticket = entry.ticket
    return words.accepted_call(number, ticket.public_code) if _was_answered(ticket) else words.accepted(number)


def _was_answered(ticket: Ticket) -> bool:
    """Whether the ticket is of a call that an agent answered."""
    return ticket.calls.filter(direction=PhoneCall.Direction.IN, answered_at__isnull=False).exists()


def _dispatched(entry: LedgerEntry, number: str) -> Wording:
    unit = Department.objects.get(code=entry.data["department"])
    return words.dispatched(number, unit.name, _moment(entry, "due_at"))


def _answered(entry: LedgerEntry, number: str) -> Wording | None:
    """At once where no rule asks for a review; else when it has passed."""
    if entry.kind == Kind.ANSWERED and entry.data.get("review", True):
        return None
    answer = public_answer(entry.ticket)
    return words.answered(number, answer) if answer else None


def public_answer(ticket: Ticket) -> str:
    """The lead unit's words for the citizen."""
    lead = ticket.assignments.filter(role=Assignment.Role.LEAD, state=Assignment.State.ANSWERED).first()
    return lead.public_answer if lead else ""


def _answered_directly(entry: LedgerEntry, number: str) -> Wording:
    return words.answered(number, entry.data["public"])


def _info_requested(entry: LedgerEntry, number: str) -> Wording:
    return words.info_requested(number, entry.data["question"])


def _refused(entry: LedgerEntry, number: str) -> Wording:
    return words.refused(number, entry.data["reason"], entry.data["door"])


def _emergency(entry: LedgerEntry, number: str) -> Wording:
    service, reference = entry.data["service"], entry.data["reference"]
    before = entry.ticket.ledger.filter(kind=Kind.EMERGENCY, sequence__lt=entry.sequence, data__service=service)
    if before.exists():
        return words.partner_reference(number, service, reference)
    return words.emergency(number, service, reference)


def _closed(entry: LedgerEntry, number: str) -> Wording:
    rated = entry.ticket.ratings.filter(round=entry.ticket.rounds, counts=True).exists()
    return words.closed(number, invite=not rated)


def _replied(entry: LedgerEntry, number: str) -> Wording:
    return words.replied(number, Message.objects.get(pk=entry.data["message"]).text)


def _relayed(entry: LedgerEntry, number: str) -> Wording:
    unit = Department.objects.get(code=entry.data["department"])
    return words.relayed(number, unit.name, Message.objects.get(pk=entry.data["message"]).text)


def _extended(entry: LedgerEntry, number: str) -> Wording:
    return words.extended(number, entry.data["reason"], _moment(entry, "due_at"))


def _return_upheld(entry: LedgerEntry, number: str) -> Wording | None:
    """Where it goes; back at the desk it is still on its way."""
    return _moved(entry, number, entry.data["moved_to"]) if entry.data.get("moved_to") else None


def _consultation_ruled(entry: LedgerEntry, number: str) -> Wording | None:
    return _moved(entry, number, entry.data["department"]) if entry.data["moved"] else None


def _moved(entry: LedgerEntry, number: str, code: str) -> Wording:
    return words.moved(number, Department.objects.get(code=code).name, _moment(entry, "due_at"))


def _suspended(entry: LedgerEntry, number: str) -> Wording:
    """The cause as it stands in the list, unless it is "other": the reason itself is written for the record."""
    entries = ListEntry.objects.filter(list=List.SUSPENSION, code=entry.data["code"]).exclude(code=listed.OTHER)
    cause = entries.order_by("-from_date").first()
    return words.suspended(number, cause.name if cause else "", _moment(entry, "until"))


def _resumed(entry: LedgerEntry, number: str) -> Wording:
    return words.resumed(number, _moment(entry, "due_at"))


def _merged(entry: LedgerEntry, number: str) -> Wording | None:
    """Once, however often what it went into is merged again."""
    if entry.data.get("along"):
        return None
    into = Ticket.objects.get(number=entry.data["into"])
    own = into.citizen_id == entry.ticket.citizen_id
    return words.merged(number, into.number) if own else words.joined(number)


def _unmerged(entry: LedgerEntry, number: str) -> Wording:
    return words.unmerged(number, entry.state)


def _rework(entry: LedgerEntry, number: str) -> Wording:
    return words.rework(number, _moment(entry, "due_at"))


def _withdrawn(entry: LedgerEntry, number: str) -> Wording | None:
    """The citizen who withdrew was answered at once."""
    return None if entry.actor == "citizen" else words.withdrawn(number)


def _moment(entry: LedgerEntry, name: str) -> datetime | None:
    return parse_datetime(entry.data[name]) if entry.data.get(name) else None


TELLERS: dict[Kind, Teller] = {
    Kind.RECEIVED: _received,
    Kind.ACCEPTED: _accepted,
    Kind.DISPATCHED: _dispatched,
    Kind.ANSWERED: _answered,
    Kind.REVIEW_PASSED: _answered,
    Kind.ANSWERED_DIRECTLY: _answered_directly,
    Kind.INFO_REQUESTED: _info_requested,
    Kind.REFUSED: _refused,
    Kind.EMERGENCY: _emergency,
    Kind.CLOSED: _closed,
    Kind.REPLIED: _replied,
    Kind.RELAYED: _relayed,
    Kind.RETURN_UPHELD: _return_upheld,
    Kind.CONSULTATION_RULED: _consultation_ruled,
    Kind.EXTENSION_GRANTED: _extended,
    Kind.SUSPENDED: _suspended,
    Kind.RESUMED: _resumed,
    Kind.MERGED: _merged,
    Kind.UNMERGED: _unmerged,
    Kind.REWORK: _rework,
    Kind.WITHDRAWN: _withdrawn,
}
TOLD_TO_ALL = frozenset({Kind.ANSWERED, Kind.REVIEW_PASSED, Kind.ANSWERED_DIRECTLY, Kind.REFUSED, Kind.EMERGENCY})
"""Lines that everybody hears who reported the matter, each once (并单)."""
