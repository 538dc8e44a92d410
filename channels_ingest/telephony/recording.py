"""A call on disk: written as it comes, kept to the wall clock, whole again after a crash.

`<uuid>.json` is written first and deleted last, when the call has been handed on: what it stands beside is
unfinished business. `<uuid>.wav.part` is the sound of a call that has not ended.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from uuid import UUID

from channels_ingest.telephony.calls import FinishedCall

SAMPLE_BYTES = 2
GAP_SECONDS = 0.2  # less is jitter: padding it would put the sound that comes after it too late
_HEADER_BYTES = 44


class Recording:
    """The sound of one call in progress."""

    def __init__(self, root: Path, uuid: UUID, started_at: datetime, dtmf: str = "", rate: int = 0) -> None:
        self.uuid = uuid
        self.started_at = started_at
        self.dtmf = dtmf
        self.rate = rate
        self._wav = root / f"{started_at:%Y/%m/%d}" / f"{uuid}.wav"
        self._file: FileIO | None = None
        self._bytes = 0

    @property
    def begun(self) -> bool:
        """Whether there is sound to keep."""
        return self._file is not None

    @property
    def known(self) -> bool:
        """Whether a call of this UUID is on disk already, finished or not."""
        return self._wav.exists() or self._note.exists()

    def begin(self, rate: int) -> None:
        """Make the files; from now on a crash loses nothing."""
        self.rate = rate
        self._wav.parent.mkdir(parents=True, exist_ok=True)
        self._file = FileIO(self._part, "w")
        self._file.write(_header(rate, 0))
        self.note()

    def note(self) -> None:
        """Keep what is not in the sound, so that a crash does not lose it."""
        facts = {"started_at": self.started_at.isoformat(), "dtmf": self.dtmf, "rate": self.rate}
        fresh = self._note.with_suffix(".json.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(facts, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._note)

    def write(self, pcm16: bytes, at: float) -> None:
        """Sound that arrived `at` seconds after the start; what was missing before it becomes silence."""
        assert self._file is not None
        missing = at - (self._bytes + len(pcm16)) / SAMPLE_BYTES / self.rate
        if missing > GAP_SECONDS:
            pcm16 = bytes(int(missing * self.rate) * SAMPLE_BYTES) + pcm16
        self._file.write(pcm16)
        self._bytes += len(pcm16)

    def finish(self) -> FinishedCall:
        """Make the recording final: right header, on disk, renamed; slow, so not for the event loop."""
        if self._part.exists():
            _mend_header(self._part, self.rate)
            self._part.replace(self._wav)
        if self._file is not None:
            self._file.close()
        with self._wav.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        seconds = (self._wav.stat().st_size - _HEADER_BYTES) / SAMPLE_BYTES / self.rate
        return FinishedCall(self.uuid, self.started_at, seconds, self._wav, digest, self.dtmf)

    def handed_on(self) -> None:
        """The call is in other hands: nothing about it is left to do here."""
        self._note.unlink()

    @property
    def _part(self) -> Path:
        return self._wav.with_suffix(".wav.part")

    @property
    def _note(self) -> Path:
        return self._wav.with_suffix(".json")


def unfinished(root: Path) -> Iterator[Recording]:
    """Calls that an earlier process could not finish or hand on."""
    for note in sorted(root.glob("*/*/*/*.json")):
        if not (note.with_suffix(".wav").exists() or note.with_suffix(".wav.part").exists()):
            note.unlink()  # its recording was deleted, by retention or by hand
            continue
        facts = json.loads(note.read_text(encoding="utf-8"))
        started_at = datetime.fromisoformat(facts["started_at"]).astimezone(UTC)
        yield Recording(root, UUID(note.stem), started_at, facts["dtmf"], facts["rate"])


def _mend_header(path: Path, rate: int) -> None:
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END) - _HEADER_BYTES
        file.truncate(_HEADER_BYTES + size // SAMPLE_BYTES * SAMPLE_BYTES)
        file.seek(0)
        file.write(_header(rate, size // SAMPLE_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _header(rate: int, samples: int) -> bytes:
    """The 44 bytes before 16-bit mono PCM."""
    size = samples * SAMPLE_BYTES
    sound_format = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * SAMPLE_BYTES, SAMPLE_BYTES, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + sound_format + struct.pack("<4sI", b"data", size)
