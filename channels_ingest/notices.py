"""From a ledger line to the words that its citizen is told: which lines are told, and with which facts."""

from collections.abc import Callable
from datetime import datetime

from django.utils.dateparse import parse_datetime

from channels_ingest import words
from channels_ingest.words import Wording
from hotline.people.models import Department
from hotline.tickets.facts import Kind
from hotline.tickets.models import Assignment, LedgerEntry, Message, Ticket

Teller = Callable[[LedgerEntry], Wording | None]


def wording_of(entry: LedgerEntry) -> Wording | None:
    """What the citizen is told about this line; None for what is not theirs to hear."""
    teller = TELLERS.get(Kind(entry.kind))
    return teller(entry) if teller else None


def _received(entry: LedgerEntry) -> Wording:
    return words.received(entry.ticket.number, entry.ticket.public_code)


def _accepted(entry: LedgerEntry) -> Wording:
    return words.accepted(entry.ticket.number)


def _dispatched(entry: LedgerEntry) -> Wording:
    unit = Department.objects.get(code=entry.data["department"])
    return words.dispatched(entry.ticket.number, unit.name, _moment(entry, "due_at"))


def _answered(entry: LedgerEntry) -> Wording | None:
    answer = public_answer(entry.ticket)
    return words.answered(entry.ticket.number, answer) if answer else None


def public_answer(ticket: Ticket) -> str:
    """The lead unit's words for the citizen."""
    lead = ticket.assignments.filter(role=Assignment.Role.LEAD, state=Assignment.State.ANSWERED).first()
    return lead.public_answer if lead else ""


def _answered_directly(entry: LedgerEntry) -> Wording:
    return words.answered(entry.ticket.number, entry.data["public"])


def _info_requested(entry: LedgerEntry) -> Wording:
    return words.info_requested(entry.ticket.number, entry.data["question"])


def _refused(entry: LedgerEntry) -> Wording:
    return words.refused(entry.ticket.number, entry.data["reason"], entry.data["door"])


def _emergency(entry: LedgerEntry) -> Wording:
    return words.emergency(entry.ticket.number, entry.data["service"])


def _closed(entry: LedgerEntry) -> Wording:
    rated = entry.ticket.ratings.filter(round=entry.ticket.rounds, counts=True).exists()
    return words.closed(entry.ticket.number, invite=not rated)


def _replied(entry: LedgerEntry) -> Wording:
    return words.replied(entry.ticket.number, Message.objects.get(pk=entry.data["message"]).text)


def _extended(entry: LedgerEntry) -> Wording:
    return words.extended(entry.ticket.number, entry.data["reason"], _moment(entry, "due_at"))


def _merged(entry: LedgerEntry) -> Wording:
    return words.merged(entry.ticket.number, entry.data["into"])


def _rework(entry: LedgerEntry) -> Wording:
    return words.rework(entry.ticket.number, _moment(entry, "due_at"))


def _withdrawn(entry: LedgerEntry) -> Wording | None:
    """The citizen who withdrew was answered at once."""
    return None if entry.actor == "citizen" else words.withdrawn(entry.ticket.number)


def _moment(entry: LedgerEntry, name: str) -> datetime | None:
    return parse_datetime(entry.data[name]) if entry.data.get(name) else None


TELLERS: dict[Kind, Teller] = {
    Kind.RECEIVED: _received,
    Kind.ACCEPTED: _accepted,
    Kind.DISPATCHED: _dispatched,
    Kind.REVIEW_PASSED: _answered,
    Kind.ANSWERED_DIRECTLY: _answered_directly,
    Kind.INFO_REQUESTED: _info_requested,
    Kind.REFUSED: _refused,
    Kind.EMERGENCY: _emergency,
    Kind.CLOSED: _closed,
    Kind.REPLIED: _replied,
    Kind.EXTENSION_GRANTED: _extended,
    Kind.MERGED: _merged,
    Kind.REWORK: _rework,
    Kind.WITHDRAWN: _withdrawn,
}
