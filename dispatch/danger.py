"""Danger in what a citizen says: read with the city's own words, whether or not a model of the city is there."""

import logging
from functools import lru_cache

from django.utils import timezone

from dispatch.models import RiskSign
from hotline.tickets import alarms
from hotline.tickets.alarms import Danger
from hotline.tickets.facts import Kind
from hotline.tickets.models import LedgerEntry, Message
from hotline.tickets.states import OPEN
from nlp.results import Urgency
from nlp.signs import Lexicon, Sign, sign, with_changes
from nlp.understand import LONGEST
from nlp.urgency import assess

log = logging.getLogger(__name__)

COLUMNS = ("kind", "level", "pattern", "what", "beside")


def hear(text: str) -> Urgency:
    """What dangers the words tell of, by the lexicon in force today."""
    lines = tuple(RiskSign.objects.in_force().values_list(*COLUMNS))
    return assess(text[:LONGEST], lexicon=_lexicon(lines), day=timezone.localdate())


@lru_cache(maxsize=4)
def _lexicon(lines: tuple[tuple[str, ...], ...]) -> Lexicon:
    return with_changes(filter(None, map(_sign, lines)))


def _sign(line: tuple[str, ...]) -> Sign | None:
    """A line that means nothing is left out; what the product knows under its name counts on."""
    try:
        return sign(*line)
    except ValueError:
        log.exception("The risk words %s cannot be looked for and are left out.", line[COLUMNS.index("what")])
        return None


def escalate(entry: LedgerEntry) -> None:
    """Act on what the citizen has just said, on whatever channel; an ended ticket is let be."""
    ticket = entry.ticket
    ticket.refresh_from_db()
    text = _said(entry)
    if not text or ticket.state not in OPEN:
        return
    heard = hear(text)
    dangers = [Danger(kind=risk.kind, what=risk.what, words=risk.words, rings=risk.alarming) for risk in heard.risks]
    if dangers:
        alarms.escalate(ticket=ticket, level=heard.level, dangers=dangers)


def _said(entry: LedgerEntry) -> str:
    message = Message.objects.get(pk=entry.data["message"])
    return message.transcript if entry.kind == Kind.TRANSCRIBED else message.text
