"""Drift: the last whole week against the eight before it; an alarm only beyond noise, never on a handful of tickets.

Confidence and the mix of labels are compared by the population stability index, the sum over bins of
(now - before) * ln(now / before). Two samples of the same population differ by about
(bins - 1) * (1 / n + 1 / m) by chance alone; that much is allowed on top of the limit.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dispatch.calendar import day_of
from dispatch.learning import versions, weeks
from dispatch.models import DriftAlarm, LearningWeek, ModelVersion, PolicyKey, Taught
from dispatch.rules import rules
from hotline.tickets import clock

SIGMAS = 3.0
"""Standard errors that are noise."""
Sign = DriftAlarm.Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The centre's figures: on fewer tickets nothing is said; what matters, if it is beyond noise.

    `accepted` and `unknown` are shares; the share of unknown words must also have risen by `unknown_times`.
    """

    fewest: int
    accepted: float
    stability: float
    unknown: float
    unknown_times: float

    @classmethod
    def on(cls, moment: datetime) -> "Limits":
        """Those in force."""
        book, day = rules(), day_of(moment)
        return cls(
            fewest=book.figure(PolicyKey.DRIFT_FEWEST, day),
            accepted=book.figure(PolicyKey.DRIFT_ACCEPTED, day) / 100,
            stability=book.figure(PolicyKey.DRIFT_STABILITY, day) / 100,
            unknown=book.figure(PolicyKey.DRIFT_UNKNOWN, day) / 100,
            unknown_times=1 + book.figure(PolicyKey.DRIFT_UNKNOWN_RISE, day) / 100,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One sign: the figure now and before, from how many tickets each, the limit, and whether it is passed."""

    sign: DriftAlarm.Sign
    now: float | None
    before: float | None
    n: int
    m: int
    limit: float | None
    alarm: bool = False


def check() -> list[DriftAlarm]:
    """Look at the last whole week of every model, and keep an alarm for each sign that is beyond its limit."""
    monday, limits = weeks.monday_of(clock.now()) - timedelta(weeks=1), Limits.on(clock.now())
    raised = []
    for name in Taught:
        for reading in readings(name, list(LearningWeek.objects.filter(name=name).order_by("monday")), limits):
            if reading.alarm:
                found = {"now": reading.now, "before": reading.before, "n": reading.n, "m": reading.m}
                alarm, fresh = DriftAlarm.objects.get_or_create(
                    name=name, sign=reading.sign, monday=monday, defaults={"found": found, "at": clock.now()}
                )
                raised += [alarm] if fresh else []
    return raised


def readings(name: Taught, rows: Sequence[LearningWeek], limits: Limits) -> list[Reading]:
    """The four signs of the last whole week among `rows`; empty without such a week."""
    monday = weeks.monday_of(clock.now()) - timedelta(weeks=1)
    this = next((row.counts for row in rows if row.monday == monday), None)
    earlier = [row.counts for row in rows if monday - timedelta(weeks=weeks.WEEKS - 1) <= row.monday < monday]
    if this is None:
        return []
    return [
        _acceptance(this, earlier, limits),
        _confidence(this, earlier, limits),
        _unknown(this, earlier, limits),
        _mix(name, this, earlier, limits),
    ]


def psi(now: Sequence[int], before: Sequence[int]) -> float:
    """Population stability index of two histograms, half a case added to every bin."""
    n, m, bins = sum(now), sum(before), len(now)
    shares = [((a + 0.5) / (n + bins / 2), (b + 0.5) / (m + bins / 2)) for a, b in zip(now, before, strict=True)]
    return sum((a - b) * math.log(a / b) for a, b in shares)


def _acceptance(this: dict[str, Any], earlier: Sequence[dict[str, Any]], limits: Limits) -> Reading:
    n, m = this["n"], sum(row["n"] for row in earlier)
    if min(n, m) < limits.fewest:
        return Reading(sign=Sign.ACCEPTANCE, now=_share(this["right"], n), before=None, n=n, m=m, limit=None)
    right = sum(row["right"] for row in earlier)
    now, before, whole = this["right"] / n, right / m, (this["right"] + right) / (n + m)
    noise = SIGMAS * math.sqrt(whole * (1 - whole) * (1 / n + 1 / m))
    limit = before - max(limits.accepted, noise)
    return Reading(sign=Sign.ACCEPTANCE, now=now, before=before, n=n, m=m, limit=limit, alarm=now < limit)


def _confidence(this: dict[str, Any], earlier: Sequence[dict[str, Any]], limits: Limits) -> Reading:
    """Only suggestions of one and the same model are compared."""
    now = this["confidence"].get(this["model"], [0] * weeks.BINS)
    before = [sum(bins) for bins in zip(*(_bins(row, this["model"]) for row in earlier), strict=True)]
    return _stability(Sign.CONFIDENCE, now, before or [0] * weeks.BINS, limits)


def _bins(row: dict[str, Any], model: str) -> list[int]:
    found: list[int] = row["confidence"].get(model, [0] * weeks.BINS)
    return found


def _unknown(this: dict[str, Any], earlier: Sequence[dict[str, Any]], limits: Limits) -> Reading:
    seen = this["unknown"]
    n, m = seen["texts"], sum(row["unknown"]["texts"] for row in earlier)
    now = _share(seen["unknown"], seen["grams"])
    before = _share(sum(row["unknown"]["unknown"] for row in earlier), sum(row["unknown"]["grams"] for row in earlier))
    if min(n, m) < limits.fewest or now is None or before is None:
        return Reading(sign=Sign.UNKNOWN, now=now, before=None, n=n, m=m, limit=None)
    limit = max(before + limits.unknown, before * limits.unknown_times)
    return Reading(sign=Sign.UNKNOWN, now=now, before=before, n=n, m=m, limit=limit, alarm=now > limit)


def _mix(name: Taught, this: dict[str, Any], earlier: Sequence[dict[str, Any]], limits: Limits) -> Reading:
    """Against what taught the version in use; against the weeks before while the installed one is."""
    row = ModelVersion.objects.filter(name=name, version=versions.in_use(name)).first()
    before = Counter(row.labels) if row else sum((_labels(counts) for counts in earlier), Counter[str]())
    now = _labels(this)
    names = sorted(now | before)
    return _stability(Sign.MIX, [now[label] for label in names], [before[label] for label in names], limits)


def _labels(counts: dict[str, Any]) -> Counter[str]:
    return Counter({label: row["n"] for label, row in counts["classes"].items() if row["n"]})


def _stability(sign: DriftAlarm.Sign, now: Sequence[int], before: Sequence[int], limits: Limits) -> Reading:
    n, m = sum(now), sum(before)
    if min(n, m) < limits.fewest:
        return Reading(sign=sign, now=None, before=None, n=n, m=m, limit=None)
    found, limit = psi(now, before), limits.stability + (len(now) - 1) * (1 / n + 1 / m)
    return Reading(sign=sign, now=found, before=0.0, n=n, m=m, limit=limit, alarm=found > limit)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
