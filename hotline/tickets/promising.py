"""Promises (承诺): kept beside the answer that made them, chased when their day has passed, settled by a person."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from hotline.people.roles import Role
from hotline.tickets import access, clock, facts
from hotline.tickets.actors import SYSTEM, Actor
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours
from hotline.tickets.models import Assignment, Promise, Ticket
from hotline.tickets.states import Verb
from hotline.tickets.turn import turn


def keep(*, part: Assignment, said: Sequence[tuple[str, date]]) -> list[Promise]:
    """Note what the part's answer promises, (words, day) each; what is known already is not noted again."""
    if not _new(part, said):
        return []
    with turn(part.ticket, Verb.PROMISE, SYSTEM) as story:
        new = _new(part, said)
        rows = [
            Promise(ticket=story.ticket, assignment=part, words=words, due_on=due, made_at=clock.now())
            for words, due in new
        ]
        made = Promise.objects.bulk_create(rows)
        days = sorted({due.isoformat() for _words, due in new})
        story.tell(facts.Promised(department=part.department.code, due_on=days))
    return made


def _new(part: Assignment, said: Sequence[tuple[str, date]]) -> list[tuple[str, date]]:
    known = set(part.promises.values_list("words", "due_on"))
    return [each for each in dict.fromkeys((words[:200], due) for words, due in said) if each not in known]


def chase(*, promise: Promise) -> None:
    """The day has passed: the unit and the hotline are reminded, once."""
    with turn(promise.ticket, Verb.CHASE_PROMISE, SYSTEM) as story:
        row = (
            Promise.objects.select_for_update(of=("self",)).select_related("assignment__department").get(pk=promise.pk)
        )
        if row.settled_at or row.chased_at:
            raise NotAllowed(f"promise {row.pk} needs no chasing")
        row.chased_at = clock.now()
        row.save(update_fields=["chased_at"])
        unit = row.assignment.department.code
        story.tell(facts.PromiseDue(department=unit, promise=row.pk, due_on=row.due_on.isoformat()))


def settle(
    *, ticket: Ticket, by: Actor, promise: int, kept: bool, note: str = "", version: int | None = None
) -> Ticket:
    """A unit says of its own promise, or the hotline of any, whether it was kept; said once."""
    with turn(ticket, Verb.SETTLE_PROMISE, by, version) as story:
        row = story.ticket.promises.select_related("assignment__department").filter(pk=promise).first()
        if row is None:
            raise InvalidFields({"promise": [_("There is no such promise.")]})
        if story.person.role == Role.DEPARTMENT and row.assignment.department_id not in access.unit_ids(story.person):
            raise NotYours(_("This is not yours to do."))
        if row.settled_at:
            raise NotAllowed(_("It has been said already whether this promise was kept."))
        row.kept, row.note, row.settled_by, row.settled_at = kept, note, story.person, clock.now()
        row.save(update_fields=["kept", "note", "settled_by", "settled_at"])
        unit = row.assignment.department.code
        story.tell(facts.PromiseSettled(department=unit, promise=row.pk, kept=kept, note=note))
    return ticket
