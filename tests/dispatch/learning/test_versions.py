"""Promoting, rolling back and pinning: one click, with a reason, on record."""

from pathlib import Path
from typing import Any

import pytest

from dispatch.learning import versions
from dispatch.models import ModelChange, Taught
from hotline.people.models import Staff
from hotline.tickets.errors import InvalidFields
from nlp import modelstore
from tests.factories import staff

pytestmark = pytest.mark.django_db
NAME = Taught.MATTER


@pytest.fixture
def person() -> Staff:
    return staff("supervisor")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Two versions kept, the installed one in use."""
    settings.MODEL_DIR = tmp_path
    for version in ("one", "two"):
        modelstore.add(versions.folder_of(NAME), lambda _folder, version=version: version)  # type: ignore[misc]
    return versions.folder_of(NAME)


def test_a_supervisor_rolls_back_and_the_night_may_not_undo_it(person: Staff, folder: Path) -> None:
    versions.promote(NAME, "one", why="更好")
    versions.promote(NAME, "two", why="还要好", by=person)
    versions.roll_back(NAME, why="投诉增多", by=person)
    assert modelstore.version_in_use(folder) == "one"
    pinned = versions.pinned(NAME)
    assert pinned is not None
    assert (pinned.by, pinned.why) == (person, "投诉增多")
    record = ModelChange.objects.order_by("pk").values_list("act", "before", "version", "by", "why")
    assert list(record) == [
        ("promoted", "", "one", None, "更好"),
        ("promoted", "one", "two", person.pk, "还要好"),
        ("rolled_back", "two", "one", person.pk, "投诉增多"),
        ("pinned", "one", "one", person.pk, "投诉增多"),
    ]


def test_it_goes_back_step_by_step_to_what_was_installed(person: Staff, folder: Path) -> None:
    versions.promote(NAME, "one", why="更好")
    versions.promote(NAME, "two", why="还要好")
    versions.roll_back(NAME, why="退", by=person)
    versions.roll_back(NAME, why="再退", by=person)
    assert modelstore.version_in_use(folder) is None
    with pytest.raises(InvalidFields) as refused:
        versions.roll_back(NAME, why="再退", by=person)
    assert list(refused.value.errors) == ["version"]


def test_a_pin_is_set_and_taken_off_once(person: Staff) -> None:
    versions.pin(NAME, why="观察", by=person)
    with pytest.raises(InvalidFields):
        versions.pin(NAME, why="观察", by=person)
    versions.set_free(NAME, why="看够了", by=person)
    assert versions.pinned(NAME) is None
    with pytest.raises(InvalidFields):
        versions.set_free(NAME, why="看够了", by=person)


@pytest.mark.parametrize(("version", "why"), [("none", "更好"), ("one", " "), ("", "更好")])
def test_a_switch_that_cannot_be_leaves_no_record(version: str, why: str, folder: Path) -> None:
    with pytest.raises(InvalidFields):
        versions.promote(NAME, version, why=why)
    assert not ModelChange.objects.exists()
    assert modelstore.version_in_use(folder) is None
