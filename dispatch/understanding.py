"""The models and places of this process: loaded at first use, and anew when others are taken into use."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Generic, TypeVar

from django.conf import settings
from django.db.models import Count, Max

from hotline.people.models import Area
from nlp import modelstore
from nlp.departments import UnitModel
from nlp.errors import ModelRefused
from nlp.places import Gazetteer, GazetteerEntry
from nlp.understand import Understander

log = logging.getLogger(__name__)
KEPT_SECONDS = 300
"""After so long an area that was renamed is known by its new name."""
M = TypeVar("M")


class Kept(Generic[M]):
    """A model that follows its folders; one that is refused leaves the last good one in use, and is logged once."""

    def __init__(self, what: str, names: tuple[str, ...], load: Callable[[Path], M]) -> None:
        self._what, self._names, self._load = what, names, load
        self._lock = threading.Lock()
        self._seen: tuple[Path, modelstore.Stamp] | None = None
        self._model: M | None = None

    def get(self) -> M | None:
        """The model in use now; None when there is none yet."""
        root: Path = settings.MODEL_DIR / "understanding"
        with self._lock:
            seen = root, modelstore.stamp(*(root / name for name in self._names))
            if self._seen is None or self._seen[0] != root:
                self._model = None
            if seen != self._seen:
                self._renew(root)
                self._seen = seen  # only now: what failed for another reason than the files is tried again
        return self._model

    def _renew(self, root: Path) -> None:
        if not any((root / name).exists() for name in self._names):
            return  # a city without a history has no model of units
        try:
            self._model = self._load(root)
        except ModelRefused as error:
            log.warning("no new %s: %s", self._what, error)


def understander() -> Understander | None:
    """What reads type, matter, place and urgency out of words; the places are those of today."""
    reader = _reader.get()
    return replace(reader, gazetteer=gazetteer()) if reader else None


def unit_model() -> UnitModel | None:
    """What the city's own dispatches taught about units; None until they did."""
    return _units.get()


_lock = threading.Lock()
_kept: tuple[tuple[int, int], float, Gazetteer] | None = None


def gazetteer() -> Gazetteer:
    """The city's places, read anew when some were added and every few minutes."""
    global _kept
    counted = Area.objects.aggregate(count=Count("pk"), newest=Max("pk"))
    known = (counted["count"], counted["newest"] or 0)
    with _lock:
        if _kept is None or _kept[0] != known or time.monotonic() - _kept[1] > KEPT_SECONDS:
            _kept = known, time.monotonic(), city_gazetteer()
        return _kept[2]


def city_gazetteer() -> Gazetteer:
    """The places of the served city."""
    rows = Area.objects.select_related("parent").order_by("pk")
    return Gazetteer.from_entries(
        GazetteerEntry(
            code=area.code,
            name=area.name,
            level=area.level,
            parent=area.parent.code if area.parent else None,
            aliases=tuple(area.aliases),
            lat=area.lat,
            lng=area.lng,
        )
        for area in rows
    )


def _load_units(root: Path) -> UnitModel:
    return modelstore.load(root / "department", UnitModel.load)


_reader = Kept("suggestions", ("type", "matter"), lambda root: Understander.load(root, gazetteer()))
_units = Kept("units learnt from dispatches", ("department",), _load_units)
