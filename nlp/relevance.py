"""Which of some thousand known questions is asked: BM25 finds them, the share of a question that was said decides."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np

from nlp.segment import search_tokens
from nlp.text import normalise

CANDIDATES = 20
LONGEST = 2_000  # characters of what was said that are read
FEWEST = 2
"""Words that a question must share with what was said, where it has so many: one rare word is chance."""


@dataclass(frozen=True, slots=True)
class Known:
    """One thing to be found: the ways in which it is asked, and its further words."""

    questions: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Match:
    """`position` in the list of known things; `share` (0 to 1) of the likeliest question's weight that was said."""

    position: int
    share: float
    words: tuple[str, ...]


class Relevance:
    """Immutable after it is made, so threads may share one."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._questions = [[_tokens(question) for question in one.questions] for one in known]
        documents = [
            [*(t for q in questions for t in q), *_tokens(one.body)]
            for questions, one in zip(self._questions, known, strict=True)
        ]
        self._rarity = _rarity(documents)
        self._index = bm25s.BM25()
        if any(documents):
            self._index.index(documents, show_progress=False)

    def search(self, query: str, top: int) -> list[int]:
        """Positions of what holds the query's words, best first."""
        tokens = [token for token in _tokens(query) if token in self._rarity]
        if not tokens:
            return []
        scores = self._index.get_scores(tokens)
        best = np.argsort(-scores, kind="stable")[:top]
        return [int(position) for position in best if scores[position] > 0]

    def asked(self, text: str, top: int, least: float) -> list[Match]:
        """What the words ask for, best first: only where at least the share `least` of a known question was said.

        Of a long talk its last words are heard: what is asked now stands at the end.
        """
        last = text[-LONGEST:]
        said = set(_tokens(last))
        found = [self._match(position, said) for position in self.search(last, CANDIDATES)]
        return sorted((match for match in found if match.share >= least), key=lambda match: -match.share)[:top]

    def _match(self, position: int, said: set[str]) -> Match:
        return max(
            (self._share(position, question, said) for question in self._questions[position]),
            key=lambda match: match.share,
        )

    @staticmethod
    def _telling(tokens: Iterable[str]) -> tuple[str, ...]:
        return tuple(token for token in tokens if len(token) > 1)

    def _share(self, position: int, question: list[str], said: set[str]) -> Match:
        tokens = dict.fromkeys(question)
        whole = sum(self._rarity[token] for token in tokens)
        common = [token for token in tokens if token in said]
        words = self._telling(common)
        if len(words) < min(FEWEST, len(self._telling(tokens))):
            return Match(position, 0.0, words)
        share = sum(self._rarity[token] for token in common) / whole if whole else 0.0
        return Match(position, round(share, 4), words)


def _tokens(text: str) -> list[str]:
    return search_tokens(normalise(text[:LONGEST]))


def _rarity(documents: list[list[str]]) -> dict[str, float]:
    """The inverse document frequency of every token, always above 0 (Robertson and Spärck Jones, as in Lucene)."""
    seen = Counter(token for document in documents for token in set(document))
    return {token: math.log(1 + (len(documents) - n + 0.5) / (n + 0.5)) for token, n in seen.items()}
