"""Training: grams, TF-IDF, a linear support vector machine, and a temperature that makes scores honest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC
from tqdm import tqdm

from nlp.classify import Classifier, softmax
from nlp.grams import Floats, Layout, Vocabulary
from nlp.training.copies import KINDS, Weighed, with_copies
from nlp.training.dataset import Examples, require_classes
from nlp.training.grouping import near_duplicate_groups
from nlp.training.measure import STRAIGHT_THROUGH, Figures, coverage, figures

FOLDS = 4
DOUBT = 0.005  # share of labels that are wrong in any table: without it a model of easy examples is sure of anything
ABSTAIN_BELOW = 0.5  # calibrated: below it the best label is more often wrong than right


@dataclass(frozen=True, slots=True)
class Recipe:
    """What may differ between models: the features, the rarest one kept, and how hard to fit."""

    layout: Layout = field(default_factory=Layout)
    min_texts: int = 2
    penalty: float = 1.0


@dataclass(frozen=True, slots=True)
class Trained:
    """A model with what cross-validation over unseen groups said of it."""

    classifier: Classifier
    expected: Figures
    straight_through_at: float
    shortened: dict[str, Figures]


@dataclass(frozen=True, slots=True)
class _Linear:
    """One fitted machine: weights with a column for every label, also those its part of the data lacked."""

    weights: NDArray[np.float64]
    intercept: NDArray[np.float64]

    def scores(self, rows: csr_matrix) -> NDArray[np.float64]:
        result: NDArray[np.float64] = rows @ self.weights + self.intercept
        return result


def train(examples: Examples, recipe: Recipe = Recipe(), *, quiet: bool = False) -> Trained:
    """Fit on all examples; calibrate on the scores each fold gives to groups it has not seen."""
    require_classes(examples)
    labels, target = np.unique(np.array(examples.labels), return_inverse=True)
    with tqdm(total=FOLDS + 3, desc="train", unit="step", disable=quiet or None) as bar:
        lessons = with_copies(examples.texts)
        features = _features(lessons.texts, len(examples), recipe)
        bar.update()
        groups = _groups(examples, target)
        bar.update()
        scores = _unseen_scores(features.rows, lessons, target, groups, len(labels), recipe, bar)
        final = _fit(features.rows, lessons.weight, target[lessons.origin], len(labels), recipe)
        bar.update()
    temperature = fit_temperature(scores, target[lessons.origin], lessons.weight)
    chances = softmax(scores[: len(examples)], temperature)
    right = chances.argmax(axis=1) == target
    classifier = _classifier(labels, features, final, temperature)
    threshold = coverage(chances.max(axis=1), right, STRAIGHT_THROUGH)[1]
    shortened = _by_kind(scores, lessons, target, temperature)
    return Trained(classifier, figures(chances, target), round(threshold, 4), shortened)


def _by_kind(
    scores: NDArray[np.float64], lessons: Weighed, target: NDArray[np.int64], temperature: float
) -> dict[str, Figures]:
    """The figures of the shortened copies of messages that the scoring machine had not seen."""
    kinds = np.array(lessons.kinds)
    rows = {kind: np.flatnonzero(kinds == kind) for kind in KINDS}
    return {
        kind: figures(softmax(scores[found], temperature), target[lessons.origin[found]])
        for kind, found in rows.items()
        if len(found)
    }


def fit_once(examples: Examples, recipe: Recipe = Recipe()) -> Classifier:
    """One fit on all examples, without folds; its scores are not calibrated (the temperature is 1)."""
    require_classes(examples)
    labels, target = np.unique(np.array(examples.labels), return_inverse=True)
    lessons = with_copies(examples.texts)
    features = _features(lessons.texts, len(examples), recipe)
    final = _fit(features.rows, lessons.weight, target[lessons.origin], len(labels), recipe)
    return _classifier(labels, features, final, temperature=1.0)


def fit_temperature(
    scores: NDArray[np.float64], target: NDArray[np.int64], weight: NDArray[np.float64] | None = None
) -> float:
    """The one divisor of all scores under which the truth is likeliest, a few labels being wrong."""
    others = DOUBT / max(scores.shape[1] - 1, 1)
    true = np.full(scores.shape, others)
    true[np.arange(len(target)), target] = 1.0 - DOUBT

    def surprise(log_temperature: float) -> float:
        chances = softmax(scores, float(np.exp(log_temperature)))
        return -float(np.average((true * np.log(np.maximum(chances, 1e-12))).sum(axis=1), weights=weight))

    best = minimize_scalar(surprise, bounds=(np.log(0.02), np.log(20.0)), method="bounded")
    return float(np.exp(best.x))


@dataclass(frozen=True, slots=True)
class _Features:
    """The texts as rows of weighed features."""

    vocabulary: Vocabulary
    idf: Floats
    rows: csr_matrix


def _features(texts: Sequence[str], messages: int, recipe: Recipe) -> _Features:
    """Rows for all texts; what counts as known, and how rare it is, is read from the messages, which come first."""
    vocabulary, texts_with = Vocabulary.fit(texts[:messages], recipe.layout, min_texts=recipe.min_texts)
    idf = (np.log((1 + messages) / (1 + texts_with)) + 1.0).astype(np.float32)
    weighed = [vocabulary.weigh(vocabulary.look_up(text).features, idf) for text in texts]
    starts = np.cumsum([0, *(len(features) for features, _, _ in weighed)])
    columns = np.concatenate([features for features, _, _ in weighed])
    values = np.concatenate([values for _, values, _ in weighed]).astype(np.float64)  # liblinear reads no less
    return _Features(vocabulary, idf, csr_matrix((values, columns, starts), shape=(len(texts), len(idf))))


def _classifier(labels: NDArray[Any], features: _Features, final: _Linear, temperature: float) -> Classifier:
    return Classifier(
        labels=tuple(str(label) for label in labels),
        vocabulary=features.vocabulary,
        idf=features.idf,
        # a part common to all labels changes no choice, but would pass for a reason
        weights=_centred(final.weights),
        intercept=_centred(final.intercept),
        temperature=temperature,
        abstain_below=ABSTAIN_BELOW,
        version="unsaved",
    )


def _centred(values: NDArray[np.float64]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = (values - values.mean(axis=-1, keepdims=True)).astype(np.float32)
    return result


def _groups(examples: Examples, target: NDArray[np.int64]) -> NDArray[np.int64]:
    if examples.families:
        return np.unique(np.array(examples.families), return_inverse=True)[1]
    groups = near_duplicate_groups(examples.texts)
    for label in np.unique(target):
        rows = np.flatnonzero(target == label)
        # a label that is hardly more than one message many times over cannot be learnt from other folds
        if len(np.unique(groups[rows])) < FOLDS:
            groups[rows] = groups.max() + 1 + np.arange(len(rows))
    return groups


def _unseen_scores(
    rows: csr_matrix,
    lessons: Weighed,
    target: NDArray[np.int64],
    groups: NDArray[np.int64],
    labels: int,
    recipe: Recipe,
    bar: tqdm,
) -> NDArray[np.float64]:
    """Scores of all texts, each by a machine that learnt neither from it nor from its near-duplicates."""
    scores = np.zeros((rows.shape[0], labels))
    truth = target[lessons.origin]

    def one(outside: NDArray[np.int64]) -> None:
        held_out = np.isin(lessons.origin, outside)
        taught = ~held_out
        machine = _fit(rows[taught], lessons.weight[taught], truth[taught], labels, recipe)
        scores[held_out] = machine.scores(rows[held_out])
        bar.update()

    # liblinear works outside the interpreter lock
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        list(pool.map(one, _folds(target, groups)))
    return scores


def _folds(target: NDArray[np.int64], groups: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    folds = min(FOLDS, len(np.unique(groups)))
    if folds < 2:
        groups, folds = np.arange(len(target)), 2
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=12345)
    return [outside for _, outside in splitter.split(target, target, groups)]


def _fit(
    rows: csr_matrix, weight: NDArray[np.float64], target: NDArray[np.int64], labels: int, recipe: Recipe
) -> _Linear:
    present = np.unique(target)
    weights = np.zeros((rows.shape[1], labels))
    intercept = np.full(labels, -1.0)  # what the machine says of a label it has never met: no
    if len(present) == 1:
        intercept[present] = 1.0
        return _Linear(weights, intercept)
    machine = LinearSVC(C=recipe.penalty, random_state=12345).fit(rows, target, weight)
    coefficients, offsets = machine.coef_, machine.intercept_
    if len(present) == 2:  # scikit-learn keeps one row for two labels
        coefficients, offsets = np.vstack([-coefficients, coefficients]), np.append(-offsets, offsets)
    weights[:, present], intercept[present] = coefficients.T, offsets
    return _Linear(weights, intercept)
