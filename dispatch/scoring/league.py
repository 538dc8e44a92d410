"""The efficiency index (效能指数): the rates that a centre weighs, made one figure, without shaming small samples.

The index is the weighted mean, out of 100, of a unit's rates (of 1 − rate where lower is better). A rate
with fewer cases than the policy's minimum is shown but weighs nothing, and its weight goes to the
others in their proportion; a unit whose remaining weights make less than the policy's share of all is not ranked.
The interval combines those of the rates as if they were independent (MOVER, Zou and Donner 2008,
after Wilson's), an approximation; a unit is called above or below the whole only when the whole's
index lies outside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import sqrt

from dispatch.models import PolicyKey
from dispatch.rules import rules
from dispatch.scoring import rates
from dispatch.scoring.rates import Book, Period, Rate, Totals
from hotline.people.models import Department


@dataclass(frozen=True, slots=True)
class Weighed:
    """A rate and what it weighs, unless its cases are too few."""

    rate: Rate
    weight: int


@dataclass(frozen=True, slots=True)
class Index:
    """Out of 100, with its interval; None where too little could be weighed (`covered` is the share of the weights)."""

    value: float | None
    low: float | None
    high: float | None
    covered: float
    weighed: list[Weighed]


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit in the league: its place (None: not ranked), and whether it differs from the whole by more than chance."""

    department: Department
    index: Index
    place: int | None
    against_whole: str


@dataclass(frozen=True, slots=True)
class League:
    """Units side by side, the ranked ones first, and the whole that they are compared with."""

    minimum: int
    whole: Index
    standings: list[Standing]


def league(period: Period, level: str = "") -> League:
    """Every unit with a case in the period, or those of one level."""
    maker = Maker.on(period.last)
    units = {unit: found for unit, found in period.by_department().items() if level in ("", unit.level)}
    kept = {unit.pk for unit in units}
    whole = maker.index(rates.total(row for row in period.counts if row.department_id in kept))
    indices = {unit: maker.index(found) for unit, found in units.items()}
    ranked = sorted(index.value for index in indices.values() if index.value is not None)
    standings = [
        Standing(unit, index, _place(index.value, ranked), _against(index, whole)) for unit, index in indices.items()
    ]
    standings.sort(key=lambda row: (row.place is None, row.place, row.department.code))
    return League(maker.book.minimum, whole, standings)


def _place(value: float | None, ranked: list[float]) -> int | None:
    """Equals share a place."""
    return None if value is None else 1 + sum(other > value for other in ranked)


def _against(index: Index, whole: Index) -> str:
    if index.low is None or index.high is None or whole.value is None:
        return "unknown"
    if index.low > whole.value:
        return "above"
    return "below" if index.high < whole.value else "around"


@dataclass(frozen=True, slots=True)
class Maker:
    """The book and the weights in force on a day, and the share of all weights that ranks a unit."""

    book: Book
    weights: dict[str, int]
    enough: float

    @classmethod
    def on(cls, day: date) -> "Maker":
        """Those of that day."""
        return cls(Book.on(day).of_units(), rates.weights(day), rules().figure(PolicyKey.INDEX_COVER, day) / 100)

    def index(self, totals: Totals) -> Index:
        """The index of what was counted."""
        weighed = [
            Weighed(rate, self.weights[rate.name]) for rate in self.book.rates(totals) if rate.name in self.weights
        ]
        enough = [row for row in weighed if not row.rate.too_few and row.rate.value is not None]
        all_weights, own = sum(row.weight for row in weighed), sum(row.weight for row in enough)
        covered = own / all_weights if all_weights else 0.0
        if not enough or covered < self.enough:
            return Index(None, None, None, covered, weighed)
        return Index(*_mean((row.weight / own, *_points(row.rate)) for row in enough), covered, weighed)


def _points(rate: Rate) -> tuple[float, float, float]:
    """A rate as points out of one, with its interval: a share of what is unwanted counts as what is left of one."""
    value, low, high = rate.value or 0.0, rate.low or 0.0, rate.high or 0.0
    return (1 - value, 1 - high, 1 - low) if rate.lower_is_better else (value, low, high)


def _mean(parts: Iterable[tuple[float, float, float, float]]) -> tuple[float, float, float]:
    value = below = above = 0.0
    for weight, share, low, high in parts:
        value += weight * share
        below += (weight * (share - low)) ** 2
        above += (weight * (high - share)) ** 2
    found = value, max(0.0, value - sqrt(below)), min(1.0, value + sqrt(above))
    middle, lowest, highest = (round(100 * figure, 1) for figure in found)
    return middle, lowest, highest
