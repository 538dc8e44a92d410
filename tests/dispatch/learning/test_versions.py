"""Promoting, rolling back and pinning: one click, with a reason, on record."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from dispatch.learning import versions
from dispatch.models import ModelChange, Taught
from hotline.people.models import Staff
from hotline.tickets import clock
from hotline.tickets.errors import InvalidFields
from nlp import modelstore
from tests.factories import staff

pytestmark = pytest.mark.django_db(transaction=True)
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


def test_what_is_not_committed_moves_nothing(folder: Path) -> None:
    with transaction.atomic():
        versions.promote(NAME, "one", why="更好")
        assert modelstore.version_in_use(folder) is None
        transaction.set_rollback(True)
    assert modelstore.version_in_use(folder) is None
    assert versions.decided(NAME) == ""


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_version_that_could_not_be_taken_into_use_is_seen_and_mended(
    folder: Path, monkeypatch: pytest.MonkeyPatch, person: Staff, by_hand: bool
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(modelstore, "use", full)
        versions.promote(NAME, "one", why="更好")
    assert (versions.decided(NAME), versions.in_use(NAME)) == ("one", "")
    if by_hand:
        change = versions.promote(NAME, "one", why="磁盘已清理", by=person)
        assert (change.before, change.version) == ("", "one")
    else:
        assert versions.follow(NAME)
    assert (versions.decided(NAME), versions.in_use(NAME)) == ("one", "one")
    with pytest.raises(InvalidFields):
        versions.promote(NAME, "one", why="再来")


def test_files_that_are_gone_leave_the_pointer_where_it_is(folder: Path, person: Staff) -> None:
    versions.promote(NAME, "one", why="更好")
    ModelChange.objects.create(name=NAME, act="promoted", before="one", version="lost", why="备份", at=clock.now())
    assert not versions.follow(NAME)
    assert (versions.decided(NAME), versions.in_use(NAME)) == ("lost", "one")
    versions.promote(NAME, "", why="回到安装版本", by=person)
    assert versions.in_use(NAME) == ""


def test_a_pointer_that_cannot_be_read_is_written_anew(folder: Path) -> None:
    versions.promote(NAME, "one", why="更好")
    (folder / modelstore.CURRENT).write_text("\0\0\0")
    assert versions.follow(NAME)
    assert versions.in_use(NAME) == "one"


def test_files_are_deleted_by_one_who_decides_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a supervisor could take into use in this moment what is being deleted."""
    held: list[int] = []

    def remove(_folder: Path, _version: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()")
            held.extend(cursor.fetchone())

    monkeypatch.setattr(modelstore, "remove", remove)
    versions.prune(NAME)
    assert held == [1, 1]  # neither version was ever in use or is known
