"""Where the names of a gazetteer stand in a text: as written, by ear, or with one character wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nlp.text import Letters, simplify

Level = Literal["province", "city", "district", "street", "community", "poi"]
RANK: dict[Level, int] = {"province": 0, "city": 1, "district": 2, "street": 3, "community": 4, "poi": 5}


@dataclass(frozen=True, slots=True)
class GazetteerEntry:
    """One place of the city served; ``parent`` is the code of the place it lies in."""

    code: str
    name: str
    level: Level
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a text, with every entry that bears it; ``certainty`` is 1 for what is written out."""

    start: int
    end: int
    entries: tuple[GazetteerEntry, ...]
    certainty: float


_SUFFIX = re.compile(r"(?:街道办事处|街道|社区|居委会|村委会|镇|乡|区|县|市|省|村)$")
_SHORTEST = 2


def names_of(entry: GazetteerEntry) -> set[str]:
    """The name and its other names."""
    return {fold(name) for name in (entry.name, *entry.aliases) if len(name) >= _SHORTEST}


def short_name(entry: GazetteerEntry) -> str:
    """The name without its kind, "南湖" for "南湖街道"; of a village only where enough is left to tell it by."""
    short = _SUFFIX.sub("", fold(entry.name))
    shortest = _SHORTEST if RANK[entry.level] <= RANK["street"] else _SHORTEST + 1
    return short if len(short) >= shortest else ""


def _folded(character: str) -> str:
    lower = unicodedata.normalize("NFKC", character).lower()
    return simplify(lower if len(lower) == 1 else character)


fold = Letters(_folded)
"""Half width, lower case, simplified characters, letter for letter, so that places in the text stay the same."""


_KIND = re.compile(
    r"(?:街道|社区|镇|乡|村|区|大道|路|街|巷|小区|花园|广场|市场|公园|医院|学校|小学|中学|幼儿园|社区居委会)$"
)


class NameIndex:
    """Finds the longest known name at each place of a text."""

    def __init__(self, named: Iterable[tuple[str, GazetteerEntry]]) -> None:
        gathered: dict[str, list[GazetteerEntry]] = {}
        for name, entry in named:
            bearers = gathered.setdefault(name, [])
            if entry not in bearers:
                bearers.append(entry)
        self._bearers = {name: tuple(entries) for name, entries in gathered.items()}
        lengths: dict[int, set[int]] = {}
        for name in gathered:
            lengths.setdefault((ord(name[0]) << 21) | ord(name[1]), set()).add(len(name))
        self._heads = np.array(sorted(lengths), dtype=np.int64)
        self._lengths = [sorted(lengths[head], reverse=True) for head in self._heads.tolist()]

    def find(self, text: str, certainty: float) -> list[Mention]:
        """Mentions from left to right that do not overlap, the longest at each place."""
        heads = _heads(text)
        if not len(heads) or not len(self._heads):
            return []
        rows = np.minimum(np.searchsorted(self._heads, heads), len(self._heads) - 1)
        begins = np.flatnonzero(self._heads[rows] == heads)
        found: list[Mention] = []
        free = 0
        for at, row in zip(begins.tolist(), rows[begins].tolist(), strict=True):
            lengths = self._lengths[row] if at >= free else ()
            name = next((said for length in lengths if (said := text[at : at + length]) in self._bearers), "")
            if name:
                free = at + len(name)
                found.append(Mention(at, free, self._bearers[name], certainty))
        return found


def _heads(text: str) -> NDArray[np.int64]:
    """Each two neighbouring characters as one number."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    return (codes[:-1] << 21) | codes[1:]


class SlipIndex:
    """Finds names of which one character is wrong; names with little beside their kind are not guessed at."""

    SHORTEST, LONGEST = 4, 10
    STEM = 3

    def __init__(self, named: Iterable[tuple[str, GazetteerEntry]]) -> None:
        self._by_rest: dict[str, list[GazetteerEntry]] = {}
        for name, entry in named:
            if self.SHORTEST <= len(name) <= self.LONGEST and len(_KIND.sub("", name)) >= self.STEM:
                for rest in self._rests(name):
                    self._by_rest.setdefault(rest, []).append(entry)

    @staticmethod
    def _rests(name: str) -> Iterator[str]:
        for wrong in range(len(name)):
            yield f"{name[:wrong]}?{name[wrong + 1 :]}"

    def ending_at(self, text: str, start: int, end: int) -> tuple[int, tuple[GazetteerEntry, ...]] | None:
        """The longest such name that ends at `end` and begins not before `start`."""
        for begin in range(max(start, end - self.LONGEST), end - self.SHORTEST + 1):
            for rest in self._rests(text[begin:end]):
                if rest in self._by_rest:
                    return begin, tuple(self._by_rest[rest])
        return None


# what southern speakers and recognisers mix up: retroflex and flat, n and l, front and back nasals
_MIXED_UP = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


class _Sounds:
    """A letter of the private area for each blurred syllable; what has no sound stays as it is."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._next = count(0xE000)

    def letter(self, character: str) -> str:
        from pypinyin import lazy_pinyin  # takes a third of a second: only when a name is looked for by ear

        said = lazy_pinyin(character)[0] if "\u3400" <= character <= "\u9fff" else character
        if said == character:
            return character
        syllable = _blurred(said)
        if syllable not in self._letters:
            self._letters.setdefault(syllable, chr(next(self._next)))  # another thread may have been faster
        return self._letters[syllable]


def _blurred(sound: str) -> str:
    for precise, blurred in _MIXED_UP:
        sound = sound.replace(precise, blurred)
    return "l" + sound[1:] if sound.startswith("n") and len(sound) > 1 else sound


sounds = Letters(_Sounds().letter)
"""How each character sounds, one letter a syllable, with the sounds that are mixed up made one."""
