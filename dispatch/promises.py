"""What units' answers promise for a day: noted when the citizen has the answer, chased when the day has passed."""

import logging

from django.utils import timezone

from hotline.tickets import promising
from hotline.tickets.errors import NotAllowed
from hotline.tickets.facts import Kind
from hotline.tickets.models import Assignment, LedgerEntry, Promise
from nlp import promises

log = logging.getLogger(__name__)


def note(entry: LedgerEntry) -> None:
    """Keep what the answers promise, once the citizen gets them; read again it finds the same."""
    if entry.kind == Kind.ANSWERED and entry.data.get("review", True):
        return  # it is read first, and may come back
    parts = Assignment.objects.filter(
        ticket=entry.ticket_id, state=Assignment.State.ANSWERED, answered_at__isnull=False
    )
    for part in parts.select_related("ticket", "department"):
        day = timezone.localdate(part.answered_at)
        said = [(promise.words, promise.due) for promise in promises.promises(part.public_answer, day)]
        promising.keep(part=part, said=said)


def chase() -> int:
    """Remind of every promise whose day has passed; return of how many."""
    late = Promise.objects.filter(settled_at=None, chased_at=None, due_on__lt=timezone.localdate())
    done = 0
    for promise in late.select_related("ticket").order_by("due_on", "pk"):
        try:
            promising.chase(promise=promise)
        except NotAllowed as closed:
            log.info("a promise was not chased: %s", closed)
        else:
            done += 1
    return done
