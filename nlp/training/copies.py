"""Messages as they might also have come: without their title, as a title alone, or cut off after a few words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.grams import OPENING
from nlp.text import split_title

KINDS = {"no title": 0.4, "title alone": 0.2, "first words": 0.2}
"""What a copy of each kind weighs in training, where the message itself weighs 1."""
MOST_COPIED = 20_000  # messages; more of them teach by themselves how short ones look


@dataclass(frozen=True, slots=True)
class Copy:
    """A shortened message: what kind it is of, and which message it was made from."""

    text: str
    kind: str
    origin: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """All texts to learn from, the messages first: what each counts and which message it was made from."""

    texts: tuple[str, ...]
    weight: NDArray[np.float64]
    origin: NDArray[np.int64]
    kinds: tuple[str, ...]


def with_copies(texts: Sequence[str], *, copies: bool = True) -> Weighed:
    """The messages and their copies; of a large table every so many-th message has them."""
    step = -(-len(texts) // MOST_COPIED)
    origins = range(0, len(texts), step) if copies else ()
    made = [copy for origin in origins for copy in _copies(texts[origin], origin)]
    return Weighed(
        texts=(*texts, *(copy.text for copy in made)),
        weight=np.array([1.0] * len(texts) + [KINDS[copy.kind] for copy in made]),
        origin=np.array([*range(len(texts)), *(copy.origin for copy in made)]),
        kinds=("",) * len(texts) + tuple(copy.kind for copy in made),
    )


def _copies(text: str, origin: int) -> Iterator[Copy]:
    title, body = split_title(text)
    if title:
        yield Copy(body, "no title", origin)
        yield Copy(title, "title alone", origin)
    if len(body) > OPENING * 3 // 2:
        yield Copy(body[:OPENING], "first words", origin)
