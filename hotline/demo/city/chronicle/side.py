"""The side paths of a case: returns, extensions, pauses, merging, urging, supervision, withdrawal, notes."""

from dispatch import terms
from hotline.demo.city.chronicle.base import LEAD, Base, Part
from hotline.people.models import Department
from hotline.tickets import clock, facts, ledger
from hotline.tickets.access import LIVE_PARTS
from hotline.tickets.actors import Actor
from hotline.tickets.models import ExtensionRequest, ReturnRequest, Supervision, Suspension
from hotline.tickets.states import State, Verb


class SideVerbs(Base):
    """What may come between."""

    def request_return(self, by: Actor, *, reason: str, basis: str, proposed: Department, note: str) -> None:
        """退单."""
        part = self.own(by.staff)
        self.returned = self.book.add(
            ReturnRequest(
                ticket=self.ticket,
                assignment=part,
                reason=reason,
                basis=basis,
                proposed=proposed,
                note=note,
                requested_by=by.staff,
                requested_at=clock.now(),
            )
        )
        fact = facts.ReturnRequested(
            department=part.department.code, reason=reason, basis=basis, proposed=proposed.code, note=note
        )
        self.tell(Verb.RETURN, by, fact, State.RETURN_REVIEW)

    def rule_on_return(self, by: Actor, *, department: Department, note: str) -> None:
        """The reviewer agrees, and moves it on."""
        request = self.returned
        assert request is not None
        request.upheld, request.ruled_by = True, by.staff
        request.ruled_at, request.ruling_note = clock.now(), note
        part = self.lead()
        part.state = Part.RETURNED
        self.assign(department, LEAD, terms.limits_for(self.ticket, clock.now()))
        fact = facts.ReturnUpheld(department=part.department.code, note=note, moved_to=department.code)
        self.tell(Verb.RULE_ON_RETURN, by, fact, State.DISPATCHED)

    def request_extension(self, by: Actor, *, working_days: int, reason: str) -> None:
        """延期."""
        part = self.own(by.staff)
        self.extension = self.book.add(
            ExtensionRequest(
                ticket=self.ticket,
                assignment=part,
                working_days=working_days,
                reason=reason,
                requested_by=by.staff,
                requested_at=clock.now(),
            )
        )
        code = part.department.code
        fact = facts.ExtensionRequested(department=code, working_days=working_days, reason=reason)
        self.tell(Verb.REQUEST_EXTENSION, by, fact)

    def rule_on_extension(self, by: Actor, *, granted: bool, note: str) -> None:
        """延期审批: all the days that were asked for, or none."""
        request, ticket = self.extension, self.ticket
        assert request is not None
        assert ticket.due_at is not None
        request.granted, request.ruled_by = granted, by.staff
        request.ruled_at, request.ruling_note = clock.now(), note
        if not granted:
            self.tell(Verb.RULE_ON_EXTENSION, by, facts.ExtensionRefused(note=note))
            return
        request.granted_days = request.working_days
        ticket.due_at = terms.extended(ticket.due_at, request.working_days)
        for part in self.assignments:
            part.due_at = ticket.due_at if part.state == Part.HANDLING else part.due_at
        fact = facts.ExtensionGranted(
            working_days=request.working_days, due_at=ticket.due_at, reason=request.reason, note=note
        )
        self.tell(Verb.RULE_ON_EXTENSION, by, fact)

    def suspend(self, by: Actor, *, reason: str) -> None:
        """挂起."""
        ticket = self.ticket
        self.pause = self.book.add(
            Suspension(ticket=ticket, state_before=ticket.state, reason=reason, by=by.staff, at=clock.now())
        )
        self.tell(Verb.SUSPEND, by, facts.Suspended(reason=reason), State.SUSPENDED)

    def resume(self, by: Actor) -> None:
        """The clocks go on, later by as long as they stood."""
        pause, ticket = self.pause, self.ticket
        assert pause is not None
        pause.resumed_at = clock.now()
        stood = pause.resumed_at - pause.at
        if ticket.due_at:
            ticket.due_at += stood
        for part in self.assignments:
            part.due_at += stood if part.state == Part.HANDLING else stood * 0
        fact = facts.Resumed(seconds=int(stood.total_seconds()), due_at=ticket.due_at)
        self.tell(Verb.RESUME, by, fact, State(pause.state_before))

    def merge(self, by: Actor, *, into: Base) -> None:
        """并单: each of the two gets its line."""
        self._release()
        self.ticket.merged_into, self.ticket.closed_at = into.ticket, clock.now()
        self.tell(Verb.MERGE, by, facts.Merged(into=into.ticket.number), State.MERGED)
        into.ticket.version += 1
        into.ticket.updated_at = clock.now()
        line = ledger.line(into.ticket, facts.ChildMerged(child=self.ticket.number), by)
        self.book.add(line).announced_at = clock.now()

    def urge(self, by: Actor, *, note: str) -> None:
        """催办."""
        self.tell(Verb.URGE, by, facts.Urged(note=note))

    def supervise(self, by: Actor, *, level: int, note: str) -> None:
        """督办."""
        ticket = self.ticket
        self.book.add(Supervision(ticket=ticket, level=level, note=note, by=by.staff, at=clock.now()))
        ticket.supervision_level = max(ticket.supervision_level, level)
        self.tell(Verb.SUPERVISE, by, facts.Supervised(level=level, note=note))

    def note(self, by: Actor, *, text: str) -> None:
        """An internal note."""
        self.tell(Verb.NOTE, by, facts.Noted(text=text))

    def withdraw(self, by: Actor, *, note: str) -> None:
        """撤回."""
        self._release()
        self.ticket.closed_at = clock.now()
        self.tell(Verb.WITHDRAW, by, facts.Withdrawn(note=note), State.WITHDRAWN)

    def _release(self) -> None:
        for part in self.assignments:
            part.state = Part.RELEASED if part.state in LIVE_PARTS else part.state
        self.ticket.sign_due_at = None
