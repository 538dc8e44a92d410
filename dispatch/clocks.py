"""The clock's own verbs: signing for a unit that did not, and closing what the citizen left unrated."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings

from hotline.tickets import clock, lifecycle
from hotline.tickets.actors import SYSTEM
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

log = logging.getLogger(__name__)
AT_ONCE = 500


def sign_overdue() -> int:
    """Sign for every lead unit whose sign-for clock has run out; return how many."""
    late = Ticket.objects.filter(state=State.DISPATCHED, sign_due_at__lt=clock.now()).order_by("sign_due_at")
    return _each(late[:AT_ONCE], lambda ticket: lifecycle.sign_automatically(ticket=ticket))


def close_unrated() -> int:
    """Close what was answered and neither rated nor called back within the configured days."""
    before = clock.now() - timedelta(days=settings.AUTO_CLOSE_DAYS)
    quiet = Ticket.objects.filter(state=State.FOLLOW_UP, updated_at__lt=before).order_by("pk")
    return _each(quiet[:AT_ONCE], lambda ticket: lifecycle.close(ticket=ticket, by=SYSTEM, automatic=True))


def _each(due: Iterable[Ticket], act: Callable[[Ticket], Ticket]) -> int:
    done = 0
    for ticket in due:
        try:
            act(ticket)
            done += 1
        except NotAllowed:
            log.info("%s moved on before its clock was read", ticket.number)
    return done
