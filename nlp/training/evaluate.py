"""Measuring a saved model on examples it was not trained on."""

from __future__ import annotations

import time
from dataclasses import asdict

import numpy as np

from nlp.classify import Classifier
from nlp.training.dataset import Examples
from nlp.training.measure import figures


def evaluate(classifier: Classifier, examples: Examples) -> dict[str, float]:
    """The figures of the contract; a label the model does not know counts as missed."""
    column = {label: number for number, label in enumerate(classifier.labels)}
    truth = np.array([column.get(label, -1) for label in examples.labels])
    probabilities = np.stack([classifier.probabilities(text) for text in examples.texts])
    return {**asdict(figures(probabilities, truth)), "texts_per_second": _speed(classifier, examples.texts)}


def _speed(classifier: Classifier, texts: tuple[str, ...]) -> float:
    """Texts a second in one thread, with the reasons that a desk would show."""
    classifier.classify(texts[0])  # loads the segmenter
    started = time.perf_counter()
    for text in texts:
        classifier.classify(text)
    return round(len(texts) / (time.perf_counter() - started), 1)
