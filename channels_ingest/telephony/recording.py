"""A call on disk: written as it comes, kept to the wall clock, whole again after a crash.

Left is the caller and right the desk. `<uuid>.json` is written first and deleted last, when the call has been
handed on: what it stands beside is unfinished business. `<uuid>.wav.part` is the sound of a call that has not
ended. Each voice is added at its own place in the file, so nothing waits in memory for the other side.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np

from channels_ingest.telephony.calls import FinishedCall
from channels_ingest.telephony.legs import RATE, SAMPLE_BYTES

log = logging.getLogger(__name__)

GAP_SECONDS = 0.2  # less is jitter: padding it would put the sound that comes after it too late
STEREO = 2
_HEADER_BYTES = 44


class Track:
    """Where one voice stands against the wall clock."""

    def __init__(self, rate: int = RATE) -> None:
        self._rate = rate
        self.samples = 0

    def place(self, samples: int, at: float) -> int:
        """How many samples of silence come before sound that had arrived `at` seconds after the start."""
        missing = at - (self.samples + samples) / self._rate
        gap = int(missing * self._rate) if missing > GAP_SECONDS else 0
        self.samples += gap + samples
        return gap


class Recording:
    """The sound of one call in progress."""

    def __init__(
        self,
        root: Path,
        uuid: UUID,
        started_at: datetime,
        dtmf: str = "",
        rate: int = RATE,
        channels: int = STEREO,
        pauses: list[list[float]] | None = None,
    ) -> None:
        self.uuid = uuid
        self.started_at = started_at
        self.dtmf = dtmf
        self.rate = rate
        self.pauses = pauses or []
        self.lost_seconds = 0.0  # of sound for which the disk had no room
        self._channels = channels
        self._wav = root / f"{started_at:%Y/%m/%d}" / f"{uuid}.wav"
        self._file: int | None = None
        self._tracks: dict[UUID, Track] = {}

    @property
    def begun(self) -> bool:
        """Whether there is sound to keep."""
        return self._file is not None

    @property
    def known(self) -> bool:
        """Whether a call of this UUID is on disk already, finished or not."""
        return self._wav.exists() or self._note.exists()

    @property
    def paused(self) -> bool:
        """Whether what is said now is not to be kept."""
        return bool(self.pauses) and len(self.pauses[-1]) == 1

    def begin(self) -> None:
        """Make the files; from now on a crash loses nothing."""
        self._wav.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _write(file, _header(self.rate, self._channels, 0), 0)
            self.note()
        except OSError:  # it has not begun: that is tried again with the next sound
            os.close(file)
            self._part.unlink()
            raise
        self._file = file

    @property
    def left_open(self) -> bool:
        """Whether an earlier process was in the middle of it."""
        return self._part.exists() and self._channels == STEREO

    def take_up(self) -> None:
        """Go on where an earlier process was killed: the exchange has had the call all the time."""
        self._file = os.open(self._part, os.O_RDWR)

    def note(self) -> None:
        """Keep what is not in the sound, so that a crash does not lose it."""
        facts = {
            "started_at": self.started_at.isoformat(),
            "dtmf": self.dtmf,
            "rate": self.rate,
            "channels": self._channels,
            "pauses": self.pauses,
        }
        fresh = self._note.with_suffix(".json.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(facts, file)  # not synced: every call would wait for the disk; a note that tears is borne
        fresh.replace(self._note)

    def write(self, voice: UUID, right: bool, pcm16: bytes, at: float) -> None:
        """Add a voice's sound that arrived `at` seconds after the start; what was missing before it is silence."""
        track = self._tracks.setdefault(voice, Track(self.rate))
        samples = len(pcm16) // SAMPLE_BYTES
        track.place(samples, at)
        if samples and not self.paused:
            self._add(track.samples - samples, int(right), np.frombuffer(pcm16, "<i2"))

    def reach(self, at: float) -> None:
        """Make the recording last to this moment, with silence if need be."""
        assert self._file is not None
        size = _HEADER_BYTES + int(at * self.rate) * self._frame_bytes
        if size - os.fstat(self._file).st_size > int(GAP_SECONDS * self.rate) * self._frame_bytes:
            os.ftruncate(self._file, size)

    def pause(self, at: float) -> None:
        """Keep silence instead of sound from now on: somebody reads out a number that nobody may keep."""
        if not self.paused:
            self.pauses.append([round(at, 2)])
            self._note_if_begun()

    def resume(self, at: float) -> None:
        """Keep the sound again."""
        if self.paused:
            self.pauses[-1].append(round(at, 2))
            self._note_if_begun()

    def _note_if_begun(self) -> None:
        if self.begun:  # else there is no folder yet; `begin` will note it
            self.note()

    def finish(self) -> FinishedCall:
        """Make the recording final: right header, on disk, renamed; slow, so not for the event loop."""
        if not (self._part.exists() or self._wav.exists()):
            self.begin()  # nobody spoke, or the disk was full all the time
        if self._part.exists():
            self._mend_header()
            self._part.replace(self._wav)
        if self._file is not None:
            os.close(self._file)
            self._file = None
        with self._wav.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        seconds = (self._wav.stat().st_size - _HEADER_BYTES) / self._frame_bytes / self.rate
        return FinishedCall(self.uuid, self.started_at, seconds, self._wav, digest, self.dtmf, self.lost_seconds)

    def handed_on(self) -> None:
        """The call is in other hands: nothing about it is left to do here."""
        self._note.unlink()

    @property
    def _frame_bytes(self) -> int:
        return SAMPLE_BYTES * self._channels

    @property
    def _part(self) -> Path:
        return self._wav.with_suffix(".wav.part")

    @property
    def _note(self) -> Path:
        return self._wav.with_suffix(".json")

    def _add(self, start: int, channel: int, sound: np.ndarray[tuple[int], np.dtype[np.int16]]) -> None:
        """Add to what is at this place: two people at the desk share the right side."""
        assert self._file is not None
        offset = _HEADER_BYTES + start * self._frame_bytes
        there = os.pread(self._file, len(sound) * self._frame_bytes, offset)
        frames = np.zeros(len(sound) * self._channels, "<i2")
        frames[: len(there) // SAMPLE_BYTES] = np.frombuffer(there[: len(there) // SAMPLE_BYTES * SAMPLE_BYTES], "<i2")
        before = frames[channel :: self._channels]
        together = before.astype(np.int32) + sound if before.any() else sound
        frames[channel :: self._channels] = np.minimum(np.maximum(together, -32768), 32767)
        _write(self._file, frames.tobytes(), offset)

    def _mend_header(self) -> None:
        with self._part.open("r+b") as file:
            frames = max(0, file.seek(0, os.SEEK_END) - _HEADER_BYTES) // self._frame_bytes
            file.truncate(_HEADER_BYTES + frames * self._frame_bytes)
            file.seek(0)
            file.write(_header(self.rate, self._channels, frames))
            file.flush()
            os.fsync(file.fileno())


def _write(file: int, content: bytes, offset: int) -> None:
    """All of it, or an OSError: a disk that becomes full takes a part without a word."""
    if os.pwrite(file, content, offset) < len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def unfinished(root: Path) -> Iterator[Recording]:
    """Calls that an earlier process could not finish or hand on."""
    for note in sorted(root.glob("*/*/*/*.json")):
        if not (note.with_suffix(".wav").exists() or note.with_suffix(".wav.part").exists()):
            note.unlink()  # its recording was deleted, by retention or by hand
            continue
        try:
            yield _noted(root, note)
        except (ValueError, KeyError, TypeError) as error:
            log.warning("the note %s cannot be read (%s): its call is taken from its sound", note, error)
            if (recording := _from_sound(root, note)) is not None:
                yield recording


def _noted(root: Path, note: Path) -> Recording:
    facts = json.loads(note.read_text(encoding="utf-8"))
    return Recording(
        root,
        UUID(note.stem),
        datetime.fromisoformat(facts["started_at"]).astimezone(UTC),
        facts["dtmf"],
        facts["rate"],
        facts.get("channels", 1),  # an earlier version recorded one channel
        facts.get("pauses"),
    )


def _from_sound(root: Path, note: Path) -> Recording | None:
    """What is left of a call when its note was torn: the sound, its header, and the day of its folder."""
    sounds = [path for path in (note.with_suffix(".wav"), note.with_suffix(".wav.part")) if path.exists()]
    with sounds[0].open("rb") as file:
        header = file.read(_HEADER_BYTES)
    try:
        uuid, day = UUID(note.stem), datetime.strptime("/".join(note.parts[-4:-1]), "%Y/%m/%d").replace(tzinfo=UTC)
        channels, rate = struct.unpack_from("<HI", header, 22)
    except (ValueError, struct.error):
        log.warning("%s is no recording of ours", sounds[0])
        return None
    ended = datetime.fromtimestamp(sounds[0].stat().st_mtime, UTC)
    began = ended - timedelta(seconds=sounds[0].stat().st_size / max(channels * SAMPLE_BYTES * rate, 1))
    return Recording(root, uuid, began if began.date() == day.date() else day, "", rate or RATE, channels or STEREO)


def _header(rate: int, channels: int, frames: int) -> bytes:
    """The 44 bytes before 16-bit PCM."""
    width = SAMPLE_BYTES * channels
    size = frames * width
    sound_format = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * width, width, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + sound_format + struct.pack("<4sI", b"data", size)
