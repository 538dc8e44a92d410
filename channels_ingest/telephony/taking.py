"""From a call to its ticket, once for each call; and from a finished recording to where it belongs."""

import asyncio
import logging
from math import ceil
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from channels_ingest import incoming, own_pages
from channels_ingest.telephony.calls import FinishedCall
from channels_ingest.threads import own_connection
from hotline.calls.models import PhoneCall
from hotline.tickets import lifecycle
from hotline.tickets.actors import SYSTEM
from hotline.tickets.models import Message, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import ENDED
from nlp.speech import Limits, playable

log = logging.getLogger(__name__)
TOO_SHORT_SECONDS = 1.0
"""Somebody who hung up at once said nothing; the call itself stays on record with the exchange."""
LONGEST_CALL = Limits(max_bytes=1024 * 2**20, max_seconds=3 * 3600.0)
"""More than TelephonySettings lets a call last: refused here, it would be tried for ever and never be a ticket."""


async def take(call: FinishedCall) -> None:
    """Keep the recording of a call with it; the same call again makes nothing new, since it goes by its UUID."""
    await asyncio.to_thread(_take, call)


@own_connection()
def _take(call: FinishedCall) -> None:
    if not _kept_with_its_call(call):
        _make_ticket(call)


@transaction.atomic
def _kept_with_its_call(call: FinishedCall) -> bool:
    """Whether the switchboard knows the call: its recording is named there, and its words are seen to."""
    from channels_ingest import tasks

    row = PhoneCall.objects.select_for_update(of=("self",)).filter(uuid=call.uuid).first()
    if row is None:
        return False
    if not row.recording:
        row.recording, row.recording_sha256 = name_of(call.path), call.sha256
        row.recording_seconds = call.seconds
        row.save(update_fields=["recording", "recording_sha256", "recording_seconds"])
        tasks.finish_call.defer(call=str(row.uuid))
        _tell_what_is_lost(row, call.lost_seconds)
    return True


def _tell_what_is_lost(row: PhoneCall, seconds: float) -> None:
    """Staff are told at the ticket; a call without one has the log."""
    if not seconds:
        return
    log.error("%.1f s of call %s are not in its recording: the disk was full", seconds, row.uuid)
    if row.ticket is not None:
        text = _("%(seconds)d seconds of the call's sound could not be kept: the disk was full.") % {
            "seconds": ceil(seconds)
        }
        lifecycle.note(ticket=row.ticket, by=SYSTEM, version=row.ticket.version, text=text)


def name_of(path: Path) -> str:
    """A recording's name: its place below the folder of recordings."""
    root = settings.MEDIA_ROOT / "recordings"
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def _make_ticket(call: FinishedCall) -> None:
    """A call that nobody wrote down, from before a crash: its sound alone makes the ticket."""
    if call.seconds < TOO_SHORT_SECONDS:
        log.info("call %s lasted %.1f s: no ticket", call.uuid, call.seconds)
        return
    recording = incoming.put(playable(call.path.read_bytes(), "audio/wav", LONGEST_CALL).content)
    own_pages.from_exchange({"call": str(call.uuid), "recording": recording})


def brought_in(call: PhoneCall) -> bool:
    """Whether what was said in the call is with a ticket already."""
    return call.ticket_id is not None and (call.message_id is not None or call.direction == PhoneCall.Direction.IN)


def bring_in(call: PhoneCall) -> None:
    """What is said in the call belongs to a ticket: of a citizen's call to its own, of ours to the one it is about."""
    (join_ticket if call.direction == PhoneCall.Direction.OUT else open_ticket)(call)


def open_ticket(call: PhoneCall) -> None:
    """The ticket of a call in which somebody speaks; its sound and words come when it is over."""
    if call.ticket_id is not None:
        return
    agent = call.agent.username if call.agent else ""
    kept = own_pages.from_exchange({"call": str(call.uuid), "caller": call.caller, "agent": agent, "awaited": True})
    if kept.ticket is None:
        raise NotReady(f"the ticket of call {call.uuid} is not made yet")
    call.ticket = kept.ticket
    call.citizen = kept.ticket.citizen
    call.message = kept.ticket.messages.filter(direction=Message.Direction.IN).order_by("pk").first()


def join_ticket(call: PhoneCall) -> None:
    """What is said in a call of ours belongs to the ticket that it is about; where that takes none, it makes one."""
    missed = Ticket.objects.filter(calls__call_back=call.returns_id) if call.returns_id else Ticket.objects.none()
    about = call.ticket or missed.order_by("-pk").first()
    if about is None or about.state in ENDED:
        open_ticket(call)
        return
    words = Words(text="", kind="voice", voice=True, at_follow_up=call.returns_id is None)
    call.message = lifecycle.add_words(ticket=about, words=words, channel="phone")
    call.ticket, call.citizen = about, about.citizen


class NotReady(Exception):
    """The intake has not made a ticket of the call; it may when asked again."""
