"""How well units are named: always learnt from earlier cases and asked about later ones, never at random."""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from nlp.departments import EVIDENCE, Numbers, chances
from nlp.errors import DataError
from nlp.training.departments import Case, Trained, Truth, train, weigh
from nlp.training.departments_table import names_of
from nlp.training.measure import STRAIGHT_THROUGH, coverage, expected_calibration_error, figures

WINDOWS = 3
WINDOW = 0.1
"""The share of all cases that one window is; it is learnt from everything before it."""
PARTS_OF = {
    "without the words for a function": ("words",),
    "without the words for a place": ("place_words",),
    "without the places named": ("here", "elsewhere"),
    "without the share of cases": ("share", "share_all"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of every window with their mean and spread, and how each unit fared in all of them."""

    windows: list[dict[str, Any]]
    units: list[dict[str, Any]]
    together: dict[str, float]

    @property
    def mean(self) -> dict[str, float]:
        """Each figure over the windows."""
        return {key: round(statistics.fmean(row[key] for row in self.windows), 4) for key in self._keys()}

    @property
    def spread(self) -> dict[str, float]:
        """The standard deviation of each over the windows."""
        return {key: round(statistics.pstdev(row[key] for row in self.windows), 4) for key in self._keys()}

    def _keys(self) -> list[str]:
        return [key for key, value in self.windows[0].items() if isinstance(value, int | float)]


def measure(cases: Sequence[Case], renamed: Mapping[str, str] | None = None, *, quiet: bool = False) -> Measured:
    """Windows of later cases, one after the other, each asked of a model of everything before it."""
    size = max(1, int(len(cases) * WINDOW))
    rows: list[dict[str, Any]] = []
    guesses: list[_Guess] = []
    for number in range(WINDOWS, 0, -1):
        begin = len(cases) - number * size
        row, guessed = _window(cases[:begin], cases[begin : begin + size], renamed or {}, quiet=quiet)
        rows.append(row)
        guesses += guessed
    return Measured(rows, per_unit([(guess.truth, guess.unit) for guess in guesses]), _together(guesses))


@dataclass(frozen=True, slots=True)
class _Guess:
    truth: str
    unit: str
    confidence: float


def _together(guesses: Sequence[_Guess]) -> dict[str, float]:
    """Calibration of all windows: one alone may be too small to say."""
    confidence = np.array([guess.confidence for guess in guesses])
    right = np.array([guess.truth == guess.unit for guess in guesses])
    return {
        "n": len(guesses),
        "accuracy": round(float(right.mean()), 4),
        "ece": round(expected_calibration_error(confidence, right), 4),
        "coverage_at_97": round(coverage(confidence, right, STRAIGHT_THROUGH)[0], 4),
    }


def _window(
    before: Sequence[Case], asked: Sequence[Case], renamed: Mapping[str, str], *, quiet: bool
) -> tuple[dict[str, Any], list[_Guess]]:
    if not before:
        raise DataError("there is nothing earlier to learn from")
    started = time.perf_counter()
    trained = train(before, names_of(before), renamed, complete=False, quiet=quiet)
    model, seconds = trained.model, time.perf_counter() - started
    started = time.process_time()
    evidence = np.stack([model.evidence(case.text, case.known) for case in asked])
    each = (time.process_time() - started) / len(asked)
    truth = np.array([model.roster.number.get(case.unit, -1) for case in asked])
    found = chances(evidence, model.weights)
    row = {
        "learnt_from": len(before),
        "units": len(model.roster.codes),
        "known_unit": round(float((truth >= 0).mean()), 4),
        **asdict(figures(found, truth)),
        "train_seconds": round(seconds, 1),
        "ms_each": round(each * 1000, 2),
        "ablation": ablation(trained, evidence, truth),
    }
    best = found.argmax(axis=1)
    guessed = [
        _Guess(case.unit, model.roster.codes[at], float(found[number, at]))
        for number, (case, at) in enumerate(zip(asked, best, strict=True))
    ]
    return row, guessed


def ablation(trained: Trained, evidence: Numbers, truth: Truth) -> dict[str, float]:
    """Accuracy when one kind of evidence is taken away and the others are weighed anew."""
    found = {}
    for what, columns in PARTS_OF.items():
        gone = [EVIDENCE.index(column) for column in columns]
        left, asked = trained.weighed.copy(), evidence.copy()
        left[:, :, gone] = 0
        asked[:, :, gone] = 0
        best = chances(asked, weigh(left, trained.weighed_truth)).argmax(axis=1)
        found[what] = round(float((best == truth).mean()), 4)
    return found


def per_unit(guesses: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Precision and recall of every unit that had a case or was named, the greatest first; (truth, guess) pairs."""
    had, named = Counter(truth for truth, _ in guesses), Counter(guess for _, guess in guesses)
    right = Counter(truth for truth, guess in guesses if truth == guess)
    rows = [
        {
            "unit": unit,
            "cases": had[unit],
            "named": named[unit],
            "precision": right[unit] / named[unit] if named[unit] else None,
            "recall": right[unit] / had[unit] if had[unit] else None,
        }
        for unit in had | named
    ]
    return sorted(rows, key=lambda row: (-row["cases"], row["unit"]))


def save(trained: Trained, cases: Sequence[Case], folder: Path, source: str) -> str:
    """Write the model and its card (card.md to read, card.json to compute with); gives back the version."""
    version = trained.model.save(folder)
    codes = trained.model.roster.codes
    guesses = [
        (codes[truth] if truth >= 0 else "", codes[guess])
        for truth, guess in zip(trained.truth, trained.tested.argmax(axis=1), strict=True)
    ]
    facts = {
        "version": version,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": source,
        "cases": len(cases),
        "units": len(codes),
        "weights": dict(zip((*EVIDENCE, "none"), trained.model.weights.round(3).tolist(), strict=True)),
        "later_weeks": asdict(figures(trained.tested, trained.truth)),
        "per_unit": per_unit(guesses),
    }
    (folder / "card.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "card.md").write_text(_markdown(facts), encoding="utf-8")
    return version


def _markdown(facts: dict[str, Any]) -> str:
    later = [f"| {name} | {value} |" for name, value in facts["later_weeks"].items()]
    units = [
        f"| {row['unit']} | {row['cases']} | {_share(row['precision'])} | {_share(row['recall'])} |"
        for row in facts["per_unit"]
    ]
    return "\n".join(
        [
            f"# Model of units {facts['version']}",
            "",
            f"Made {facts['made']} from {facts['source']}: {facts['cases']} requests, {facts['units']} units.",
            "",
            "## On the latest eighth, asked of a model of the earlier weeks",
            "",
            "| figure | value |",
            "|---|---|",
            *later,
            "",
            "Units or duties change: train again at least monthly, and whenever units are merged or renamed.",
            "",
            "## Units",
            "",
            "| unit | cases | precision | recall |",
            "|---|---|---|---|",
            *units,
            "",
        ]
    )


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
