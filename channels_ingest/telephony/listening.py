"""Who listens to a call in progress is asked for in the database, and put on record there before a sound is heard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from uuid import UUID

from channels_ingest.telephony.acd_parts import NotNow
from channels_ingest.telephony.bridge import Mode
from channels_ingest.threads import own_connection
from hotline.calls import hearing
from hotline.calls.models import PhoneCall
from hotline.people import reads
from hotline.people.models import Staff

log = logging.getLogger(__name__)
Admit = Callable[[int, UUID, Mode], bool]
"""Whether this member of staff may hear this call so; raises when that cannot be known or written down now."""
PATIENCE_SECONDS = 3.0


class NotOnRecord(NotNow):
    """It cannot be put on record who listens, so nobody may."""


async def let_in(admit: Admit, staff: int, call: UUID, mode: Mode) -> None:
    """Raises NotNow where they may not listen, or not now."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            admitted = await asyncio.to_thread(admit, staff, call, mode)
    except Exception as error:
        log.warning("nobody may listen to call %s: %s", call, type(error).__name__)
        raise NotOnRecord from error
    if not admitted:
        raise NotNow("not_allowed")


@own_connection()
def admit(staff: int, call: UUID, mode: Mode) -> bool:
    """By the rule of recordings; one reading of personal data an hour for each call and way of listening."""
    person = Staff.objects.get(pk=staff, is_active=True)
    row = PhoneCall.objects.select_related("ticket", "citizen").get(uuid=call)
    if not hearing.may_hear(person, row):
        return False
    reads.opened(
        person,
        what=reads.What.LIVE_CALL,
        file=f"{mode.value}-{row.uuid}",
        citizen=row.citizen,
        number=row.ticket.number if row.ticket else "",
        reason=f"{mode.value} {row.uuid}",
    )
    return True
