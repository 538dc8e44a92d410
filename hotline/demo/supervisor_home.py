"""The demonstration's own folder: its data, its secrets, and the environment its processes get."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hotline.demo.embedded_binaries import EmbeddedError

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = ("hotline", "channels_ingest", "dispatch", "nlp", "agent_console")
NOT_SOURCES = {"__pycache__", "frontend", "static"}
SECRETS = ("HOTLINE_SECRET_KEY", "HOTLINE_PERSONAL_DATA_KEY")
ENVIRONMENT_FILE = "demo.env"
PREPARED_FILE = "postgres/hotline-prepared.sha256"  # goes when the data goes
PERISHABLE = ("postgres", "valkey", "media", ENVIRONMENT_FILE)  # models hold nobody's data
DEMO_PASSWORD = "hotline-demo"


def home_folder() -> Path:
    """HOTLINE_HOME, else `.hotline` of the checkout, else of the user's home when installed from a wheel."""
    if chosen := os.environ.get("HOTLINE_HOME"):
        return Path(chosen).absolute()
    base = CHECKOUT if (CHECKOUT / "pyproject.toml").is_file() else Path.home()
    return base / ".hotline"


def join_demonstration() -> None:
    """Take the demonstration's environment for a command typed beside it, where nothing else is configured."""
    if "HOTLINE_SECRET_KEY" not in os.environ:
        for name, value in _kept_environment(home_folder()).items():
            os.environ.setdefault(name, value)


def _kept_environment(folder: Path) -> dict[str, str]:
    with contextlib.suppress(FileNotFoundError):
        lines = (folder / ENVIRONMENT_FILE).read_text().splitlines()
        return {key: value.strip("'") for key, _, value in (line.partition("=") for line in lines)}
    return {}


@dataclass(frozen=True, slots=True)
class Home:
    """An opened folder, held by one supervisor at a time."""

    folder: Path

    @classmethod
    @contextlib.contextmanager
    def open(cls, *, fresh: bool = False) -> Iterator[Home]:
        """Take the folder, made when missing and emptied of data when `fresh`; refuse when it is taken."""
        folder = home_folder()
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)  # root's PostgreSQL account must pass through
        descriptor = os.open(folder / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise EmbeddedError(
                f"演示已在运行 The demonstration in {folder} is running already: stop it with Ctrl-C first."
            ) from None
        try:
            if fresh:
                _empty(folder)
            (folder / "static").mkdir(exist_ok=True)
            yield cls(folder)
        finally:
            os.close(descriptor)

    def is_prepared(self) -> bool:
        """Whether this very code has already filled our own database; a configured one is always asked."""
        if "DATABASE_URL" in os.environ or not (self.folder / "models" / "understanding").is_dir():
            return False
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / PREPARED_FILE).read_text() == sources_digest()
        return False

    def note_prepared(self) -> None:
        """Remember what `is_prepared` asks."""
        if "DATABASE_URL" not in os.environ:
            (self.folder / PREPARED_FILE).write_text(sources_digest())

    def environment(self, *, port: int, database: str, redis: str, phone: Mapping[str, str]) -> dict[str, str]:
        """What every process of the demonstration sees; also kept in demo.env for a shell beside it."""
        ours = {
            **self._secrets(),
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "HOTLINE_DATA_DIR": str(self.folder),
            "HOTLINE_DEMO": "1",
            **phone,
            "HOTLINE_PUBLIC_URL": os.environ.get("HOTLINE_PUBLIC_URL", f"http://127.0.0.1:{port}"),
        }
        _write_private(self.folder / ENVIRONMENT_FILE, "".join(f"{key}='{ours[key]}'\n" for key in ours))
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {
            **inherited,  # without bytecode kept, every process would compile a thousand files at every start
            **ours,
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "2",  # glibc's arena per thread would cost each process tens of megabytes
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        }

    def _secrets(self) -> dict[str, str]:
        """Secrets from the environment, else those of the last start, else new ones."""
        kept = _kept_environment(self.folder)
        return {name: os.environ.get(name) or kept.get(name) or secrets.token_urlsafe(48) for name in SECRETS}


def sources_digest() -> str:
    """One hash over the product's code and data, whether in a checkout or installed."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        for folder, inner, names in os.walk(CHECKOUT / package):
            inner[:] = sorted(set(inner) - NOT_SOURCES)
            for name in sorted(names):
                path = Path(folder, name)
                digest.update(path.relative_to(CHECKOUT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _empty(folder: Path) -> None:
    """Remove the data of earlier demonstrations, also where a link leads."""
    for name in PERISHABLE:
        path = folder / name
        if path.is_symlink():
            shutil.rmtree(path.resolve().parent, ignore_errors=True)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads; it is replaced whole or not at all."""
    scratch = path.with_suffix(".new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    scratch.replace(path)
