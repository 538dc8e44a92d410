"""What every stretch of a case is told with: the ticket and its parts in memory, and the end of a turn."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from hotline.demo.city.book import Book
from hotline.people.models import ContactPoint, Department, Staff
from hotline.tickets import clock, facts, ledger, numbers
from hotline.tickets.access import LIVE_PARTS
from hotline.tickets.actors import CITIZEN, Actor
from hotline.tickets.facts import Fact
from hotline.tickets.models import Assignment, Message, Ticket
from hotline.tickets.models import ExtensionRequest, ReturnRequest, Suspension
from hotline.tickets.parts import Limits
from hotline.tickets.states import ALLOWED, State, Verb

IN, OUT = Message.Direction.IN, Message.Direction.OUT
LEAD, ASSISTING = Assignment.Role.LEAD, Assignment.Role.ASSISTING
Part = Assignment.State


@dataclass
class Base:
    """One ticket being told; its methods are called as the verbs are."""

    book: Book
    ticket: Ticket
    message: Message
    assignments: list[Assignment] = field(default_factory=list)
    returned: ReturnRequest | None = None
    extension: ExtensionRequest | None = None
    pause: Suspension | None = None
    rated: set[int] = field(default_factory=set)

    @classmethod
    def receive(cls, *, book: Book, contact: ContactPoint, text: str, kind: str, source: str) -> Self:
        """受理 begins."""
        moment, voice = clock.now(), kind == "voice"
        ticket = book.add(
            Ticket(
                number=numbers.next_number(),
                public_code=numbers.new_code(),
                channel=contact.channel,
                source=source,
                text="" if voice else text,
                citizen=contact.citizen,
                contact=contact,
                created_at=moment,
                updated_at=moment,
                last_word_at=moment,
            )
        )
        message = message_of(ticket, IN, "" if voice else text, kind)
        if voice:
            message.transcript_state = Message.TranscriptState.PENDING
        case = cls(book, ticket, book.add(message))
        fact = facts.Received(channel=contact.channel, source=source, message=message.pk)
        book.add(ledger.line(ticket, fact, CITIZEN)).announced_at = moment
        return case

    def tell(self, verb: Verb, by: Actor, fact: Fact, state: State | None = None) -> None:
        """End a turn: follow the arrow, and write the line."""
        ticket, arrow = self.ticket, ALLOWED[verb]
        if ticket.state not in arrow.sources or (state and state not in arrow.targets):
            raise AssertionError(f"no arrow {verb} from {ticket.state} to {state}")
        ticket.version += by.staff is not None or bool(state and state != ticket.state)
        ticket.state = state or ticket.state
        ticket.updated_at = clock.now()
        # Nothing follows from what is past.
        self.book.add(ledger.line(ticket, fact, by)).announced_at = clock.now()

    def assign(self, department: Department, role: Assignment.Role, limits: Limits) -> None:
        """Give a unit its part; a lead's part also sets the ticket's own clocks."""
        ticket, moment = self.ticket, clock.now()
        if role == LEAD:
            ticket.department, ticket.dispatched_at = department, moment
            ticket.first_department = ticket.first_department or department
            ticket.sign_due_at, ticket.due_at = limits.sign_due_at, limits.due_at
            ticket.due_explanation = list(limits.explanation)
        part = Assignment(
            ticket=ticket,
            department=department,
            role=role,
            dispatched_at=moment,
            sign_due_at=limits.sign_due_at,
            return_until=limits.return_until,
            due_at=limits.due_at,
        )
        self.assignments.append(self.book.add(part))

    def reopen(self, due_at: datetime | None = None) -> None:
        """The lead takes its answered part up again."""
        part = self.lead()
        part.state, part.answered_at = Part.HANDLING, None
        part.due_at = due_at or part.due_at
        self.ticket.answered_at = None

    def lead(self) -> Assignment:
        """The lead unit's live part."""
        return next(p for p in self.assignments if p.role == LEAD and p.state in LIVE_PARTS)

    def own(self, staff: Staff | None) -> Assignment:
        """The live part of a clerk's unit."""
        own = (p for p in self.assignments if staff and p.department_id == staff.department_id)
        return next(p for p in own if p.state in LIVE_PARTS)


def message_of(ticket: Ticket, direction: Message.Direction, text: str, kind: str = "text") -> Message:
    """An utterance of now."""
    return Message(ticket=ticket, direction=direction, kind=kind, text=text, channel=ticket.channel, at=clock.now())
