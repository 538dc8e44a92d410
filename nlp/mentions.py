"""Where the names of a gazetteer stand in a text: as written, or written by ear."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

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
    """Name, aliases, and the name without its kind: "南湖" for "南湖街道"."""
    names = {fold(name) for name in (entry.name, *entry.aliases) if len(name) >= _SHORTEST}
    short = _SUFFIX.sub("", fold(entry.name))
    return names | {short} if len(short) >= _SHORTEST else names


def fold(text: str) -> str:
    """Half width and lower case, character by character, so that places in the text stay the same."""
    folded = (unicodedata.normalize("NFKC", character).lower() for character in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(folded, text, strict=True))


class NameIndex:
    """Finds the longest known sequence at each place; a sequence is of characters or of syllables."""

    def __init__(self, named: Iterable[tuple[Sequence[str], GazetteerEntry]]) -> None:
        gathered: dict[tuple[str, ...], list[GazetteerEntry]] = {}
        for sequence, entry in named:
            bearers = gathered.setdefault(tuple(sequence), [])
            if entry not in bearers:
                bearers.append(entry)
        self._by_head: dict[tuple[str, ...], list[tuple[tuple[str, ...], tuple[GazetteerEntry, ...]]]] = {}
        for sequence, entries in gathered.items():
            self._by_head.setdefault(sequence[:_SHORTEST], []).append((sequence, tuple(entries)))
        for names in self._by_head.values():
            names.sort(key=lambda name: -len(name[0]))

    def find(self, tokens: Sequence[str], certainty: float) -> list[Mention]:
        """Mentions from left to right that do not overlap, the longest at each place."""
        found: list[Mention] = []
        at = 0
        while at <= len(tokens) - _SHORTEST:
            for sequence, entries in self._by_head.get(tuple(tokens[at : at + _SHORTEST]), ()):
                if tuple(tokens[at : at + len(sequence)]) == sequence:
                    found.append(Mention(at, at + len(sequence), entries, certainty))
                    at += len(sequence) - 1
                    break
            at += 1
        return found


# what southern speakers and recognisers mix up: retroflex and flat, n and l, front and back nasals, f and h
_MIXED_UP = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


def syllables(text: str) -> tuple[str, ...]:
    """How each character sounds, with the sounds that are mixed up made one."""
    from pypinyin import lazy_pinyin  # takes a third of a second: only when a name is looked for by ear

    return tuple(_blurred(sound) for sound in lazy_pinyin(text, errors=_as_they_are))


def _as_they_are(characters: str) -> str:
    return characters


def _blurred(sound: str) -> str:
    for precise, blurred in _MIXED_UP:
        sound = sound.replace(precise, blurred)
    return "l" + sound[1:] if sound.startswith("n") and len(sound) > 1 else sound
