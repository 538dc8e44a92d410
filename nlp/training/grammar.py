"""The starting corpus: sentences in the voices of real callers, made from the templates of corpus/.

A matter file names a leaf by its code and then gives lines: ``-`` what is wrong, ``?`` a question, ``+`` a
proposal, ``!`` praise. ``[a|b]`` is a choice, ``{name}`` a slot. frames.txt wraps what is said in the
tone of a request type.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from nlp.training.voices import Voices, sections

SEED = 12345
PER_LINE = 12  # sentences made from one template line
_PER_GENERAL_LINE = 24  # praise and other stand in one file for all matters

_USUAL = 0.7  # share of troubles brought as the matter's commonest type
_BARE = 0.35  # share of those said without any words that tell the type

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_CODE = re.compile(r"\d{4}")
_KINDS = {"?": "consultation", "+": "suggestion", "!": "praise"}
_WRONGS = ("complaint", "report", "help")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One made sentence; ``matter`` is empty when it is about none; ``family`` is its template."""

    text: str
    matter: str
    type: str
    family: str


@dataclass(frozen=True, slots=True)
class Template:
    """One line of a matter file."""

    matter: str
    kind: str
    pattern: str


def corpus_folder() -> Traversable:
    """Where the templates are."""
    return resources.files("nlp.training").joinpath("corpus")


def read_templates() -> Iterator[Template]:
    """Every line of every matter file, in a fixed order."""
    for file in sorted(corpus_folder().joinpath("matters").iterdir(), key=lambda entry: entry.name):
        matter = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            if _CODE.fullmatch(line):
                matter = line
            elif line:
                yield Template(matter, line[0], line[1:].strip())


class Grammar:
    """Expands templates; one seed always gives the same sentences."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)
        self._slots = _slots()
        self._frames = sections(_read("frames.txt"))
        voices = sections(_read("voices.txt"))
        for name in ("feel", "crack", "aid"):
            self._slots[name] = tuple(voices[name])
        # a section named type:slot holds words that only frames of that type use
        owned = {name.partition(":")[2]: tuple(lines) for name, lines in self._frames.items()}
        self._slots |= {slot: lines for slot, lines in owned.items() if slot}
        self._voices = Voices(voices, self._random, self.expand)

    def expand(self, pattern: str) -> str:
        """The pattern with every choice made and every slot filled."""
        while True:
            text = _CHOICE.sub(lambda match: self._random.choice(match[1].split("|")), pattern)
            text = _SLOT.sub(self._fill, text)
            if text == pattern:
                return text
            pattern = text

    def sentences(self, type_hints: Mapping[str, str]) -> Iterator[Sentence]:
        """The whole corpus; ``type_hints`` gives each matter's commonest request type."""
        for number, template in enumerate(read_templates()):
            for _ in range(PER_LINE):
                request = self._request_type(template.kind, type_hints[template.matter])
                usual = request == type_hints[template.matter]
                text = self._said(template.pattern, request, brief=usual)
                yield Sentence(text, template.matter, request, f"{template.matter}-{number}")
        yield from self._general("praise.txt", "praise")
        yield from self._general("other.txt", "other")

    def _general(self, file: str, request: str) -> Iterator[Sentence]:
        for number, pattern in enumerate(_lines(_read(file))):
            for _ in range(_PER_GENERAL_LINE):
                plain = request == "other"
                text = self.expand(pattern) if plain else self._said(pattern, request, brief=True)
                yield Sentence(text, "", request, f"{request}-{number}")

    def _request_type(self, kind: str, hint: str) -> str:
        if kind in _KINDS:
            return _KINDS[kind]
        usual = hint if hint in _WRONGS else "complaint"
        return usual if self._random.random() < _USUAL else self._random.choice(_WRONGS)

    def _said(self, pattern: str, request: str, *, brief: bool) -> str:
        """What is said, in the tone of its type and in some caller's voice; now and then the bare fact."""
        fact = self._voices.cut_short(self.expand(pattern))
        bare = brief and self._random.random() < _BARE
        frame = "{fact}" if bare else self._random.choice(self._frames[request])
        return self._voices.speak(self.expand(frame.replace("{fact}", fact)))

    def _fill(self, match: re.Match[str]) -> str:
        return self._random.choice(self._slots[match[1]])


@cache
def _read(name: str) -> str:
    return corpus_folder().joinpath(name).read_text(encoding="utf-8")


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _slots() -> dict[str, tuple[str, ...]]:
    named = (line.split(":", 1) for line in _lines(_read("slots.txt")))
    return {name: tuple(values.strip().split("|")) for name, values in named}
