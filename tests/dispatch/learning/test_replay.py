"""The simulator: who would have got what, counted exactly, and nothing changed by it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.learning import replay, versions
from dispatch.learning.comparing import Guess
from dispatch.learning.learners import WordsLearner
from dispatch.models import Duty, LearningWeek, ModelChange, Suggestion, Taught
from hotline.people.models import Department
from hotline.tickets import clock
from hotline.tickets.models import LedgerEntry, Matter, Ticket
from nlp import modelstore
from nlp.training.grammar import Sentence
from tests.dispatch.learning.pupils import NOW, OPEN, case
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
LAMP, NOISE = "路灯坏了晚上很黑", "半夜施工噪音太吵"


@pytest.fixture(autouse=True)
def corpus(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """A starting corpus of two sentences, and models from tickets about lamps (z1) and noise (z2)."""
    settings.MODEL_DIR = tmp_path
    sentences = [Sentence(LAMP, "z1", "help", "a"), Sentence(NOISE, "z2", "complaint", "b")]
    monkeypatch.setattr("nlp.training.starting.starting_sentences", lambda: sentences)
    field = Matter.objects.create(code="z", name="城管")
    for code, name in (("z1", "路灯"), ("z2", "噪音")):
        Matter.objects.create(code=code, name=name, parent=field)


def taught(name: Taught, lamp: str, noise: str) -> Callable[[Path], str]:
    """A training from twelve tickets of either kind."""
    kinds = ((LAMP, lamp), (NOISE, noise))
    cases = [case(OPEN[row], 9, kinds[row % 2][1], f"{kinds[row % 2][0]}{row}") for row in range(24)]
    return lambda folder: WordsLearner(name).train(cases, folder)


@pytest.fixture
def units() -> tuple[Department, Department]:
    """Who the catalogue says is in charge of lamps, and of noise."""
    cast = Cast()
    for matter, unit in (("z1", cast.unit), ("z2", cast.other_unit)):
        row = Matter.objects.get(code=matter)
        Duty.objects.create(matter=row, department=unit, basis="三定方案", from_date=date(2020, 1, 1))
    return cast.unit, cast.other_unit


@pytest.fixture
def in_use(tmp_path: Path) -> None:
    """Types and matters as they should be, installed."""
    for name, lamp, noise in ((Taught.TYPE, "help", "complaint"), (Taught.MATTER, "z1", "z2")):
        folder = versions.folder_of(name)
        version = modelstore.add(folder, taught(name, lamp, noise))
        modelstore.install(folder, modelstore.folder_of(folder, version))


def test_the_tickets_own_words_teach_beside_the_corpus(in_use: None) -> None:
    learner, folder = WordsLearner(Taught.MATTER), versions.folder_of(Taught.MATTER)
    said = learner.guesses(folder, [case("a", 1, text="路灯又坏了"), case("b", 1, text="噪音太吵了")])
    assert [guess.label for guess in said] == ["z1", "z2"]
    assert all(isinstance(guess, Guess) and guess.confidence > 0.5 for guess in said)


def test_another_model_is_tried_without_being_used(in_use: None, units: tuple[Department, Department]) -> None:
    lamps, noise = units
    odd = modelstore.add(versions.folder_of(Taught.MATTER), taught(Taught.MATTER, "z2", "z1"))
    with clock.at(NOW):
        rows = [ticket(LAMP), ticket(LAMP), ticket(NOISE)]
    lines = LedgerEntry.objects.count()
    found = replay.replay(NOW, NOW + timedelta(days=1), lambda: None, {Taught.MATTER: odd})
    moves = [(before, after, count, [row.number for row in some]) for before, after, count, some in found.moves]
    assert moves == [
        (lamps.code, noise.code, 2, [rows[0].number, rows[1].number]),
        (noise.code, lamps.code, 1, [rows[2].number]),
    ]
    assert found.gained() == {lamps.code: -1, noise.code: 1}
    assert (found.settled, found.hours(lambda row: row.before)) == ([], None)
    assert versions.in_use(Taught.MATTER) == ""
    assert LedgerEntry.objects.count() == lines
    assert [model.objects.count() for model in (Suggestion, ModelChange, LearningWeek)] == [0, 0, 0]


def test_another_catalogue_is_tried_and_taken_back(in_use: None, units: tuple[Department, Department]) -> None:
    lamps, noise = units
    with clock.at(NOW):
        ticket(LAMP)
    found = replay.replay(NOW, NOW + timedelta(days=1), lambda: Duty.objects.update(department=noise), {})
    assert [move[:3] for move in found.moves] == [(lamps.code, noise.code, 1)]
    assert set(Duty.objects.values_list("department", flat=True)) == {lamps.pk, noise.pk}


def test_what_is_printed_does_not_tell_who_is_protected(in_use: None, units: tuple[Department, Department]) -> None:
    with clock.at(NOW):
        row = ticket(LAMP)
    Ticket.objects.filter(pk=row.pk).update(confidential=True, title="张三丰家门口路灯不亮")
    told: list[tuple[int, int]] = []
    found = replay.replay(NOW, NOW + timedelta(days=1), lambda: None, {}, lambda *far: told.append(far))
    assert [one.title for one in found.rows] == ["***家门口路灯不亮"]
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_right_and_hours_by_hand() -> None:
    hour = timedelta(hours=1)
    found = replay.Replay(
        (
            replay.Row("1", "", "a", "b", "b", 2 * hour, 10 * hour),
            replay.Row("2", "", "a", "a", "a", 2 * hour, 2 * hour),
            replay.Row("3", "", "a", "a", "c", 2 * hour, 30 * hour),
            replay.Row("4", "", "a", "b", "", 2 * hour, None),
        )
    )
    assert (found.right(lambda row: row.before), found.right(lambda row: row.after)) == (1, 2)
    assert found.hours(lambda row: row.before) == 14
    assert found.hours(lambda row: row.after) == pytest.approx(34 / 3)
