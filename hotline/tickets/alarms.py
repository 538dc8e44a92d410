"""Alarms (警报): words of danger raise the urgency, shorten the clocks and ring at the desk; a person confirms."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from hotline.tickets import clock, deadlines, facts, rulebook
from hotline.tickets.actors import SYSTEM, Actor
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Alarm, Clock, Ticket, UrgencyLevel
from hotline.tickets.states import Verb
from hotline.tickets.turn import turn

RANK = {level: rank for rank, level in enumerate(UrgencyLevel.values)}
HURRIED = (Clock.ACCEPT, Clock.SIGN, Clock.CONTACT, Clock.ANSWER, Clock.REVIEW)
"""Clocks that danger may move nearer; the others wait for citizens, or close a window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """One danger told of, with the words and the rule that say so; `rings`: a person must see it at once."""

    kind: str
    what: str
    words: str
    rings: bool


def escalate(*, ticket: Ticket, level: str, dangers: Sequence[Danger]) -> None:
    """Raise the urgency to `level`, ring for kinds that have not rung yet; what tells nothing new changes nothing."""
    with transaction.atomic():
        # Locked before it is asked what is new: another run of the same reaction may be telling it just now.
        locked = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        new = _news(locked, level, dangers)
        if new:
            _raise(ticket, level, dangers, new)


def _raise(ticket: Ticket, level: str, dangers: Sequence[Danger], new: set[str]) -> None:
    with turn(ticket, Verb.ESCALATE, SYSTEM) as story:
        row, before = story.ticket, story.ticket.urgency
        if RANK[level] > RANK[before]:
            row.urgency = level
        ringing = [each for each in dangers if each.kind in new and each.rings]
        if ringing:
            Alarm.objects.create(
                ticket=row,
                level=level,
                kinds=_kinds(ringing),
                reasons=[{"kind": each.kind, "what": each.what, "words": each.words} for each in ringing],
                at=clock.now(),
            )
        fact = facts.Escalated(
            before=before, level=row.urgency, kinds=_kinds(dangers), rings=_kinds(ringing), limits=_hurry(row)
        )
        story.tell(fact)


def _news(ticket: Ticket, level: str, dangers: Sequence[Danger]) -> set[str]:
    """The kinds that have not rung, or all when the level is a higher one."""
    rung = {kind for alarm in ticket.alarms.all() for kind in alarm.kinds}
    ringing = {each.kind for each in dangers if each.rings} - rung
    return ringing or ({"level"} if RANK[level] > RANK[ticket.urgency] else set())


def _kinds(dangers: Sequence[Danger]) -> list[str]:
    return list(dict.fromkeys(each.kind for each in dangers))


def _hurry(ticket: Ticket) -> dict[str, str]:
    """Clocks that run out sooner by the rules for this urgency, reckoned from now, are moved there."""
    moved: dict[str, str] = {}
    running = deadlines.running(ticket).filter(clock__in=HURRIED, paused_at=None)
    for deadline in running.select_related("assignment__department"):
        unit = deadline.assignment.department if deadline.assignment else None
        limit = rulebook.book().limit(ticket, Clock(deadline.clock), clock.now(), unit)
        if limit and limit.due_at < deadline.due_at:
            deadlines.move(ticket, deadline, limit)
            moved[deadline.clock] = limit.due_at.isoformat()
    return moved


def see(*, ticket: Ticket, by: Actor, alarms: Collection[int], version: int | None = None) -> Ticket:
    """A person has seen these of the ticket's alarms: they ring no more; one raised meanwhile rings on."""
    with turn(ticket, Verb.SEE_ALARM, by, version) as story:
        ringing = story.ticket.alarms.filter(seen_at=None, pk__in=alarms)
        kinds = sorted({kind for alarm in ringing for kind in alarm.kinds})
        if not kinds:
            raise NotAllowed(_("No alarm of this ticket rings."))
        ringing.update(seen_by=story.person, seen_at=clock.now())
        story.tell(facts.AlarmSeen(kinds=kinds))
    return ticket
