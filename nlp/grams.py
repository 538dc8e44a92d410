"""Character n-grams of a text as numbers, each with its place, so that a score traces back to words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_CODE_BITS = 21  # a Unicode code point; three of them fit in 63 bits
MAX_ORDER = 3


def _codes(text: str) -> Ints:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4").astype(np.int64)


def gram_keys(text: str, order: int) -> tuple[Ints, Ints, Ints]:
    """Every gram of 1..order characters: its key, where it starts, and how long it is.

    Keys of different lengths never meet: the first character of a longer gram sits above all shorter keys.
    """
    codes = _codes(text)
    keys, starts, lengths = [codes], [np.arange(len(codes))], [np.full(len(codes), 1)]
    packed = codes
    for length in range(2, order + 1):
        if len(codes) < length:
            break
        packed = (packed[:-1] << _CODE_BITS) | codes[length - 1 :]
        keys.append(packed)
        starts.append(np.arange(len(packed)))
        lengths.append(np.full(len(packed), length))
    return np.concatenate(keys), np.concatenate(starts), np.concatenate(lengths)


@dataclass(frozen=True, slots=True)
class Seen:
    """The known grams of one text: feature numbers, and where each stands."""

    features: Ints
    starts: Ints
    lengths: Ints


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The grams a model knows, sorted by key; the place in the list is the feature number."""

    keys: Ints
    order: int

    @classmethod
    def fit(cls, texts: Iterable[str], *, order: int, min_texts: int) -> Vocabulary:
        """All grams that stand in at least ``min_texts`` texts."""
        per_text = [np.unique(gram_keys(text, order)[0]) for text in texts]
        keys, counts = np.unique(np.concatenate(per_text), return_counts=True)
        return cls(keys[counts >= min_texts], order)

    def look_up(self, text: str) -> Seen:
        """The grams of the text that are known, in order of length and place."""
        keys, starts, lengths = gram_keys(text, self.order)
        if not len(self.keys):
            return Seen(keys[:0], starts[:0], lengths[:0])
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[at] == keys
        return Seen(at[known], starts[known], lengths[known])


def weigh(features: Ints, idf: Floats) -> tuple[Ints, Floats, Ints]:
    """Damped TF-IDF of unit length: distinct features, their values, and for each gram its feature's row."""
    distinct, row, counts = np.unique(features, return_inverse=True, return_counts=True)
    values = (1.0 + np.log(counts)).astype(np.float32) * idf[distinct]
    norm = float(np.sqrt(np.dot(values, values)))
    return distinct, values / np.float32(norm or 1.0), row
