"""The clock's own verbs: signing for a unit that did not, and closing what the citizen left unrated."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings

from hotline.tickets import clock, lifecycle
from hotline.tickets.actors import SYSTEM
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Assignment, Ticket
from hotline.tickets.states import WITH_UNIT, State

log = logging.getLogger(__name__)
AT_ONCE = 500


def sign_overdue() -> int:
    """Sign for every unit whose sign-for clock has run out, lead or assisting; return how many."""
    late = Assignment.objects.filter(
        state=Assignment.State.TO_SIGN, sign_due_at__lt=clock.now(), ticket__state__in=WITH_UNIT
    )
    parts = late.select_related("ticket", "department").order_by("sign_due_at")[:AT_ONCE]
    return sum(
        _did(partial(lifecycle.sign_automatically, ticket=part.ticket, department=part.department)) for part in parts
    )


def close_unrated() -> int:
    """Close what was answered and neither rated nor called back within the configured days."""
    before = clock.now() - timedelta(days=settings.AUTO_CLOSE_DAYS)
    quiet = Ticket.objects.filter(state=State.FOLLOW_UP, updated_at__lt=before).order_by("updated_at")[:AT_ONCE]
    return sum(_did(partial(lifecycle.close, ticket=ticket, by=SYSTEM, automatic=True)) for ticket in quiet)


def _did(verb: Callable[[], Ticket]) -> bool:
    """Whether the verb was still open; what moved on before its clock was read is left alone."""
    try:
        verb()
    except NotAllowed as closed:
        log.info("a clock came too late: %s", closed)
        return False
    return True
