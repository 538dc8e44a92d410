"""Who calls and who works at the telephone, as the database knows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from channels_ingest.telephony.wire_desk import CallerNow, OpenTicket
from channels_ingest.threads import own_connection
from hotline.calls import call_backs, tokens
from hotline.calls.models import Extension, PhoneCall, Skill
from hotline.people.masking import mask_phone
from hotline.people.models import Citizen, Staff
from hotline.people.sealing import fingerprint
from hotline.tickets.models import Ticket
from hotline.tickets.states import ENDED, State

OPEN_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What the switchboard wants to know before it queues a call."""

    shown: CallerNow
    skill: str = ""
    again: bool = False
    last_agent: int | None = None


def stranger(caller: str) -> Known:
    """A caller of whom nothing can be known now."""
    return Known(CallerNow(phone=mask_phone(caller)))


def citizen_of(caller: str) -> Citizen | None:
    """Whose number it is; None where nobody is known by it."""
    if not caller:
        return None
    return Citizen.objects.filter(phone_fingerprint=fingerprint(caller)).order_by("pk").first()


@own_connection()
def look_up(caller: str, called: str, last_agent_days: int) -> Known:
    """The caller's history, who spoke with them in the last days, and the skill that the called number asks for."""
    skill = Skill.objects.filter(numbers__contains=[called]).values_list("code", flat=True).first() if called else None
    if not caller:
        return Known(CallerNow(phone=""), skill or "")
    calls = PhoneCall.objects.filter(caller_fingerprint=fingerprint(caller)).order_by("-started_at")
    lately = calls.filter(started_at__gte=timezone.now() - timedelta(days=last_agent_days))
    last = calls.values_list("started_at", flat=True).first()
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    again = calls.filter(direction=PhoneCall.Direction.IN, started_at__gte=midnight).exists()
    agent = lately.exclude(agent=None).values_list("agent", flat=True).first()
    return Known(_shown(caller, calls.count(), last), skill or "", again, agent)


def _shown(caller: str, calls: int, last: datetime | None) -> CallerNow:
    citizen = citizen_of(caller)
    tickets = Ticket.objects.filter(citizen=citizen) if citizen else Ticket.objects.none()
    newest = tickets.exclude(state__in=ENDED).exclude(confidential=True).order_by("-pk")[:OPEN_SHOWN]
    return CallerNow(
        phone=mask_phone(caller),
        name=citizen.masked_name if citizen else "",
        tickets=tickets.count(),
        open=tuple(
            OpenTicket(
                number=ticket.number,
                title=ticket.title,
                state=ticket.state,
                state_label=str(State(ticket.state).label),
                created_at=ticket.created_at,
            )
            for ticket in newest
        ),
        calls=calls,
        last_call_at=last,
    )


@own_connection()
def skills_of(staff: int) -> frozenset[str]:
    """The skills of a member of staff."""
    return frozenset(Skill.objects.filter(staff=staff).values_list("code", flat=True))


@own_connection()
def extensions() -> dict[str, tuple[str, int]]:
    """Username and key of each member of staff by their extension at the exchange."""
    rows = Extension.objects.filter(staff__is_active=True)
    return {number: (name, key) for number, name, key in rows.values_list("number", "staff__username", "staff")}


@own_connection()
def dismissed(visitors: Collection[tokens.Visitor]) -> list[int]:
    """Who of these may be at the telephone no longer."""
    return tokens.gone(visitors)


@own_connection()
def agent_states(states: dict[int, tuple[str, str, datetime]]) -> int:
    """Keep what agents do at the telephone, {staff: (state, reason, since)}; how many call-backs are open."""
    for staff, (state, reason, since) in states.items():
        Staff.objects.filter(pk=staff).update(
            agent_state=state, agent_state_reason=reason[:80], agent_state_since=since
        )
    return call_backs.listed("open").count()
