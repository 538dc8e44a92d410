"""Versions of a model side by side on disk, and one pointer that says which is in use.

A folder of a model holds the files it was installed with, a folder ``versions`` with one folder a
version, and the file CURRENT: one line naming the version in use; absent, the installed files are.
Both are only ever replaced whole (written aside, synced, renamed), so a full disk or a killed
process leaves the version in use where it was, and a reader sees the old one or the new, never a half.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nlp.errors import ModelRefused

log = logging.getLogger(__name__)
M = TypeVar("M")
CURRENT = "CURRENT"
VERSIONS = "versions"
MANIFEST = "manifest.json"
_BUILDING = ".building-"
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,79}")

Stamp = tuple[tuple[int, int, int], ...]
"""Changes whenever another version is taken into use, or the installed files are replaced."""


def current(folder: Path) -> Path:
    """The folder whose files are to be loaded now; raises ModelRefused when the pointer leads nowhere."""
    version = version_in_use(folder)
    if version is None:
        return folder
    return _existing(folder, version)


def version_in_use(folder: Path) -> str | None:
    """The version that the pointer names; None while the files as installed are in use."""
    try:
        named = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ModelRefused(f"{folder / CURRENT} cannot be read: {error}") from error
    if not _NAME.fullmatch(named):
        raise ModelRefused(f"{folder / CURRENT} names no version: {named[:80]!r}")
    return named


def load(folder: Path, read: Callable[[Path], M]) -> M:
    """What is in use, read by ``read``; when it is refused, as one of an earlier format is, the files as installed."""
    try:
        return read(current(folder))
    except ModelRefused as error:
        if not (folder / CURRENT).exists():
            raise
        log.warning("%s; the files as installed are read instead", error)
        return read(folder)


def install(folder: Path, made: Path) -> None:
    """Take the files of ``made`` as the installed ones; versions and pointer stay.

    The manifest comes last: until then a reader finds that it does not fit the other files, and refuses both.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(made.iterdir(), key=lambda path: path.name == MANIFEST):
        path.replace(folder / path.name)
    _sync(folder)


def use(folder: Path, version: str | None) -> None:
    """Take ``version`` into use at once and whole; None goes back to the files as installed."""
    if version is None:
        (folder / CURRENT).unlink(missing_ok=True)
    else:
        _existing(folder, version)
        aside = folder / f".{CURRENT}-{os.getpid()}-{threading.get_ident()}"
        try:
            with aside.open("w", encoding="utf-8") as file:
                file.write(version + "\n")
                file.flush()
                os.fsync(file.fileno())
            aside.replace(folder / CURRENT)
        finally:
            aside.unlink(missing_ok=True)
    _sync(folder)


def add(folder: Path, write: Callable[[Path], str]) -> str:
    """Keep what ``write`` puts into the folder it is given under the version it returns; not yet in use.

    Nothing stays when it fails; what a killed process left behind is swept by the next ``add``. One at a time.
    """
    shelf = folder / VERSIONS
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released by the system when the process dies
        for left in shelf.glob(f"{_BUILDING}*"):
            shutil.rmtree(left)
        building = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=shelf))
        try:
            return _keep(building, write(building))
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _keep(building: Path, version: str) -> str:
    if not _NAME.fullmatch(version):
        raise ModelRefused(f"{version[:80]!r} cannot name a version")
    for path in building.rglob("*"):
        _sync(path)
    building.chmod(0o755)
    final = building.with_name(version)
    if not final.exists():  # the same bytes have the same name
        building.rename(final)
        _sync(final.parent)
    return version


def versions(folder: Path) -> list[str]:
    """All that are kept, by name."""
    shelf = folder / VERSIONS
    if not shelf.is_dir():
        return []
    return sorted(path.name for path in shelf.iterdir() if _NAME.fullmatch(path.name))


def folder_of(folder: Path, version: str | None) -> Path:
    """Where the files of one version lie; None means as installed."""
    return folder if version is None else _existing(folder, version)


def remove(folder: Path, version: str) -> None:
    """Delete a version that is not in use."""
    if version == version_in_use(folder):
        raise ModelRefused(f"{version} is in use")
    shutil.rmtree(_existing(folder, version))


def stamp(*folders: Path) -> Stamp:
    """What to compare with ``==`` to notice a change: two looks at the file system a folder, no reading."""
    return tuple(_seen(folder / name) for folder in folders for name in (CURRENT, MANIFEST))


def _seen(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0, 0
    return found.st_ino, found.st_size, found.st_mtime_ns


def _existing(folder: Path, version: str) -> Path:
    path = folder / VERSIONS / version
    if not (_NAME.fullmatch(version) and path.is_dir()):
        raise ModelRefused(f"{folder} keeps no version {version[:80]!r}")
    return path


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
