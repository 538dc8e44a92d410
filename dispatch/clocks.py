"""The sweep: what each clock does when its moment comes, found by index, once, in order, one transaction each."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from itertools import chain

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Q, QuerySet

from dispatch import looks
from dispatch.models import SupervisionTrigger
from dispatch.rules import Rules, reading
from hotline.tickets import cards, clock, closing, lifecycle, pauses, supervision
from hotline.tickets.actors import SYSTEM
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Assignment, Card, Clock, Deadline, Supervision, Suspension, Ticket
from hotline.tickets.states import ENDED, State

log = logging.getLogger(__name__)


SOONEST, LATEST = timedelta(minutes=1), timedelta(minutes=15)
"""What could not be done is tried again after as long as it has waited already, within these: ever more seldom."""


class Outcome(Enum):
    """What became of one due moment."""

    DONE = "done"
    BUSY = "busy"  # somebody holds the ticket: the next sweep will find it
    GONE = "gone"  # another sweep, or the unit itself, was faster
    REFUSED = "refused"  # the ticket's state does not let it happen now
    FAILED = "failed"  # an error that stops this ticket only
    UNRULED = "unruled"  # the city's rules have a gap: it stops the sweep, or each due clock would find the same


def sweep() -> int:
    """Do all that is due, the longest due first; return how much was done."""
    done = 0
    with reading() as rules:
        for outcome in chain(_ended_pauses(), _due_moments(rules)):
            if outcome == Outcome.UNRULED:
                break
            done += outcome == Outcome.DONE
    return done


def _ended_pauses() -> Iterator[Outcome]:
    return (_safely(partial(_resume, pause)) for pause in _pauses_over())


def _due_moments(rules: Rules) -> Iterator[Outcome]:
    """Fire the moment that is due longest, again and again; what could not be done now is passed, and tried later."""
    found = due_now().first()
    while found is not None:
        outcome = _safely(partial(_fire, found.pk, rules))
        if outcome in (Outcome.REFUSED, Outcome.FAILED, Outcome.UNRULED):
            _put_off(found)
        yield outcome
        # Its own next moment may have come too, even the same one; only what was not done is passed.
        passed = found.pk if outcome != Outcome.DONE else found.pk - 1
        moment = found.next_at
        found = due_now().filter(Q(next_at__gt=moment) | Q(pk__gt=passed), next_at__gte=moment).first()


def due_now() -> QuerySet[Deadline]:
    """Running clocks whose moment has come, the longest due first; read from the index on that moment alone."""
    now = clock.now()
    due = Deadline.objects.filter(Q(retry_at=None) | Q(retry_at__lte=now), ended_at=None, paused_at=None)
    return due.filter(next_at__lte=now).order_by("next_at", "pk").only("pk", "next_at")


def _put_off(found: Deadline) -> None:
    """Try again later. The moment itself stays: by it the clock knows which order of supervision is due."""
    now = clock.now()
    wait = min(max(now - (found.next_at or now), SOONEST), LATEST)
    Deadline.objects.filter(pk=found.pk, ended_at=None, next_at=found.next_at).update(retry_at=now + wait)


def _safely(act: Callable[[], Outcome]) -> Outcome:
    """One transaction; an error stops this ticket, not the rest, unless it is the rules that are incomplete."""
    try:
        with transaction.atomic():
            return act()
    except NotAllowed as closed:
        log.info("a clock came at a bad time and is tried again later: %s", closed)
        return Outcome.REFUSED
    except ImproperlyConfigured as gap:
        log.error("the sweep of the clocks stops, the rules are incomplete: %s", gap)
        return Outcome.UNRULED
    except Exception:
        log.exception("a clock failed and is tried again later")
        return Outcome.FAILED


def _fire(pk: int, rules: Rules) -> Outcome:
    """What the clock does now, and when it must be looked at next. The ticket is locked first, as every verb does."""
    ticket_id = Deadline.objects.values_list("ticket_id", flat=True).get(pk=pk)
    ticket = Ticket.objects.select_for_update(skip_locked=True).filter(pk=ticket_id).first()
    if ticket is None:
        return Outcome.BUSY
    found = Deadline.objects.select_for_update(skip_locked=True, of=("self",)).select_related("assignment__department")
    deadline = found.filter(pk=pk, ended_at=None, paused_at=None, next_at__lte=clock.now()).first()
    if deadline is None:
        return Outcome.GONE
    deadline.ticket = ticket
    if ticket.state in ENDED:
        _end(deadline, rules)
        return Outcome.DONE
    next_at = ACTS.get(Clock(deadline.clock), _show_red_at_end)(deadline, rules)
    Deadline.objects.filter(pk=pk, ended_at=None).update(next_at=next_at, retry_at=None)
    return Outcome.DONE


Act = Callable[[Deadline, Rules], datetime | None]


def _sign(deadline: Deadline, rules: Rules) -> None:
    """Unsigned past its clock: the system signs and says so."""
    if deadline.assignment is None:
        raise AssertionError(f"the sign-for clock {deadline.pk} belongs to no unit")
    lifecycle.sign_automatically(ticket=deadline.ticket, department=deadline.assignment.department)


def _settle(deadline: Deadline, rules: Rules) -> None:
    """The citizen left it unrated; or a bad word was heard on the phone and nobody has followed it up."""
    closing.settle(ticket=deadline.ticket)


def _end(deadline: Deadline, rules: Rules) -> None:
    """A window that closes, or a clock that its ticket's end has overtaken."""
    Deadline.objects.filter(pk=deadline.pk).update(ended_at=clock.now(), next_at=None)


def _show_red_at_end(deadline: Deadline, rules: Rules) -> None:
    """Lateness made visible; who is late, or the supervisor, must act."""
    cards.show_card(deadline=deadline, card=Card.RED)


def _warn_and_order(deadline: Deadline, rules: Rules) -> datetime | None:
    """Yellow before the limit, red after it, then orders of supervision as it gets later."""
    started, due, now = deadline.started_at, deadline.due_at, clock.now()
    if deadline.card == Card.RED:
        return _order(deadline, rules)
    red = looks.red_at(rules, started, due)
    yellow = looks.yellow_at(rules, due)
    if deadline.card == Card.NONE and yellow > started:
        if yellow > now:
            return yellow
        cards.show_card(deadline=deadline, card=Card.YELLOW)
        return red
    if red > now:
        return red
    cards.show_card(deadline=deadline, card=Card.RED)
    return next((at for at, _row in _orders(deadline, rules)), None)


def _order(deadline: Deadline, rules: Rules) -> datetime | None:
    """The order of supervision that is due; the one after it is looked at next."""
    looked = deadline.next_at or deadline.due_at
    orders = [(at, row) for at, row in _orders(deadline, rules) if at >= looked]
    if orders and orders[0][0] <= clock.now():
        _at, row = orders.pop(0)
        if deadline.ticket.supervision_level < row.level:
            supervision.supervise(
                ticket=deadline.ticket,
                by=SYSTEM,
                level=row.level,
                note=row.basis,
                trigger=Supervision.Trigger.LATE,
                count=row.count,
            )
    return orders[0][0] if orders else None


def _orders(deadline: Deadline, rules: Rules) -> list[tuple[datetime, SupervisionTrigger]]:
    """Lateness of the lead unit makes orders; an assisting unit's shows its card only."""
    lead = deadline.assignment is None or deadline.assignment.role == Assignment.Role.LEAD
    return looks.late_orders(rules, deadline.due_at) if lead else []


ACTS: dict[Clock, Act] = {
    Clock.SIGN: _sign,
    Clock.SILENCE: _settle,
    Clock.RETURN: _end,
    Clock.ANSWER: _warn_and_order,
}
"""What each clock does; every other one shows its red card when it ends."""


def _pauses_over() -> list[Suspension]:
    """Pauses whose end was set and has come; that of a merged ticket waits until the merge is undone."""
    over = Suspension.objects.filter(resumed_at=None, until__lte=clock.now(), ticket__state=State.SUSPENDED)
    return list(over.order_by("until"))


def _resume(pause: Suspension) -> Outcome:
    """The clocks of a paused ticket go on by themselves."""
    ticket = Ticket.objects.select_for_update(skip_locked=True).filter(pk=pause.ticket_id).first()
    if ticket is None:
        return Outcome.BUSY
    if not Suspension.objects.filter(pk=pause.pk, resumed_at=None).exists():
        return Outcome.GONE
    pauses.resume(ticket=ticket, by=SYSTEM, version=None)
    return Outcome.DONE
