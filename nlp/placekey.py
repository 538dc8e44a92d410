"""When two messages mean the same place: a key of the road or point, its district, and the number or building."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.addresses import NUMERAL, names_in
from nlp.mentions import RANK, GazetteerEntry, fold
from nlp.numerals import as_figures
from nlp.places import Gazetteer
from nlp.results import Place

_ROAD = re.compile(rf"(?:路|街|巷|道|胡同|桥|公路|线)(?:{NUMERAL}{{1,5}}巷)?$")
_CROSSING = re.compile(r"交叉口|路口|交界|交汇|[和与跟].*口$")
_DIGITS = re.compile(rf"{NUMERAL}+")
_ROAD_NUMERAL = re.compile(r"[一二三四五六七八九十百]+(?=(?:大道|路|街|巷|村|中学|小学)$)")
_GENERIC = re.compile(r"(?<=..)(?:小区|住宅区)$")
_STRETCH = re.compile(r"(?<=[道路街])[东南西北中]段?$")
# the parts of a number that tell one place from another, in the order in which they are written down
_PARTS = (
    (re.compile(r"(\d+)期"), "期"),
    (re.compile(r"([a-z])区"), "区"),
    (re.compile(r"(\d+)巷"), "巷"),
    (re.compile(r"(\d+(?:-\d+)?)号(?!线|楼(?![下上]))"), "号"),
    (re.compile(r"([a-z]?\d+|[a-z])(?:栋|座|幢|号楼(?![下上]))"), "栋"),
    (re.compile(r"(\d+)[组队]"), "组"),
    (re.compile(r"(\d+)公里"), "公里"),
    (re.compile(r"([a-z])出?口"), "口"),
)
# districts of data sets in which letters stand for the names
_ANONYMOUS = re.compile(r"[a-z]\d{1,2}(?:区|县|市|镇)|[a-z](?:区|县)(?![a-z0-9栋座])")


@dataclass(frozen=True, slots=True)
class PlaceKey:
    """One place; an empty district means that it was not said, an empty number the whole road or estate."""

    name: str
    district: str = ""
    number: str = ""

    def is_same_site(self, other: PlaceKey) -> bool:
        """The same road, estate or point, whichever number of it."""
        apart = self.district and other.district and self.district != other.district
        return self.name == other.name and not apart

    def is_same(self, other: PlaceKey) -> bool:
        """The same number or building of it too."""
        return self.number == other.number and self.is_same_site(other)


def place_key(text: str, place: Place | None, gazetteer: Gazetteer) -> PlaceKey | None:
    """The key of the place that was found in a text; None where only a district or a street is named."""
    if place is None:
        return None
    entry = gazetteer.entry(place.area) if place.area else None
    said = fold(place.address or place.text)
    name, after = _name(said, entry, gazetteer)
    if not name:
        return None
    return PlaceKey(name=name, district=_district(fold(text), place, entry, gazetteer), number=_number(said[after:]))


def _name(said: str, entry: GazetteerEntry | None, gazetteer: Gazetteer) -> tuple[str, int]:
    """The name that all ways of saying the place share, and where the number begins; empty without a name."""
    named = _named(said, entry, gazetteer)
    roads = [piece for piece in named if piece.road]
    if len(roads) > 1 and _CROSSING.search(said, roads[1].start):
        return "×".join(sorted({road.name for road in roads[:2]})), len(said)
    if not named:
        fine = entry is not None and RANK[entry.level] > RANK["street"]
        return (entry.code if entry and fine else ""), 0
    sites = [piece for piece in named if not piece.road]
    chosen = sites[-1] if sites and not _numbered(said, roads, sites[-1]) else (roads or named)[0]
    return chosen.name, chosen.end


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    name: str
    road: bool


def _named(said: str, found: GazetteerEntry | None, gazetteer: Gazetteer) -> list[_Piece]:
    """The names in an address from left to right; those of the gazetteer by their code, and before all others."""
    known = []
    for mention in gazetteer.mentions(said):
        entry = found if found in mention.entries else mention.entries[0]
        if RANK[entry.level] > RANK["street"] and (entry == found or len(mention.entries) == 1):
            known.append(_Piece(mention.start, mention.end, entry.code, bool(_ROAD.search(entry.name))))
    free = [
        span for span in names_in(said) if not any(span.start < piece.end and piece.start < span.end for piece in known)
    ]
    other = [
        _Piece(
            span.start, span.end, _plain(said[span.start : span.end]), bool(_ROAD.search(said[span.start : span.end]))
        )
        for span in free
    ]
    return sorted(known + other, key=lambda piece: piece.start)


def _numbered(said: str, roads: list[_Piece], site: _Piece) -> bool:
    """Whether a house number stands between the road and a site: the number is the better address."""
    return any(road.end <= site.start and re.search(rf"{NUMERAL}号", said[road.end : site.start]) for road in roads)


def _plain(name: str) -> str:
    short = _STRETCH.sub("", _GENERIC.sub("", name))
    return _ROAD_NUMERAL.sub(lambda match: _digits(match[0]), short)


def _number(after: str) -> str:
    """Building, house number and the like in one spelling: 三幢 and 3号楼 are 3栋."""
    plain = re.sub(r"号?之(?=\d)", "-", _DIGITS.sub(lambda match: _digits(match[0]), after))
    plain = re.sub(r"^(\D*\d+)-(\d+)号?(?![\d栋座幢])", r"\1-\2号", plain)
    found = ((pattern.search(plain), unit) for pattern, unit in _PARTS)
    return "".join(match[1] + unit for match, unit in found if match)


def _digits(numeral: str) -> str:
    if numeral.isascii():
        return numeral.lstrip("0") or "0"
    return as_figures(numeral)


def _district(text: str, place: Place, entry: GazetteerEntry | None, gazetteer: Gazetteer) -> str:
    """The district's code; in texts with letters for names, the nearest such name before the place."""
    if entry is not None:
        line = [entry, *gazetteer.ancestors(entry)]
        return next((above.code for above in line if above.level == "district"), "")
    before = [match[0] for match in _ANONYMOUS.finditer(text, 0, max(place.end, 0))]
    after = _ANONYMOUS.search(text, place.end)
    return before[-1] if before else after[0] if after else ""
