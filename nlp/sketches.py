"""A text as a few numbers that near-copies share, small enough to be kept and looked up by index."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.mentions import fold

BANDS, ROWS = 8, 2  # MinHash: of two texts that share half of their shingles nine in ten meet in a band
SHINGLE = 3
_random = np.random.default_rng(12345)
_FACTORS = _random.integers(1, 2**63, size=BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_PLACES = np.arange(1, BANDS + 1, dtype=np.uint64)


def letters(text: str) -> str:
    """What of a text is compared: its letters and digits in one spelling."""
    return "".join(filter(str.isalnum, fold(text)))


def bands(text: str, salt: int = 0) -> list[int]:
    """Eight numbers of 31 bits; another `salt` gives others, so that texts of different times never meet."""
    codes = np.frombuffer(letters(text).encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)
    if len(codes) < SHINGLE:
        return []
    shingles = np.unique((codes[:-2] << np.uint64(42)) | (codes[1:-1] << np.uint64(21)) | codes[2:])
    rows = _mixed(shingles[:, None] * _FACTORS).min(axis=0).reshape(BANDS, ROWS)
    joined = (rows[:, 0] * _GOLDEN) ^ rows[:, 1] ^ ((_PLACES + np.uint64(BANDS * salt)) * _FACTORS[0])
    return [int(band) for band in _mixed(joined) >> np.uint64(33)]


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = numbers ^ (numbers >> np.uint64(32))
    mixed *= _GOLDEN
    mixed ^= mixed >> np.uint64(29)
    return mixed


def pairs(text: str) -> frozenset[str]:
    """The neighbouring letters of a text."""
    plain = letters(text)
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The cosine of two sets of pairs: 1 for the same words, 0 for none in common."""
    shared = len(one & other)
    return shared / (len(one) * len(other)) ** 0.5 if shared else 0.0
