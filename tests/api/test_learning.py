"""The learning loop over the interface: figures, decisions with a reason, training by hand, alarms taken notice of."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, TestCase
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from dispatch.learning import versions
from dispatch.models import DriftAlarm, ModelChange, ModelVersion, Taught, Training
from hotline.people.models import Staff
from hotline.tickets import clock
from nlp import modelstore
from tests.dispatch.learning.pupils import NOW
from tests.factories import staff

pytestmark = pytest.mark.django_db
API = "/api/v1/learning"
LONG_AGO = NOW - timedelta(days=900)


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> None:
    """One version of the type model beside the installed one."""
    settings.MODEL_DIR = tmp_path
    modelstore.add(versions.folder_of(Taught.TYPE), lambda _folder: "v1")
    figures = {"new": {"n": 120, "accuracy": 0.9, "classes": {"help": {}}}, "frozen": {"n": 20, "set": "x"}}
    ModelVersion.objects.create(name="type", version="v1", trained_at=NOW, cut=NOW, rows=220, figures=figures)


@pytest.fixture
def person() -> Staff:
    return staff("supervisor")


@pytest.fixture
def client(person: Staff) -> Client:
    found = Client()
    found.force_login(person)
    return found


def post(client: Client, path: str, **body: Any) -> Any:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(f"{API}/{path}", body, content_type="application/json")


def test_the_first_page_names_every_model(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(12):
        body = client.get(API).json()
    assert [(row["name"], row["in_use"], row["decided"], row["pinned"]) for row in body["models"]] == [
        ("type", "", "", None),
        ("matter", "", "", None),
        ("department", "", "", None),
    ]
    assert (body["training"], body["alarms"], body["may_decide"]) == (None, [], True)


def test_promoting_and_rolling_back_are_on_record(
    client: Client, person: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    done = post(client, "type/promote", version="v1", why="试用")
    assert (done.status_code, done.json()["by"], versions.in_use(Taught.TYPE)) == (200, str(person), "v1")
    assert post(client, "type/roll-back", why="差").json()["version"] == ""
    ModelChange.objects.create(name="type", act="promoted", version="v0", why="夜间训练", at=LONG_AGO)
    with django_assert_num_queries(8):
        body = client.get(f"{API}/type").json()
    assert [(row["act"], row["why"]) for row in body["changes"]] == [
        ("pinned", "差"),
        ("rolled_back", "差"),
        ("promoted", "试用"),
        ("promoted", "夜间训练"),
    ]
    assert [row["by"] for row in body["changes"]] == [str(person)] * 3 + [None]
    assert body["pinned"]["why"] == "差"
    (row,) = body["versions"]
    assert (row["version"], row["rows"], row["figures"]["new"]) == ("v1", 220, {"n": 120, "accuracy": 0.9})
    assert post(client, "type/set-free", why="好了").status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("type/promote", {"version": "v1"}, "why"),
        ("type/promote", {"version": "../x", "why": "?"}, "version"),
        ("type/roll-back", {"why": "?"}, "version"),
        ("type/set-free", {"why": "?"}, "name"),
    ],
)
def test_what_cannot_be_says_why(client: Client, path: str, body: dict[str, str], field: str) -> None:
    answer = post(client, path, **body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert versions.in_use(Taught.TYPE) == ""


def test_there_are_three_models(client: Client) -> None:
    assert client.get(f"{API}/weather").status_code == 404
    assert post(client, "weather/pin", why="?").status_code == 404


def test_training_by_hand_is_queued_once(client: Client, person: Staff) -> None:
    done = post(client, "train")
    assert (done.status_code, done.json()["state"], done.json()["by"]) == (201, "waiting", str(person))
    training = Training.objects.get()
    (job,) = ProcrastinateJob.objects.filter(task_name="dispatch.tasks.train_models")
    assert job.args == {"training": training.pk}
    assert post(client, "train").status_code == 422
    assert client.get(API).json()["training"]["id"] == training.pk


def test_an_alarm_stays_until_a_supervisor_has_seen_it(client: Client, person: Staff) -> None:
    found = {"now": 0.7, "before": 0.9, "n": 200, "m": 800}
    alarm = DriftAlarm.objects.create(name="type", sign="acceptance", monday=NOW.date(), found=found, at=clock.now())
    (shown,) = client.get(API).json()["alarms"]
    assert (shown["sign"], shown["found"]) == ("acceptance", found)
    assert post(client, f"alarms/{alarm.pk}/seen").status_code == 200
    alarm.refresh_from_db()
    assert alarm.seen_by == person
    assert client.get(API).json()["alarms"] == []
