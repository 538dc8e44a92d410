"""Measuring a saved model on examples it was not trained on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from nlp.classify import Classifier
from nlp.training.dataset import Examples
from nlp.training.disturb import disturb, disturbances
from nlp.training.measure import Truth, figures


def evaluate(classifier: Classifier, examples: Examples) -> dict[str, float]:
    """The figures of the contract; a label the model does not know counts as missed."""
    measured = _measure(classifier, examples.texts, _truth(classifier, examples))
    return {**measured, "texts_per_second": _speed(classifier, examples.texts)}


def robustness(classifier: Classifier, examples: Examples) -> dict[str, dict[str, float]]:
    """The figures of the same messages as they might have come by other ways."""
    truth = _truth(classifier, examples)
    ways = disturbances(examples.texts)
    return {name: _measure(classifier, disturb(examples.texts, way), truth) for name, way in ways.items()}


def _measure(classifier: Classifier, texts: Sequence[str], truth: Truth) -> dict[str, float]:
    chances = np.stack([classifier.probabilities(text) for text in texts])
    abstained = float((chances.max(axis=1) < classifier.abstain_below).mean())
    return {**asdict(figures(chances, truth)), "abstained": round(abstained, 4)}


def _truth(classifier: Classifier, examples: Examples) -> Truth:
    column = {label: number for number, label in enumerate(classifier.labels)}
    return np.array([column.get(label, -1) for label in examples.labels])


def _speed(classifier: Classifier, texts: tuple[str, ...]) -> float:
    """Texts a second in one thread, with the reasons that a desk would show."""
    classifier.classify(texts[0])  # loads the segmenter
    started = time.perf_counter()
    for text in texts:
        classifier.classify(text)
    return round(len(texts) / (time.perf_counter() - started), 1)
