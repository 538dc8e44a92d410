"""The suggestion of a ticket: what was read out of its words, three named units, and similar closed tickets."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dispatch import assisting, enterprises, similar, units
from dispatch.models import Suggestion
from dispatch.understanding import city_gazetteer, understander, unit_model
from hotline.people.models import Area, Department
from hotline.tickets import facts, lifecycle, parts
from hotline.tickets.models import Matter, RequestType, Ticket
from nlp.results import Choice, Place, Reason, Understanding

__all__ = ["city_gazetteer", "suggest", "suggestion_for", "understand_text", "understander"]


def understand_text(text: str) -> Understanding | None:
    """What the assistant reads out of `text`; None without words or without a model."""
    reader = understander() if text.strip() else None
    return reader.understand(text) if reader else None


def suggest(ticket: Ticket) -> None:
    """Read the ticket, keep the suggestion and write its ledger line; nothing without a model."""
    understanding = understand_text(ticket.text)
    if understanding is None:
        return
    data = _as_json(ticket, understanding)
    Suggestion.objects.update_or_create(
        ticket=ticket, defaults={"data": data, "model": _version(understanding), "at": timezone.now()}
    )
    fact = facts.Suggested(
        type=[choice["code"] for choice in data["type"]],
        matter=[choice["code"] for choice in data["matter"]],
        departments=[choice["code"] for choice in data["departments"]],
        urgency=understanding.urgency.level,
        abstain=understanding.abstain,
        model=_version(understanding),
    )
    lifecycle.suggest(ticket=ticket, fact=fact, title=understanding.title, summary=understanding.summary)


def _version(understanding: Understanding) -> str:
    """All models that had a part in it."""
    learnt = unit_model()
    return f"{understanding.model_version}+department-{learnt.version}" if learnt else understanding.model_version


def suggestion_for(ticket: Ticket, visible: QuerySet[Ticket] | None = None) -> dict[str, Any]:
    """The kept suggestion as JSON, with similar tickets; read now when the worker has not come to it yet.

    Of similar tickets only those are named that the asker may see: `visible`.
    """
    kept = Suggestion.objects.filter(ticket=ticket).first()
    if kept:
        data = kept.data
    elif understanding := understand_text(ticket.text):
        data = _as_json(ticket, understanding)
    else:
        return {**NOTHING, "departments": assisting.beside(ticket, {}, _to_choose_from(ticket, {}))}
    alike = similar.to(ticket, data, Ticket.objects.all() if visible is None else visible)
    found = similar.as_reasons(_to_choose_from(ticket, data), alike)
    return {**data, "departments": assisting.beside(ticket, data, found), "similar": alike, "ready": True}


def _to_choose_from(ticket: Ticket, data: dict[str, Any]) -> list[dict[str, Any]]:
    """The units to choose from: the direct route of an enterprise's request first, never one that is complained of."""
    found = data.get("departments", [])
    direct = enterprises.straight(ticket, data)
    if direct:
        reason = Reason("rule", direct.route.basis, direct.confidence)
        first = _unit(direct.route.department, direct.confidence, [reason])
        found = [first, *(unit for unit in found if unit["code"] != first["code"])][: units.SHOWN]
    accused = parts.accused_codes(ticket)
    return [unit for unit in found if unit["code"] not in accused]


def _unit(unit: Department, score: float, reasons: list[Reason]) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "confidence": round(score, 3),
        "reasons": _unique([asdict(reason) for reason in reasons]),
    }


NOTHING: dict[str, Any] = {
    "type": [],
    "matter": [],
    "departments": [],
    "urgency": {"level": "normal", "reasons": []},
    "place": None,
    "title": "",
    "summary": "",
    "similar": [],
    "abstain": True,
    "ready": False,
}


def _area_of(ticket: Ticket, place: Place | None) -> Area | None:
    if ticket.area_id:
        return ticket.area
    return Area.objects.filter(code=place.area).first() if place and place.area else None


def _as_json(ticket: Ticket, read: Understanding) -> dict[str, Any]:
    area = _area_of(ticket, read.place)
    names = dict(Matter.objects.filter(code__in=[c.label for c in read.matter]).values_list("code", "name"))
    return {
        "type": [_choice(c, str(RequestType(c.label).label)) for c in read.type[:3]],
        "matter": [_choice(c, names.get(c.label, c.label)) for c in read.matter[:3]],
        "departments": [_unit(*found) for found in units.suggested(read, ticket.text, area)],
        "urgency": {"level": read.urgency.level, "reasons": [asdict(r) for r in read.urgency.reasons]},
        "place": _place(read.place, area),
        "title": read.title,
        "summary": read.summary,
        "abstain": read.abstain,
    }


def _choice(choice: Choice, name: str) -> dict[str, Any]:
    reasons = [asdict(reason) for reason in choice.reasons]
    return {
        "code": choice.label,
        "name": name,
        "confidence": round(choice.confidence, 3),
        "reasons": reasons,
    }


def _place(place: Place | None, area: Area | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "area": area.code if area else None,
        "area_name": area.name if area else None,
        "address": place.address,
        "text": place.text,
        "lat": place.lat,
        "lng": place.lng,
    }


def _unique(reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(reason["kind"], reason["text"]): reason for reason in reasons}.values())
