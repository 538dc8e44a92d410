"""A linear text classifier in use: calibrated choices, each with the words that decided it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import modelfile
from nlp.errors import ModelRefused
from nlp.grams import MAX_ORDER, Floats, Seen, Vocabulary, weigh
from nlp.results import Choice, Reason
from nlp.segment import words
from nlp.text import normalise

REASONS = 5


def softmax(scores: NDArray[Any], temperature: float) -> NDArray[np.float64]:
    """Scores as probabilities; a higher temperature is a humbler model."""
    scaled = scores.astype(np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    result: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return result


@dataclass(frozen=True, slots=True)
class Classifier:
    """Immutable after loading, so any number of threads may share one."""

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    idf: Floats
    weights: Floats  # one row a gram, one column a label; what is common to all labels is taken out
    intercept: Floats
    temperature: float
    abstain_below: float
    version: str

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Read a folder that training wrote; raises ModelRefused when it cannot be trusted."""
        arrays, facts = modelfile.load(folder)
        try:
            model = cls(
                labels=tuple(str(label) for label in facts["labels"]),
                vocabulary=Vocabulary(arrays["keys"].astype(np.int64), int(facts["order"])),
                idf=arrays["idf"].astype(np.float32),
                weights=arrays["weights"].astype(np.float32),
                intercept=arrays["intercept"].astype(np.float32),
                temperature=float(facts["temperature"]),
                abstain_below=float(facts["abstain_below"]),
                version=str(facts["version"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelRefused(f"{folder} has an incomplete manifest: {error!r}") from error
        model._check(folder)
        return model

    def save(self, folder: Path, extra: dict[str, Any] | None = None) -> str:
        """Write the folder that ``load`` reads; gives back the version."""
        facts = {
            "labels": list(self.labels),
            "order": self.vocabulary.order,
            "temperature": self.temperature,
            "abstain_below": self.abstain_below,
        }
        arrays: dict[str, NDArray[Any]] = {
            "keys": self.vocabulary.keys,
            "idf": self.idf,
            "weights": self.weights.astype(np.float16),  # half the file; the choice does not change
            "intercept": self.intercept,
        }
        return modelfile.save(folder, arrays, facts | (extra or {}))

    def _check(self, folder: Path) -> None:
        grams, labels = len(self.vocabulary.keys), len(self.labels)
        shapes = (self.weights.shape, self.idf.shape, self.intercept.shape)
        fits = shapes == ((grams, labels), (grams,), (labels,))
        if not (fits and labels > 1 and 1 <= self.vocabulary.order <= MAX_ORDER and self.temperature > 0):
            raise ModelRefused(f"{folder}: arrays and labels do not fit together")
        if not all(np.isfinite(array).all() for array in (self.weights, self.idf, self.intercept)):
            raise ModelRefused(f"{folder}: the weights hold values that are no numbers")

    def probabilities(self, text: str) -> NDArray[np.float64]:
        """One probability a label, in the order of ``labels``."""
        features, values, _ = weigh(self.vocabulary.look_up(normalise(text)).features, self.idf)
        return self._chances(values @ self.weights[features], known=len(features) > 0)

    def _chances(self, scores: Floats, *, known: bool) -> NDArray[np.float64]:
        """Of a text without any known gram nothing can be said, so every label is as likely."""
        if not known:
            return np.full(len(self.labels), 1.0 / len(self.labels))
        return softmax(scores + self.intercept, self.temperature)

    def classify(self, text: str, top: int = 3) -> tuple[Choice, ...]:
        """The best labels, best first, with their reasons."""
        clean = normalise(text)
        seen = self.vocabulary.look_up(clean)
        features, values, rows = weigh(seen.features, self.idf)
        weights = self.weights[features]
        chances = self._chances(values @ weights, known=len(features) > 0)
        best = np.argsort(-chances, kind="stable")[:top]
        reasons = _reasons(clean, seen, rows, weights[:, best] * values[:, None])
        return tuple(
            Choice(self.labels[label], round(float(chances[label]), 4), why)
            for label, why in zip(best, reasons, strict=True)
        )

    def abstains(self, choices: tuple[Choice, ...]) -> bool:
        """Whether the best choice is too unsure to be shown as more than a guess."""
        return not choices or choices[0].confidence < self.abstain_below


def _reasons(text: str, seen: Seen, rows: NDArray[Any], weight: NDArray[Any]) -> list[tuple[Reason, ...]]:
    """The words that carry most of the score of each column of ``weight`` (grams by labels)."""
    times = np.bincount(rows, minlength=len(weight))[rows]
    # a gram's score is spread over its occurrences and the characters they cover
    share = weight[rows] / (times * seen.lengths)[:, None]
    per_character = np.zeros((len(text) + 1, weight.shape[1]))
    for length in range(1, MAX_ORDER + 1):
        group = seen.lengths == length
        for offset in range(length):
            # starts are distinct within one length, so plain fancy addition loses nothing
            per_character[seen.starts[group] + offset + 1] += share[group]
    running = per_character.cumsum(axis=0)
    tokens = words(text)
    ends = list(accumulate(len(token) for token in tokens))
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(token, len(numbers)) for token in tokens]
    totals = np.zeros((len(numbers), weight.shape[1]))
    np.add.at(totals, places, np.diff(running[[0, *ends]], axis=0))
    telling = [len(token) > 1 and not token.isdigit() for token in numbers]
    totals[np.logical_not(telling)] = 0.0
    return [_strongest(list(numbers), totals[:, column]) for column in range(weight.shape[1])]


def _strongest(tokens: list[str], scores: NDArray[Any]) -> tuple[Reason, ...]:
    ranked = np.argsort(-scores, kind="stable")[:REASONS].tolist()
    return tuple(Reason("word", tokens[at], round(float(scores[at]), 4)) for at in ranked if scores[at] > 0)
