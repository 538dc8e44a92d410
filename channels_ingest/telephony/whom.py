"""Whom an agent may call from the desk: who waits to be called back, or is asked how a ticket went. Nobody else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from channels_ingest.threads import own_connection
from hotline.calls import call_backs
from hotline.calls.models import CallBackTask
from hotline.people.models import Staff
from hotline.tickets import access
from hotline.tickets.errors import TicketError
from hotline.tickets.models import Ticket
from hotline.tickets.states import Verb

Answer = TypeVar("Answer")
_MOBILE = r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})"
_WITH_AREA = r"(?:(?:\+|00)86)?(0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7})"
_IN_THE_CITY = r"([2-8][0-9]{6,7})"
_DOMESTIC = re.compile(f"{_MOBILE}|{_WITH_AREA}|{_IN_THE_CITY}")
"""Telephones of people in this country. Numbers abroad or that cost extra are none: who calls with such a one and
hangs up would have us call it."""


class NotToBeCalled(Exception):
    """This call-back or ticket is not this person's to call, or is no longer to be called."""


@dataclass(frozen=True, slots=True)
class Whom:
    """A citizen to be called, and what for: a call-back, or a ticket."""

    number: str
    task: int | None = None
    ticket: int | None = None
    taken: bool = False
    """The call-back was nobody's until now."""


def of_task(staff: int, task: int) -> Whom:
    """Who waits to be called back; a task that nobody has is taken by it."""
    return _asked(partial(_of_task, staff, task))


def of_ticket(staff: int, number: str) -> Whom:
    """The citizen of a ticket at 回访, where the call is this person's to make."""
    return _asked(partial(_of_ticket, staff, number))


def release(staff: int, task: int) -> None:
    """A call-back that was taken for a call which is not made after all is anybody's again."""
    _asked(partial(_release, staff, task))


def domestic(number: str) -> str:
    """The number as it is dialled within the country; empty where it is none of ours."""
    found = _DOMESTIC.fullmatch(number)
    return found[found.lastindex or 0] if found else ""


@own_connection()
def _asked(look: partial[Answer]) -> Answer:
    try:
        return look()
    except (TicketError, CallBackTask.DoesNotExist, Ticket.DoesNotExist, Staff.DoesNotExist) as error:
        raise NotToBeCalled from error


def _of_task(staff: int, task: int) -> Whom:
    row = CallBackTask.objects.get(pk=task)
    was_free = row.taken_by_id is None
    taken = call_backs.take(row, Staff.objects.get(pk=staff, is_active=True))
    return Whom(str(taken.phone), task=taken.pk, taken=was_free)


def _release(staff: int, task: int) -> None:
    call_backs.release(CallBackTask.objects.get(pk=task), Staff.objects.get(pk=staff))


def _of_ticket(staff: int, number: str) -> Whom:
    person = Staff.objects.get(pk=staff, is_active=True)
    ticket = access.visible_to(person).select_related("citizen").get(number=number)
    phone = ticket.citizen.phone if Verb.FOLLOW_UP in access.allowed(person, ticket) else ""
    if not phone:
        raise NotToBeCalled
    return Whom(str(phone), ticket=ticket.pk)
