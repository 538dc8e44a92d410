"""What was suggested and what people decided, counted by week: the ground of reports and drift alarms.

The newest weeks are counted anew each night, since decisions come in late and another version may be in use.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dispatch.calendar import day_of, start_of
from dispatch.learning import decisions, labels
from dispatch.learning.labels import Case
from dispatch.learning.versions import folder_of
from dispatch.models import LearningWeek, Suggestion, Taught
from hotline.tickets import clock
from nlp import modelstore
from nlp.classify import Classifier
from nlp.errors import ModelRefused

WEEKS = 9
"""The current week and the eight before it."""
BINS = 10
CONFIDENT = 0.5
TEXTS_READ = 1_000
"""Texts of a week in which words never seen in training are counted."""
CORRECTIONS_KEPT = 100
"""The commonest corrections of a week."""
KEYS = {Taught.TYPE: "type", Taught.MATTER: "matter", Taught.DEPARTMENT: "departments"}
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Offered:
    """What the desk was offered first for one ticket."""

    label: str
    confidence: float
    confident: bool
    model: str


def fold() -> None:
    """Count the newest weeks of every model anew."""
    first = monday_of(clock.now()) - timedelta(weeks=WEEKS - 1)
    corrected = _corrections(first)
    for name in Taught:
        model = _model(name)
        for week in range(WEEKS):
            monday = first + timedelta(weeks=week)
            cases = decisions.of(name, start_of(monday), start_of(monday + timedelta(weeks=1)))
            counts = _count(cases, _offered(name, cases))
            counts["unknown"] = _unknown(model, cases)
            counts["corrections"] = [[*said, n] for said, n in corrected[name, monday].most_common(CORRECTIONS_KEPT)]
            LearningWeek.objects.update_or_create(
                name=name, monday=monday, defaults={"cases": counts["n"], "counts": counts}
            )


def _corrections(first: date) -> dict[tuple[Taught, date], Counter[tuple[str, str, str]]]:
    """How often people decided otherwise in each week: (how, what stood there, what they decided)."""
    found: dict[tuple[Taught, date], Counter[tuple[str, str, str]]] = defaultdict(Counter)
    for row in labels.corrections(start_of(first), start_of(first + timedelta(weeks=WEEKS))):
        found[row.name, monday_of(row.at)][row.how, row.suggested, row.after] += 1
    return found


def monday_of(moment: datetime) -> date:
    """The Monday of the city's week in which it lies."""
    day = day_of(moment)
    return day - timedelta(days=day.weekday())


def _offered(name: Taught, cases: Sequence[Case]) -> dict[str, Offered]:
    """By ticket number; tickets that nothing was suggested for are left out."""
    first, numbers = f"data__{KEYS[name]}__0", [case.number for case in cases]
    found: dict[str, Offered] = {}
    for start in range(0, len(numbers), BATCH):
        rows = Suggestion.objects.filter(ticket__number__in=numbers[start : start + BATCH])
        asked = rows.values_list("ticket__number", f"{first}__code", f"{first}__confidence", "data__abstain", "model")
        for number, label, confidence, abstain, model in asked:
            if label is not None:
                sure = not abstain if name == Taught.MATTER else confidence >= CONFIDENT
                found[number] = Offered(label, confidence, sure, _own(name, model))
    return found


def _own(name: Taught, models: str) -> str:
    """Which of the models that had a part in a suggestion spoke: on the unit's confidence all of them bear."""
    if name == Taught.DEPARTMENT:
        return models
    return next((part for part in models.split("+") if part.startswith(f"{name.value}-")), models)


def _count(cases: Sequence[Case], offered: dict[str, Offered]) -> dict[str, Any]:
    """`n` cases with an offer, `right` of them; of each label how many were it, were offered, were both, were sure."""
    classes: dict[str, dict[str, int]] = defaultdict(lambda: {"n": 0, "chosen": 0, "right": 0, "sure": 0})
    confidence: dict[str, list[int]] = defaultdict(lambda: [0] * BINS)
    seen = [(case, offered[case.number]) for case in cases if case.number in offered]
    for case, offer in seen:
        classes[case.label]["n"] += 1
        classes[case.label]["sure"] += offer.confident
        classes[offer.label]["chosen"] += 1
        classes[case.label]["right"] += offer.label == case.label
        confidence[offer.model][min(int(offer.confidence * BINS), BINS - 1)] += 1
    return {
        "n": len(seen),
        "right": sum(row["right"] for row in classes.values()),
        "classes": dict(classes),
        "confidence": dict(confidence),
        "model": seen[-1][1].model if seen else "",
    }


def _model(name: Taught) -> Classifier | None:
    """The version in use, where it reads grams; the units' model reads more than words."""
    if name == Taught.DEPARTMENT:
        return None
    try:
        return modelstore.load(folder_of(name), Classifier.load)
    except ModelRefused:
        return None  # said by the doctor and in every log of the desk


def _unknown(model: Classifier | None, cases: Sequence[Case]) -> dict[str, int]:
    """How many grams and words the week's texts have, and how many of them the training never saw."""
    if model is None:
        return {"texts": 0, "grams": 0, "unknown": 0}
    step = max(1, len(cases) // TEXTS_READ)
    seen = [model.familiarity(case.text) for case in cases[::step]]
    known, grams = sum(known for known, _ in seen), sum(whole for _, whole in seen)
    return {"texts": len(seen), "grams": grams, "unknown": grams - known}
