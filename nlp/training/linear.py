"""Support vector machines, one label against the rest, on parts of the rows and several at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

SEED = 12345
MOST_OTHERS = 20_000
"""Rows of other labels that a label is told from, or four times its own if that is more; the rest are stood for."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Rows to learn from: what each counts, and the number of its label."""

    rows: csr_matrix
    weight: NDArray[np.float64]
    truth: NDArray[np.int64]
    labels: int


@dataclass(frozen=True, slots=True)
class Machine:
    """Weights with a column for every label, also those that its part of the rows lacked."""

    weights: NDArray[np.float32]
    intercept: NDArray[np.float64]

    def scores(self, rows: csr_matrix) -> NDArray[np.float64]:
        """One score a row and label."""
        result: NDArray[np.float64] = rows @ self.weights + self.intercept
        return result


def fit_machines(
    lessons: Lessons, parts: Sequence[NDArray[np.int64]], penalty: float, done: Callable[[], object]
) -> list[Machine]:
    """One machine for each part of the rows; ``done`` is called after each label of each."""
    features = lessons.rows.shape[1]
    machines = [
        # what a machine says of a label it has never met: no
        Machine(np.zeros((features, lessons.labels), np.float32), np.full(lessons.labels, -1.0))
        for _ in parts
    ]

    def one(job: tuple[int, int]) -> None:
        part, label = job
        _fit_label(machines[part], lessons, parts[part], label, penalty)
        done()

    # liblinear works outside the interpreter lock
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        list(pool.map(one, [(part, label) for part in range(len(parts)) for label in range(lessons.labels)]))
    return machines


def _fit_label(machine: Machine, lessons: Lessons, part: NDArray[np.int64], label: int, penalty: float) -> None:
    own = lessons.truth[part] == label
    if own.all():
        machine.intercept[label] = 1.0
    if own.all() or not own.any():
        return
    taught, weight = _without_most_others(part, own, lessons.weight, label)
    target = np.where(lessons.truth[taught] == label, 1, -1)
    fitted = LinearSVC(C=penalty, random_state=SEED).fit(lessons.rows[taught], target, weight)
    machine.weights[:, label] = fitted.coef_[0]
    machine.intercept[label] = fitted.intercept_[0]


def _without_most_others(
    part: NDArray[np.int64], own: NDArray[np.bool_], weight: NDArray[np.float64], label: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The label's rows and a sample of the others, each of which counts for those left out."""
    others = part[~own]
    most = max(MOST_OTHERS, 4 * int(own.sum()))
    if len(others) <= most:
        return part, weight[part]
    kept = np.random.default_rng([SEED, label]).choice(others, most, replace=False)
    taught = np.sort(np.concatenate([part[own], kept]))
    stands_for = np.where(np.isin(taught, kept), len(others) / most, 1.0)
    return taught, weight[taught] * stands_for
