"""Closed tickets like this one: found by pairs of its telling words, shown with the unit and a line of the answer."""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from dispatch.models import ClosedWords
from hotline.tickets.models import Assignment, Ticket
from hotline.tickets.states import State
from nlp.segment import search_tokens
from nlp.text import normalise

SHOWN = 3
ASKED = 5
"""Telling words whose pairs are looked up: one word alone stands in too many tickets."""
COMPARED = 150
"""The newest tickets with such a pair, compared by all their words."""
NEAR = 0.2
READ, LONGEST_WORD, LINE = 2_000, 40, 60
DONE = (State.CLOSED, State.ARCHIVED)
BATCH = 500


def keep(ticket: Ticket) -> None:
    """Let a ticket that has just been closed be found; a protected citizen's is not."""
    if ticket.state not in DONE or ticket.confidential or ticket.department_id is None or ticket.closed_at is None:
        return
    found = {"words": _words(ticket.text), "closed_at": ticket.closed_at}
    ClosedWords.objects.update_or_create(ticket=ticket, defaults=found)


def keep_missing() -> int:
    """The same for tickets closed before there was this search, or brought from elsewhere; how many."""
    missing = Ticket.objects.filter(
        state__in=DONE, confidential=False, department__isnull=False, closed_at__isnull=False, closed_words=None
    )
    taken = 0
    while batch := list(missing.order_by("-pk").values_list("pk", "text", "closed_at")[:BATCH]):
        rows = [
            ClosedWords(ticket_id=pk, words=_words(text), closed_at=closed_at)
            for pk, text, closed_at in batch
            if closed_at
        ]
        taken += len(ClosedWords.objects.bulk_create(rows, ignore_conflicts=True))  # what was taken is missing no more
    return taken


def to(ticket: Ticket, data: dict[str, Any], visible: QuerySet[Ticket]) -> list[dict[str, Any]]:
    """The most similar closed tickets that the asker may see, with the unit that did them in the end."""
    own = set(_words(ticket.text))
    near = _near(own, _asked(own, data), visible.exclude(pk=ticket.pk))
    rows = Ticket.objects.filter(pk__in=near, department__isnull=False).select_related("department")
    answers = _answers(near)
    return [
        {
            "number": row.number,
            "title": row.title,
            "department": row.department.code,
            "department_name": row.department.name,
            "state": row.state,
            "answer": answers.get(row.pk, ""),
        }
        for row in sorted(rows, key=lambda row: near.index(row.pk))
        if row.department
    ]


def as_reasons(units: list[dict[str, Any]], alike: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each unit that did similar tickets in the end gets that as a reason."""
    done = Counter(found["department"] for found in alike)
    return [_with_count(unit, done[unit["code"]], len(alike)) for unit in units]


def _with_count(unit: dict[str, Any], count: int, of: int) -> dict[str, Any]:
    if not count:
        return unit
    said = _("%(count)d of %(of)d similar closed requests were its own") % {"count": count, "of": of}
    reason = {"kind": "similar", "text": said, "weight": round(count / of, 3)}
    return {**unit, "reasons": [*unit["reasons"], reason]}


def _words(text: str) -> list[str]:
    """The distinct words by which a ticket is found: no single characters, no numbers."""
    tokens = (token for token in search_tokens(normalise(text[:READ])) if 1 < len(token) <= LONGEST_WORD)
    return list(dict.fromkeys(token for token in tokens if not token.isdigit()))


def _asked(own: set[str], data: dict[str, Any]) -> list[str]:
    """The words that decided on the matter and the unit; where there are none, the longest, which are seldom common."""
    choices = [*data["matter"][:1], *data["departments"][:1]]
    told = [reason["text"].lower() for choice in choices for reason in choice["reasons"] if reason["kind"] == "word"]
    rest = sorted(own, key=lambda word: (-len(word), word))
    return [word for word in dict.fromkeys([*told, *rest]) if word in own][:ASKED]


def _near(own: set[str], asked: list[str], among: QuerySet[Ticket]) -> list[int]:
    """Tickets with a pair of the words asked for, the nearest by all words first."""
    pairs = Q()
    for pair in combinations(asked, 2):
        pairs |= Q(words__contains=list(pair))
    if not pairs:
        return []
    found = ClosedWords.objects.filter(pairs, ticket__in=among, ticket__state__in=DONE, ticket__confidential=False)
    rows = found.order_by("-closed_at").values_list("pk", "words")[:COMPARED]
    nearness = {pk: _nearness(own, words) for pk, words in rows}
    return sorted((pk for pk in nearness if nearness[pk] >= NEAR), key=lambda pk: -nearness[pk])[:SHOWN]


def _nearness(own: set[str], words: Iterable[str]) -> float:
    """The cosine of two sets of words."""
    other = set(words)
    shared = len(own & other)
    return shared / (len(own) * len(other)) ** 0.5 if shared else 0.0


def _answers(tickets: list[int]) -> dict[int, str]:
    """The first line of what the lead unit told the citizen."""
    parts = Assignment.objects.filter(
        ticket__in=tickets, role=Assignment.Role.LEAD, state=Assignment.State.ANSWERED
    ).exclude(public_answer="")
    return {ticket: _line(text) for ticket, text in parts.values_list("ticket", "public_answer")}


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LINE else f"{line[: LINE - 1]}…"
