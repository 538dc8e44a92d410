"""Who usually assists whom: beside each unit that may lead, those that the catalogue has help it with the matter."""

from typing import Any

from django.utils import timezone

from dispatch import duties
from hotline.people.models import Area, Department
from hotline.tickets import parts
from hotline.tickets.models import Matter, Ticket


def beside(ticket: Ticket, data: dict[str, Any], leads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The suggested `leads` with their usual helpers, none that is complained of; `data` is what was read."""
    usual = _usual(ticket, data, [lead["code"] for lead in leads])
    return [lead | {"assisting": usual.get(lead["code"], [])} for lead in leads]


def _usual(ticket: Ticket, data: dict[str, Any], codes: list[str]) -> dict[str, list[dict[str, str]]]:
    matter = ticket.matter or _matter_read(data)
    units = list(Department.objects.filter(code__in=codes))
    if matter is None or not units:
        return {}
    found = duties.usual_assisting(matter, ticket.area or _area_read(data), units, timezone.localdate())
    accused = parts.accused_codes(ticket)
    return {
        lead.code: [{"code": unit.code, "name": unit.name} for unit in found[lead.pk] if unit.code not in accused]
        for lead in units
    }


def _matter_read(data: dict[str, Any]) -> Matter | None:
    likeliest = [choice["code"] for choice in data.get("matter", [])[:1]]
    return Matter.objects.filter(code__in=likeliest).first()


def _area_read(data: dict[str, Any]) -> Area | None:
    code = (data.get("place") or {}).get("area")
    return Area.objects.filter(code=code).first() if code else None
