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
SMOOTHING = 0.1  # added to how much of a feature the rows of a label hold, and to what the others hold
PLAIN = 0.6  # part of its strength that a feature has whatever it tells; the rest is by its evidence


@dataclass(frozen=True, slots=True)
class Method:
    """How hard to fit, and whether by evidence.

    By evidence: each feature is read the stronger, the more it tells by itself for or against the label, so that
    the machine leans on what is known of a word from all messages (NBSVM, after Wang and Manning 2012).
    """

    penalty: float = 0.5
    evidence: bool = True


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
    lessons: Lessons, parts: Sequence[NDArray[np.int64]], method: Method, done: Callable[[], object]
) -> list[Machine]:
    """One machine for each part of the rows; ``done`` is called after each label of each."""
    # liblinear works outside the interpreter lock
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return [_fit(_part(lessons, part), method, pool, done) for part in parts]


def _part(lessons: Lessons, part: NDArray[np.int64]) -> Lessons:
    if len(part) == lessons.rows.shape[0]:
        return lessons  # a hundred thousand rows are not copied for nothing
    return Lessons(lessons.rows[part], lessons.weight[part], lessons.truth[part], lessons.labels)


def _fit(lessons: Lessons, method: Method, pool: ThreadPoolExecutor, done: Callable[[], object]) -> Machine:
    # what a machine says of a label it has never met: no
    machine = Machine(np.zeros((lessons.rows.shape[1], lessons.labels), np.float32), np.full(lessons.labels, -1.0))

    def one(label: int) -> None:
        _fit_label(machine, lessons, label, method)
        done()

    list(pool.map(one, range(lessons.labels)))
    return machine


def _fit_label(machine: Machine, lessons: Lessons, label: int, method: Method) -> None:
    own = lessons.truth == label
    if own.all():
        machine.intercept[label] = 1.0
    if own.all() or not own.any():
        return
    rows, target, weight = _without_most_others(lessons, own, label)
    strength = _strength(rows, target, weight) if method.evidence else np.ones(rows.shape[1])
    # only the values are copied: the places of a hundred thousand rows are shared
    read = csr_matrix((rows.data * strength[rows.indices], rows.indices, rows.indptr), shape=rows.shape)
    fitted = LinearSVC(C=method.penalty, random_state=SEED).fit(read, target, weight)
    machine.weights[:, label] = fitted.coef_[0] * strength
    machine.intercept[label] = fitted.intercept_[0]


def _strength(rows: csr_matrix, target: NDArray[np.bool_], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """By what each feature is multiplied: its log odds of the label against the others, 1 on the average."""
    own = SMOOTHING + rows.T @ (weight * target)
    others = SMOOTHING + rows.T @ (weight * ~target)
    evidence = np.abs(np.log(own / own.sum()) - np.log(others / others.sum()))
    usual = float(np.sqrt(np.mean(evidence**2)))
    strength: NDArray[np.float64] = PLAIN + (1.0 - PLAIN) * evidence / (usual or 1.0)
    return strength


def _without_most_others(
    lessons: Lessons, own: NDArray[np.bool_], label: int
) -> tuple[csr_matrix, NDArray[np.bool_], NDArray[np.float64]]:
    """The label's rows and a sample of the others, each of which counts for those left out."""
    others = np.flatnonzero(~own)
    most = max(MOST_OTHERS, 4 * int(own.sum()))
    if len(others) <= most:
        return lessons.rows, own, lessons.weight
    kept = own.copy()
    kept[np.random.default_rng([SEED, label]).choice(others, most, replace=False)] = True
    stands_for = np.where(own[kept], 1.0, len(others) / most)
    return lessons.rows[np.flatnonzero(kept)], own[kept], lessons.weight[kept] * stands_for
