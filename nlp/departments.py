"""Whose it is, learnt from a city's own dispatches: what units do and where, weighed into one honest probability.

A unit is a function in a place (nlp.unitnames): 南涌区教育局 shares what it is asked about with every other
教育局, and where it is with every other unit of 南涌区. So a unit of few tickets, or of none yet, is known by
its sisters. The evidence for each unit is weighed by a conditional logit that was fitted on later weeks than
the words were learnt from, against the possibility that it is none of the units known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.classify import REASONS, Classifier
from nlp.errors import ModelRefused
from nlp.results import Choice, Reason
from nlp.text import normalise
from nlp.unitnames import short

Numbers = NDArray[np.float64]

EVIDENCE = ("words", "place_words", "share", "here", "elsewhere", "duty", "no_duty", "ruled", "share_all")
"""The columns of what speaks for a unit; `weights` has one number for each, and last the score of none of them."""
PARTS = ("functions", "areas")
MODEL = "manifest.json"
FORMAT = "hotline-units/1"
FLOOR = -10.0
"""The least that one piece of evidence can say: nothing is impossible."""
_NO_DUTY = 0.02
TRIED = 8
_TELLING = 0.01


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the words: names of the places, the catalogue's shares, the unit a consultation ruled."""

    places: frozenset[str] = frozenset()
    duties: Mapping[str, float] = field(default_factory=dict)
    ruled: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the model, with how many tickets it had lately (older ones count less)."""

    code: str
    function: str
    area: str
    recent: float


class Roster:
    """The units as arrays: which function, which place, and how great a share of their function is theirs."""

    def __init__(self, units: tuple[Unit, ...], functions: Classifier | None, areas: Classifier | None) -> None:
        self.units = units
        self.codes = tuple(unit.code for unit in units)
        self.number = {code: at for at, code in enumerate(self.codes)}
        self.function = _places_in(functions.labels if functions else (), [unit.function for unit in units])
        self.area = _places_in(areas.labels if areas else (), [unit.area for unit in units])
        self.share, self.share_all = _shares(units)
        self._places = sorted({unit.area for unit in units if unit.area})
        self._place_of = _places_in(tuple(self._places), [unit.area for unit in units])

    def where(self, text: str, places: frozenset[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Units whose place is named, and units whose place is not although others' are."""
        named = np.array([_is_named(place, text, places) for place in self._places] + [False])
        here = named[self._place_of]
        elsewhere = ~here & (self._place_of >= 0) & named.any()
        return here, elsewhere


def _plain(text: str) -> str:
    return normalise(text).replace(" ", "")


def _odds(chance: Numbers) -> Numbers:
    """The log of the odds, in which evidence adds up."""
    kept = np.clip(chance, 1e-9, 1 - 1e-9)
    result: Numbers = np.log(kept / (1 - kept))
    return result


def _is_named(area: str, text: str, places: frozenset[str]) -> bool:
    return area in places or area in text or short(area) in text


def _places_in(labels: tuple[str, ...], wanted: list[str]) -> NDArray[np.int64]:
    """Where each stands among the labels; -1 for what the words say nothing of."""
    at = {label: number for number, label in enumerate(labels)}
    return np.array([at.get(label, -1) for label in wanted], dtype=np.int64)


def _shares(units: tuple[Unit, ...]) -> tuple[Numbers, Numbers]:
    """Log of each unit's part of its function's tickets, and of all; half a ticket is given to everyone."""
    weight = np.array([unit.recent for unit in units]) + 0.5
    functions = np.unique([unit.function for unit in units], return_inverse=True)[1]
    family = np.bincount(functions, weights=weight)
    return np.log(weight / family[functions]), np.log(weight / weight.sum())


@dataclass(frozen=True, slots=True)
class UnitModel:
    """Immutable after loading, so any number of threads may share one."""

    functions: Classifier | None
    areas: Classifier | None
    roster: Roster
    weights: Numbers
    version: str

    @classmethod
    def load(cls, folder: Path) -> UnitModel:
        """Read a folder that training wrote; raises ModelRefused when it cannot be trusted."""
        facts = _read(folder / MODEL)
        kept = facts.get("parts", {})
        functions, areas = (Classifier.load(folder / name) if name in kept else None for name in PARTS)
        try:
            units = tuple(Unit(str(c), str(f), str(a), float(n)) for c, f, a, n in facts["units"])
            weights = np.array(facts["weights"], dtype=np.float64)
            version = str(facts["version"])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelRefused(f"{folder / MODEL} is incomplete: {error!r}") from error
        if any(part and part.version != kept[name] for name, part in zip(PARTS, (functions, areas), strict=True)):
            raise ModelRefused(f"{folder}: the parts are not those that were weighed together")
        if len(weights) != len(EVIDENCE) + 1 or not np.isfinite(weights).all() or not units:
            raise ModelRefused(f"{folder / MODEL}: weights and evidence do not fit together")
        return cls(functions, areas, Roster(units, functions, areas), weights, version)

    def save(self, folder: Path) -> str:
        """Write the folder that ``load`` reads; gives back the version."""
        kept = {name: part.save(folder / name) for name in PARTS if (part := getattr(self, name)) is not None}
        facts = {
            "format": FORMAT,
            "parts": kept,
            "weights": [round(float(weight), 6) for weight in self.weights],
            "units": [[unit.code, unit.function, unit.area, unit.recent] for unit in self.roster.units],
        }
        version = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:12]
        listing = json.dumps({**facts, "version": version}, ensure_ascii=False, indent=0) + "\n"
        (folder / MODEL).write_text(listing, encoding="utf-8")
        return version

    def evidence(self, text: str, known: Known) -> Numbers:
        """What speaks for each unit: a row a unit, a column a kind of evidence."""
        roster = self.roster
        here, elsewhere = roster.where(_plain(text), known.places)
        duty, no_duty = self._duties(known)
        ruled = np.array([code == known.ruled for code in roster.codes]) if known.ruled else np.zeros(len(here))
        return np.stack(
            [
                _logs(self.functions, text, roster.function),
                _logs(self.areas, text, roster.area),
                np.maximum(roster.share, FLOOR),
                here,
                elsewhere,
                duty,
                no_duty,
                ruled,
                np.maximum(roster.share_all, FLOOR),
            ],
            axis=1,
        ).astype(np.float64)

    def _duties(self, known: Known) -> tuple[Numbers, Numbers]:
        """The catalogue's share of each unit, and which units it does not name; nothing where it names none at all."""
        size = len(self.roster.units)
        if not known.duties:
            return np.zeros(size), np.zeros(size)
        shares = np.array([known.duties.get(code, 0.0) for code in self.roster.codes])
        return np.log(np.maximum(shares, _NO_DUTY)), (shares == 0).astype(np.float64)

    def probabilities(self, text: str, known: Known = Known()) -> Numbers:
        """One probability a unit, in the order of the roster; what is missing from 1 is that it is none of them."""
        return chances(self.evidence(text, known), self.weights)

    def best(self, text: str, known: Known = Known()) -> tuple[str, float]:
        """The likeliest unit and its probability, without the reasons, which cost most of the time."""
        found = self.probabilities(text, known)
        return self.roster.codes[int(found.argmax())], float(found.max())

    def rank(self, text: str, known: Known = Known(), top: int = 3) -> list[Choice]:
        """The likeliest units, best first, each with the words without which it would be less likely, and its place."""
        found = self.probabilities(text, known)
        best = [int(at) for at in np.argsort(-found, kind="stable")[:top]]
        words = self._decisive(text, known, found, best)
        here, _ = self.roster.where(_plain(text), known.places)
        places = {at: (Reason("place", self.roster.units[at].area, 1.0),) for at in best if here[at]}
        return [
            Choice(self.roster.codes[at], round(float(found[at]), 4), (*words[at], *places.get(at, ()))) for at in best
        ]

    def _decisive(self, text: str, known: Known, found: Numbers, best: list[int]) -> dict[int, tuple[Reason, ...]]:
        """Words whose removal makes a unit less likely, by how much: tried out on those that the models name."""
        reasons: dict[int, list[Reason]] = {at: [] for at in best}
        before = _odds(found[best])
        for word in self._named_words(text, best):
            fallen = before - _odds(self.probabilities(text.replace(word, " "), known)[best])
            for at, fall in zip(best, fallen.tolist(), strict=True):
                if fall > _TELLING:
                    reasons[at].append(Reason("word", word, round(fall, 4)))
        return {at: tuple(sorted(found, key=lambda why: -why.weight)[:REASONS]) for at, found in reasons.items()}

    def _named_words(self, text: str, best: list[int]) -> list[str]:
        """The words that weigh most for what the best units do: more of them for the first than for the others."""
        if self.functions is None:
            return []
        choices = {choice.label: choice.reasons for choice in self.functions.classify(text, top=TRIED)}
        named = [
            reason.text
            for place, at in enumerate(best)
            for reason in choices.get(self.roster.units[at].function, ())[: REASONS if place == 0 else 2]
        ]
        return [word for word in dict.fromkeys(named) if word in text][:TRIED]


def chances(evidence: Numbers, weights: Numbers) -> Numbers:
    """The conditional logit over the units (last axis but one) and none of them."""
    scores = evidence @ weights[:-1]
    highest = np.maximum(scores.max(axis=-1, keepdims=True), weights[-1])
    powers = np.exp(scores - highest)
    result: Numbers = powers / (powers.sum(axis=-1, keepdims=True) + np.exp(weights[-1] - highest))
    return result


def _logs(model: Classifier | None, text: str, columns: NDArray[np.int64]) -> Numbers:
    """The log of what a model of words gives to each unit; the floor for units that it has not met."""
    if model is None:
        return np.zeros(len(columns))
    logs = np.maximum(np.log(np.maximum(model.probabilities(text), 1e-9)), FLOOR)
    result: Numbers = np.where(columns >= 0, logs[columns], FLOOR)
    return result


def _read(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelRefused(f"{path} cannot be read: {error}") from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise ModelRefused(f"{path} is not of the format {FORMAT}")
    return facts
