"""Training: grams, TF-IDF, a linear support vector machine, and a temperature that makes scores honest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import GroupKFold
from tqdm import tqdm

from nlp.classify import Classifier, chances
from nlp.grams import Floats, Layout, Vocabulary
from nlp.training.copies import KINDS, Weighed, with_copies
from nlp.training.dataset import Examples, require_classes
from nlp.training.grouping import near_duplicate_groups
from nlp.training.linear import SEED, Lessons, Machine, Method, fit_machines
from nlp.training.measure import STRAIGHT_THROUGH, Figures, coverage, figures

FOLDS = 4
FOLD_OF = 10_000  # messages; larger tables are cut into more folds
MOST_UNSEEN = 20_000  # messages that are scored unseen; confidences need no more to be made honest
MOST_WEIGHTS = 24_000_000  # 96 MB in use
DOUBT = 0.005  # share of labels that are wrong in any table: without it a model of easy examples is sure of anything
FEWEST_OWN = 200  # own messages that judge confidences alone; sentences that only help are easier than what comes
ABSTAIN_BELOW = 0.5  # calibrated: below it the best label is more often wrong than right


@dataclass(frozen=True, slots=True)
class Recipe:
    """What may differ between models: the features, the rarest one kept, how to fit, whether on copies too."""

    layout: Layout = field(default_factory=Layout)
    min_texts: int = 2
    method: Method = field(default_factory=Method)
    copies: bool = True


@dataclass(frozen=True, slots=True)
class Trained:
    """A model with what cross-validation over unseen groups said of it."""

    classifier: Classifier
    expected: Figures
    straight_through_at: float
    shortened: dict[str, Figures]
    folds: int


def train(examples: Examples, recipe: Recipe = Recipe(), *, quiet: bool = False) -> Trained:
    """Fit on all examples; calibrate on the scores each fold gives to groups it has not seen.

    Where enough of the examples are the city's own, only those are judged by.
    """
    require_classes(examples)
    labels, target = np.unique(np.array(examples.labels), return_inverse=True)
    copied = with_copies(examples.texts, copies=recipe.copies)
    groups = _groups(examples, target)
    folds = _folds(target, groups)
    with tqdm(total=(len(folds) + 1) * len(labels), desc="train", unit="fit", disable=quiet or None) as bar:
        features = _features(copied.texts, len(examples), len(labels), recipe)
        lessons = Lessons(features.rows, copied.weight, target[copied.origin], len(labels))
        held_out = [np.isin(copied.origin, fold) for fold in folds]
        everything = np.arange(len(copied.texts))
        parts = [everything, *(everything[~out] for out in held_out)]
        final, *machines = fit_machines(lessons, parts, recipe.method, bar.update)
    judging = _judging(examples)[copied.origin]
    unseen = _unseen(lessons, machines, [out & judging for out in held_out], copied)
    temperature = fit_temperature(unseen.scores, unseen.truth, unseen.weight)
    by_kind = _by_kind(unseen, temperature)
    found = chances(unseen.scores[unseen.kinds == ""], temperature)
    right = found.argmax(axis=1) == unseen.truth[unseen.kinds == ""]
    threshold = coverage(found.max(axis=1), right, STRAIGHT_THROUGH)[1]
    classifier = _classifier(labels, features, final, temperature)
    return Trained(classifier, by_kind.pop(""), round(threshold, 4), by_kind, len(folds))


def _judging(examples: Examples) -> NDArray[np.bool_]:
    own = np.array(examples.own, dtype=bool)
    return own if own.sum() >= FEWEST_OWN else np.ones(len(examples), dtype=bool)


@dataclass(frozen=True, slots=True)
class _Unseen:
    """Scores of texts, each by a machine that learnt neither from it nor from its near-duplicates."""

    scores: NDArray[np.float64]
    truth: NDArray[np.int64]
    weight: NDArray[np.float64]
    kinds: NDArray[np.str_]


def _unseen(
    lessons: Lessons, machines: Sequence[Machine], held_out: Sequence[NDArray[np.bool_]], copied: Weighed
) -> _Unseen:
    kinds = np.array(copied.kinds)
    return _Unseen(
        np.concatenate([m.scores(lessons.rows[out]) for m, out in zip(machines, held_out, strict=True)]),
        np.concatenate([lessons.truth[out] for out in held_out]),
        np.concatenate([lessons.weight[out] for out in held_out]),
        np.concatenate([kinds[out] for out in held_out]),
    )


def _by_kind(unseen: _Unseen, temperature: float) -> dict[str, Figures]:
    """The figures of messages as they came (under ""), and of each kind of shortened copies."""
    rows = {kind: np.flatnonzero(unseen.kinds == kind) for kind in ("", *KINDS)}
    return {
        kind: figures(chances(unseen.scores[found], temperature), unseen.truth[found])
        for kind, found in rows.items()
        if len(found)
    }


def fit_once(examples: Examples, recipe: Recipe = Recipe()) -> Classifier:
    """One fit on all examples, without folds; its scores are not calibrated (the temperature is 1)."""
    require_classes(examples)
    labels, target = np.unique(np.array(examples.labels), return_inverse=True)
    copied = with_copies(examples.texts, copies=recipe.copies)
    features = _features(copied.texts, len(examples), len(labels), recipe)
    lessons = Lessons(features.rows, copied.weight, target[copied.origin], len(labels))
    (final,) = fit_machines(lessons, [np.arange(len(copied.texts))], recipe.method, lambda: None)
    return _classifier(labels, features, final, temperature=1.0)


def fit_temperature(
    scores: NDArray[np.float64], target: NDArray[np.int64], weight: NDArray[np.float64] | None = None
) -> float:
    """The one divisor of all scores under which the truth is likeliest, a few labels being wrong."""
    others = DOUBT / max(scores.shape[1] - 1, 1)
    true = np.full(scores.shape, others)
    true[np.arange(len(target)), target] = 1.0 - DOUBT

    def surprise(log_temperature: float) -> float:
        found = chances(scores, float(np.exp(log_temperature)))
        return -float(np.average((true * np.log(np.maximum(found, 1e-12))).sum(axis=1), weights=weight))

    best = minimize_scalar(surprise, bounds=(np.log(0.02), np.log(20.0)), method="bounded")
    return float(np.exp(best.x))


@dataclass(frozen=True, slots=True)
class _Features:
    """The texts as rows of weighed features."""

    vocabulary: Vocabulary
    idf: Floats
    rows: csr_matrix


def _features(texts: Sequence[str], messages: int, labels: int, recipe: Recipe) -> _Features:
    """Rows for all texts; what counts as known, and how rare it is, is read from the messages, which come first."""
    rarest = max(recipe.min_texts, messages // 10_000)
    most = MOST_WEIGHTS // labels
    vocabulary, texts_with = Vocabulary.fit(texts[:messages], recipe.layout, min_texts=rarest, most=most)
    idf = (np.log((1 + messages) / (1 + texts_with)) + 1.0).astype(np.float32)
    every = [vocabulary.look_up(text) for text in texts]
    starts = np.cumsum([0, *(len(seen.features) for seen in every)])
    columns = np.concatenate([seen.features for seen in every])
    # liblinear reads no less than double precision
    values = np.concatenate([vocabulary.weigh(seen, idf) for seen in every]).astype(np.float64)
    return _Features(vocabulary, idf, csr_matrix((values, columns, starts), shape=(len(texts), len(idf))))


def _classifier(labels: NDArray[Any], features: _Features, final: Machine, temperature: float) -> Classifier:
    return Classifier(
        labels=tuple(str(label) for label in labels),
        vocabulary=features.vocabulary,
        idf=features.idf,
        weights=final.weights,
        intercept=final.intercept.astype(np.float32),
        temperature=temperature,
        abstain_below=ABSTAIN_BELOW,
        version="unsaved",
    )


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


def _folds(target: NDArray[np.int64], groups: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The rows to hold out each time: of a large table not every row has its turn, for each fit takes long."""
    folds = min(max(FOLDS, len(target) // FOLD_OF), len(np.unique(groups)))
    if folds < 2:
        groups, folds = np.arange(len(target)), 2
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=SEED)
    held_out = [outside for _, outside in splitter.split(target, target, groups)]
    return held_out if folds <= FOLDS else held_out[: max(2, MOST_UNSEEN * folds // len(target))]
