"""Why a clock ends when it does: the day-by-day reckoning that was kept, and every pause since."""

from datetime import timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from dispatch.terms import say_moment, say_time
from hotline.tickets.deadlines import UNITS_CLOCKS
from hotline.tickets.models import Deadline, Suspension


def explain(deadline: Deadline) -> list[str]:
    """The rule's basis, one line for each day, the extensions, the pauses with who and why, and the limit they make.

    In the installation's language, like the reckoning kept with the clock. Asks the database only for a
    clock that stood still.
    """
    lines = list(deadline.explanation)
    if not deadline.paused_seconds and deadline.paused_at is None:
        return lines
    with translation.override(settings.LANGUAGE_CODE):
        return [*lines, *_pauses(deadline), _("Now due: %(due)s.") % {"due": say_moment(deadline.due_at)}]


def _pauses(deadline: Deadline) -> list[str]:
    pauses = [] if deadline.clock not in UNITS_CLOCKS else list(_suspensions(deadline))
    said = [_pause(pause) for pause in pauses]
    known = sum((p.resumed_at - p.at for p in pauses if p.resumed_at), timedelta(0))
    other = timedelta(seconds=deadline.paused_seconds) - known
    if other >= timedelta(minutes=1):
        said.append(_("Stood still for %(length)s while it was not the unit's turn.") % {"length": say_time(other)})
    return said


def _suspensions(deadline: Deadline) -> list[Suspension]:
    pauses = Suspension.objects.filter(ticket=deadline.ticket_id, at__gte=deadline.started_at)
    if deadline.ended_at:
        pauses = pauses.filter(at__lt=deadline.ended_at)
    return list(pauses.select_related("by").order_by("at"))


def _pause(pause: Suspension) -> str:
    values = {"start": say_moment(pause.at), "reason": pause.reason, "by": str(pause.by)}
    if pause.resumed_at is None:
        return _("Stands still since %(start)s: %(reason)s (%(by)s).") % values
    values |= {"end": say_moment(pause.resumed_at), "length": say_time(pause.resumed_at - pause.at)}
    return _("Stood still from %(start)s to %(end)s (%(length)s): %(reason)s (%(by)s).") % values
