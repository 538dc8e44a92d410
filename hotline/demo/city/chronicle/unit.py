"""The units' stretch of a case: signing, calling, answering; then the review, the rating, the end."""

from dispatch import terms
from hotline.demo.city.chronicle.base import LEAD, Base, Part
from hotline.tickets import clock, facts
from hotline.tickets.actors import SYSTEM, Actor
from hotline.tickets.facts import Fact
from hotline.tickets.models import Assignment
from hotline.tickets.models import FollowUp, Rating
from hotline.tickets.states import State, Verb


class UnitVerbs(Base):
    """From the signature to the archive."""

    def sign_for(self, by: Actor) -> None:
        """签收, unless the clock was faster."""
        part = self.own(by.staff)
        if part.signed_at is None:
            self._sign(part, by, automatic=False)

    def sign_automatically(self, by: Actor) -> None:
        """The sign-for clock ran out; a ticket that was moved on meanwhile has a later one."""
        due = self.ticket.sign_due_at
        if self.ticket.state == State.DISPATCHED and due and due < clock.now():
            self._sign(self.lead(), SYSTEM, automatic=True)

    def _sign(self, part: Assignment, by: Actor, *, automatic: bool) -> None:
        part.state, part.signed_at = Part.HANDLING, clock.now()
        part.signed_by, part.auto_signed = by.staff, automatic
        if part.role == LEAD:
            self.ticket.sign_due_at = None
        fact = facts.Signed(department=part.department.code, automatic=automatic)
        self.tell(Verb.SIGN, by, fact, State.HANDLING if part.role == LEAD else None)

    def contact(self, by: Actor, *, whom: str) -> None:
        """The citizen was called."""
        part = self.own(by.staff)
        part.contacted_at, part.contacted_whom = clock.now(), whom
        fact = facts.Contacted(department=part.department.code, whom=whom, contacted_at=part.contacted_at)
        self.tell(Verb.CONTACT, by, fact)

    def answer(self, by: Actor, *, public: str, internal: str, solved: bool) -> None:
        """答复."""
        part = self.own(by.staff)
        part.state, part.answered_at, part.answered_by = Part.ANSWERED, clock.now(), by.staff
        part.public_answer, part.internal_answer, part.solved = public, internal, solved
        waiting = [p.department.code for p in self.assignments if p.state in (Part.TO_SIGN, Part.HANDLING)]
        if waiting:
            fact: Fact = facts.UnitAnswered(department=part.department.code, waiting_for=waiting)
            self.tell(Verb.ANSWER, by, fact)
        else:
            self.ticket.answered_at = clock.now()
            fact = facts.Answered(department=part.department.code, solved=self.lead().solved)
            self.tell(Verb.ANSWER, by, fact, State.ANSWER_REVIEW)

    def review(self, by: Actor, *, approved: bool, note: str) -> None:
        """审核."""
        if approved:
            self.tell(Verb.REVIEW, by, facts.ReviewPassed(note=note), State.FOLLOW_UP)
        else:
            self.reopen()
            self.tell(Verb.REVIEW, by, facts.ReviewFailed(note=note), State.REWORK)

    def follow_up(
        self,
        by: Actor,
        *,
        reached: bool,
        note: str,
        solved: bool | None = None,
        satisfied: int | None = None,
    ) -> None:
        """回访."""
        self.book.add(
            FollowUp(
                ticket=self.ticket,
                reached=reached,
                solved=solved,
                satisfied=satisfied,
                note=note,
                by=by.staff,
                at=clock.now(),
            )
        )
        if satisfied is not None:
            self._rating("phone", satisfied, solved, note)
        fact = facts.FollowedUp(reached=reached, solved=solved, satisfied=satisfied, note=note)
        self.tell(Verb.FOLLOW_UP, by, fact)

    def rate(self, by: Actor, *, satisfied: int, solved: bool) -> None:
        """好差评."""
        channel = self.ticket.channel
        counts = self._rating(channel, satisfied, solved, "").counts
        fact = facts.Rated(channel=channel, satisfied=satisfied, solved=solved, counts=counts)
        self.tell(Verb.RATE, by, fact)

    def _rating(self, channel: str, satisfied: int, solved: bool | None, words: str) -> Rating:
        ticket = self.ticket
        counts = ticket.rounds not in self.rated
        self.rated.add(ticket.rounds)
        if counts:
            ticket.satisfied, ticket.solved = satisfied, solved
        return self.book.add(
            Rating(
                ticket=ticket,
                satisfied=satisfied,
                solved=solved,
                words=words,
                channel=channel,
                round=ticket.rounds,
                counts=counts,
                at=clock.now(),
            )
        )

    def rework(self, by: Actor, *, note: str) -> None:
        """重办."""
        ticket, due_at = self.ticket, None
        ticket.rounds += 1
        ticket.answered_at = ticket.closed_at = None
        if ticket.department_id is None:
            state = State.ACCEPTED
        else:
            due_at = ticket.due_at = terms.rework_limit(ticket, clock.now())
            self.reopen(due_at)
            state = State.REWORK
        self.tell(Verb.REWORK, by, facts.Rework(note=note, due_at=due_at), state)

    def close(self, by: Actor, *, note: str) -> None:
        """办结."""
        self.ticket.closed_at = clock.now()
        self.tell(Verb.CLOSE, by, facts.Closed(note=note), State.CLOSED)

    def archive(self, by: Actor, *, note: str) -> None:
        """归档."""
        self.tell(Verb.ARCHIVE, by, facts.Archived(note=note), State.ARCHIVED)
