"""Texts that say nearly the same: which of many earlier ones a new one was copied from."""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import dataclass, field

from nlp.sketches import bands

COPIED_QUESTION = 0.35
"""From this likeness of the questions on, the same answer to both is no copy."""
_SHINGLE = 4
_LOOKED_AT = 40  # texts compared, the first kept of those that share a band: more of them are one standing text


def shingles(text: str) -> set[int]:
    """Every four neighbouring characters, punctuation left out, as numbers that are the same in every process."""
    plain = "".join(filter(str.isalnum, text))
    ends = max(1, len(plain) - _SHINGLE + 1)
    return {zlib.crc32(plain[at : at + _SHINGLE].encode()) for at in range(ends)} if plain else set()


def likeness(one: set[int], other: set[int]) -> float:
    """The share of shingles that both have (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 0.0


@dataclass(slots=True)
class Copies:
    """Holds texts under rising numbers; asked for the one that a new text is most like."""

    _texts: dict[int, set[int]] = field(default_factory=dict)
    _bands: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: int, text: str) -> None:
        """Keep a text under its number."""
        said = shingles(text)
        if not said:
            return
        self._texts[key] = said
        for band in bands(text):
            self._bands[band].append(key)

    def nearest(self, text: str, at_least: float) -> tuple[int, float] | None:
        """The number of the text most like this one, and how like, from ``at_least`` on; the first of equals."""
        said = shingles(text)
        if not said:
            return None
        met = dict.fromkeys(key for band in bands(text) for key in self._bands.get(band, ()))
        near = sorted(met)[:_LOOKED_AT]
        found = max(((key, likeness(said, self._texts[key])) for key in near), key=lambda each: each[1], default=None)
        return found if found and found[1] >= at_least else None
