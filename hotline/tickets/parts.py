"""What the verbs are made of: keeping words, setting fields, giving units their parts and taking them back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from hotline.people.models import Department
from hotline.tickets import clock
from hotline.tickets.access import LIVE_PARTS
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import Assignment, Message, Rating, Ticket

AT_WORK = (Assignment.State.TO_SIGN, Assignment.State.HANDLING)
"""Parts whose answer is still awaited: their clocks run."""
EDITABLE = frozenset({"type", "matter", "title", "summary", "urgency", "confidential", "area", "address", "lat", "lng"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One utterance of a citizen; `place` is {lat, lng, address}, `voice` says that a transcript is due."""

    text: str
    kind: str = "text"
    place: dict[str, Any] | None = None
    voice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits that a dispatch sets, and the day-by-day reckoning of the answer's (see dispatch.terms)."""

    sign_due_at: datetime
    return_until: datetime
    due_at: datetime
    explanation: tuple[str, ...]


def keep_words(ticket: Ticket, channel: str, words: Words) -> Message:
    """Put a citizen's utterance into the thread."""
    return Message.objects.create(
        ticket=ticket,
        direction=Message.Direction.IN,
        kind=words.kind,
        text=words.text,
        place=words.place,
        channel=channel,
        transcript_state=Message.TranscriptState.PENDING if words.voice else Message.TranscriptState.NONE,
        at=clock.now(),
    )


def set_place(ticket: Ticket, place: dict[str, Any]) -> None:
    """A place that the citizen sends along, where none was known before."""
    if ticket.lat is None:
        ticket.lat, ticket.lng = place.get("lat"), place.get("lng")
    ticket.address = ticket.address or (place.get("address") or "")[:200]


def say(ticket: Ticket, text: str, by: Actor) -> Message:
    """Put words to the citizen into the thread, to be delivered on the ticket's channel."""
    if not text.strip():
        raise InvalidFields({"text": [_("Write something.")]})
    return Message.objects.create(
        ticket=ticket,
        direction=Message.Direction.OUT,
        text=text,
        channel=ticket.channel,
        author=by.staff,
        delivery=Message.Delivery.QUEUED,
        at=clock.now(),
    )


def set_fields(ticket: Ticket, fields: dict[str, Any]) -> dict[str, list[Any]]:
    """Set editable fields; return {name: [before, after]} with rows by their code, unchanged ones left out."""
    unknown = fields.keys() - EDITABLE
    if unknown:
        raise InvalidFields({name: [_("This field cannot be set.")] for name in sorted(unknown)})
    changes: dict[str, list[Any]] = {}
    for name, after in fields.items():
        before = getattr(ticket, name)
        if before != after:
            setattr(ticket, name, after)
            changes[name] = [_code(before), _code(after)]
    return changes


def _code(value: Any) -> Any:
    return getattr(value, "code", value)


def assign(ticket: Ticket, department: Department, role: Assignment.Role, limits: Limits) -> Assignment:
    """Give a unit its part; a lead's part also sets the ticket's own clocks."""
    moment = clock.now()
    if role == Assignment.Role.LEAD:
        ticket.department = department
        ticket.first_department = ticket.first_department or department
        ticket.dispatched_at = moment
        ticket.sign_due_at, ticket.due_at = limits.sign_due_at, limits.due_at
        ticket.due_explanation = list(limits.explanation)
    return Assignment.objects.create(
        ticket=ticket,
        department=department,
        role=role,
        dispatched_at=moment,
        sign_due_at=limits.sign_due_at,
        return_until=limits.return_until,
        due_at=limits.due_at,
    )


def sign(ticket: Ticket, part: Assignment, by: Actor, *, automatic: bool) -> None:
    """A unit takes its part."""
    part.state, part.signed_at = Assignment.State.HANDLING, clock.now()
    part.signed_by, part.auto_signed = by.staff, automatic
    part.save(update_fields=["state", "signed_at", "signed_by", "auto_signed"])
    if part.role == Assignment.Role.LEAD:
        ticket.sign_due_at = None


def end_extension_request(part: Assignment) -> None:
    """A unit that has answered needs no more time: its open request is refused as settled."""
    part.extensions.filter(granted=None).update(granted=False, ruled_at=clock.now())


def units_still_at_work(ticket: Ticket) -> list[str]:
    """Codes of the units whose answer is still awaited, the lead first."""
    waiting = ticket.assignments.filter(state__in=AT_WORK)
    return [part.department.code for part in waiting.select_related("department").order_by("-role", "id")]


def reopen_lead(ticket: Ticket, part: Assignment, due_at: datetime | None = None) -> None:
    """The lead unit takes its answered part up again; the earlier answer stays to be read."""
    part.state, part.answered_at = Assignment.State.HANDLING, None
    part.due_at = due_at or part.due_at
    part.save(update_fields=["state", "answered_at", "due_at"])
    ticket.answered_at = None


def release_all(ticket: Ticket) -> None:
    """End every live part: the matter is no longer theirs."""
    ticket.assignments.filter(state__in=LIVE_PARTS).update(state=Assignment.State.RELEASED)
    ticket.sign_due_at = None


def keep_rating(ticket: Ticket, channel: str, satisfied: int, solved: bool | None, words: str) -> Rating:
    """Keep a rating; only the first of a round counts and shows on the ticket."""
    counts = not ticket.ratings.filter(round=ticket.rounds, counts=True).exists()
    if counts:
        ticket.satisfied, ticket.solved = satisfied, solved
    return Rating.objects.create(
        ticket=ticket,
        satisfied=satisfied,
        solved=solved,
        words=words,
        channel=channel,
        round=ticket.rounds,
        counts=counts,
        at=clock.now(),
    )
