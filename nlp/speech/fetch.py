"""Fetching a model from its publisher: resumed when broken off, checked, unpacked with care."""

from __future__ import annotations

import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

import httpx

from nlp.speech.errors import FetchFailed
from nlp.speech.models import Archive, Progress, record, replace, sha256_of

_TIMEOUT = httpx.Timeout(30.0)


def fetch(archive: Archive, models_dir: Path, progress: Progress | None = None) -> Path:
    """Download, check and unpack an archive; broken off, it goes on where it stopped the next time."""
    models_dir.mkdir(parents=True, exist_ok=True)
    partial = models_dir / f"{archive.name}.zip.part"
    try:
        _download(archive, partial, progress)
    except httpx.HTTPError as error:
        raise FetchFailed(
            f"{archive.url} could not be fetched ({error}). Try again to go on where it stopped, "
            "or download it elsewhere and give it with --file."
        ) from error
    try:
        return unpack(archive, partial, models_dir)
    finally:
        partial.unlink(missing_ok=True)


def unpack(archive: Archive, zip_path: Path, models_dir: Path) -> Path:
    """Check a downloaded archive and unpack its folder into the store."""
    try:
        found = sha256_of(zip_path)
    except OSError as error:
        raise FetchFailed(f"{zip_path} cannot be read: {error.strerror}.") from error
    if found != archive.sha256:
        raise FetchFailed(f"{zip_path.name} is not the published file: SHA-256 {found}, not {archive.sha256}.")
    models_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models_dir, prefix=".unpacking-") as name:
        try:
            with zipfile.ZipFile(zip_path) as contents:
                _check_members(contents, archive)
                contents.extractall(name)
        except (zipfile.BadZipFile, OSError) as error:
            raise FetchFailed(f"{zip_path.name} cannot be unpacked: {error}.") from error
        record(Path(name) / archive.name)
        return replace(Path(name) / archive.name, models_dir / archive.name)


def _download(archive: Archive, partial: Path, progress: Progress | None) -> None:
    have = partial.stat().st_size if partial.exists() else 0
    if have >= archive.bytes:
        return
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with httpx.stream("GET", archive.url, headers=headers, timeout=_TIMEOUT, follow_redirects=True) as answer:
        answer.raise_for_status()
        resumed = answer.status_code == httpx.codes.PARTIAL_CONTENT
        done = have if resumed else 0
        with partial.open("ab" if resumed else "wb") as file:
            for block in answer.iter_raw():
                done += len(block)
                if done > archive.bytes:
                    raise FetchFailed(f"{archive.url} sends more than the {archive.bytes} bytes published.")
                file.write(block)
                if progress:
                    progress(done, archive.bytes)


def _check_members(contents: zipfile.ZipFile, archive: Archive) -> None:
    """Refuse an archive that writes outside its folder, makes links, or unpacks to more than is published."""
    total = 0
    for member in contents.infolist():
        path = PurePosixPath(member.filename)
        if path.is_absolute() or ".." in path.parts or path.parts[:1] != (archive.name,):
            raise FetchFailed(f"The archive would write outside its folder: {member.filename!r}.")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise FetchFailed(f"The archive holds a link: {member.filename!r}.")
        total += member.file_size
    if total > archive.unpacked_bytes:
        raise FetchFailed(f"The archive unpacks to {total} bytes, more than the {archive.unpacked_bytes} expected.")
