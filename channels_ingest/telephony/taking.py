"""From a finished call to its ticket: the recording goes in like any citizen's voice message."""

import asyncio
import logging

from django.db import close_old_connections

from channels_ingest import incoming, own_pages
from channels_ingest.telephony.calls import FinishedCall
from nlp.speech import Limits, playable

log = logging.getLogger(__name__)
TOO_SHORT_SECONDS = 1.0
"""Somebody who hung up at once said nothing; the call itself stays on record with the exchange."""
LONGEST_CALL = Limits(max_bytes=512 * 2**20, max_seconds=3 * 3600.0)
"""More than TelephonySettings lets a call last: refused here, it would be tried for ever and never be a ticket."""


async def take(call: FinishedCall) -> None:
    """Make the ticket of a call; the same call again makes nothing new, since it goes by its UUID."""
    await asyncio.to_thread(_take, call)


def _take(call: FinishedCall) -> None:
    if call.seconds < TOO_SHORT_SECONDS:
        log.info("call %s lasted %.1f s: no ticket", call.uuid, call.seconds)
        return
    close_old_connections()
    try:
        recording = incoming.put(playable(call.path.read_bytes(), "audio/wav", LONGEST_CALL).content)
        own_pages.from_exchange({"call": str(call.uuid), "recording": recording})
    finally:
        close_old_connections()
