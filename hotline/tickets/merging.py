"""One matter, one ticket: repeats are merged (并单), two matters in one request are split (拆单)."""

from django.db import transaction
from django.utils.translation import gettext as _

from hotline.tickets import clock, facts, ledger, parts
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import Ticket
from hotline.tickets.states import ENDED, State, Verb
from hotline.tickets.turn import turn


@transaction.atomic
def merge(*, ticket: Ticket, by: Actor, version: int, into: Ticket) -> Ticket:
    """并单: a repeat goes into the ticket that goes on; each of the two gets its line."""
    if into.pk == ticket.pk:
        raise InvalidFields({"into": [_("A ticket cannot be merged into itself.")]})
    # Both rows in one order, so that two merges crossing each other wait instead of deadlocking.
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=[ticket.pk, into.pk]).order_by("pk")
    target = next(row for row in rows if row.pk == into.pk)
    if target.state in ENDED:
        raise NotAllowed(_("The other ticket has ended; merge into one that is still open."))
    with turn(ticket, Verb.MERGE, by, version) as story:
        parts.end(story.ticket)
        story.ticket.merged_into = target
        story.move(State.MERGED)
        story.tell(facts.Merged(into=target.number))
    target.version += 1
    target.updated_at = clock.now()
    ledger.record(target, facts.ChildMerged(child=ticket.number), by)
    target.save()
    return ticket
