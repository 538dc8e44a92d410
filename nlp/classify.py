"""A linear text classifier in use: calibrated choices, each with the words that decided it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import modelfile
from nlp.errors import ModelRefused
from nlp.grams import Cut, Floats, Ints, Layout, Shares, Vocabulary
from nlp.results import Choice, Reason

REASONS = 5
LEAST_KNOWN = 3  # different grams; two known characters in a row are three


def chances(scores: NDArray[Any], temperature: float) -> NDArray[np.float64]:
    """Each machine's answer, yes (above 0) or no, as a likelihood, and all as shares of one.

    A logistic curve each (Platt, 1999) and not a softmax: how far beyond yes a score lies tells little, how far
    below tells much. A higher temperature is a humbler model.
    """
    likely = -np.logaddexp(0.0, -scores.astype(np.float64) / temperature)
    shares = np.exp(likely - likely.max(axis=-1, keepdims=True))
    result: NDArray[np.float64] = shares / shares.sum(axis=-1, keepdims=True)
    return result


@dataclass(frozen=True, slots=True)
class Classifier:
    """Immutable after loading, so any number of threads may share one."""

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    idf: Floats
    weights: Floats  # one row a gram, one column a label
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
                vocabulary=Vocabulary(arrays["keys"].astype(np.int64), _layout(facts)),
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
            **asdict(self.vocabulary.layout),
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
        if not (fits and labels > 1 and self.vocabulary.layout.fits() and self.temperature > 0):
            raise ModelRefused(f"{folder}: arrays and labels do not fit together")
        if not all(np.isfinite(array).all() for array in (self.weights, self.idf, self.intercept)):
            raise ModelRefused(f"{folder}: the weights hold values that are no numbers")

    def probabilities(self, text: str) -> NDArray[np.float64]:
        """One probability a label, in the order of ``labels``."""
        return chances(self.scores(text), self.temperature)

    def scores(self, text: str) -> Floats:
        """One score a label, in the order of ``labels``: above 0 its machine says yes."""
        seen = self.vocabulary.look_up(text)
        values = self.vocabulary.weigh(seen, self.idf)
        return self._scores(values @ self.weights.take(seen.features, axis=0), seen.features)

    def _scores(self, carried: Floats, features: Ints) -> Floats:
        """Of a text with hardly a known gram nothing can be said, so every label is as likely."""
        known = self.vocabulary.grams_among(features)
        scores: Floats = carried + self.intercept if known >= LEAST_KNOWN else np.zeros_like(self.intercept)
        return scores

    def classify(self, text: str | Cut, top: int = 3) -> tuple[Choice, ...]:
        """The best labels, best first, with their reasons; a text cut for one model serves others of its layout."""
        cut = self.vocabulary.cut(text)
        seen = self.vocabulary.look_up(cut)
        values = self.vocabulary.weigh(seen, self.idf)
        weights = self.weights.take(seen.features, axis=0)
        found = chances(self._scores(values @ weights, seen.features), self.temperature)
        best = np.argsort(-found, kind="stable")[:top]
        # what speaks for all labels alike would pass for a reason
        telling = weights[:, best] - weights.mean(axis=1, keepdims=True)
        carried = np.zeros((len(best), len(cut.spans.keys)))
        carried[:, seen.rows] = (telling * values[:, None]).T
        return tuple(
            Choice(self.labels[label], round(float(found[label]), 4), _reasons(cut.shares, carries))
            for label, carries in zip(best, carried, strict=True)
        )

    def familiarity(self, text: str) -> tuple[int, int]:
        """How many grams and words of the text training has met, and of how many."""
        cut = self.vocabulary.cut(text)
        return int(self.vocabulary.look_up(cut).counts.sum()), len(cut.spans.rows)

    def abstains(self, choices: tuple[Choice, ...]) -> bool:
        """Whether the best choice is too unsure to be shown as more than a guess."""
        return not choices or choices[0].confidence < self.abstain_below


def _layout(facts: dict[str, Any]) -> Layout:
    return Layout(int(facts["order"]), int(facts["opening"]), tuple(float(weight) for weight in facts["weights"]))


def _reasons(shares: Shares, carries: NDArray[np.float64]) -> tuple[Reason, ...]:
    """The words that carry most of a score, when each key of the text ``carries`` a part of it."""
    parts = carries[shares.rows] * shares.parts
    # rounded, so that of words that weigh the same the first said comes first
    scores = np.bincount(shares.places, parts, minlength=len(shares.words)).round(9)
    scores[shares.silent] = 0.0
    ranked = np.argsort(-scores, kind="stable")[:REASONS].tolist()
    return tuple(Reason("word", shares.words[at], round(float(scores[at]), 4)) for at in ranked if scores[at] > 0)
