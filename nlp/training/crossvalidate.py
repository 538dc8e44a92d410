"""How good a recipe is on messages it has not seen: every figure with its spread over folds."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold
from tqdm import tqdm

from nlp.classify import chances
from nlp.errors import DataError
from nlp.training.dataset import Examples, require_classes
from nlp.training.disturb import disturb, disturbances
from nlp.training.fit import Recipe, fit_once, fit_temperature
from nlp.training.grouping import near_duplicate_groups
from nlp.training.linear import SEED
from nlp.training.measure import figures

AS_WRITTEN = "as written"
NEVER = -30.0
"""The score of a label that the other folds do not have."""

Scores = NDArray[np.float64]


def crossvalidate(
    examples: Examples, recipe: Recipe, *, folds: int, noise: bool, quiet: bool = False
) -> dict[str, dict[str, dict[str, float]]]:
    """Mean and standard deviation over folds of every figure, for the messages as written and disturbed.

    Each fold is scored by a machine that saw nothing of it, words and rarities included, and its
    confidences are calibrated on the other folds' scores alone.
    """
    require_classes(examples)
    ways = disturbances(examples.texts) if noise else {}
    versions = {AS_WRITTEN: list(examples.texts)} | {name: disturb(examples.texts, way) for name, way in ways.items()}
    labels, target = np.unique(np.array(examples.labels), return_inverse=True)
    scores = {name: np.zeros((len(examples), len(labels))) for name in versions}
    held_out = _folds(examples, target, folds)
    for outside in tqdm(held_out, desc="crossvalidate", unit="fold", disable=quiet or None):
        classifier = fit_once(_without(examples, outside), recipe)
        columns = np.searchsorted(labels, np.array(classifier.labels))
        for name, texts in versions.items():
            scores[name][np.ix_(outside, columns)] = np.stack([classifier.scores(texts[row]) for row in outside])
            missing = np.setdiff1d(np.arange(len(labels)), columns)
            scores[name][np.ix_(outside, missing)] = NEVER
    return _spread(scores, target, held_out)


def _spread(
    scores: Mapping[str, Scores], target: NDArray[np.int64], held_out: list[NDArray[np.int64]]
) -> dict[str, dict[str, dict[str, float]]]:
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in scores}
    for outside in held_out:
        others = np.setdiff1d(np.arange(len(target)), outside)
        temperature = fit_temperature(scores[AS_WRITTEN][others], target[others])
        for name, matrix in scores.items():
            measured[name].append(asdict(figures(chances(matrix[outside], temperature), target[outside])))
    return {
        name: {
            figure: {"mean": round(float(np.mean(values)), 4), "sd": round(float(np.std(values)), 4)}
            for figure in folds[0]
            if figure != "n"
            for values in [[fold[figure] for fold in folds]]
        }
        for name, folds in measured.items()
    }


def _folds(examples: Examples, target: NDArray[np.int64], folds: int) -> list[NDArray[np.int64]]:
    groups = np.array(examples.families) if examples.families else near_duplicate_groups(examples.texts)
    if len(np.unique(groups)) < folds:
        raise DataError(f"{folds} folds need as many groups of rows; there are {len(np.unique(groups))}")
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a label rarer than the folds is not a fault of the table
        return [outside for _, outside in splitter.split(target, target, groups)]


def _without(examples: Examples, outside: NDArray[np.int64]) -> Examples:
    inside = np.setdiff1d(np.arange(len(examples)), outside)
    return Examples(tuple(examples.texts[row] for row in inside), tuple(examples.labels[row] for row in inside))
