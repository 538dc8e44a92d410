"""Hints about a unit's answer, for its clerk before it is sent and for whoever reviews it; they stop nobody."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils import timezone

from hotline.people.models import Department
from hotline.tickets.models import Assignment, Message, Ticket
from nlp.copies import COPIED_QUESTION, likeness, shingles
from nlp.replies import COPIED, SHORT, WEIGHTS, Finding, Rarity, Review, check, substance

COMPARED = 150
"""So many of the unit's latest answers are looked at for copies, and tell which words are common there."""


def hints(ticket: Ticket, unit: Department, reply: str, *, contacted: bool = False, day: date | None = None) -> Any:
    """What the checks find in `reply`, given on `day` (default: today), with the words each was read from."""
    asked = "\n".join(m.transcript or m.text for m in ticket.messages.all() if m.direction == Message.Direction.IN)
    others = _latest(ticket, unit)
    rarity = Rarity()
    for part in others:
        rarity.add(part.ticket.text)
        rarity.add(part.public_answer)
    review = check(asked or ticket.text, reply, title="", day=day or timezone.localdate(), rarity=rarity)
    told = contacted or review.contacted
    found = [*_copied(ticket, reply, others), *(f for f in review.findings if f.kind != "no_contact" or not told)]
    return _shown(review, found, reply, asked or ticket.text, contacted=told)


def _latest(ticket: Ticket, unit: Department) -> list[Assignment]:
    answered = Assignment.objects.filter(department=unit, answered_at__isnull=False).exclude(ticket=ticket)
    return list(answered.select_related("ticket").order_by("-answered_at")[:COMPARED])


def _copied(ticket: Ticket, reply: str, others: list[Assignment]) -> list[Finding]:
    """The same answer to another question; the same question may get the same answer."""
    body = substance(reply)
    if len(body) < SHORT:
        return []
    said, asked = shingles(body), shingles(ticket.text)
    for part in others:
        like = likeness(said, shingles(substance(part.public_answer)))
        if like >= COPIED and likeness(asked, shingles(part.ticket.text)) < COPIED_QUESTION:
            return [
                Finding(
                    "copied", WEIGHTS["copied"] * like, f"与工单 {part.ticket.number} 的答复相同 {like:.0%}，诉求却不同"
                )
            ]
    return []


def _shown(review: Review, findings: list[Finding], reply: str, asked: str, *, contacted: bool) -> dict[str, Any]:
    quotes = {"reply": reply, "message": asked}
    return {
        "findings": [asdict(f) | {"quote": quotes[f.where][f.start : f.end].strip()} for f in findings],
        "demands": [{"words": demand.words, "met": demand.met} for demand in review.demands],
        "promises": [{"words": promise.words, "due_on": promise.due.isoformat()} for promise in review.promises],
        "contacted": contacted,
    }
