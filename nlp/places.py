"""Where a message is about: the place of the gazetteer it names, and the address around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from threading import Lock

from nlp.addresses import Span, address_spans
from nlp.divisions import divisions
from nlp.mentions import RANK, GazetteerEntry, Mention, NameIndex, SlipIndex, fold, names_of, short_name, sounds
from nlp.results import Place

__all__ = ["Gazetteer", "GazetteerEntry"]

_BY_EAR, _MISSPELT = 0.8, 0.6  # certainty of what is not written out
_SHORTEST_BY_EAR = 3  # two syllables sound like too many other things
# only what looks like a name is compared with all names
_NAME_LIKE = re.compile(
    r"[\u4e00-\u9fff]{2,6}(?:街道|社区|镇|乡|村|区|大道|路|街|巷|小区|花园|广场|市场|公园|医院|学校|小学|中学)"
)


# "南湖路" is a road, not the street of 南湖
_ROAD_NAMED_AFTER = re.compile(r"[东南西北中一二三四五]?(?:大道|路(?!口|段|面|灯)|街(?!道|口)|巷(?!口))")
_CITY_SIZE = 20_000  # names; in a whole country too many sound alike to guess


class Gazetteer:
    """The places of a city, found in text; never changed after it is made, so threads may share it."""

    def __init__(self, entries: Sequence[GazetteerEntry]) -> None:
        self._by_code = {entry.code: entry for entry in entries}
        self._named = [(name, entry) for entry in entries for name in sorted(names_of(entry))]
        full = {name for name, _entry in self._named}
        short = ((short_name(entry), entry) for entry in entries)
        self._named += [(name, entry) for name, entry in short if name and name not in full]
        self._written = NameIndex(self._named)
        self._lock = Lock()

    @classmethod
    def from_entries(cls, entries: Iterable[GazetteerEntry]) -> Gazetteer:
        """A gazetteer of the entries given; of two with one code the later counts."""
        return cls(list({entry.code: entry for entry in entries}.values()))

    @classmethod
    def china(cls, under: str = "") -> Gazetteer:
        """The bundled divisions down to streets, of the whole country or of one statistical code."""
        return cls(list(divisions(under)))

    def __len__(self) -> int:
        return len(self._by_code)

    def entry(self, code: str) -> GazetteerEntry | None:
        """The entry of a code."""
        return self._by_code.get(code)

    def ancestors(self, entry: GazetteerEntry) -> list[GazetteerEntry]:
        """What the place lies in, nearest first; a parent that is not listed ends the line."""
        line: list[GazetteerEntry] = []
        above = self._by_code.get(entry.parent or "")
        while above is not None and above not in line:
            line.append(above)
            above = self._by_code.get(above.parent or "")
        return line

    def find(self, text: str) -> Place | None:
        """The most specific place of the text; where no name is known, the address alone; else None."""
        folded = fold(text)
        mentions = self.mentions(folded)
        best = self._best(mentions)
        spans = address_spans(folded, [(mention.start, mention.end) for mention in mentions])
        if best is None:
            longest = max(spans, key=lambda span: span.end - span.start, default=None)
            return None if longest is None else _place(text, longest, None, longest.start)
        mention, entry = best
        name = Span(mention.start, mention.end, named=True)
        span = next((s for s in spans if s.start <= name.start and name.end <= s.end), name)
        return _place(text, span, entry, _after_divisions(mentions, span))

    def mentions(self, text: str) -> list[Mention]:
        """The names in a folded text, from left to right."""
        written = [m for m in self._written.find(text, 1.0) if not _ROAD_NAMED_AFTER.match(text, m.end)]
        fine = any(RANK[entry.level] >= RANK["street"] for found in written for entry in found.entries)
        if fine or len(self._named) > _CITY_SIZE:
            return written
        taken = {at for mention in written for at in range(mention.start, mention.end)}
        guessed = self._heard(text) or self._misspelt(text)
        free = [mention for mention in guessed if taken.isdisjoint(range(mention.start, mention.end))]
        return sorted(written + free, key=lambda mention: mention.start)

    @cached_property
    def _by_ear(self) -> NameIndex:
        long_enough = ((name, entry) for name, entry in self._named if len(name) >= _SHORTEST_BY_EAR)
        return NameIndex((sounds(name), entry) for name, entry in long_enough)

    @cached_property
    def _slips(self) -> SlipIndex:
        return SlipIndex(self._named)

    def _heard(self, text: str) -> list[Mention]:
        """Names that sound like something in the text, and share a character with it."""
        with self._lock:  # made once, at the first need
            index = self._by_ear
        return [found for found in index.find(sounds(text), _BY_EAR) if self._looks_alike(text, found)]

    def _looks_alike(self, text: str, heard: Mention) -> bool:
        written = text[heard.start : heard.end]
        names = (name for entry in heard.entries for name in names_of(entry) if len(name) == len(written))
        return any(one == other for name in names for one, other in zip(name, written, strict=True))

    def _misspelt(self, text: str) -> list[Mention]:
        """Names that differ in a character from something that looks like a name."""
        with self._lock:
            index = self._slips
        found = []
        for match in _NAME_LIKE.finditer(text):
            slip = index.ending_at(text, match.start(), match.end())
            if slip is not None:
                found.append(Mention(slip[0], match.end(), slip[1], _MISSPELT))
        return found

    def _best(self, mentions: list[Mention]) -> tuple[Mention, GazetteerEntry] | None:
        """The finest place; among bearers of one name, the one whose surroundings are mentioned too."""
        named = {entry.code for mention in mentions for entry in mention.entries}
        ranked = []
        for mention in mentions:
            support = [sum(above.code in named for above in self.ancestors(e)) for e in mention.entries]
            chosen = [e for e, s in zip(mention.entries, support, strict=True) if s == max(support)]
            entry = chosen[0] if len(chosen) == 1 else self._shared_ancestor(chosen)
            if entry is not None:
                order = (max(support), RANK[entry.level], mention.certainty, mention.end - mention.start)
                ranked.append((order, -mention.start, mention, entry))
        best = max(ranked, key=lambda item: item[:2], default=None)
        return None if best is None else (best[2], best[3])

    def _shared_ancestor(self, entries: list[GazetteerEntry]) -> GazetteerEntry | None:
        lines = [[entry, *self.ancestors(entry)] for entry in entries]
        return next((above for above in lines[0] if all(above in line for line in lines[1:])), None)


def _after_divisions(mentions: list[Mention], span: Span) -> int:
    """Where the address begins once the names of city, district and street are taken off its front."""
    start = span.start
    for mention in mentions:
        divisions_only = all(RANK[entry.level] <= RANK["street"] for entry in mention.entries)
        if mention.start <= start < mention.end and divisions_only:
            start = mention.end
    return start


def _place(text: str, span: Span, entry: GazetteerEntry | None, address_from: int) -> Place:
    return Place(
        area=entry.code if entry else None,
        address=text[address_from : span.end].strip("的、,， ") or None,
        text=text[span.start : span.end],
        start=span.start,
        end=span.end,
        lat=entry.lat if entry else None,
        lng=entry.lng if entry else None,
    )
