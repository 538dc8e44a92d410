"""The sound of calls is deleted when the rule says so; what was said and done stays, and so does the proof of it."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hotline.away import AWAY
from hotline.calls import sound
from hotline.calls.models import PhoneCall
from hotline.tickets import clock, files, lifecycle, rulebook
from hotline.tickets.actors import SYSTEM
from hotline.tickets.states import ENDED, State

log = logging.getLogger(__name__)
AT_ONCE = 200
SOUND_DAYS = "phone_sound_days"
"""The policy figure: days that sound is kept; 0 keeps it for ever."""


def delete_old_sound() -> int:
    """Delete what is older than the figure; returns of how many calls."""
    days = rulebook.book().figure(SOUND_DAYS)
    if not days:
        return 0
    number = 0
    for call in due(days).iterator(chunk_size=AT_ONCE):  # the first night may find years of them
        try:
            _delete(call, days)
        except AWAY:
            raise
        except Exception:  # one that cannot be deleted stays due, and keeps no other
            log.exception("the sound of call %s is not deleted", call.uuid)
        else:
            number += 1
    if number:
        log.info("the sound of %s calls, older than %s days, is deleted", number, days)
    return number


def due(days: int) -> QuerySet[PhoneCall]:
    """Calls whose sound has had its time; that of a ticket which is not ended is kept until it is."""
    before = clock.now() - timedelta(days=days)
    free = Q(ticket=None) | Q(ticket__state__in=ENDED)
    calls = PhoneCall.objects.filter(free, ended_at__lt=before, sound_deleted_at=None).exclude(recording="")
    return calls.select_related("ticket", "message__attachment").order_by("pk")


def _delete(call: PhoneCall, days: int) -> None:
    """Files first: after a crash in between, the next night comes here again."""
    attachment = call.message.attachment if call.message else None
    if path := sound.path_of(call):
        path.unlink()
    if attachment:
        files.path_of(attachment).unlink(missing_ok=True)
    with transaction.atomic():
        call.sound_deleted_at = clock.now()
        call.save(update_fields=["sound_deleted_at"])
        if call.ticket and call.ticket.state != State.ARCHIVED:
            text = _("The sound of the call was deleted: it is kept for %s days.") % days
            lifecycle.note(ticket=call.ticket, by=SYSTEM, version=call.ticket.version, text=text)
