"""Drift by week: alarms beyond noise only, with the figures by hand."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.learning import drift, labels, reports, weeks
from dispatch.models import DriftAlarm, LearningWeek, ModelVersion, Policy, Suggestion, Taught
from hotline.tickets import actors, clock, facts, lifecycle
from tests.dispatch.learning.pupils import NOW
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
THIS = weeks.monday_of(NOW)
LAST = THIS - timedelta(weeks=1)


@pytest.fixture(autouse=True)
def no_models(settings: Any, tmp_path: Path) -> None:
    """The installed files are in use, and there are none."""
    settings.MODEL_DIR = tmp_path


def week(weeks_ago: int, n: int = 200, right: int = 180, **changes: Any) -> LearningWeek:
    """A week with `right` of `n` suggestions accepted, all sure, half help and half complaint."""
    half = {"n": n // 2, "chosen": n // 2, "right": right // 2, "sure": n // 2}
    counts = {
        "n": n,
        "right": right,
        "classes": {"help": half, "complaint": half},
        "confidence": {"m": [0] * 9 + [n]},
        "model": "m",
        "unknown": {"texts": n, "grams": 1_000, "unknown": 20},
    } | changes
    monday = THIS - timedelta(weeks=weeks_ago)
    return LearningWeek.objects.create(name="type", monday=monday, cases=n, counts=counts)


def raised() -> list[tuple[str, str]]:
    with clock.at(NOW):
        return [(alarm.name, alarm.sign) for alarm in drift.check()]


def test_weeks_alike_raise_nothing() -> None:
    for weeks_ago in range(1, 6):
        week(weeks_ago)
    assert raised() == []


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"right": 150}, "acceptance"),
        ({"confidence": {"m": [0, 0, 0, 0, 0, 60, 0, 0, 0, 140]}}, "confidence"),
        ({"unknown": {"texts": 200, "grams": 1_000, "unknown": 50}}, "unknown"),
        (
            {
                "classes": {
                    "help": {"n": 170, "chosen": 170, "right": 150, "sure": 170},
                    "complaint": {"n": 30, "chosen": 30, "right": 30, "sure": 30},
                }
            },
            "mix",
        ),
    ],
)
def test_each_sign_raises_its_alarm_once(changes: dict[str, Any], sign: str) -> None:
    for weeks_ago in range(2, 6):
        week(weeks_ago)
    week(1, **changes)
    assert raised() == [("type", sign)]
    assert raised() == []
    alarm = DriftAlarm.objects.get()
    assert (alarm.monday, alarm.found["n"]) == (LAST, 200)


def test_a_handful_of_tickets_raises_nothing() -> None:
    for weeks_ago in range(2, 6):
        week(weeks_ago)
    week(1, n=60, right=10, confidence={"m": [60, 0, 0, 0, 0, 0, 0, 0, 0, 0]})
    assert raised() == []


@pytest.mark.parametrize(
    ("name", "spoke"), [("type", "type-a"), ("matter", "matter-b"), ("department", "type-a+matter-b+department-c")]
)
def test_a_confidence_is_that_of_the_model_that_spoke(name: str, spoke: str) -> None:
    """Or the night that brings another model of matters would hide what happens to types."""
    row = ticket()
    choice = [{"code": "help", "confidence": 0.95}]
    data = {"type": choice, "matter": choice, "departments": choice, "abstain": False}
    Suggestion.objects.create(ticket=row, data=data, model="type-a+matter-b+department-c", at=NOW)
    case = labels.Case(number=row.number, at=NOW, text="x", label="help")
    offered = weeks._offered(Taught(name), [case])
    assert {number: (found.label, found.model) for number, found in offered.items()} == {row.number: ("help", spoke)}


def test_a_report_compares_as_many_weeks_with_as_many_before() -> None:
    for weeks_ago in range(10):
        week(weeks_ago)
    with clock.at(NOW):
        (row, _) = reports.detail(Taught.TYPE)["classes"]
    assert (row["count"], row["count_before"]) == (400, 400)


def test_confidence_is_compared_within_one_model_only() -> None:
    for weeks_ago in range(2, 6):
        week(weeks_ago)
    week(1, confidence={"new": [200, 0, 0, 0, 0, 0, 0, 0, 0, 0]}, model="new")
    assert raised() == []


@pytest.mark.parametrize(("since", "expected"), [(NOW, []), (NOW + timedelta(days=1), [("type", "acceptance")])])
def test_the_centre_says_from_when_on_which_fall_is_too_much(since: datetime, expected: list[tuple[str, str]]) -> None:
    Policy.objects.create(key="drift_accepted", value=20, from_date=since.date())
    week(1, right=150)
    week(2)
    assert raised() == expected


def test_the_mix_is_compared_with_what_taught_the_version_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    for weeks_ago in range(1, 6):
        week(weeks_ago)
    ModelVersion.objects.create(
        name="type", version="v1", trained_at=NOW, cut=NOW, rows=1_000, labels={"help": 900, "complaint": 100}
    )
    monkeypatch.setattr("dispatch.learning.versions.in_use", lambda name: "v1" if name == Taught.TYPE else "")
    assert raised() == [("type", "mix")]


def test_psi_by_hand() -> None:
    assert drift.psi([10, 10], [100, 100]) == 0.0
    assert drift.psi([150, 50], [100, 100]) == pytest.approx(0.2721, abs=1e-3)


def test_a_week_is_counted_from_suggestions_and_decisions() -> None:
    cast = Cast()
    with clock.at(NOW):
        for offered, decided, confidence in (("help", "help", 0.9), ("help", "complaint", 0.4)):
            row = ticket()
            data = {
                "type": [{"code": offered, "confidence": confidence}],
                "matter": [],
                "departments": [],
                "abstain": True,
            }
            Suggestion.objects.create(ticket=row, data=data, model="m", at=NOW)
            suggested = facts.Suggested(
                type=[offered], matter=[], departments=[], urgency="normal", abstain=True, model="m"
            )
            lifecycle.suggest(ticket=row, fact=suggested, title="", summary="")
            row.refresh_from_db()
            lifecycle.accept(ticket=row, by=actors.staff(cast.agent), version=row.version, type=decided)
        lifecycle.accept(ticket=(bare := ticket()), by=actors.staff(cast.agent), version=bare.version, type="help")
        weeks.fold()
    counted = LearningWeek.objects.get(name="type", monday=THIS)
    assert counted.cases == 2
    assert counted.counts == {
        "n": 2,
        "right": 1,
        "classes": {
            "help": {"n": 1, "chosen": 2, "right": 1, "sure": 1},
            "complaint": {"n": 1, "chosen": 0, "right": 0, "sure": 0},
        },
        "confidence": {"m": [0, 0, 0, 0, 1, 0, 0, 0, 0, 1]},
        "model": "m",
        "unknown": {"texts": 0, "grams": 0, "unknown": 0},
        "corrections": [["agent", "help", "complaint", 1]],
    }
    with clock.at(NOW):
        corrections = reports.detail(Taught.TYPE)["corrections"]
    assert [(row["how"], row["count"]) for row in corrections] == [("agent", 1)]
    assert LearningWeek.objects.count() == 3 * weeks.WEEKS


def test_the_report_says_how_well_each_label_is_known_and_was() -> None:
    week(0)
    week(reports.PERIOD, right=100)
    with clock.at(NOW):
        rows = reports.detail(Taught.TYPE)["classes"]
    assert [(row["code"], row["count"], row["precision"], row["recall"], row["recall_before"]) for row in rows] == [
        ("complaint", 100, 0.9, 0.9, 0.5),
        ("help", 100, 0.9, 0.9, 0.5),
    ]
    assert rows[0]["coverage"] == 1.0
