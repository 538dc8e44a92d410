"""China's provinces, cities, districts and streets, bundled, as gazetteer entries."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from importlib import resources

from nlp.mentions import GazetteerEntry, Level

_LEVELS: dict[int, Level] = {2: "province", 4: "city", 6: "district", 9: "street"}
# rows of the statistics that are no names of places
_PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


def divisions(under: str = "") -> Iterator[GazetteerEntry]:
    """Entries of the statistical code ``under`` and everything below it; without it, the whole country."""
    packed = resources.files("nlp").joinpath("data/china_divisions.csv.gz").read_bytes()
    known: set[str] = set()
    for code, name in csv.reader(io.StringIO(gzip.decompress(packed).decode("utf-8"))):
        if not code.startswith(under) or len(code) not in _LEVELS or name in _PLACEHOLDERS:
            continue
        known.add(code)
        above = (code[:length] for length in (6, 4, 2) if length < len(code))
        parent = next((shorter for shorter in above if shorter in known), None)
        yield GazetteerEntry(code=code, name=name, level=_LEVELS[len(code)], parent=parent)
