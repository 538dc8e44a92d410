"""Urging (催办) and supervision (督办): orders to hurry, their replies and their end."""

from django.utils.translation import gettext as _

from hotline.tickets import clock, facts
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import Supervision, Ticket
from hotline.tickets.states import Verb
from hotline.tickets.turn import turn


def urge(*, ticket: Ticket, by: Actor, version: int | None = None, note: str) -> Ticket:
    """催办: the unit is told to hurry; the citizen may ask for it too."""
    with turn(ticket, Verb.URGE, by, version) as story:
        story.tell(facts.Urged(note=note))
    return ticket


def supervise(*, ticket: Ticket, by: Actor, version: int, level: int, note: str) -> Ticket:
    """督办: an order of level 1 (lowest) to 3, kept until it is ended."""
    if not 1 <= level <= 3:
        raise InvalidFields({"level": [_("Choose a level from 1 to 3.")]})
    with turn(ticket, Verb.SUPERVISE, by, version) as story:
        Supervision.objects.create(ticket=story.ticket, level=level, note=note, by=story.person, at=clock.now())
        story.ticket.supervision_level = max(story.ticket.supervision_level, level)
        story.tell(facts.Supervised(level=level, note=note))
    return ticket
