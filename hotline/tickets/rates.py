"""The rates of a hotline: each a formula of two counts, read with its interval.

No official formula of the national rates is published, so these are defaults: RATES is a table,
and every rate carries its formula in words to wherever it is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hotline.tickets.models import Assignment, Ticket

CONFIDENCE = 1.96
"""z of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Formula:
    """`of` counts the denominator, `those` of it the numerator; `parts`: count units' parts, not tickets."""

    name: str
    label: Promise
    formula: Promise
    of: Q
    those: Q
    parts: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate with its 95 % Wilson interval; all None without a single case."""

    name: str
    label: str
    formula: str
    numerator: int
    denominator: int
    value: float | None
    low: float | None
    high: float | None


def formulas(now: datetime) -> tuple[Formula, ...]:
    """The defaults (rules of the trade, see docs); `now` decides what is overdue."""
    parts = Q(state__in=[Assignment.State.TO_SIGN, Assignment.State.HANDLING, Assignment.State.ANSWERED])
    to_sign = parts & (Q(signed_at__isnull=False) | Q(sign_due_at__lt=now))
    contacted = Q(contacted_at__isnull=False)
    due = Q(due_at__isnull=False) & (Q(answered_at__isnull=False) | Q(due_at__lt=now))
    rated, dispatched = Q(satisfied__isnull=False), Q(first_department__isnull=False)
    answered = Q(answered_at__isnull=False) | Q(rounds__gt=1)
    return (
        Formula(
            "signed_in_time",
            _("Signed in time"),
            _("parts signed by the unit before the limit ÷ parts signed or past it"),
            to_sign,
            Q(signed_at__lte=F("sign_due_at"), auto_signed=False),
            parts=True,
        ),
        Formula(
            "contacted",
            _("Contacted in time"),
            _("parts whose citizen was contacted before the answer was due ÷ parts answered or overdue"),
            parts & (Q(answered_at__isnull=False) | Q(due_at__lt=now)),
            contacted & Q(contacted_at__lte=F("due_at")),
            parts=True,
        ),
        Formula(
            "returned",
            _("Returned"),
            _("parts given back after a ruling ÷ parts"),
            Q(),
            Q(state=Assignment.State.RETURNED),
            parts=True,
        ),
        Formula(
            "answered_in_time",
            _("Answered in time"),
            _("tickets answered before the limit ÷ tickets answered or past it"),
            due,
            Q(answered_at__lte=F("due_at")),
        ),
        Formula(
            "solved",
            _("Solved"),
            _("“solved” ÷ answers to “is it solved?”"),
            Q(solved__isnull=False),
            Q(solved=True),
        ),
        Formula(
            "satisfied",
            _("Satisfied"),
            _("(very satisfied + satisfied + basically satisfied) ÷ ratings"),
            rated,
            Q(satisfied__gte=3),
        ),
        Formula(
            "reworked",
            _("Reworked"),
            _("tickets sent to rework ÷ tickets answered"),
            answered,
            Q(rounds__gt=1),
        ),
        Formula(
            "first_unit_right",
            _("Right at first"),
            _("tickets whose unit is the first one they were sent to ÷ tickets dispatched"),
            dispatched,
            Q(department=F("first_department")),
        ),
        Formula(
            "online",
            _("Online share"),
            _("tickets that did not come by phone ÷ tickets"),
            Q(),
            ~Q(channel="phone"),
        ),
    )


def overall(tickets: QuerySet[Ticket]) -> list[Rate]:
    """Every rate over `tickets`, in two queries."""
    counted = _counted(tickets, by_unit=False)
    return list(_rates(next(iter(counted.values()), {})))


def by_department(tickets: QuerySet[Ticket]) -> dict[str, list[Rate]]:
    """Every rate for each unit, by its code: a ticket is its lead unit's, a part its own unit's."""
    counted = _counted(tickets, by_unit=True)
    return {code: list(_rates(counts)) for code, counts in sorted(counted.items())}


def wilson(hits: int, cases: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of `hits` in `cases` (at least one): honest about small samples."""
    share, z2 = hits / cases, CONFIDENCE**2
    middle = share + z2 / (2 * cases)
    reach = CONFIDENCE * sqrt(share * (1 - share) / cases + z2 / (4 * cases**2))
    whole = 1 + z2 / cases
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def _counted(tickets: QuerySet[Ticket], *, by_unit: bool) -> dict[str, dict[str, int]]:
    now = timezone.now()
    parts = Assignment.objects.filter(ticket__in=tickets.order_by().values("pk"))
    known = tickets.filter(department__isnull=False) if by_unit else tickets
    totals: dict[str, dict[str, int]] = {}
    for rows, of_parts in ((known, False), (parts, True)):
        counts = dict(_counts(now, of_parts))
        unit = F("department__code") if by_unit else None
        for row in _grouped(rows, unit, counts):
            totals.setdefault(row.pop("unit", ""), {}).update(row)
    return totals


def _counts(now: datetime, of_parts: bool) -> Iterator[tuple[str, Count]]:
    for formula in formulas(now):
        if formula.parts == of_parts:
            yield f"{formula.name}_of", Count("pk", filter=formula.of)
            yield f"{formula.name}_those", Count("pk", filter=formula.of & formula.those)


def _grouped(rows: QuerySet[Any], unit: F | None, counts: dict[str, Count]) -> list[dict[str, Any]]:
    if unit is None:
        return [rows.order_by().aggregate(**counts)]
    return list(rows.order_by().values(unit=unit).annotate(**counts))


def _rates(counts: dict[str, int]) -> Iterator[Rate]:
    for formula in formulas(timezone.now()):
        cases, hits = counts.get(f"{formula.name}_of", 0), counts.get(f"{formula.name}_those", 0)
        low, high = wilson(hits, cases) if cases else (None, None)
        yield Rate(
            name=formula.name,
            label=str(formula.label),
            formula=str(formula.formula),
            numerator=hits,
            denominator=cases,
            value=round(hits / cases, 4) if cases else None,
            low=None if low is None else round(low, 4),
            high=None if high is None else round(high, 4),
        )
