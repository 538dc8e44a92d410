"""A disk without room, a real one: nothing half-written stays, and a recording goes on when there is room again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from channels_ingest import incoming
from channels_ingest.telephony.legs import RATE
from channels_ingest.telephony.recording import Recording
from hotline.tickets import files

ROOM = 512 * 1024
SECOND = b"\1\0" * RATE


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of its own, small enough to be filled."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    with tempfile.TemporaryDirectory(prefix="hotline-disk-") as name:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", name], capture_output=True, text=True, check=False
        )
        if mounted.returncode:
            pytest.skip(f"no disk may be mounted here: {mounted.stderr.strip()}")
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True)


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    assert shutil.disk_usage(disk).free == 0
    return filler


def test_a_file_is_whole_or_not_there(disk: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = disk
    found = files.Examined(bytes(ROOM * 2), "application/pdf", ".pdf")
    for keep in (lambda: files._store(found), lambda: incoming.put(found.content)):
        with pytest.raises(OSError, match="No space left"):
            keep()
        assert [path for path in disk.rglob("*") if path.is_file()] == []
    assert shutil.disk_usage(disk).free > ROOM * 0.9


def test_a_recording_that_found_no_room_goes_on_at_its_place(disk: Path) -> None:
    recording = Recording(disk / "recordings", uuid4(), datetime(2026, 11, 22, tzinfo=UTC))
    voice = uuid4()
    recording.begin()
    recording.write(voice, False, SECOND, 1.0)
    filler = fill(disk)
    with pytest.raises(OSError, match="No space left"):
        recording.write(voice, False, SECOND, 2.0)
    filler.unlink()
    recording.write(voice, False, SECOND, 3.0)
    finished = recording.finish()
    assert finished.seconds == pytest.approx(3.0, abs=0.01)
    heard = finished.path.read_bytes()[44:]
    assert (heard[:4], heard[RATE * 4 * 2 :][:4]) == (b"\1\0\0\0", b"\1\0\0\0")


def test_a_call_that_never_had_room_is_finished_when_there_is_some(disk: Path) -> None:
    recording = Recording(disk / "recordings", uuid4(), datetime(2026, 11, 22, tzinfo=UTC))
    (disk / "recordings/2026/11/22").mkdir(parents=True)
    filler = fill(disk)
    for attempt in (recording.begin, recording.finish):
        with pytest.raises(OSError, match="No space left"):
            attempt()
        assert not recording.begun
    filler.unlink()
    assert recording.finish().seconds == 0
