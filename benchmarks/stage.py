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
def stage() -> Iterator[None]:
    """PostgreSQL and Valkey as durable as a city's, this process set up as the product, tables made."""
    with ExitStack() as leaving, tempfile.TemporaryDirectory(prefix="hotline-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another account when we are root
        (folder / "data" / "static").mkdir(parents=True)
        leaving.enter_context(_stopped(embedded.start_postgres(folder / "postgres"), "DATABASE_URL"))
        leaving.enter_context(_stopped(embedded.start_valkey(folder / "valkey"), "REDIS_URL"))
        os.environ |= {
            "HOTLINE_DATA_DIR": str(folder / "data"),
            "HOTLINE_SECRET_KEY": secrets.token_urlsafe(50),
            "HOTLINE_PERSONAL_DATA_KEY": secrets.token_urlsafe(50),
            "HOTLINE_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "benchmarks.baseline.settings",
        }
        django.setup()
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        try:
            yield
        finally:
            disconnect()
            leaving.close()  # servers first, then their folder


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


@contextmanager
def served(*, product: bool, server: str = "daphne") -> Iterator[str]:
    """The product by `hotline serve`, or the baseline by the same server; yields its `127.0.0.1:port`."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    settings = "hotline.settings" if product else "benchmarks.baseline.settings"
    command = ["hotline.cli", "serve", "--port", str(port), "--server", server]
    process = processes.spawn(
        [sys.executable, "-m", *(command if product else _baseline(server, port))],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings},
        cwd=ROOT,
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz")
        yield f"127.0.0.1:{port}"
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
