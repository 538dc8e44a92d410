"""How like our titles are to those that people wrote: characters in common, and the longest common sequence."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Callable, Sequence

from nlp.summary import TITLE_LENGTH, summarise

_MARKS = re.compile(r"[\W_]")
LEAD = 20


def characters_f1(one: str, other: str) -> float:
    """F1 of the characters (as a bag) that both have, marks left out."""
    ours, theirs = Counter(_MARKS.sub("", one)), Counter(_MARKS.sub("", other))
    both = sum((ours & theirs).values())
    return 2 * both / (sum(ours.values()) + sum(theirs.values())) if both else 0.0


def rouge_l(one: str, other: str) -> float:
    """F1 of the longest common sequence of characters, marks left out."""
    ours, theirs = _MARKS.sub("", one), _MARKS.sub("", other)
    if not ours or not theirs:
        return 0.0
    row = [0] * (len(theirs) + 1)
    for character in ours:
        before = row
        row = [0]
        for at, their in enumerate(theirs):
            row.append(before[at] + 1 if character == their else max(before[at + 1], row[-1]))
    return 2 * row[-1] / (len(ours) + len(theirs))


def figures(texts: Sequence[str], titles: Sequence[str]) -> dict[str, dict[str, float]]:
    """Our titles beside the first characters of the message, as many as a short and a full title has."""
    makers: dict[str, Callable[[str], str]] = {
        "ours": lambda text: summarise(text).title,
        f"first_{LEAD}": lambda text: _MARKS.sub("", text)[:LEAD],
        f"first_{TITLE_LENGTH}": lambda text: _MARKS.sub("", text)[:TITLE_LENGTH],
    }
    return {name: _measured([make(text) for text in texts], titles) for name, make in makers.items()}


def _measured(made: Sequence[str], titles: Sequence[str]) -> dict[str, float]:
    pairs = list(zip(made, titles, strict=True))
    return {
        "characters_f1": round(statistics.mean(characters_f1(*pair) for pair in pairs), 4),
        "rouge_l": round(statistics.mean(rouge_l(*pair) for pair in pairs), 4),
        "length": round(statistics.mean(map(len, made)), 1),
    }
