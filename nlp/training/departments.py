"""Training the model of units: the words from earlier weeks, the weighing of the evidence on later ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from tqdm import tqdm

from nlp.classify import Classifier
from nlp.departments import Known, Numbers, Roster, Unit, UnitModel, chances
from nlp.errors import DataError
from nlp.grams import GRAMS_ONLY
from nlp.training.dataset import Examples
from nlp.training.fit import Recipe, fit_once, fit_temperature
from nlp.training.linear import Method
from nlp.unitnames import UnitName, successor

WORDS_UNTIL, WEIGHED_UNTIL = 0.75, 0.875
"""Shares of the cases in order of time: words from the first, weighing on the second, measured on the rest."""
FEWEST = 40
_PLAIN = Method(3.0, evidence=False)
FUNCTIONS, AREAS = Recipe(method=_PLAIN), Recipe(layout=GRAMS_ONLY, method=_PLAIN)
FEWEST_OF_FUNCTION, FEWEST_OF_AREA = 2, 8
"""Cases from which on words are learnt: a place of fewer is known by its name alone."""
HALF_LIFE = timedelta(days=180)
WEIGHED_MOST, RIVALS = 4000, 100
_PULL = 2.0
"""How hard the weights are held at the starting ones: some tens of cases move them, a handful does not."""
START = np.array([1.2, 0.5, 0.3, 1.5, -2.0, 0.3, 0.0, 1.0, 0.1, -4.0])
Truth = NDArray[np.int64]
"""The number of the unit that had each case, -1 for one that the model does not know."""


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket with the unit that had it in the end."""

    text: str
    at: datetime
    unit: str
    known: Known = field(default_factory=Known)
    number: str = ""


@dataclass(frozen=True, slots=True)
class Trained:
    """The model of all cases, what one of the earlier weeks gave to the latest cases, and what was weighed."""

    model: UnitModel
    tested: Numbers
    truth: Truth
    weighed: NDArray[np.float32]
    weighed_truth: Truth


def train(
    cases: Sequence[Case],
    names: Sequence[UnitName],
    successors: Mapping[str, str] | None = None,
    *,
    complete: bool = True,
    quiet: bool = False,
) -> Trained:
    """Learn from cases of units; `names` are the units that may be suggested, also those without a ticket yet.

    Where they are not the `complete` tree but only what a table happens to hold, later weeks may bring others.
    """
    ordered = _in_order(cases, names, successors or {})
    words_until, weighed_until = (int(len(ordered) * share) for share in (WORDS_UNTIL, WEIGHED_UNTIL))
    with tqdm(total=4, desc="units", unit="step", disable=quiet or None) as bar:
        early = _model_of_words(ordered[:words_until], names if complete else _met(ordered[:words_until], names))
        bar.update()
        later = ordered[words_until:]
        early = _tempered(early, later[-WEIGHED_MOST:], names)
        evidence, truth = _evidence(early, later[-WEIGHED_MOST:])
        bar.update()
        middle = len(later[-WEIGHED_MOST:]) - (len(ordered) - weighed_until)
        middle = middle if middle > 0 else len(truth) // 2
        tested = chances(evidence[middle:].astype(np.float64), weigh(evidence[:middle], truth[:middle]))
        weights = weigh(evidence, truth)
        bar.update()
        model = _like(_model_of_words(ordered, names), early, weights)
        bar.update()
    return Trained(model, tested, truth[middle:], evidence, truth)


def _in_order(cases: Sequence[Case], names: Sequence[UnitName], successors: Mapping[str, str]) -> list[Case]:
    """Cases by time, those of a unit that became another under the new one's name, of unknown units left out."""
    known = {name.code for name in names}
    renamed = [Case(c.text, c.at, successor(c.unit, successors), c.known, c.number) for c in cases]
    ordered = sorted((case for case in renamed if case.unit in known), key=lambda case: case.at)
    if len(ordered) < FEWEST:
        raise DataError(f"{len(ordered)} dispatched requests are too few to learn units from; {FEWEST} are needed")
    return ordered


def _model_of_words(cases: Sequence[Case], names: Sequence[UnitName]) -> UnitModel:
    """Both models of words, not yet weighed."""
    by_code = {name.code: name for name in names}
    texts = [case.text for case in cases]
    functions = _words(texts, [by_code[case.unit].function for case in cases], FEWEST_OF_FUNCTION, FUNCTIONS)
    areas = _words(texts, [by_code[case.unit].area for case in cases], FEWEST_OF_AREA, AREAS)
    return UnitModel(functions, areas, Roster(_units(cases, names), functions, areas), START, "unsaved")


def _met(cases: Sequence[Case], names: Sequence[UnitName]) -> list[UnitName]:
    met = {case.unit for case in cases}
    return [name for name in names if name.code in met]


def _words(texts: list[str], labels: list[str], fewest: int, recipe: Recipe) -> Classifier | None:
    """A model of words for the labels of enough cases, unless there is nothing to tell apart."""
    counts = Counter(labels)
    told = [at for at, label in enumerate(labels) if counts[label] >= fewest]
    if len({labels[at] for at in told}) < 2:
        return None
    examples = Examples(tuple(texts[at] for at in told), tuple(labels[at] for at in told))
    return fit_once(examples, recipe)


def _units(cases: Sequence[Case], names: Sequence[UnitName]) -> tuple[Unit, ...]:
    """The units with their recent tickets: each counts half as much for every half-life that has passed since."""
    newest = cases[-1].at
    recent: dict[str, float] = defaultdict(float)
    for case in cases:
        recent[case.unit] += 0.5 ** ((newest - case.at) / HALF_LIFE)
    return tuple(Unit(n.code, n.function, n.area, round(recent[n.code], 3)) for n in names)


def _evidence(model: UnitModel, cases: Sequence[Case]) -> tuple[NDArray[np.float32], Truth]:
    rows = np.stack([model.evidence(case.text, case.known).astype(np.float32) for case in cases])
    return rows, np.array([model.roster.number.get(case.unit, -1) for case in cases])


def weigh(evidence: NDArray[np.float32], truth: Truth) -> Numbers:
    """The weights under which the units that had the cases are likeliest; truth -1 is a unit not among them."""
    rows, target = _rivals(evidence, truth)
    known = target >= 0

    def surprise(weights: Numbers) -> tuple[float, Numbers]:
        scores = np.concatenate([rows @ weights[:-1], np.full((len(rows), 1), weights[-1])], axis=1)
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores)
        share = powers / powers.sum(axis=1, keepdims=True)
        column = np.where(known, target, rows.shape[1])
        loss = -np.log(np.maximum(share[np.arange(len(rows)), column], 1e-12)).sum()
        share[np.arange(len(rows)), column] -= 1
        slope = np.append(np.einsum("nu,nuk->k", share[:, :-1], rows), share[:, -1].sum())
        away = weights - START
        return float(loss + _PULL * (away @ away)), slope + 2 * _PULL * away

    found = minimize(surprise, START, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    result: Numbers = np.asarray(found.x, dtype=np.float64)
    return result


def _rivals(evidence: NDArray[np.float32], truth: Truth) -> tuple[Numbers, Truth]:
    """Of hundreds of units only those that come into question, and the true one, which is moved to the front."""
    scores = evidence @ START[:-1].astype(np.float32)
    keep = min(RIVALS, scores.shape[1])
    known = truth >= 0
    scores[np.flatnonzero(known), truth[known]] = np.inf
    best = np.argpartition(-scores, keep - 1, axis=1)[:, :keep]
    rows = np.take_along_axis(evidence, best[:, :, None], axis=1).astype(np.float64)
    target = np.where(known, (best == truth[:, None]).argmax(axis=1), -1)
    return rows, target


def _tempered(model: UnitModel, cases: Sequence[Case], names: Sequence[UnitName]) -> UnitModel:
    """Each model of words made as sure as it may be of what came later."""
    by_code = {name.code: name for name in names}
    texts = [case.text for case in cases]
    functions = _temper(model.functions, texts, [by_code[case.unit].function for case in cases])
    return replace(model, functions=functions, areas=_temper(model.areas, texts, [by_code[c.unit].area for c in cases]))


def _temper(part: Classifier | None, texts: list[str], labels: list[str]) -> Classifier | None:
    if part is None:
        return None
    column = {label: at for at, label in enumerate(part.labels)}
    met = [at for at, label in enumerate(labels) if label in column]
    if not met:
        return part
    scores = np.stack([part.scores(texts[at]) for at in met]).astype(np.float64)
    return replace(part, temperature=fit_temperature(scores, np.array([column[labels[at]] for at in met])))


def _like(model: UnitModel, early: UnitModel, weights: Numbers) -> UnitModel:
    """The model of all words, as sure and as weighed as the earlier one was found to be right."""
    functions, areas = (
        replace(whole, temperature=part.temperature) if whole and part else whole
        for whole, part in ((model.functions, early.functions), (model.areas, early.areas))
    )
    return replace(model, weights=weights, functions=functions, areas=areas)
