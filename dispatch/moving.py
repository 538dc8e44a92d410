"""Writing planned moves into the ledgers, one transaction each; what a killed worker left is found by the next one."""

import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dispatch import looks
from dispatch.models import PlannedMove
from dispatch.rules import Rules, reading
from dispatch.terms import say_day, say_moment
from hotline.tickets import cards, clock
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Clock, Deadline
from hotline.tickets.rulebook import Limit

log = logging.getLogger(__name__)


def write_moves() -> int:
    """Move every planned clock that still runs; return how many moved."""
    with reading() as rules:
        plans = PlannedMove.objects.order_by("pk").values_list("pk", flat=True)
        return sum(_safely(pk, rules) for pk in list(plans))


def _safely(pk: int, rules: Rules) -> bool:
    """One transaction; an error leaves this plan for the next run and does not stop the rest."""
    try:
        with transaction.atomic():
            return _write(pk, rules)
    except Exception:
        log.exception("a planned move failed; the next run repeats it")
        return False


def _write(pk: int, rules: Rules) -> bool:
    """One clock: its line, and the end of its plan."""
    found = PlannedMove.objects.select_related("deadline__ticket")
    plan = found.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if plan is None:
        return False
    limit = _limit(plan, rules)
    plan.delete()
    try:
        cards.move_limit(deadline=plan.deadline, limit=limit, reason=plan.reason)
    except NotAllowed as ended:
        log.info("a limit needs no moving any more: %s", ended)
        return False
    return True


def _limit(plan: PlannedMove, rules: Rules) -> Limit:
    """The planned limit; a clock put off between plan and move keeps what it gained."""
    deadline = plan.deadline
    gained = deadline.due_at - plan.before
    due = plan.due_at + gained
    which = Clock(deadline.clock)
    return Limit(
        clock=which,
        due_at=due,
        rule=plan.rule,
        explanation=(*(plan.explanation if not gained else deadline.explanation), _why(plan, deadline)),
        provisional=plan.provisional,
        next_at=looks.first(rules, which, deadline.started_at, due),
    )


def _why(plan: PlannedMove, deadline: Deadline) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        values = {
            "day": say_day(timezone.localtime(clock.now()).date()),
            "before": say_moment(deadline.due_at),
            "reason": plan.reason,
        }
        return _("Moved on %(day)s; it was %(before)s before: %(reason)s") % values
