"""Two models on the same cases: figures of each, and whether the challenger is better beyond noise.

McNemar's exact test: only cases that one got right and the other wrong say which is better. Were both
equally good, each such case would be a toss of a coin; the challenger wins when so many or more of them
would fall its way less than once in a hundred comparisons.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import binomtest

from dispatch.learning.labels import Case
from nlp.training import measure

LEVEL = 0.01
"""How seldom an equally good challenger may win: it is tried every night."""
BOAST = 0.02
"""How much more a better one may overrate itself: thresholds of automatic dispatch stand on its confidence."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model says of one case; "" when it knows nothing to say."""

    label: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`won` and `lost`: cases that only the challenger, or only the champion, got right; `p`: see the module."""

    cases: int
    won: int
    lost: int
    p: float
    better: bool
    why: str


def figures(cases: Sequence[Case], guesses: Sequence[Guess]) -> dict[str, Any]:
    """Accuracy, macro F1, calibration, coverage at 97 % precision, and precision and recall of every label."""
    if not cases:
        return {"n": 0}
    names = sorted({case.label for case in cases} | {guess.label for guess in guesses})
    number = {name: place for place, name in enumerate(names)}
    truth = np.array([number[case.label] for case in cases])
    best = np.array([number[guess.label] for guess in guesses])
    confidence = np.array([guess.confidence for guess in guesses])
    right = best == truth
    covered, threshold = measure.coverage(confidence, right, measure.STRAIGHT_THROUGH)
    return {
        "n": len(cases),
        "accuracy": round(float(right.mean()), 4),
        "macro_f1": round(measure.macro_f1(best, truth), 4),
        "ece": round(measure.expected_calibration_error(confidence, right), 4),
        "coverage_at_97": round(covered, 4),
        "threshold_at_97": round(threshold, 4),
        "classes": {
            name: {
                "n": int((truth == place).sum()),
                "chosen": int((best == place).sum()),
                "right": int(((best == place) & right).sum()),
            }
            for name, place in number.items()
        },
    }


def each_once(cases: Sequence[Case]) -> list[Case]:
    """Of cases that nearly repeat one another and were decided alike the first: a crowd's calls are one toss."""
    from nlp.training.grouping import near_duplicate_groups  # brings scipy's graphs, which only training needs

    if not cases:
        return []
    once: dict[tuple[int, str], Case] = {}
    for group, case in zip(near_duplicate_groups([case.text for case in cases]).tolist(), cases, strict=True):
        once.setdefault((group, case.label), case)
    return list(once.values())


def compare(cases: Sequence[Case], champion: Sequence[Guess], challenger: Sequence[Guess]) -> Verdict:
    """Whether `challenger` is to take the place of `champion`, by what both said of `cases`."""
    pairs = [
        (old.label == case.label, new.label == case.label)
        for case, old, new in zip(cases, champion, challenger, strict=True)
    ]
    won, lost = pairs.count((False, True)), pairs.count((True, False))
    p = float(binomtest(won, won + lost, 0.5, alternative="greater").pvalue) if won + lost else 1.0
    why = "better"
    if p >= LEVEL:
        why = "within_noise"
    elif _boast(cases, challenger) > max(_boast(cases, champion), 0.0) + BOAST:
        why = "boasts"
    return Verdict(cases=len(cases), won=won, lost=lost, p=round(p, 6), better=why == "better", why=why)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as it is kept."""
    return asdict(verdict)


def _boast(cases: Sequence[Case], guesses: Sequence[Guess]) -> float:
    """By how much the mean confidence is above the share that is right."""
    surplus = [guess.confidence - (guess.label == case.label) for case, guess in zip(cases, guesses, strict=True)]
    return sum(surplus) / len(surplus)
