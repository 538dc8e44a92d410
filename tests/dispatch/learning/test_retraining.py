"""The nightly training: promoted only when better, and whatever goes wrong the champion stays in use."""

import errno
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase

from dispatch.learning import retraining, versions
from dispatch.models import ModelChange, ModelVersion, Taught, Training
from hotline.tickets import clock
from hotline.tickets.errors import NotAllowed
from nlp import modelstore
from tests.dispatch.learning.pupils import FROZEN, NOW, OPEN, Pupil, case, history
from tests.factories import staff

pytestmark = pytest.mark.django_db
FOLDER = Path("understanding") / "type"


@pytest.fixture(autouse=True)
def model_dir(settings: Any, tmp_path: Path) -> Path:
    """With an installed model that says "complaint" of everything."""
    settings.MODEL_DIR = tmp_path
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "model").write_text("installed")
    return tmp_path / FOLDER


@pytest.fixture
def pupil(monkeypatch: pytest.MonkeyPatch) -> Pupil:
    """The newest tickets are all "help": who learns that is right."""
    found = Pupil(history(), {"installed": "complaint", "v1": "help", "v2": "help"}, "v1")
    monkeypatch.setattr(retraining, "learners", lambda: [found])
    return found


def night() -> Training:
    training = Training.objects.create(asked_at=NOW)
    with clock.at(NOW), TestCase.captureOnCommitCallbacks(execute=True):
        retraining.run(training)
    training.refresh_from_db()
    return training


def test_a_better_one_takes_the_place_and_it_is_on_record(pupil: Pupil) -> None:
    training = night()
    assert (training.state, training.done, training.steps, training.error) == ("done", 3, 3, "")
    assert [(row["result"], row["version"]) for row in training.results] == [("promoted", "v1")]
    assert versions.in_use(Taught.TYPE) == "v1"
    change = ModelChange.objects.get()
    assert (change.act, change.before, change.version, change.by) == ("promoted", "", "v1", None)
    assert "120" in change.why
    row = ModelVersion.objects.get()
    assert (row.rows, row.labels) == (220, {"complaint": 110, "help": 110})
    assert (row.figures["new"]["n"], row.figures["new"]["accuracy"]) == (120, 1.0)
    assert row.figures["champion"]["new"]["accuracy"] == 0.0
    assert row.figures["frozen"]["n"] == 20
    assert (row.figures["verdict"]["won"], row.figures["verdict"]["lost"]) == (120, 0)


def test_it_is_taught_by_nothing_frozen_and_by_nothing_newer_than_the_cut(pupil: Pupil) -> None:
    night()
    cut = ModelVersion.objects.get().cut
    assert cut == NOW - retraining.NEWEST[0]
    assert len(pupil.taught_by) == 220
    assert {row.number for row in pupil.taught_by}.isdisjoint(FROZEN)
    assert all(row.at < cut for row in pupil.taught_by)


def test_one_that_is_as_good_stays_a_challenger(pupil: Pupil) -> None:
    night()
    pupil.learned = "v2"
    assert night().results[0]["result"] == "within_noise"
    assert versions.in_use(Taught.TYPE) == "v1"
    assert modelstore.versions(versions.folder_of(Taught.TYPE)) == ["v1", "v2"]
    assert ModelChange.objects.count() == 1


def test_the_same_data_give_nothing_new(pupil: Pupil) -> None:
    night()
    assert night().results == [{"model": "type", "result": "nothing_new", "version": "v1"}]


def test_few_tickets_teach_nothing(pupil: Pupil, monkeypatch: pytest.MonkeyPatch, model_dir: Path) -> None:
    few = Pupil(history(taught=150), pupil.answers, "v1")
    monkeypatch.setattr(retraining, "learners", lambda: [few])
    assert night().results == [{"model": "type", "result": "too_few", "cases": 290}]
    assert modelstore.versions(model_dir) == []


def test_without_a_model_in_use_it_is_compared_with_what_is_said_without(pupil: Pupil, model_dir: Path) -> None:
    (model_dir / "model").unlink()
    assert night().results[0]["result"] == "promoted"
    found = ModelVersion.objects.get().figures
    assert (found["verdict"]["won"], found["champion"]["new"]["classes"][""]["chosen"]) == (120, 120)


def test_what_a_newer_frozen_ticket_nearly_repeats_is_not_taught(pupil: Pupil, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "人民路与解放路交叉口的路灯已经坏了一个多星期，晚上很黑，老人和孩子走路很危险，请尽快派人来修一下"
    older, newer = case(OPEN[-1], 90, text=said), case(FROZEN[-1], 2, text=said + "！")
    taught = Pupil([*history(), older, newer], pupil.answers, "v1")
    monkeypatch.setattr(retraining, "learners", lambda: [taught])
    night()
    assert (len(taught.taught_by), older in taught.taught_by) == (220, False)


def test_a_crowd_that_says_one_thing_is_one_case(pupil: Pupil, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "人民路与解放路交叉口的路灯已经坏了一个多星期，晚上很黑，老人和孩子走路很危险，请尽快派人来修一下"
    crowd = [case(number, 3, text=said + "！" * (row % 3)) for row, number in enumerate(OPEN[-120:])]
    swayed = Pupil([*history(newest=0), *crowd], pupil.answers, "v1")
    monkeypatch.setattr(retraining, "learners", lambda: [swayed])
    assert night().results[0]["result"] == "within_noise"
    verdict = ModelVersion.objects.get().figures["verdict"]
    assert (verdict["cases"], verdict["won"], verdict["lost"]) == (1, 1, 0)


def test_one_that_fails_in_any_way_does_not_keep_the_others_from_it(
    pupil: Pupil, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Pupil(history(), {}, "v1")
    broken.name, broken.fault = Taught.MATTER, ValueError("a singular matrix")
    monkeypatch.setattr(retraining, "learners", lambda: [broken, pupil])
    training = night()
    assert [(row["model"], row["result"]) for row in training.results] == [("matter", "failed"), ("type", "promoted")]
    assert (training.state, training.error) == ("failed", "matter: a singular matrix")


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left on device"), MemoryError()])
def test_a_full_disk_leaves_the_champion(pupil: Pupil, fault: Exception, model_dir: Path) -> None:
    night()
    pupil.learned, pupil.fault = "v2", fault
    training = night()
    assert (training.state, training.results[0]["result"]) == ("failed", "failed")
    assert versions.in_use(Taught.TYPE) == "v1"
    assert modelstore.versions(model_dir) == ["v1"]


def test_a_killed_training_leaves_the_champion_and_the_next_says_so(pupil: Pupil) -> None:
    night()
    pupil.learned, pupil.fault = "v2", KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        night()
    killed = Training.objects.get(state="running")
    assert (killed.model, killed.stage) == ("type", "training")
    assert versions.in_use(Taught.TYPE) == "v1"
    pupil.fault = None
    assert night().state == "done"
    killed.refresh_from_db()
    assert (killed.state, killed.error) == ("failed", "interrupted")


def test_what_is_pinned_stays_however_good_the_challenger(pupil: Pupil) -> None:
    versions.pin(Taught.TYPE, why="观察一周", by=staff("supervisor"))
    assert night().results[0]["result"] == "pinned"
    assert versions.in_use(Taught.TYPE) == ""


def test_old_challengers_lose_their_files_but_not_their_figures(pupil: Pupil, model_dir: Path) -> None:
    night()
    for number in range(10, 17):
        pupil.learned = f"v{number}"
        pupil.answers[pupil.learned] = "help"
        night()
    assert modelstore.versions(model_dir) == ["v1", "v12", "v13", "v14", "v15", "v16"]
    assert sorted(ModelVersion.objects.filter(discarded=True).values_list("version", flat=True)) == ["v10", "v11"]
    assert ModelVersion.objects.count() == 8


def test_two_trainings_never_run_at_once(pupil: Pupil) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [retraining.LOCK])
        with pytest.raises(NotAllowed):
            night()
        cursor.execute("select pg_advisory_unlock(%s)", [retraining.LOCK])
    other.close()
    assert versions.in_use(Taught.TYPE) == ""
    Training.objects.all().delete()
    assert night().state == "done"
