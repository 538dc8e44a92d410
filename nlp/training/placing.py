"""How well places are read: areas, spans of addresses and "same place", on any table marked by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from nlp.errors import DataError
from nlp.mentions import RANK, GazetteerEntry, fold
from nlp.placekey import PlaceKey, place_key
from nlp.places import Gazetteer
from nlp.results import Place
from nlp.training.dataset import read_rows

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with the place a person marked: the area's name or code, the address, and its key."""

    text: str
    area: str
    address: str
    key: PlaceKey | None


def read_gazetteer(path: Path) -> Gazetteer:
    """A CSV of code, name, level, and if wanted parent, aliases (separated by |), lat, lng."""
    rows = read_rows(path, ("code", "name", "level"))
    return Gazetteer.from_entries([_entry(path, line, row) for line, row in enumerate(rows, start=2)])


def _entry(path: Path, line: int, row: dict[str, str]) -> GazetteerEntry:
    level = row["level"]
    if level not in RANK:
        raise DataError(f"{path.name} line {line}: unknown level {level!r}")
    try:
        lat, lng = (float(row[name]) if row.get(name) else None for name in ("lat", "lng"))
    except ValueError as error:
        raise DataError(f"{path.name} line {line}: {error}") from error
    return GazetteerEntry(
        code=row["code"],
        name=row["name"],
        level=level,
        parent=row.get("parent") or None,
        aliases=tuple(name for name in row.get("aliases", "").split("|") if name),
        lat=lat,
        lng=lng,
    )


def read_marked(path: Path) -> list[Marked]:
    """A CSV of text, area, address and key (name@district#number); what is empty was marked as not there."""
    rows = read_rows(path, ("text", "area", "address", "key"))
    return [Marked(row["text"], row["area"], row["address"], _key(row["key"])) for row in rows]


def _key(written: str) -> PlaceKey | None:
    place, _, number = written.partition("#")
    name, _, district = place.partition("@")
    return PlaceKey(name, district, number) if name else None


def measure(gazetteer: Gazetteer, marked: Sequence[Marked]) -> dict[str, Any]:
    """Precision and recall of the area, the span and the key, and the milliseconds of a text."""
    gazetteer.find(marked[0].text)  # what is made at the first need is made
    found = [gazetteer.find(row.text) for row in marked]
    keys = [place_key(row.text, place, gazetteer) for row, place in zip(marked, found, strict=True)]
    return {
        "n": len(marked),
        "area": _shares(
            [row.area for row in marked], [_area(row, p, gazetteer) for row, p in zip(marked, found, strict=True)]
        ),
        "address": _shares(
            [fold(row.address) for row in marked], [fold((p.address if p else "") or "") for p in found]
        ),
        "address_characters": _characters(marked, found),
        "same_spot": _pairs(marked, keys, PlaceKey.is_same),
        "same_site": _pairs(marked, keys, PlaceKey.is_same_site),
        "milliseconds_per_text": _time(gazetteer, [row.text for row in marked]),
    }


def _area(row: Marked, place: Place | None, gazetteer: Gazetteer) -> str:
    """What was found, called as the mark calls it: by name or by code."""
    entry = gazetteer.entry(place.area) if place and place.area else None
    return "" if entry is None else entry.code if row.area == entry.code else entry.name


def _shares(expected: Iterable[str], found: Iterable[str]) -> dict[str, float]:
    pairs = list(zip(expected, found, strict=True))
    right = sum(bool(one) and one == other for one, other in pairs)
    return _scores(right, sum(bool(other) for _one, other in pairs), sum(bool(one) for one, _other in pairs))


def _characters(marked: Sequence[Marked], found: Sequence[Place | None]) -> dict[str, float]:
    shared = said = read = 0
    for row, place in zip(marked, found, strict=True):
        start = row.text.find(row.address) if row.address else 0
        expected = set(range(start, start + len(row.address)))
        address = (place.address or "") if place else ""
        begin = row.text.find(address, place.start) if place and address else 0
        got = set(range(begin, begin + len(address)))
        shared, said, read = shared + len(expected & got), said + len(expected), read + len(got)
    return _scores(shared, read, said)


def _pairs(
    marked: Sequence[Marked], keys: Sequence[PlaceKey | None], same: Callable[[PlaceKey, PlaceKey], bool]
) -> dict[str, float]:
    """Of all pairs of sentences: those that mean one place, and those that were taken to."""
    right = found = expected = 0
    for (row, key), (other_row, other_key) in combinations(zip(marked, keys, strict=True), 2):
        is_one = bool(row.key and other_row.key and same(row.key, other_row.key))
        taken = bool(key and other_key and same(key, other_key))
        right, found, expected = right + (is_one and taken), found + taken, expected + is_one
    return _scores(right, found, expected)


def _scores(right: int, found: int, expected: int) -> dict[str, float]:
    precision, recall = right / found if found else 1.0, right / expected if expected else 1.0
    both = precision + recall
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / both, 4) if both else 0.0,
        "found": found,
        "marked": expected,
    }


def _time(gazetteer: Gazetteer, texts: Sequence[str]) -> float:
    started = time.process_time()
    for _ in range(ROUNDS):
        for text in texts:
            place_key(text, gazetteer.find(text), gazetteer)
    return round(1000 * (time.process_time() - started) / (ROUNDS * len(texts)), 4)


def wrong(gazetteer: Gazetteer, marked: Sequence[Marked]) -> list[str]:
    """The sentences of which area or address were read otherwise than marked, with both."""
    lines = []
    for row in marked:
        place = gazetteer.find(row.text)
        area, address = _area(row, place, gazetteer), (place.address if place else "") or ""
        if (area, fold(address)) != (row.area, fold(row.address)):
            lines.append(f"{row.text}: {area or '-'} {address or '-'}, marked {row.area or '-'} {row.address or '-'}")
    return lines
