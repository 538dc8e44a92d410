"""What all citizens would say, estimated from those called back by rule or by lot, with a stated interval.

Answers are put into classes by the chance with which their citizen was drawn (by rule: certainly). Every
citizen heard in a class stands for the same number of its answers: the class's answers divided by
those heard (a Hájek estimate, post-stratified to the known sizes). The weights thus also make
up for citizens that were drawn but not reached, on the assumption that within a class they would have
said the same. The variance is that of stratified sampling with the finite-population correction: a class
in which everybody was heard adds none. The shares inside it are pulled towards a half ((x + 1) ÷ (n + 2)),
so that a class of few and unanimous answers is not taken for certain. The interval is Wilson's at the
effective number of cases that this variance amounts to (after Korn and Graubard 1998), an
approximation whose coverage is tested by simulation.

Citizens who rated without having been drawn are left out: who speaks up unasked is not a sample.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from django.db import connection

from dispatch.calendar import start_of
from dispatch.models import Measure
from dispatch.scoring import rates
from dispatch.scoring.intervals import confidence, wilson

LEVELS = {
    Measure.VERY_DISSATISFIED: 1,
    Measure.DISSATISFIED: 2,
    Measure.BASICALLY_SATISFIED: 3,
    Measure.SATISFIED: 4,
    Measure.VERY_SATISFIED: 5,
}
ANSWERS = """
    with answer as (
        select line.ticket_id, line.sequence, line.data->>'call_back' in ('due', 'sampled') as drawn,
               case line.data->>'call_back' when 'due' then 1 else (line.data->>'call_back_share')::float end as share,
               (select min(later.sequence) from tickets_ledgerentry later
                 where later.ticket_id = line.ticket_id and later.kind = 'rework' and later.sequence > line.sequence
               ) as reworked
          from tickets_ledgerentry line
         where (kind in ('review_passed', 'answered_directly') or kind = 'answered' and data->>'review' = 'false')
           and at >= %(first)s and at < %(end)s
    )
    select ticket.department_id, answer.share, answer.drawn, ticket.set_aside, said.solved, said.satisfied
      from answer join tickets_ticket ticket on ticket.id = answer.ticket_id
      left join lateral (
          select (array_agg(line.data->'solved' order by line.sequence)
                     filter (where line.data->>'solved' is not null))[1]::bool as solved,
                 (array_agg(line.data->'satisfied' order by line.sequence)
                     filter (where line.data->>'satisfied' is not null))[1]::int as satisfied
            from tickets_ledgerentry line
           where line.ticket_id = answer.ticket_id and line.kind in ('followed_up', 'rated')
             and line.sequence > answer.sequence and (reworked is null or line.sequence < reworked)
             and (line.data->>'reached' = 'true' or line.data->>'counts' = 'true')
      ) said on answer.drawn
"""
"""Each answer that reached its citizen, with what a drawn citizen first said before any rework."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that went out: the chance with which its citizen was drawn (None: never), and what they said."""

    department_id: int | None
    share: float | None
    drawn: bool
    set_aside: bool
    solved: bool | None
    satisfied: int | None


@dataclass(frozen=True, slots=True)
class Stratum:
    """A class of answers drawn with the same chance: how many, how many drawn, heard, and heard to say yes."""

    share: float
    population: int
    drawn: int
    heard: int
    positive: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of yes among `population` answers, with its interval; None when nobody was heard.

    `uncovered`: answers of classes in which nobody was heard; `outside`: never called back by rule;
    neither is estimated, and `set_aside` ones are left out.
    """

    value: float | None
    low: float | None
    high: float | None
    confidence: float
    population: int
    drawn: int
    heard: int
    uncovered: int
    outside: int
    set_aside: int
    strata: list[Stratum]


def answers(first: date, last: date, units: frozenset[int] | None = None) -> list[Answer]:
    """The answers that reached citizens on the days from `first` to `last`, of everybody or of `units`."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, {"first": start_of(first), "end": start_of(last + timedelta(days=1))})
        found = [Answer(*row) for row in cursor.fetchall()]
    return [row for row in found if units is None or row.department_id in units]


def solved(found: Sequence[Answer], on: date) -> Estimate:
    """How many would say that it is solved, with the interval that the centre asked for on that day."""
    return estimate(found, [row.solved for row in found], confidence(on))


def satisfied(found: Sequence[Answer], on: date) -> Estimate:
    """How many would be satisfied, by the levels that the rate `satisfied` in force that day counts."""
    counted = {measure for row in rates.formulas(on) if row.code == "satisfied" for measure in row.numerator}
    levels = {level for measure, level in LEVELS.items() if measure in counted}
    said = [None if row.satisfied is None else row.satisfied in levels for row in found]
    return estimate(found, said, confidence(on))


def estimate(found: Sequence[Answer], said: Sequence[bool | None], sure: float) -> Estimate:
    """The estimate from what each answer's citizen `said` (None: not heard), `sure` as far as its interval goes."""
    counted = [(row, word) for row, word in zip(found, said, strict=True) if not row.set_aside]
    strata = _strata((row, word) for row, word in counted if row.share)
    heard = [stratum for stratum in strata if stratum.heard]
    value, low, high = _weighed(heard, sure) if heard else (None, None, None)
    return Estimate(
        value=value,
        low=low,
        high=high,
        confidence=sure,
        population=sum(stratum.population for stratum in heard),
        drawn=sum(stratum.drawn for stratum in heard),
        heard=sum(stratum.heard for stratum in heard),
        uncovered=sum(stratum.population for stratum in strata if not stratum.heard),
        outside=sum(not row.share for row, _word in counted),
        set_aside=len(found) - len(counted),
        strata=strata,
    )


def _strata(rows: Iterable[tuple[Answer, bool | None]]) -> list[Stratum]:
    groups: dict[float, list[tuple[Answer, bool | None]]] = {}
    for row, word in rows:
        groups.setdefault(row.share or 0.0, []).append((row, word))
    return [
        Stratum(
            share=share,
            population=len(group),
            drawn=sum(row.drawn for row, _word in group),
            heard=sum(row.drawn and word is not None for row, word in group),
            positive=sum(row.drawn and bool(word) for row, word in group),
        )
        for share, group in sorted(groups.items(), reverse=True)
    ]


def _weighed(strata: list[Stratum], sure: float) -> tuple[float, float, float]:
    everybody = sum(stratum.population for stratum in strata)
    value = sum(stratum.population / everybody * stratum.positive / stratum.heard for stratum in strata)
    variance = crowd = 0.0
    for stratum in strata:
        pulled = (stratum.positive + 1) / (stratum.heard + 2)
        unheard = 1 - stratum.heard / stratum.population
        part = (stratum.population / everybody) ** 2 * unheard / stratum.heard
        crowd += part
        variance += part * pulled * (1 - pulled)
    low, high = wilson(value, _effective(value, variance, crowd), sure)
    return round(value, rates.DIGITS), round(low, rates.DIGITS), round(high, rates.DIGITS)


def _effective(value: float, variance: float, crowd: float) -> float:
    """How many cases of simple random sampling tell as much; unanimous ones are counted by their weights alone."""
    if not crowd:
        return inf
    return value * (1 - value) / variance if 0 < value < 1 else 1 / crowd
