"""A small model of how danger is told: for each sentence, how likely it is an alarm, and of which kind.

It stands beside the lexicon of nlp.urgency, which is sure of its words and knows no others. Linear over single
characters and pairs, so a sentence is judged by looking its pairs up; trained by nlp.training.danger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
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
    """The stretch start:end is an alarm of this kind with this probability; start:end of the telling part apart."""

    kind: RiskKind
    probability: float
    start: int
    end: int
    telling: tuple[int, int]


def grams(text: str) -> list[str]:
    """Each character and pair of neighbours once, in a fixed order."""
    plain = "".join(character for character in text if character.isalnum())
    return sorted({*plain, *(plain[at : at + 2] for at in range(len(plain) - 1))})


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
                weights,
                kept["bias"].astype(np.float32),
            )

    def save(self, file: Path) -> None:
        """One file; weights in half precision, which moves no decision."""
        np.savez_compressed(
            file,
            kinds=np.array(" ".join(self.kinds)),
            grams=np.array(" ".join(self.rows)),
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )

    def scores(self, sentence: str) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The probability of each kind, "-" among them."""
        said = grams(sentence)
        known = [row for gram in said if (row := self.rows.get(gram)) is not None]
        total = self.bias + self.weights[known].sum(axis=0) / np.sqrt(max(len(said), 1))
        odds = np.exp(total - total.max())
        return cast("np.ndarray[Any, np.dtype[np.float32]]", odds / odds.sum())

    def alarm(self, sentence: str) -> float:
        """The probability that it is an alarm of any kind."""
        return float(1 - self.scores(sentence)[self.kinds.index(NONE)])

    def hunches(self, text: str, at_least: float) -> Iterator[Hunch]:
        """The stretches of the text that are alarms with at least this probability."""
        none = self.kinds.index(NONE)
        for start, end in stretches(text):
            chances = self.scores(text[start:end])
            alarm = float(1 - chances[none])
            if alarm >= at_least:
                chances[none] = 0
                kind = int(chances.argmax())
                told = self._telling(text, start, end, kind, none)
                yield Hunch(cast("RiskKind", self.kinds[kind]), alarm, start, end, told)

    def _telling(self, text: str, start: int, end: int, kind: int, none: int) -> tuple[int, int]:
        """The clause that speaks most for the kind."""
        clauses = list(_parts(_PAUSE, text, start, end))
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
