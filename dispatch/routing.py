"""Who should do it: the classifier's matters, the place and the duty catalogue made into three named units."""

import logging
import threading
from collections import defaultdict
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils import timezone

from dispatch import duties, enterprises
from dispatch.duties import Charge
from dispatch.models import Suggestion
from hotline.people.models import Area, Department
from hotline.tickets import facts, lifecycle, parts
from hotline.tickets.models import Matter, RequestType, Ticket
from hotline.tickets.states import State
from nlp.errors import ModelRefused
from nlp.places import Gazetteer, GazetteerEntry
from nlp.results import Choice, Place, Reason, Understanding
from nlp.understand import Understander

log = logging.getLogger(__name__)
SHARES = (0.75, 0.17, 0.08)
"""How much of a matter's probability its first, second and third unit get, until a city's history teaches better."""
MATTERS_READ = 5
UNITS_SHOWN = 3
SIMILAR_SHOWN = 3

Suggested = tuple[Department, float, list[Reason]]
"""A unit, how likely it is the one, and why."""

_loading = threading.Lock()
_loaded: Understander | None = None


def understander() -> Understander | None:
    """The model of this process, loaded at its first use; None when there is none yet, which is logged."""
    global _loaded
    with _loading:
        if _loaded is None:
            try:
                _loaded = Understander.load(settings.MODEL_DIR / "understanding", city_gazetteer())
            except ModelRefused as error:
                log.warning("no suggestions: %s", error)
    return _loaded


def city_gazetteer() -> Gazetteer:
    """The places of the served city."""
    rows = Area.objects.select_related("parent").order_by("pk")
    return Gazetteer.from_entries(
        GazetteerEntry(
            code=area.code,
            name=area.name,
            level=area.level,
            parent=area.parent.code if area.parent else None,
            aliases=tuple(area.aliases),
            lat=area.lat,
            lng=area.lng,
        )
        for area in rows
    )


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
        ticket=ticket, defaults={"data": data, "model": understanding.model_version, "at": timezone.now()}
    )
    fact = facts.Suggested(
        type=[choice["code"] for choice in data["type"]],
        matter=[choice["code"] for choice in data["matter"]],
        departments=[choice["code"] for choice in data["departments"]],
        urgency=understanding.urgency.level,
        abstain=understanding.abstain,
        model=understanding.model_version,
    )
    lifecycle.suggest(ticket=ticket, fact=fact, title=understanding.title, summary=understanding.summary)


def suggestion_for(ticket: Ticket) -> dict[str, Any]:
    """The kept suggestion as JSON, with similar tickets; read now when the worker has not come to it yet."""
    kept = Suggestion.objects.filter(ticket=ticket).first()
    if kept:
        data = kept.data
    elif understanding := understand_text(ticket.text):
        data = _as_json(ticket, understanding)
    else:
        return {**NOTHING, "departments": _to_choose_from(ticket, {})}
    return {**data, "departments": _to_choose_from(ticket, data), "similar": _similar(ticket, data), "ready": True}


def _to_choose_from(ticket: Ticket, data: dict[str, Any]) -> list[dict[str, Any]]:
    """The units to choose from: the direct route of an enterprise's request first, never one that is complained of."""
    found = data.get("departments", [])
    direct = enterprises.straight(ticket, data)
    if direct:
        reason = Reason("rule", direct.route.basis, direct.confidence)
        first = _unit(direct.route.department, direct.confidence, [reason])
        found = [first, *(unit for unit in found if unit["code"] != first["code"])][:UNITS_SHOWN]
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


def units(understanding: Understanding, area: Area | None) -> list[Suggested]:
    """The units to whom the matter most likely belongs, best first, with the reasons for each."""
    matters = understanding.matter[:MATTERS_READ]
    charges = duties.units_for([m.label for m in matters], area, timezone.localdate())
    scores: dict[Department, float] = defaultdict(float)
    reasons: dict[Department, list[Reason]] = defaultdict(list)
    for choice in matters:
        for charge, share in zip(_distinct(charges[choice.label]), SHARES, strict=False):
            scores[charge.department] += choice.confidence * share
            reasons[charge.department] += _why(choice, charge)
    ranked = sorted(scores, key=lambda unit: -scores[unit])[:UNITS_SHOWN]
    return [(unit, scores[unit], reasons[unit]) for unit in ranked]


def _distinct(charges: list[Charge]) -> list[Charge]:
    """Each unit once, by its best line, which stands first."""
    best: dict[int, Charge] = {}
    for charge in charges:
        best.setdefault(charge.department.pk, charge)
    return list(best.values())


def _why(choice: Choice, charge: Charge) -> list[Reason]:
    said = [reason for reason in choice.reasons if reason.kind == "word"][:3]
    found = (
        [Reason("rule" if charge.precedent else "catalogue", charge.basis, choice.confidence)] if charge.basis else []
    )
    where = [Reason("place", charge.area, choice.confidence)] if charge.area and charge.depth else []
    return said + found + where


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
        "departments": [_unit(*found) for found in units(read, area)],
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


def _similar(ticket: Ticket, data: dict[str, Any]) -> list[dict[str, Any]]:
    """The latest closed tickets of the likeliest matter, with the unit that did them in the end."""
    likeliest = [choice["code"] for choice in data["matter"][:1]]
    done = Ticket.objects.filter(
        matter__code__in=likeliest, state__in=[State.CLOSED, State.ARCHIVED], department__isnull=False
    ).exclude(pk=ticket.pk)
    return [
        {
            "number": row.number,
            "title": row.title,
            "department": row.department.code,
            "department_name": row.department.name,
            "state": row.state,
        }
        for row in done.select_related("department").order_by("-closed_at")[:SIMILAR_SHOWN]
        if row.department
    ]
