"""Versions of a model on disk: switched whole, and safe against a full disk and a killed process."""

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nlp import modelstore
from nlp.errors import ModelRefused


def writing(version: str) -> Callable[[Path], str]:
    """A training that leaves one file and names itself `version`."""

    def write(folder: Path) -> str:
        (folder / "model.npz").write_text(version)
        return version

    return write


def kept(folder: Path) -> list[str]:
    """Everything on the shelf but the lock, half-built ones too."""
    return sorted(path.name for path in (folder / "versions").iterdir() if path.name != ".lock")


def test_without_a_pointer_the_installed_files_are_in_use(tmp_path: Path) -> None:
    assert modelstore.version_in_use(tmp_path) is None
    assert modelstore.current(tmp_path) == tmp_path
    assert modelstore.versions(tmp_path) == []


def test_a_version_is_kept_then_used_then_left_again(tmp_path: Path) -> None:
    assert modelstore.add(tmp_path, writing("one")) == "one"
    assert modelstore.version_in_use(tmp_path) is None
    modelstore.add(tmp_path, writing("two"))
    modelstore.use(tmp_path, "one")
    assert (modelstore.current(tmp_path) / "model.npz").read_text() == "one"
    modelstore.use(tmp_path, "two")
    assert (modelstore.current(tmp_path) / "model.npz").read_text() == "two"
    assert modelstore.versions(tmp_path) == ["one", "two"]
    modelstore.use(tmp_path, None)
    assert modelstore.current(tmp_path) == tmp_path


def test_the_stamp_changes_with_the_pointer_and_with_the_installed_files(tmp_path: Path) -> None:
    modelstore.add(tmp_path, writing("one"))
    before = modelstore.stamp(tmp_path)
    assert modelstore.stamp(tmp_path) == before
    modelstore.use(tmp_path, "one")
    pointed = modelstore.stamp(tmp_path)
    assert pointed != before
    (tmp_path / "manifest.json").write_text("{}")
    assert modelstore.stamp(tmp_path) != pointed


def test_a_full_disk_leaves_nothing_and_changes_nothing(tmp_path: Path) -> None:
    modelstore.add(tmp_path, writing("one"))
    modelstore.use(tmp_path, "one")

    def full(folder: Path) -> str:
        (folder / "model.npz").write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        modelstore.add(tmp_path, full)
    assert kept(tmp_path) == ["one"]
    assert modelstore.version_in_use(tmp_path) == "one"


def test_what_a_killed_training_left_is_swept_by_the_next(tmp_path: Path) -> None:
    killed = (
        "import os, signal, sys; from pathlib import Path; from nlp import modelstore\n"
        "def write(folder):\n"
        "    (folder / 'model.npz').write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
        "modelstore.add(Path(sys.argv[1]), write)\n"
    )
    modelstore.add(tmp_path, writing("one"))
    modelstore.use(tmp_path, "one")
    ended = subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False)
    assert ended.returncode == -9
    assert modelstore.versions(tmp_path) == ["one"]
    assert modelstore.version_in_use(tmp_path) == "one"
    assert len(kept(tmp_path)) == 2
    modelstore.add(tmp_path, writing("two"))
    assert kept(tmp_path) == ["one", "two"]


@pytest.mark.parametrize("named", ["", "../elsewhere", "one/two", "none such"])
def test_a_pointer_that_leads_nowhere_is_refused(tmp_path: Path, named: str) -> None:
    (tmp_path / "CURRENT").write_text(named)
    with pytest.raises(ModelRefused):
        modelstore.current(tmp_path)
    with pytest.raises(ModelRefused):
        modelstore.use(tmp_path, named)


def test_the_version_in_use_cannot_be_removed(tmp_path: Path) -> None:
    modelstore.add(tmp_path, writing("one"))
    modelstore.use(tmp_path, "one")
    with pytest.raises(ModelRefused, match="in use"):
        modelstore.remove(tmp_path, "one")
    modelstore.use(tmp_path, None)
    modelstore.remove(tmp_path, "one")
    assert modelstore.versions(tmp_path) == []


def test_a_version_of_an_earlier_format_gives_way_to_the_installed_files(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def read(folder: Path) -> str:
        said = (folder / "model.npz").read_text()
        if said == "old format":
            raise ModelRefused("not of this format")
        return said

    modelstore.add(tmp_path, writing("one"))
    modelstore.use(tmp_path, "one")
    assert modelstore.load(tmp_path, read) == "one"
    (tmp_path / "model.npz").write_text("installed")
    (tmp_path / "versions" / "one" / "model.npz").write_text("old format")
    assert modelstore.load(tmp_path, read) == "installed"
    assert "not of this format" in caplog.text
    modelstore.use(tmp_path, None)
    (tmp_path / "model.npz").write_text("old format")
    with pytest.raises(ModelRefused):
        modelstore.load(tmp_path, read)


def test_newly_installed_files_leave_versions_and_pointer(tmp_path: Path) -> None:
    made, folder = tmp_path / "made", tmp_path / "kept"
    made.mkdir()
    (made / "manifest.json").write_text("{}")
    (made / "model.npz").write_text("new")
    modelstore.add(folder, writing("one"))
    modelstore.use(folder, "one")
    modelstore.install(folder, made)
    assert (folder / "model.npz").read_text() == "new"
    assert modelstore.version_in_use(folder) == "one"
    assert list(made.iterdir()) == []
