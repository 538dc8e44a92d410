"""Which messages speak of one matter: vectors of character pairs, and the pairs of messages that are near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from nlp.mentions import fold

TITLE_WEIGHT = 1.0
BODY_WEIGHT = 0.7
BODY_READ = 400  # characters: what it is about stands at the beginning
RARE_FROM = 20  # what stands in fewer texts is no better a sign: it is mostly somebody's name
BLOCK = 512
TOO_COMMON = 0.25  # pairs in more messages than this tell nothing


def vectors(titles: Sequence[str], bodies: Sequence[str]) -> csr_matrix:
    """A unit vector a message, of noughts where nothing is said; the title counts more than the body."""
    heads, rests = [_letters(title) for title in titles], [_letters(body[:BODY_READ]) for body in bodies]
    texts = [f"{head} {rest}" for head, rest in zip(heads, rests, strict=True)]
    counted = _counted(texts)
    if counted is None:
        return csr_matrix((len(texts), 1), dtype=np.float32)
    counter, seen = counted
    texts_with = np.maximum(
        np.bincount(seen.indices, minlength=seen.shape[1]), min(RARE_FROM, max(2, len(heads) // 200))
    )
    rarity = diags(np.log(len(heads) / texts_with).astype(np.float32).clip(min=0.1))
    mixed: Any = (
        _damped(counter.transform(heads), rarity) * TITLE_WEIGHT
        + _damped(counter.transform(rests), rarity) * BODY_WEIGHT
    )
    return csr_matrix(normalize(mixed))


def _counted(texts: Sequence[str]) -> tuple[CountVectorizer, csr_matrix] | None:
    """The pairs of characters that tell texts apart; of so few texts that none does, all; None where there are none."""
    limits: tuple[dict[str, Any], ...] = ({"min_df": 2, "max_df": TOO_COMMON}, {})
    for limit in limits:
        counter = CountVectorizer(analyzer="char", ngram_range=(2, 2), dtype=np.float32, **limit)
        try:
            return counter, counter.fit_transform(texts)
        except ValueError:  # no pair is left
            continue
    return None


def _damped(counts: csr_matrix, rarity: Any) -> Any:
    counts.data = 1 + np.log(counts.data)
    return normalize(counts @ rarity)


def _letters(text: str) -> str:
    return "".join(letter if letter.isalnum() else " " for letter in fold(text))


def near_pairs(matrix: csr_matrix, least: float) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float32]]]:
    """Each message with the later ones that are at least so near, and how near."""
    turned = matrix.T.tocsc()
    for start in range(0, matrix.shape[0], BLOCK):
        products = (matrix[start : start + BLOCK] @ turned).tocsr()
        for row in range(products.shape[0]):
            others = products.indices[products.indptr[row] : products.indptr[row + 1]]
            nearness = products.data[products.indptr[row] : products.indptr[row + 1]]
            kept = (nearness >= least) & (others > start + row)
            yield start + row, others[kept].astype(np.int64), nearness[kept]
