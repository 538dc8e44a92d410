"""One turn in a ticket's life: lock, check, change, one ledger line, all in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from hotline.people.models import Staff
from hotline.tickets import access, clock, ledger, rulebook
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours, StaleVersion
from hotline.tickets.facts import Fact
from hotline.tickets.models import Assignment, LedgerEntry, Ticket
from hotline.tickets.proof.said import Said
from hotline.tickets.states import ADDITIONS, ALLOWED, State, Verb


@dataclass(slots=True)
class Turn:
    """What a verb works on: the locked ticket, who acts, and the one fact that will be written."""

    ticket: Ticket
    verb: Verb
    by: Actor
    fact: Fact | None = None
    said: tuple[Said, ...] = ()
    entry: LedgerEntry | None = None

    def move(self, state: State) -> None:
        """Follow an arrow; a state that the verb's arrow does not lead to is a programming error."""
        if state not in ALLOWED[self.verb].targets:
            raise AssertionError(f"no arrow {self.verb} from {self.ticket.state} to {state}")
        self.ticket.state = state

    def tell(self, fact: Fact, *said: Said) -> None:
        """Say what happened, with the words (saved) that it is about: exactly once in a turn."""
        if self.fact is not None:
            raise AssertionError(f"{self.verb} tells a second fact")
        self.fact, self.said = fact, said

    @property
    def person(self) -> Staff:
        """The member of staff who acts; citizens and the clock have no part in such a verb."""
        if self.by.staff is None:
            raise NotYours(_("This is not yours to do."))
        return self.by.staff

    def own_part(self) -> Assignment:
        """The acting clerk's part of the ticket, in the state that the verb needs."""
        part = access.part_for(self.person, self.verb, self.ticket)
        if part is None:
            raise NotAllowed(_("Your unit has no open part in this ticket."))
        return part

    def lead(self) -> Assignment:
        """The lead unit's live part."""
        live = [p for p in self.ticket.assignments.all() if p.state in access.LIVE_PARTS]
        return next(part for part in live if part.role == Assignment.Role.LEAD)


@contextmanager
def turn(ticket: Ticket, verb: Verb, by: Actor, version: int | None = None) -> Iterator[Turn]:
    """Lock the ticket, check duty, version and arrow; afterwards save it with one ledger line.

    `version` is the one the asker read: staff must give it; citizen and system act on what is there.
    Raises NotYours, StaleVersion, NotAllowed or InvalidFields; then nothing was changed.
    """
    with transaction.atomic(), rulebook.book().reading():
        row = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        _check(row, verb, by, version)
        before = row.state
        story = Turn(ticket=row, verb=verb, by=by)
        yield story
        if story.fact is None:
            raise AssertionError(f"{verb} told no fact")
        # The assistant's and the citizen's additions are no reason to refuse what an agent has typed.
        row.version += (by.staff is not None and verb not in ADDITIONS) or row.state != before
        row.updated_at = clock.now()
        story.entry = ledger.record(row, story.fact, by, *story.said)
        row.save()
    # What the asker holds becomes what is true now.
    ticket.__dict__.update(row.__dict__)


def _check(row: Ticket, verb: Verb, by: Actor, version: int | None) -> None:
    if by.staff is not None:
        if access.stood_back(by.staff, row) or not access.has_duty(by.staff, verb, row):
            raise NotYours(_("This is not yours to do."))
        if version is None and verb not in ADDITIONS:
            raise InvalidFields({"version": [_("Give the version that you read.")]})
        if version not in (None, row.version):
            raise StaleVersion(row.version)
    if not access.is_open(verb, row):
        raise NotAllowed(_("This cannot be done while the ticket is: %s") % row.get_state_display())
