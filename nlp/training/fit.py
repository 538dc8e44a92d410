"""Training: grams, TF-IDF, a linear support vector machine, and a temperature that makes scores honest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC
from tqdm import tqdm

from nlp.classify import Classifier, softmax
from nlp.grams import Vocabulary
from nlp.text import normalise
from nlp.training.dataset import Examples, require_classes
from nlp.training.grouping import near_duplicate_groups
from nlp.training.measure import STRAIGHT_THROUGH, Figures, coverage, figures

FOLDS = 4
ABSTAIN_BELOW = 0.5  # calibrated: below it the best label is more often wrong than right


@dataclass(frozen=True, slots=True)
class Recipe:
    """What may differ between models: gram length, rarest gram kept, and how hard to fit."""

    order: int = 2
    min_texts: int = 2
    penalty: float = 1.0


@dataclass(frozen=True, slots=True)
class Trained:
    """A model with what cross-validation over unseen groups said of it."""

    classifier: Classifier
    expected: Figures
    straight_through_at: float


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
        texts = [normalise(text) for text in examples.texts]
        vocabulary, counts = _count(texts, recipe)
        bar.update()
        tfidf = TfidfTransformer(sublinear_tf=True).fit(counts)
        rows = tfidf.transform(counts)
        groups = _groups(examples, target)
        bar.update()
        scores = _unseen_scores(rows, target, groups, len(labels), recipe, bar)
        final = _fit(rows, target, len(labels), recipe)
        bar.update()
    temperature = fit_temperature(scores, target)
    chances = softmax(scores, temperature)
    right = chances.argmax(axis=1) == target
    classifier = Classifier(
        labels=tuple(str(label) for label in labels),
        vocabulary=vocabulary,
        idf=tfidf.idf_.astype(np.float32),
        # a part common to all labels changes no choice, but would pass for a reason
        weights=_centred(final.weights),
        intercept=_centred(final.intercept),
        temperature=temperature,
        abstain_below=ABSTAIN_BELOW,
        version="unsaved",
    )
    threshold = coverage(chances.max(axis=1), right, STRAIGHT_THROUGH)[1]
    return Trained(classifier, figures(chances, target), round(threshold, 4))


def fit_temperature(scores: NDArray[np.float64], target: NDArray[np.int64]) -> float:
    """The one divisor of all scores under which the truth is likeliest."""

    def surprise(log_temperature: float) -> float:
        chances = softmax(scores, float(np.exp(log_temperature)))
        return -float(np.log(np.maximum(chances[np.arange(len(target)), target], 1e-12)).mean())

    best = minimize_scalar(surprise, bounds=(np.log(0.02), np.log(20.0)), method="bounded")
    return float(np.exp(best.x))


def _count(texts: list[str], recipe: Recipe) -> tuple[Vocabulary, csr_matrix]:
    vocabulary = Vocabulary.fit(texts, order=recipe.order, min_texts=recipe.min_texts)
    seen = [vocabulary.look_up(text).features for text in texts]
    starts = np.cumsum([0, *(len(features) for features in seen)])
    columns = np.concatenate(seen)
    ones = np.ones(len(columns), dtype=np.float64)
    counts = csr_matrix((ones, columns, starts), shape=(len(texts), len(vocabulary.keys)))
    counts.sum_duplicates()
    return vocabulary, counts


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
    target: NDArray[np.int64],
    groups: NDArray[np.int64],
    labels: int,
    recipe: Recipe,
    bar: tqdm,
) -> NDArray[np.float64]:
    scores = np.zeros((len(target), labels))
    folds = list(_folds(target, groups))

    def one(fold: tuple[NDArray[np.int64], NDArray[np.int64]]) -> None:
        inside, outside = fold
        scores[outside] = _fit(rows[inside], target[inside], labels, recipe).scores(rows[outside])
        bar.update()

    # liblinear works outside the interpreter lock
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        list(pool.map(one, folds))
    return scores


def _folds(
    target: NDArray[np.int64], groups: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    folds = min(FOLDS, len(np.unique(groups)))
    if folds < 2:
        groups, folds = np.arange(len(target)), 2
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=12345)
    yield from splitter.split(target, target, groups)


def _fit(rows: csr_matrix, target: NDArray[np.int64], labels: int, recipe: Recipe) -> _Linear:
    present = np.unique(target)
    weights = np.zeros((rows.shape[1], labels))
    intercept = np.full(labels, -1.0)  # what the machine says of a label it has never met: no
    if len(present) == 1:
        intercept[present] = 1.0
        return _Linear(weights, intercept)
    machine = LinearSVC(C=recipe.penalty, random_state=12345).fit(rows, target)
    coefficients, offsets = machine.coef_, machine.intercept_
    if len(present) == 2:  # scikit-learn keeps one row for two labels
        coefficients, offsets = np.vstack([-coefficients, coefficients]), np.append(-offsets, offsets)
    weights[:, present], intercept[present] = coefficients.T, offsets
    return _Linear(weights, intercept)
