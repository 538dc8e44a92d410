"""The desk's stretch of a case: more words, acceptance, replies, answers of its own, dispatch."""

from typing import Any

from dispatch import terms
from hotline.demo.city.chronicle.base import ASSISTING, IN, LEAD, OUT, Base, message_of
from hotline.people.models import Department
from hotline.tickets import clock, facts, parts
from hotline.tickets.actors import SYSTEM, Actor
from hotline.tickets.models import Attachment, Message
from hotline.tickets.states import State, Verb


class DeskVerbs(Base):
    """Until a unit has it."""

    def transcribe(self, by: Actor, *, text: str, engine: str) -> None:
        """The voice became text."""
        self.message.transcript, self.message.transcript_state = text, Message.TranscriptState.DONE
        self.ticket.text = f"{self.ticket.text}\n{text}".strip()
        fact = facts.Transcribed(message=self.message.pk, result="done", engine=engine)
        self.tell(Verb.TRANSCRIBE, SYSTEM, fact)

    def add_words(self, by: Actor, *, text: str, kind: str = "text") -> Message:
        """More words of the citizen."""
        message, ticket = self.book.add(message_of(self.ticket, IN, text, kind)), self.ticket
        reopened = ticket.state == State.AWAITING_INFO
        if text and ticket.state in (State.AWAITING_INFO, State.RECEIVED):
            ticket.text = f"{ticket.text}\n{text}".strip()
        ticket.last_word_at, ticket.unread = clock.now(), True
        fact = facts.WordsAdded(channel=ticket.channel, message=message.pk, reopened=reopened)
        self.tell(Verb.ADD_WORDS, by, fact, State.RECEIVED if reopened else None)
        return message

    def keep_media(self, by: Actor, *, message: Message, attachment: Attachment) -> None:
        """A file came with the words."""
        message.attachment = attachment
        fact = facts.MediaKept(message=message.pk, content_type=attachment.content_type)
        self.tell(Verb.KEEP_MEDIA, SYSTEM, fact)

    def accept(self, by: Actor, **fields: Any) -> None:
        """受理."""
        changes = parts.set_fields(self.ticket, fields)
        self.ticket.holder, self.ticket.unread = by.staff, False
        self.ticket.accepted_at = clock.now()
        fact = facts.Accepted(fields={name: after for name, (_before, after) in changes.items()})
        self.tell(Verb.ACCEPT, by, fact, State.ACCEPTED)

    def edit(self, by: Actor, **fields: Any) -> None:
        """The record is put right."""
        self.tell(Verb.EDIT, by, facts.Edited(changes=parts.set_fields(self.ticket, fields)))

    def reply(self, by: Actor, *, text: str) -> None:
        """A word to the citizen."""
        message = message_of(self.ticket, OUT, text)
        message.author, message.delivery = by.staff, Message.Delivery.SENT
        self.ticket.unread = False
        self.tell(Verb.REPLY, by, facts.Replied(message=self.book.add(message).pk))

    def request_info(self, by: Actor, *, question: str) -> None:
        """待补充."""
        self.ticket.holder, self.ticket.unread = by.staff, False
        fact = facts.InfoRequested(question=question)
        self.tell(Verb.REQUEST_INFO, by, fact, State.AWAITING_INFO)

    def refuse(self, by: Actor, *, reason: str, door: str) -> None:
        """不予受理."""
        self.ticket.closed_at = clock.now()
        self.tell(Verb.REFUSE, by, facts.Refused(reason=reason, door=door), State.REFUSED)

    def emergency(self, by: Actor, *, service: str, note: str) -> None:
        """转紧急."""
        self.ticket.closed_at = clock.now()
        self.tell(Verb.EMERGENCY, by, facts.Emergency(service=service, note=note), State.EMERGENCY)

    def answer_directly(self, by: Actor, *, public: str) -> None:
        """直接答复."""
        ticket = self.ticket
        ticket.holder, ticket.unread = by.staff, False
        ticket.accepted_at = ticket.accepted_at or clock.now()
        ticket.answered_at = clock.now()
        fact = facts.AnsweredDirectly(public=public)
        self.tell(Verb.ANSWER_DIRECTLY, by, fact, State.FOLLOW_UP)

    def dispatch_to(self, by: Actor, *, department: Department, assisting: tuple[Department, ...], note: str) -> None:
        """派单."""
        limits = terms.limits_for(self.ticket, clock.now())
        self.assign(department, LEAD, limits)
        for unit in assisting:
            self.assign(unit, ASSISTING, limits)
        self.ticket.unread = False
        fact = facts.Dispatched(
            department=department.code,
            assisting=[unit.code for unit in assisting],
            sign_due_at=limits.sign_due_at,
            due_at=limits.due_at,
            note=note,
            explanation=list(limits.explanation),
        )
        self.tell(Verb.DISPATCH, by, fact, State.DISPATCHED)
