"""The figures a classifier is judged by; every function takes probabilities, one row a text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.float64]
Truth = NDArray[np.int64]  # column of the true label, -1 when the model does not know the label

ECE_BINS = 15
STRAIGHT_THROUGH = 0.97


@dataclass(frozen=True, slots=True)
class Figures:
    """What ``hotline evaluate`` prints, without the speed."""

    n: int
    accuracy: float
    macro_f1: float
    top3: float
    ece: float
    coverage_at_97: float


def figures(probabilities: Probabilities, truth: Truth) -> Figures:
    """All figures of one set, rounded to four places."""
    best = probabilities.argmax(axis=1)
    right = best == truth
    confidence = probabilities.max(axis=1)
    return Figures(
        n=len(truth),
        accuracy=round(float(right.mean()), 4),
        macro_f1=round(macro_f1(best, truth), 4),
        top3=round(top_k(probabilities, truth, 3), 4),
        ece=round(expected_calibration_error(confidence, right), 4),
        coverage_at_97=round(coverage(confidence, right, STRAIGHT_THROUGH)[0], 4),
    )


def top_k(probabilities: Probabilities, truth: Truth, k: int) -> float:
    """Share of texts whose true label is among the best k."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return float((best == truth[:, None]).any(axis=1).mean())


def macro_f1(best: NDArray[np.int64], truth: Truth) -> float:
    """F1 averaged over the labels that occur in the truth or were chosen."""
    scores = []
    for label in np.union1d(best, truth):
        hit = int(((best == label) & (truth == label)).sum())
        scores.append(2 * hit / int((best == label).sum() + (truth == label).sum()))
    return float(np.mean(scores))


def expected_calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Mean distance between confidence and share right, over bins of equal width weighted by size."""
    bins = np.minimum((confidence * ECE_BINS).astype(np.int64), ECE_BINS - 1)
    gaps = np.zeros(ECE_BINS)
    np.add.at(gaps, bins, confidence - right)
    return float(np.abs(gaps).sum() / len(right))


def coverage(confidence: NDArray[np.float64], right: NDArray[np.bool_], precision: float) -> tuple[float, float]:
    """The largest share that a confidence threshold lets through at this precision, and that threshold."""
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    kept = right[order].cumsum() / np.arange(1, len(right) + 1)
    # texts of equal confidence pass a threshold together: only the last of each run is a possible cut
    cut = np.append(ranked[:-1] > ranked[1:], True)
    allowed = np.flatnonzero(cut & (kept >= precision))
    if not len(allowed):
        return 0.0, 1.0
    return float((allowed[-1] + 1) / len(right)), float(ranked[allowed[-1]])
