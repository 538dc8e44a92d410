"""Setting a ticket aside from the scoring (剔除): asked for by one person with a listed reason, ruled on by another.

Neither may be one who dispatched the ticket, and no unit has a part in it (hotline.tickets.bars). A
refused request may be made again with a better reason; an approved one is final: what does not
count today must not count again tomorrow, when the figures are known.
"""

from django.utils.translation import gettext as _

from hotline.tickets import bars, clock, facts, listed
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import List, SetAside, Ticket
from hotline.tickets.states import Verb
from hotline.tickets.turn import turn


def ask(*, ticket: Ticket, by: Actor, version: int, code: str, note: str) -> Ticket:
    """Somebody asks that the ticket does not count; it counts until a second person agrees."""
    with turn(ticket, Verb.SET_ASIDE, by, version) as story:
        code = listed.in_force(List.SET_ASIDE, code)
        SetAside.objects.create(
            ticket=story.ticket, code=code, note=note, requested_by=story.person, requested_at=clock.now()
        )
        story.tell(facts.SetAsideRequested(code=code, note=note))
    return ticket


def rule(*, ticket: Ticket, by: Actor, version: int, approved: bool, note: str = "") -> Ticket:
    """A second person agrees or not; a refusal says why."""
    if not approved and not note:
        raise InvalidFields({"note": [_("Say why the ticket counts.")]})
    with turn(ticket, Verb.RULE_ON_SET_ASIDE, by, version) as story:
        request = bars.open_set_aside(story.ticket)
        if request is None:
            raise NotAllowed(_("Nobody has asked to set this ticket aside."))
        request.approved, request.ruled_by = approved, story.person
        request.ruled_at, request.ruling_note = clock.now(), note
        request.save(update_fields=["approved", "ruled_by", "ruled_at", "ruling_note"])
        story.ticket.set_aside = approved
        fact = facts.SetAsideApproved if approved else facts.SetAsideRefused
        story.tell(fact(code=request.code, note=note))
    return ticket
