"""Finding near-duplicates, so that copies of one message never stand on both sides of a split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from nlp.grams import gram_keys
from nlp.text import normalise

_BANDS, _ROWS = 8, 4  # MinHash: catches about 98 % of pairs that share four fifths of their shingles
_SHINGLE = 3


def near_duplicate_groups(texts: Sequence[str]) -> NDArray[np.int64]:
    """A group number a text; texts that share most of their three-character shingles share the number."""
    sketches = np.stack([_sketch(text) for text in texts])
    bands = sketches.reshape(len(texts), _BANDS, _ROWS)
    left: list[NDArray[np.int64]] = []
    right: list[NDArray[np.int64]] = []
    for band in range(_BANDS):
        _, bucket = np.unique(bands[:, band], axis=0, return_inverse=True)
        first = np.full(bucket.max() + 1, len(texts), dtype=np.int64)
        np.minimum.at(first, bucket, np.arange(len(texts)))
        left.append(np.arange(len(texts)))
        right.append(first[bucket])
    edges = (np.ones(len(texts) * _BANDS, dtype=np.int8), (np.concatenate(left), np.concatenate(right)))
    _, groups = connected_components(coo_matrix(edges, shape=(len(texts), len(texts))), directed=False)
    result: NDArray[np.int64] = groups.astype(np.int64)
    return result


_random = np.random.default_rng(12345)
_FACTORS = _random.integers(1, 2**63, size=_BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)


def _sketch(text: str) -> NDArray[np.uint64]:
    keys, _, lengths = gram_keys(normalise(text), _SHINGLE)
    shingles = np.zeros(1, np.uint64)
    if len(keys):
        shingles = np.unique(keys[lengths == lengths.max()]).astype(np.uint64)
    mixed = shingles[:, None] * _FACTORS
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    result: NDArray[np.uint64] = mixed.min(axis=0)
    return result
