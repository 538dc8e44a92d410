"""A small model of how danger is told: for each sentence, how likely it is an alarm, and of which kind.

It stands beside the lexicon of nlp.urgency, which is sure of its words and knows no others. Linear over single
characters and pairs, so a sentence is judged by looking its pairs up; trained by nlp.training.danger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import add
from pathlib import Path
from typing import Any, cast

import numpy as np

from nlp.results import RiskKind

_SENTENCE_END = re.compile(r"[。！？!?\n]+")
_PAUSE = re.compile(r"[，,；;、：:\s]")
_LONGEST = 70  # what is said in one breath; the longer the stretch, the fainter its alarm
NONE = "-"


@dataclass(frozen=True, slots=True)
class Hunch:
    """Probably an alarm of this kind, and where the clause stands that tells most of it."""

    kind: RiskKind
    probability: float
    telling: tuple[int, int]


def grams(text: str) -> list[str]:
    """Each character and pair of neighbours once, in reading order."""
    plain = "".join(filter(str.isalnum, text))
    return list(dict.fromkeys((*plain, *map(add, plain, plain[1:]))))


@dataclass(frozen=True, slots=True)
class DangerModel:
    """Weights of each gram for each kind; nothing changes after loading."""

    kinds: tuple[str, ...]
    rows: dict[str, int]
    weights: np.ndarray[Any, np.dtype[np.float32]]
    bias: np.ndarray[Any, np.dtype[np.float32]]

    @classmethod
    def load(cls, file: Path) -> DangerModel:
        """A model that `save` wrote; no code is run from it."""
        with np.load(file, allow_pickle=False) as kept:
            known = str(kept["grams"]).split(" ")
            weights = kept["weights"].astype(np.float32)
            return cls(
                tuple(str(kept["kinds"]).split(" ")),
                {gram: row for row, gram in enumerate(known)},
                np.vstack([weights, np.zeros_like(weights[:1])]),
                kept["bias"].astype(np.float32),
            )

    def save(self, file: Path) -> None:
        """One file; weights in half precision, which moves no decision."""
        with file.open("wb") as out:  # given a name, NumPy would add an ending to it
            np.savez_compressed(
                out,
                kinds=np.array(" ".join(self.kinds)),
                grams=np.array(" ".join(self.rows)),
                weights=self.weights[:-1].astype(np.float16),
                bias=self.bias,
            )

    def scores(self, stretches: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """For each stretch the probability of each kind, "-" among them."""
        said = [grams(stretch) for stretch in stretches]
        unknown = len(self.rows)  # a last row of noughts, so that a stretch of unknown characters has one too
        rows = [[self.rows.get(gram, unknown) for gram in each] or [unknown] for each in said]
        starts = np.cumsum([0, *map(len, rows[:-1])])
        summed = np.add.reduceat(self.weights[np.concatenate(rows)], starts, axis=0)
        total = self.bias + summed / np.sqrt([[len(each)] for each in rows])
        odds = np.exp(total - total.max(axis=1, keepdims=True))
        return cast("np.ndarray[Any, np.dtype[np.float32]]", odds / odds.sum(axis=1, keepdims=True))

    def alarm(self, sentence: str) -> float:
        """The probability that it is an alarm of any kind."""
        return float(1 - self.scores([sentence])[0, self.kinds.index(NONE)])

    def likeliest(self, text: str, spans: Sequence[tuple[int, int]]) -> Hunch | None:
        """Which of the stretches is most likely an alarm, and of which kind."""
        if not spans:
            return None
        none = self.kinds.index(NONE)
        chances = self.scores([text[start:end] for start, end in spans])
        at = int(chances[:, none].argmin())
        start, end = spans[at]
        kind = int(np.delete(chances[at], none).argmax())
        kind += kind >= none
        name = cast("RiskKind", self.kinds[kind])
        return Hunch(name, float(1 - chances[at][none]), self._telling(text, start, end, kind, none))

    def _telling(self, text: str, start: int, end: int, kind: int, none: int) -> tuple[int, int]:
        """The clause that speaks most for the kind."""
        clauses = list(_parts(_PAUSE, text, start, end)) or [(start, end)]
        return max(clauses, key=lambda span: self._worth(text[slice(*span)], kind, none))

    def _worth(self, clause: str, kind: int, none: int) -> float:
        known = [row for gram in grams(clause) if (row := self.rows.get(gram)) is not None]
        return float((self.weights[known, kind] - self.weights[known, none]).sum())


def _parts(ends: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for found in ends.finditer(text, start, end):
        if found.start() > at:
            yield at, found.start()
        at = found.end()
    if at < end:
        yield at, end


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Sentences; one that goes on and on is cut at its pauses."""
    for start, end in _parts(_SENTENCE_END, text, 0, len(text)):
        if end - start <= _LONGEST:
            yield start, end
            continue
        first = start
        last = start
        for clause_start, clause_end in _parts(_PAUSE, text, start, end):
            if clause_end - first > _LONGEST and last > first:
                yield first, last
                first = clause_start
            last = clause_end
        yield first, last


@cache
def shipped() -> DangerModel:
    """The model that comes with the product."""
    with resources.as_file(resources.files("nlp").joinpath("data/danger.npz")) as file:
        return DangerModel.load(file)
