"""What the supervisor's page shows of the learning loop: models, versions, labels, alarms, corrections."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dispatch.learning import drift, versions, weeks
from dispatch.models import DriftAlarm, LearningWeek, ModelChange, ModelVersion, Taught, Training
from hotline.people.models import Department
from hotline.tickets import clock
from hotline.tickets.models import Matter, RequestType

PERIOD = 4
"""Weeks that a report is about, and as many before them for the trend."""
VERSIONS_SHOWN, CHANGES_SHOWN, CORRECTIONS_SHOWN = 20, 20, 12


def overview() -> dict[str, Any]:
    """Every model in one glance, the training that runs or ran last, and the alarms nobody has seen."""
    rows, limits = _weeks(), drift.Limits.on(clock.now())
    return {
        "models": [_model(name, rows[name], limits) for name in Taught],
        "training": Training.objects.select_related("by").first(),
        "alarms": list(DriftAlarm.objects.filter(seen_at=None)),
    }


def detail(name: Taught) -> dict[str, Any]:
    """One model: its versions, what was done with them, and how well it knows each label."""
    rows, now = _weeks()[name], versions.in_use(name)
    changes = ModelChange.objects.filter(name=name).select_related("by")[:CHANGES_SHOWN]
    return {
        **_model(name, rows, drift.Limits.on(clock.now())),
        "versions": list(ModelVersion.objects.filter(name=name)[:VERSIONS_SHOWN]),
        "in_use": now,
        "changes": list(changes),
        "classes": _classes(name, rows),
        "corrections": _corrections(name, rows),
    }


def _weeks() -> dict[Taught, list[LearningWeek]]:
    rows: dict[Taught, list[LearningWeek]] = defaultdict(list)
    first = weeks.monday_of(clock.now()) - timedelta(weeks=weeks.WEEKS)  # drift looks at eight before the last
    for row in LearningWeek.objects.filter(monday__gte=first).order_by("monday"):
        rows[Taught(row.name)].append(row)
    return rows


def _model(name: Taught, rows: Sequence[LearningWeek], limits: drift.Limits) -> dict[str, Any]:
    return {
        "name": name,
        "in_use": versions.in_use(name),
        "decided": versions.decided(name),
        "pinned": versions.pinned(name),
        "weeks": [{"monday": row.monday, "cases": row.cases, "right": row.counts["right"]} for row in rows],
        "drift": drift.readings(name, rows, limits),
    }


def _classes(name: Taught, rows: Sequence[LearningWeek]) -> list[dict[str, Any]]:
    """Precision, recall and coverage of each label in the last weeks, and its recall in the weeks before."""
    middle, first = _recent(), _recent() - timedelta(weeks=PERIOD)
    recent = _sum(row for row in rows if middle <= row.monday)
    before = _sum(row for row in rows if first <= row.monday < middle)
    names = labels_of(name)
    found = [
        {
            "code": code,
            "name": names.get(code, code),
            "count": counts["n"],
            "chosen": counts["chosen"],
            "precision": _share(counts["right"], counts["chosen"]),
            "recall": _share(counts["right"], counts["n"]),
            "coverage": _share(counts["sure"], counts["n"]),
            "recall_before": _share(before[code]["right"], before[code]["n"]),
            "count_before": before[code]["n"],
        }
        for code, counts in recent.items()
    ]
    return sorted(found, key=lambda row: (-row["count"], row["code"]))


def _corrections(name: Taught, rows: Sequence[LearningWeek]) -> list[dict[str, Any]]:
    """What people changed most often in the last weeks, and on what occasion."""
    found: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        if row.monday >= _recent():
            found.update({(how, before, after): n for how, before, after, n in row.counts.get("corrections", [])})
    names = labels_of(name)
    return [
        {"how": how, "before": names.get(before, before), "after": names.get(after, after), "count": n}
        for (how, before, after), n in found.most_common(CORRECTIONS_SHOWN)
    ]


def _recent() -> date:
    """The Monday from which on a report counts."""
    return weeks.monday_of(clock.now()) - timedelta(weeks=PERIOD - 1)


def labels_of(name: Taught) -> dict[str, str]:
    """What each label is called."""
    if name == Taught.TYPE:
        return {code: str(label) for code, label in RequestType.choices}
    rows = Matter.objects if name == Taught.MATTER else Department.objects
    return dict(rows.values_list("code", "name"))


def _sum(rows: Any) -> dict[str, Counter[str]]:
    classes: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for code, counts in row.counts["classes"].items():
            classes[code].update(counts)
    return classes


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
