"""The stage of a measurement: throw-away servers with fsync on, served processes, and how figures are shown."""

import json
import os
import secrets
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

from hotline.demo import embedded, processes

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0
SERVERS = ("daphne", "uvicorn")
LOAD_BEFORE = round(os.getloadavg()[0], 2)
BASELINE = "benchmarks.baseline.asgi:application"


@contextmanager
def stage(kept: Path | None = None) -> Iterator[dict[str, int]]:
    """PostgreSQL and Valkey as durable as a city's, this process set up as the product, tables made.

    They live in a folder that is thrown away, or in `kept`, where another run finds what this one made. Yields the
    numbers of their processes.
    """
    with ExitStack() as leaving:
        folder = kept or Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="hotline-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # PostgreSQL runs as another account when we are root
        (folder / "data" / "static").mkdir(parents=True, exist_ok=True)
        database, valkey = embedded.start_postgres(folder / "postgres"), embedded.start_valkey(folder / "valkey")
        leaving.enter_context(_stopped(database, "DATABASE_URL"))
        leaving.enter_context(_stopped(valkey, "REDIS_URL"))
        os.environ |= {
            "HOTLINE_DATA_DIR": str(folder / "data"),
            "HOTLINE_SECRET_KEY": _secret(folder / "secret_key"),
            "HOTLINE_PERSONAL_DATA_KEY": _secret(folder / "personal_data_key"),
            "HOTLINE_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "benchmarks.baseline.settings",
        }
        django.setup()
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        try:
            yield {"PostgreSQL": database.process.pid, "Valkey": valkey.process.pid}
        finally:
            disconnect()


def _secret(file: Path) -> str:
    """Kept beside the data that it seals."""
    if not file.exists():
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


def disconnect() -> None:
    """Close every connection of this process to the database."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's wrapper has it


@contextmanager
def _stopped(running: embedded.Running, variable: str) -> Iterator[None]:
    os.environ[variable] = running.url
    try:
        yield
    finally:
        running.stop()


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Served:
    """A process that answers at `address`, and the one to blame for its processor time."""

    address: str
    pid: int

    def processor_seconds(self) -> float:
        """What it has used so far."""
        return processor_seconds(self.pid)


def processor_seconds(pid: int) -> float:
    """What a process and those below it have used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") + sum(processor_seconds(int(c)) for c in children)


@contextmanager
def served(*, product: bool, server: str = "daphne") -> Iterator[Served]:
    """The product by `hotline serve`, or the baseline by the same server."""
    port = free_port()
    settings = "hotline.settings" if product else "benchmarks.baseline.settings"
    command = ["hotline.cli", "serve", "--port", str(port), "--server", server]
    process = processes.spawn(
        [sys.executable, "-m", *(command if product else _baseline(server, port))],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings},
        cwd=ROOT,
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz")
        yield Served(f"127.0.0.1:{port}", process.pid)
    finally:
        processes.stop(process)


def _baseline(server: str, port: int) -> list[str]:
    """The options that `hotline serve` gives."""
    if server == "uvicorn":
        return ["uvicorn", "--port", str(port), "--lifespan", "off", "--no-access-log", BASELINE]
    quiet = ["-v", "0", "--no-server-name", "--ping-interval", "20"]
    return ["daphne", "-b", "127.0.0.1", "-p", str(port), *quiet, BASELINE]


def _wait_until_ready(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except (OSError, urllib.error.URLError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * int(share * 1000) // 1000) - 1)]


def show(name: str, rows: Sequence[Mapping[str, Any]], **result: Any) -> None:
    """One table for people and one JSON line for programs."""
    columns = list(rows[0])
    cells = [columns, *([_cell(row[column]) for column in columns] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    for row in cells:
        aligned = (text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True))
        print("  ".join([row[0].ljust(widths[0]), *aligned]))
    machine = {"cores": os.cpu_count(), "load_before": LOAD_BEFORE}
    print(json.dumps({"bench": name, **machine, **result, "rows": rows}, ensure_ascii=False))


def _cell(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
