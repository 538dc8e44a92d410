"""PostgreSQL and Valkey from their wheels' programs, for the demonstration and the tests.

Nothing listens on the network: both servers answer on a unix socket in a folder that only their owner may
enter, which is what lets PostgreSQL trust whoever reaches it. One launcher at a time holds a data folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
import redis

from hotline.demo import embedded_binaries as binaries
from hotline.demo import processes
from hotline.demo.embedded_binaries import EmbeddedError

DATABASE = "hotline"
PORT = 5432  # only names the socket file
LONGEST_SOCKET_PATH = 107
START_PATIENCE = 120.0  # recovery after a crash replays the log before the server answers
CHINESE_SAMPLE = "噪音扰民"

COMMON_SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    # A failed statement would be logged with its values, a doubled key with the key: citizens' words and phones.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FAST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class AlreadyRunning(EmbeddedError):
    """Another launcher holds this data folder."""


@dataclass(slots=True)
class Running:
    """A server that this process started, the address to reach it, and how to stop it."""

    url: str
    process: subprocess.Popen[bytes]
    farewell: signal.Signals
    release: Callable[[], None]

    def stop(self) -> None:
        """Stop the server in good order and let go of its data folder."""
        processes.stop(self.process, by=self.farewell, patience=30)
        self.release()


# --- PostgreSQL --------------------------------------------------------------------------------


def start_postgres(data_dir: Path, *, durable: bool = True) -> Running:
    """Start PostgreSQL on `data_dir` (made when missing); `durable=False` trades safety for speed."""
    data_dir = data_dir.absolute()
    release = _hold(data_dir)
    try:
        account = binaries.unprivileged_account(data_dir)
        programs = binaries.readable_bin(binaries.postgres_bin(), account)
        data_dir = _enterable(data_dir, account)
        _ensure_cluster(programs, data_dir, account, durable=durable)
        _clear_earlier_run(data_dir)
        process, url = _launch_postgres(programs, data_dir, account, durable=durable)
    except BaseException:
        release()
        raise
    running = Running(url, process, signal.SIGINT, release)  # SIGINT is PostgreSQL's fast shutdown
    try:
        _prepare_database(url)
    except BaseException:
        running.stop()
        raise
    return running


def _enterable(data_dir: Path, account: pwd.struct_passwd | None) -> Path:
    """`data_dir`, or where it points when the account of the server cannot enter its parent folders."""
    if data_dir.is_symlink() or binaries.can_enter(data_dir.parent, account):
        return data_dir.resolve()
    if data_dir.exists():
        raise EmbeddedError(f"{data_dir} lies in a folder that its account cannot enter: open the way to it.")
    place = Path(tempfile.mkdtemp(dir=binaries.shared_root(), prefix="data-"))
    place.chmod(0o755)
    data_dir.symlink_to(place / "postgres")
    return place / "postgres"


def _ensure_cluster(programs: Path, data_dir: Path, account: pwd.struct_passwd | None, *, durable: bool) -> None:
    """Create a UTF-8 cluster that appears whole or not at all; refuse one of another major version."""
    major = binaries.major_version(programs)
    with contextlib.suppress(FileNotFoundError):
        theirs = (data_dir / "PG_VERSION").read_text().strip()
        if theirs != str(major):
            raise EmbeddedError(
                f"{data_dir} was made by PostgreSQL {theirs}, but {programs} is version {major}. "
                f"Set HOTLINE_PG_BIN to the programs of version {theirs}, or start afresh with --fresh."
            )
        return
    scratch = Path(tempfile.mkdtemp(dir=data_dir.parent, prefix=".initdb-"))
    if account is not None:
        os.chown(scratch, account.pw_uid, account.pw_gid)
    command: list[str | Path] = [programs / "initdb", "-D", scratch, "-U", DATABASE, "--no-instructions"]
    command += ["--auth=trust", "--encoding=UTF8"]
    command += ["--locale=C.UTF-8"]  # LC_CTYPE=C would leave trigram search blind to Chinese
    if major >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = processes.spawn(
        command if durable else [*command, "--no-sync"],
        account=account,
        env=_environment(),
        cwd=Path("/"),
        output=subprocess.PIPE,
    )
    said, _ = made.communicate()
    if made.returncode != 0:
        shutil.rmtree(scratch, ignore_errors=True)
        raise EmbeddedError(f"initdb failed:\n{said.decode(errors='replace')}")
    scratch.rename(data_dir)


def _clear_earlier_run(data_dir: Path) -> None:
    """Stop a server that outlived its launcher, and drop a pid file whose number is now a stranger's."""
    pid_file = data_dir / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    if processes.works_in(pid, data_dir):  # we hold the folder's lock, so its launcher is gone
        if not processes.stop_stranger(pid, by=signal.SIGINT):
            raise EmbeddedError(f"An earlier PostgreSQL server (process {pid}) on {data_dir} does not stop.")
    else:
        pid_file.unlink(missing_ok=True)


def _launch_postgres(
    programs: Path, data_dir: Path, account: pwd.struct_passwd | None, *, durable: bool
) -> tuple[subprocess.Popen[bytes], str]:
    """Start the server and wait until it answers; return the process and the database's address."""
    sockets = _socket_folder(data_dir, f".s.PGSQL.{PORT}", account)
    settings = COMMON_SETTINGS if durable else COMMON_SETTINGS | FAST_SETTINGS
    command: list[str | Path] = [programs / "postgres", "-D", data_dir]
    command += ["-k", sockets, "-h", "", "-p", str(PORT)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with _log_beside(data_dir) as log:
        process = processes.spawn(
            command, account=account, env=_environment(), cwd=Path("/"), output=log, farewell=signal.SIGINT
        )
    server = f"postgresql://{DATABASE}@{quote(str(sockets), safe='')}:{PORT}"
    _wait_until(process, data_dir, lambda: _postgres_answers(f"{server}/postgres"))
    return process, f"{server}/{DATABASE}"


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _prepare_database(url: str) -> None:
    """Create our database when missing, and make sure that Chinese text search will find something."""
    with psycopg.connect(f"{url.rpartition('/')[0]}/postgres", autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(DATABASE)))
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        row = database.execute("SELECT show_trgm(%s)", [CHINESE_SAMPLE]).fetchone()
    if row is None or not row[0]:
        raise EmbeddedError("This PostgreSQL cluster is blind to Chinese trigrams: its locale is not UTF-8.")


def _environment() -> dict[str, str]:
    """What the server may know of our environment: no PG* variable may move its port or its data."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


# --- Valkey ------------------------------------------------------------------------------------


def start_valkey(data_dir: Path, *, durable: bool = True) -> Running:
    """Start Valkey with its files in `data_dir`; `durable=False` keeps nothing on disk."""
    data_dir = data_dir.absolute()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    release = _hold(data_dir)
    socket = _socket_folder(data_dir, "valkey.sock", None) / "valkey.sock"
    keep = ["--appendonly", "yes"] if durable else ["--appendonly", "no"]
    try:
        _stop_earlier_valkey(data_dir)
        with _log_beside(data_dir) as log:
            process = processes.spawn(
                [binaries.valkey_server(), "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700",
                 "--dir", data_dir, "--save", "", *keep, "--daemonize", "no"],
                cwd=Path("/"), output=log,
            )  # fmt: skip
        (data_dir / "valkey.pid").write_text(str(process.pid))
        url = f"unix://{quote(str(socket))}"
        _wait_until(process, data_dir, lambda: _valkey_answers(url))
    except BaseException:
        release()
        raise
    return Running(url, process, signal.SIGTERM, release)


def _stop_earlier_valkey(data_dir: Path) -> None:
    """Stop a server that outlived its launcher; Valkey, too, works in its data folder."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        pid = int((data_dir / "valkey.pid").read_text())
        if processes.works_in(pid, data_dir) and not processes.stop_stranger(pid, by=signal.SIGTERM):
            raise EmbeddedError(f"An earlier Valkey server (process {pid}) on {data_dir} does not stop.")


def _valkey_answers(url: str) -> bool:
    client = redis.Redis.from_url(url)
    try:
        return bool(client.ping())
    except redis.ConnectionError:  # also BusyLoadingError, while it reads its file
        return False
    finally:
        client.close()


# --- both --------------------------------------------------------------------------------------


def _hold(data_dir: Path) -> Callable[[], None]:
    """Take the data folder for this process; the kernel gives it back even after kill -9."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data_dir.with_name(f"{data_dir.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunning(f"{data_dir} is in use by another running demonstration.") from None
    return lambda: os.close(descriptor)


def _socket_folder(data_dir: Path, name: str, account: pwd.struct_passwd | None) -> Path:
    """A 0700 folder for a socket: the data folder, or a short one when the path would be too long."""
    if len(os.fsencode(data_dir / name)) <= LONGEST_SOCKET_PATH:
        return data_dir
    owner = account.pw_uid if account is not None else os.geteuid()
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    folder = Path("/tmp") / f"hotline-{owner}-{digest}"
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
            raise EmbeddedError(f"{folder} is not ours: remove it, then start again.") from None
    return folder


def _log_beside(data_dir: Path) -> IO[bytes]:
    return data_dir.with_name(f"{data_dir.name}.log").open("wb")


def _wait_until(process: subprocess.Popen[bytes], data_dir: Path, answers: Callable[[], bool]) -> None:
    """Wait until a new server answers; when it ends instead, or never answers, say what its log says."""
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if answers():
            return
        time.sleep(processes.POLL_SECONDS)
    processes.stop(process, by=signal.SIGQUIT)
    log = data_dir.with_name(f"{data_dir.name}.log").read_text(errors="replace")
    raise EmbeddedError(f"The server on {data_dir} did not start:\n{log[-2000:]}")
