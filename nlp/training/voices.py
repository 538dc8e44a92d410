"""The manners in which one thing reaches a hotline: greeted, transcribed, dialect-flavoured, mistyped."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

_CLAUSE = re.compile(r"[，；]")
_PAUSE = re.compile(r"[，。！？；：,.!?]+")

_OPENING, _CLOSING, _SHORTER = 0.35, 0.3, 0.3  # shares of messages
_TRANSCRIBED, _CANTONESE, _MISTYPED = 0.15, 0.1, 0.1


def sections(text: str) -> dict[str, list[str]]:
    """Lines under the [name] that stands above them; a name has neither choice nor slot in it."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if re.fullmatch(r"\[[a-z_:]+\]", line):
            found[line[1:-1]] = current = []
        elif line and not line.startswith("#"):
            current.append(line)
    return found


class Voices:
    """Changes plain sentences as callers would say them."""

    def __init__(self, voices: Mapping[str, list[str]], chance: random.Random, expand: Callable[[str], str]) -> None:
        self._random = chance
        self._expand = expand
        self._openings, self._closings, self._fillers = (voices[k] for k in ("opening", "closing", "filler"))
        self._cantonese = [tuple(line.split("=")) for line in voices["cantonese"]]
        self._typos = [tuple(line.split("=")) for line in voices["typo"]]

    def cut_short(self, fact: str) -> str:
        """Some callers leave out one clause of several."""
        clauses = _CLAUSE.split(fact)
        if len(clauses) > 1 and self._random.random() < _SHORTER:
            clauses.pop(self._random.randrange(1, len(clauses)))
        return "，".join(clauses)

    def speak(self, text: str) -> str:
        """Greeting and farewell, and at most one of the manners."""
        if self._random.random() < _OPENING:
            text = self._expand(self._random.choice(self._openings)) + text
        if self._random.random() < _CLOSING:
            text = f"{text}，{self._random.choice(self._closings)}"
        manner = self._random.random()
        if manner < _TRANSCRIBED:
            return self._transcribed(text)
        if manner < _TRANSCRIBED + _CANTONESE:
            return _replaced(text, self._cantonese)
        if manner < _TRANSCRIBED + _CANTONESE + _MISTYPED:
            return _replaced(text, self._random.sample(self._typos, k=len(self._typos) // 2))
        return text

    def _transcribed(self, text: str) -> str:
        """As a recogniser writes it: no marks, fillers left in."""
        clauses = [clause for clause in _PAUSE.split(text) if clause]
        return "".join(self._filler() + clause for clause in clauses)

    def _filler(self) -> str:
        return self._random.choice(self._fillers) if self._random.random() < 0.3 else ""


def _replaced(text: str, pairs: list[tuple[str, ...]]) -> str:
    for plain, spoken in pairs:
        text = text.replace(plain, spoken)
    return text
