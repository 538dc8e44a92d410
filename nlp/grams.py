"""The features of a text, characters in a row and whole words, each with its place, so that a score traces back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nlp.segment import words
from nlp.text import normalise, split_title

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_CODE_BITS = 21  # a Unicode code point; three of them fit in 63 bits
MAX_ORDER = 3
KINDS = 4
LONGEST = 20_000  # characters read; what a pasted book is about stands on its first pages
LONGEST_TITLE = 60
OPENING = 30
_KIND_SHIFT = np.uint64(61)  # a key's two highest bits below the sign say of which kind it is
_FIRST_OTHER_KIND = np.int64(1 << int(_KIND_SHIFT))
_BASE = np.uint64(0x9E3779B97F4A7C15)
_BASE_INVERSE = np.uint64(pow(int(_BASE), -1, 2**64))
_CHUNK = 4_000  # texts whose grams are counted together, so that a hundred thousand fit in memory


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
class Layout:
    """Which stretches of a text are features.

    There are four kinds: grams and words of the whole text, and again those of its opening, where the
    title stands or the caller says what it is about. Each kind has unit length times its weight.
    """

    order: int = 2
    opening: int = OPENING
    weights: tuple[float, ...] = (1.0, 0.7, 0.63, 0.55)

    def fits(self) -> bool:
        """Whether the numbers make sense; they may come from a file."""
        weights = len(self.weights) == KINDS and all(0 <= weight < 100 for weight in self.weights)
        return weights and 1 <= self.order <= MAX_ORDER and 0 <= self.opening <= LONGEST


GRAMS_ONLY = Layout(opening=0, weights=(1.0, 0.0, 0.0, 0.0))
"""For texts of one sentence made from templates: their openings and words are too much alike."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches of one text: their distinct keys in order and how often each occurs; key, start and length of each."""

    keys: Ints
    counts: Ints
    rows: Ints
    starts: Ints
    lengths: Ints


@dataclass(frozen=True, slots=True)
class Shares:
    """What of each key lies on which word: ``parts`` of the key at ``rows`` are on the word at ``places``.

    ``silent`` words are no reasons: single characters and numbers.
    """

    words: list[str]
    silent: NDArray[np.bool_]
    rows: Ints
    places: Ints
    parts: NDArray[np.float64]


@dataclass(frozen=True)
class Cut:
    """A text made ready for every vocabulary of one layout: normal form, words (joined they are it), and stretches."""

    said: str
    text: str
    words: list[str]
    opening: int
    layout: Layout
    spans: Spans

    @cached_property
    def shares(self) -> Shares:
        """A key's weight is spread evenly over its occurrences and the characters they cover; made at first need."""
        numbers: dict[str, int] = {}
        places = [numbers.setdefault(word, len(numbers)) for word in self.words]
        word_at = np.repeat(np.array(places, dtype=np.int64), [len(word) for word in self.words])
        spans = self.spans
        rows = np.repeat(spans.rows, spans.lengths)
        ends = np.cumsum(spans.lengths)
        within = np.arange(len(rows)) - np.repeat(ends - spans.lengths - spans.starts, spans.lengths)
        parts = np.repeat(1.0 / (spans.counts[spans.rows] * spans.lengths), spans.lengths)
        silent = np.array([len(word) < 2 or word.isdigit() for word in numbers], dtype=bool)
        return Shares(list(numbers), silent, rows, word_at[within], parts)

    @classmethod
    def of(cls, said: str, layout: Layout) -> Cut:
        """The opening is the title, if there is one of no more than a title's length; else the first words."""
        text = normalise(said[:LONGEST])
        title = len(normalise(split_title(said[:LONGEST])[0]))
        has_title = layout.opening and 0 < title <= LONGEST_TITLE
        opening = title if has_title else layout.opening
        tokens = words(text)
        return cls(said, text, tokens, opening, layout, _spans(text, tokens, opening, layout))


def _spans(text: str, tokens: list[str], opening: int, layout: Layout) -> Spans:
    """All stretches that the layout makes features of."""
    size = len(text)
    starts = [np.arange(size - length + 1) for length in range(1, min(layout.order, size) + 1)]
    lengths = [np.full(len(group), length) for length, group in enumerate(starts, start=1)]
    sizes = np.fromiter(map(len, tokens), dtype=np.int64, count=len(tokens) if layout.weights[1] else 0)
    starts.append(np.cumsum(sizes) - sizes)
    lengths.append(sizes)
    start, length = np.concatenate(starts), np.concatenate(lengths)
    kind = np.repeat(np.array([0, 1], dtype=np.uint64), [len(start) - len(sizes), len(sizes)])
    hashes = _hashes(text, start, length)
    early = np.flatnonzero(start + length <= opening)
    every = _keys(np.concatenate([hashes, hashes[early]]), np.concatenate([kind, kind[early] + np.uint64(2)]))
    keys, rows, counts = np.unique(every, return_inverse=True, return_counts=True)
    return Spans(keys, counts, rows, np.concatenate([start, start[early]]), np.concatenate([length, length[early]]))


def _powers(most: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The base and its inverse to the powers of 0..most, in 64 bits."""
    powers, inverses = np.full(most + 1, _BASE), np.full(most + 1, _BASE_INVERSE)
    powers[0] = inverses[0] = 1
    return np.cumprod(powers, out=powers), np.cumprod(inverses, out=inverses)


_USUAL = _powers(LONGEST)  # a normal form may be longer than what was said: one sign can stand for a word


def _hashes(text: str, starts: Ints, lengths: Ints) -> NDArray[np.uint64]:
    """A number for the characters of each stretch, whatever its place: a polynomial, shifted back to its start."""
    size = len(text)
    powers, inverses = _powers(size) if size > LONGEST else _USUAL
    sums = np.zeros(size + 1, dtype=np.uint64)
    np.cumsum((_codes(text).astype(np.uint64) + np.uint64(1)) * powers[:size], out=sums[1:])
    result: NDArray[np.uint64] = (sums[starts + lengths] - sums[starts]) * inverses[starts]
    return result


def _keys(hashes: NDArray[np.uint64], kinds: NDArray[np.uint64]) -> Ints:
    mixed = hashes ^ (hashes >> np.uint64(32))
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    return ((mixed >> np.uint64(3)) | (kinds << _KIND_SHIFT)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Seen:
    """The known grams and words of one text: distinct feature numbers in order, their rows in its keys, how often."""

    features: Ints
    rows: Ints
    counts: Ints


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The grams and words a model knows, sorted by key; the place in the list is the feature number."""

    keys: Ints
    layout: Layout

    @classmethod
    def fit(
        cls, texts: Iterable[str], layout: Layout, *, min_texts: int, most: int | None = None
    ) -> tuple[Vocabulary, Ints]:
        """What stands in at least ``min_texts`` texts, at ``most`` the most frequent; and in how many each stands."""
        keys, counts = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        for more_keys, more_counts in _counted(texts, layout):
            keys, row = np.unique(np.concatenate([keys, more_keys]), return_inverse=True)
            counts = np.bincount(row, weights=np.concatenate([counts, more_counts])).astype(np.int64)
        kept = counts >= min_texts
        if most is not None and kept.sum() > most:
            kept[np.argsort(-counts, kind="stable")[most:]] = False
        return cls(keys[kept], layout), counts[kept]

    @property
    def order(self) -> int:
        """How many characters the longest gram has."""
        return self.layout.order

    def cut(self, said: str | Cut) -> Cut:
        """The text as this vocabulary wants it; what was made ready for another of the same layout serves."""
        if isinstance(said, Cut):
            return said if said.layout == self.layout else Cut.of(said.said, self.layout)
        return Cut.of(said, self.layout)

    def look_up(self, said: str | Cut) -> Seen:
        """What is known of a text, as it was said or made ready."""
        found = self.cut(said).spans
        if not len(self.keys):
            return Seen(found.keys[:0], found.keys[:0], found.counts[:0])
        at = np.minimum(np.searchsorted(self.keys, found.keys), len(self.keys) - 1)
        rows = np.flatnonzero(self.keys[at] == found.keys)
        return Seen(at[rows], rows, found.counts[rows])

    def grams_among(self, features: Ints) -> int:
        """How many of the distinct features are grams of the whole text."""
        return int(np.count_nonzero(self.keys[features] < _FIRST_OTHER_KIND))

    def weigh(self, seen: Seen, idf: Floats) -> Floats:
        """Damped TF-IDF: the values of each kind have unit length times the kind's weight."""
        values = (1.0 + np.log(seen.counts)).astype(np.float32) * idf[seen.features]
        kinds = self.keys[seen.features] >> np.int64(_KIND_SHIFT)
        lengths = np.sqrt(np.bincount(kinds, weights=values * values, minlength=KINDS))
        scale = np.asarray(self.layout.weights) / np.where(lengths > 0, lengths, 1.0)
        weighed: Floats = values * scale[kinds].astype(np.float32)
        return weighed


def _counted(texts: Iterable[str], layout: Layout) -> Iterator[tuple[Ints, Ints]]:
    """Keys with the number of texts they stand in, for a few thousand texts at a time."""
    per_text: list[Ints] = []
    for text in texts:
        per_text.append(Cut.of(text, layout).spans.keys)
        if len(per_text) == _CHUNK:
            yield np.unique(np.concatenate(per_text), return_counts=True)
            per_text = []
    if per_text:
        yield np.unique(np.concatenate(per_text), return_counts=True)
