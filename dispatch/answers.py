"""Hints about a unit's answer, for its clerk before it is sent and for whoever reviews it; they stop nobody."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch import copied
from hotline.people.models import Department, Staff
from hotline.tickets import access, confiding
from hotline.tickets.models import Assignment, Message, Ticket
from nlp.copies import COPIED_QUESTION, likeness, shingles
from nlp.replies import COPIED, SHORT, WEIGHTS, Finding, Rarity, Review, check, substance

SENTENCES = {
    "unanswered": _("Not answered: %(words)s"),
    "short": _("Without the phrases only %(characters)d characters"),
    "off_point": _("Hardly a word in common with the request (%(likeness).2f)"),
    "empty": _("No fact that was found, no basis, no figure, no date"),
    "no_contact": _("Does not say that the citizen was spoken with or the place visited"),
    "copied": _("%(share)s the same as the answer to %(other)s, which was another request"),
    "passed_on": _("Puts it off on others: %(words)s"),
    "elsewhere": _("Sends the citizen to “the department concerned”: %(words)s"),
    "only_forwarded": _("Says only that it was passed on: %(words)s"),
    "blames": _("Cold, or blames the citizen: %(words)s"),
    "lectures": _("Lectures the citizen: %(words)s"),
    "phrases": _("Officials' phrases: %(words)s"),
    "empty_plans": _("Plans without substance: %(words)s"),
    "undated": _("Puts it off without a date: %(words)s"),
}
"""What each finding's code says, in the reader's language."""
HEARD = 40
"""So many of the unit's latest answers tell which words are common there."""
READ = 2_000
"""So many characters of a message and of an answer are compared."""


def hints(
    ticket: Ticket, unit: Department, reply: str, *, reader: Staff, contacted: bool = False, day: date | None = None
) -> Any:
    """What the checks find in `reply`, given on `day` (default: today), with the words each was read from.

    Only what `reader` may read is compared, and the answer is quoted as it is: a name that is found in what is
    hidden, or struck out of the reader's own words, would tell whose guess is right.
    """
    asked, reply = (_said(ticket, reader) or _request(ticket, reader))[:READ], reply[:READ]
    rarity = Rarity()
    for part in _latest(ticket, unit, reader):
        rarity.add(_request(part.ticket, reader))
        rarity.add(part.public_answer)
    review = check(asked, reply, title="", day=day or timezone.localdate(), rarity=rarity)
    told = contacted or review.contacted
    found = [*_copies(ticket, unit, reply, reader), *(f for f in review.findings if f.kind != "no_contact" or not told)]
    return _shown(review, found, reply, asked, contacted=told)


def sentence(finding: Finding) -> str:
    """Why, in the language of who reads it."""
    return str(SENTENCES[finding.code]) % finding.told


def _said(ticket: Ticket, reader: Staff) -> str:
    """What the citizen wrote and said; of a protected one without calls: a misheard name cannot be struck out."""
    said = ticket.messages.filter(direction=Message.Direction.IN)
    if not access.reads_follow_up(reader):
        said = said.filter(at_follow_up=False)
    if access.hides_citizen(reader, ticket):
        said = said.filter(calls=None)
    words: str = confiding.veiled("\n".join(m.transcript or m.text for m in said), reader, ticket)
    return words


def _request(ticket: Ticket, reader: Staff) -> str:
    text: str = confiding.veiled(ticket.text, reader, ticket)
    return text


def _latest(ticket: Ticket, unit: Department, reader: Staff) -> list[Assignment]:
    answered = Assignment.objects.filter(department=unit, answered_at__isnull=False).exclude(ticket=ticket)
    seen = answered.filter(ticket__in=access.visible_to(reader))
    return list(seen.select_related("ticket__citizen").order_by("-answered_at")[:HEARD])


def _copies(ticket: Ticket, unit: Department, reply: str, reader: Staff) -> list[Finding]:
    """The same answer to another question; the same question may get the same answer."""
    body = substance(reply)
    if len(body) < SHORT:
        return []
    said, asked = shingles(body), shingles(_request(ticket, reader))
    for part in copied.near(unit.pk, reply, access.visible_to(reader).exclude(pk=ticket.pk)):
        like = likeness(said, shingles(substance(part.public_answer[:READ])))
        if like >= COPIED and likeness(asked, shingles(_request(part.ticket, reader))) < COPIED_QUESTION:
            told = {"other": part.ticket.number, "share": f"{like:.0%}"}
            return [Finding("copied", WEIGHTS["copied"] * like, "copied", told)]
    return []


def _shown(review: Review, findings: list[Finding], reply: str, asked: str, *, contacted: bool) -> dict[str, Any]:
    quotes = {"reply": reply, "message": asked}
    return {
        "findings": [
            {
                "kind": each.kind,
                "weight": each.weight,
                "reason": sentence(each),
                "where": each.where,
                "start": each.start,
                "end": each.end,
                "quote": quotes[each.where][each.start : each.end].strip(),
            }
            for each in findings
        ],
        "demands": [{"words": demand.words, "met": demand.met} for demand in review.demands],
        "promises": [{"words": promise.words, "due_on": promise.due.isoformat()} for promise in review.promises],
        "contacted": contacted,
    }
