"""The rates (率) of a period: each formula in force over what was counted, with its interval and what was set aside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from dispatch.models import IndexWeight, PolicyKey, RateFormula
from dispatch.models.scoring import OF_CALLS
from dispatch.rules import rules
from dispatch.scoring import calls, fold
from dispatch.scoring.fold import Count
from dispatch.scoring.intervals import confidence, wilson
from hotline.people.models import Department

Decided = TypeVar("Decided", RateFormula, IndexWeight)
Totals = Mapping[str, tuple[int, int]]
"""By measure: counted, set aside."""
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate with its Wilson interval, all None without a single case.

    `set_aside`: cases left out of it; `too_few`: fewer cases than the policy's minimum, so it says little.
    """

    name: str
    label: str
    formula: str
    numerator: int
    denominator: int
    value: float | None
    low: float | None
    high: float | None
    set_aside: int
    too_few: bool
    lower_is_better: bool


@dataclass(frozen=True, slots=True)
class Book:
    """The formulas in force on a day, the fewest cases that a rate is scored by, and how sure its interval is."""

    formulas: list[RateFormula]
    minimum: int
    confidence: float

    @classmethod
    def on(cls, day: date) -> "Book":
        """Those of that day. A period goes by the book of its last day."""
        return cls(formulas(day), rules().figure(PolicyKey.SCORE_MINIMUM, day), confidence(day))

    def of_units(self) -> "Book":
        """Without the rates of calls, which no unit has."""
        return replace(self, formulas=[row for row in self.formulas if row.denominator not in OF_CALLS])

    def of_calls(self) -> "Book":
        """The rates of calls alone."""
        return replace(self, formulas=[row for row in self.formulas if row.denominator in OF_CALLS])

    def rates(self, totals: Totals) -> list[Rate]:
        """Every rate of one unit, or of many together."""
        return [self._rate(formula, totals) for formula in self.formulas]

    def _rate(self, formula: RateFormula, totals: Totals) -> Rate:
        cases, aside = totals.get(formula.denominator, (0, 0))
        hits = sum(totals.get(measure, (0, 0))[0] for measure in formula.numerator)
        low, high = wilson(hits / cases, cases, self.confidence) if cases else (None, None)
        return Rate(
            name=formula.code,
            label=formula.label,
            formula=formula.formula,
            numerator=hits,
            denominator=cases,
            value=_rounded(hits / cases if cases else None),
            low=_rounded(low),
            high=_rounded(high),
            set_aside=aside,
            too_few=cases < self.minimum,
            lower_is_better=formula.lower_is_better,
        )


def formulas(on: date) -> list[RateFormula]:
    """Of each rate the formula in force that day."""
    return sorted(_in_force(RateFormula, "code", on), key=lambda row: (row.order, row.code))


def weights(on: date) -> dict[str, int]:
    """What each rate weighs in the index that day."""
    return {row.rate: row.weight for row in _in_force(IndexWeight, "rate", on) if row.weight}


def _in_force(model: type[Decided], key: str, on: date) -> list[Decided]:
    """The latest begun of each key, if it has not ended: a rate can be ended by its dates."""
    begun = model._default_manager.filter(from_date__lte=on).order_by(key, "-from_date").distinct(key)
    return [row for row in begun if row.to_date is None or on <= row.to_date]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, DIGITS)


def total(counts: Iterable[Count]) -> dict[str, tuple[int, int]]:
    """Everything together, whoever's it is."""
    found: dict[str, tuple[int, int]] = {}
    for row in counts:
        counted, aside = found.get(row.measure, (0, 0))
        found[row.measure] = counted + row.counted, aside + row.aside
    return found


def of_calls(first: date, last: date) -> list[Rate]:
    """The rates of the calls from one day to another."""
    return Book.on(last).of_calls().rates(total(calls.counts(first, last)))


@dataclass(frozen=True, slots=True)
class Period:
    """What was counted from one day to another for some units: read once, looked at from several sides.

    `centre`: of every unit and of the centre itself, its calls among it.
    """

    first: date
    last: date
    counts: list[Count]
    centre: bool

    @classmethod
    def read(cls, first: date, last: date, units: frozenset[int] | None = None) -> "Period":
        """Of every unit and the centre itself, or of `units` only."""
        found = fold.counts(first, last)
        if units is None:
            return cls(first, last, found + calls.counts(first, last), centre=True)
        return cls(first, last, [row for row in found if row.department_id in units], centre=False)

    def overall(self) -> list[Rate]:
        """The rates of all together."""
        book = Book.on(self.last)
        return (book if self.centre else book.of_units()).rates(total(self.counts))

    def by_department(self) -> dict[Department, dict[str, tuple[int, int]]]:
        """What was counted for each unit, by code. What no unit answers for stands in the whole only."""
        groups: dict[int, list[Count]] = {}
        for row in self.counts:
            if row.department_id is not None:
                groups.setdefault(row.department_id, []).append(row)
        units = Department.objects.filter(pk__in=groups).order_by("code")
        return {unit: total(groups[unit.pk]) for unit in units}

    def by_level(self) -> dict[str, dict[str, tuple[int, int]]]:
        """What was counted for the units of each level."""
        levels = dict(Department.objects.values_list("pk", "level"))
        groups: dict[str, list[Count]] = {}
        for row in self.counts:
            if row.department_id is not None:
                groups.setdefault(levels[row.department_id], []).append(row)
        return {level: total(found) for level, found in groups.items()}
