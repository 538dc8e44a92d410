"""Supervision by itself (自动督办): so many urgings, or rounds rated badly, make an order, as the city's data say.

Lateness makes its orders from the sweep (dispatch.clocks). An order is made once for each trigger and
figure, and never beside one that is as strong.
"""

from django.db import transaction
from django.db.models import Q

from dispatch.calendar import day_of
from dispatch.models import SupervisionTrigger
from dispatch.rules import rules
from hotline.tickets import access, rulebook, supervision
from hotline.tickets.actors import SYSTEM
from hotline.tickets.facts import Kind
from hotline.tickets.models import LedgerEntry, Supervision, Ticket
from hotline.tickets.states import Verb


def after_urging(entry: LedgerEntry) -> None:
    """A unit that must be urged again and again is put under supervision."""
    _order(entry, Supervision.Trigger.REPEATED, entry.data["count"])


def after_rework(entry: LedgerEntry) -> None:
    """A citizen who is dissatisfied round after round: the rework is put under supervision."""
    ended = entry.ticket.ledger.filter(kind=Kind.REWORK, sequence__lte=entry.sequence).count()
    is_bad = Q(satisfied__lte=rulebook.book().figure("bad_rating")) | Q(solved=False)
    bad = entry.ticket.ratings.filter(is_bad, counts=True, round__lte=ended)
    if bad.filter(round=ended).exists():
        _order(entry, Supervision.Trigger.BAD_RATING, bad.count())


@transaction.atomic
def _order(entry: LedgerEntry, trigger: Supervision.Trigger, count: int) -> None:
    """The ticket is locked first, so that a reaction that runs twice finds what it did."""
    due = _due(entry, trigger, count)
    if due is None:
        return
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=entry.ticket_id)
    made = ticket.ledger.filter(kind=Kind.SUPERVISED, data__trigger=trigger, data__count=due.count)
    if made.exists() or ticket.supervision_level >= due.level or not access.is_open(Verb.SUPERVISE, ticket):
        return
    supervision.supervise(ticket=ticket, by=SYSTEM, level=due.level, note=due.basis, trigger=trigger, count=due.count)


def _due(entry: LedgerEntry, trigger: Supervision.Trigger, count: int) -> SupervisionTrigger | None:
    """The line of the data that the count has reached; the latest where several say the same figure."""
    reached = [row for row in rules().triggers(trigger, day_of(entry.at)) if row.count <= count]
    return max(reached, key=lambda row: (row.count, row.from_date), default=None)
