"""Asking for a training: one at a time, in a process of its own whose end is noticed however it ends."""

from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from dispatch import tasks
from dispatch.learning import asking
from dispatch.models import Training
from hotline.commands import retrain
from hotline.tickets import clock

pytestmark = pytest.mark.django_db


def test_the_night_asks_once() -> None:
    tasks.train_nightly(timestamp=0)
    tasks.train_nightly(timestamp=0)
    assert Training.objects.get().state == "waiting"
    assert ProcrastinateJob.objects.filter(task_name="dispatch.tasks.train_models").count() == 1


def test_a_process_that_does_not_come_to_its_end_is_said_to_have_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    training = Training.objects.create(asked_at=clock.now())
    monkeypatch.setattr("sys.executable", "/bin/false")
    asking.run_apart(training)
    training.refresh_from_db()
    assert (training.state, training.error) == ("failed", "ended with status 1")


def test_one_that_was_killed_with_its_worker_does_not_stand_in_the_way() -> None:
    with clock.at(clock.now() - asking.GIVEN_UP_AFTER * 2):
        lost = asking.ask()
    assert asking.ask().state == "waiting"
    lost.refresh_from_db()
    assert (lost.state, lost.error) == ("failed", "interrupted")


def test_by_hand_it_says_what_came_of_each_model(
    capsys: pytest.CaptureFixture[str], settings: Any, tmp_path: Path
) -> None:
    settings.MODEL_DIR = tmp_path
    assert retrain.run(Namespace(training=None)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"model={name} result=too_few cases=0" for name in ("type", "matter", "department")]
