"""Real processes of the product for tests: they share the test's database and end with it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.conf import settings
from django.db import connection

PATIENCE = 60.0
"""Seconds that a process may take to come up on a busy machine."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment() -> dict[str, str]:
    """The test process's own environment, with the test's database instead of the configured one."""
    base = connection.settings_dict
    host = quote(base["HOST"], safe="")
    secret = f":{quote(base['PASSWORD'])}" if base["PASSWORD"] else ""
    url = f"postgresql://{base['USER']}{secret}@{host}:{base['PORT']}/{base['NAME']}"
    return os.environ | {
        "DATABASE_URL": url,
        "REDIS_URL": settings.REDIS_URL,
        "HOTLINE_LIVE_PREFIX": settings.LIVE_PREFIX,
        "HOTLINE_MODEL_DIR": str(settings.MODEL_DIR),
        "HOTLINE_MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }


@contextmanager
def hotline(*command: str, **changed: str) -> Iterator[subprocess.Popen[bytes]]:
    """`hotline …` as a process of its own, killed at the end if it has not ended by itself.

    `changed` are variables of its environment that differ from what it would get.
    """
    process = subprocess.Popen([sys.executable, "-m", "hotline.cli", *command], env=environment() | changed)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def server(port: int | None = None) -> Iterator[str]:
    """A served product, on a port of its own unless one is named; yields its `127.0.0.1:port` once it answers."""
    port = port or free_port()
    with hotline("serve", "--port", str(port)) as process:
        wait_until_ready(process, f"http://127.0.0.1:{port}/readyz")
        yield f"127.0.0.1:{port}"


def wait_until_ready(process: subprocess.Popen[bytes], address: str) -> None:
    """Wait until `address` answers 200; raises what went wrong when the process ends or never answers."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE):  # cut short, a first answer would begin anew
                return
        except (OSError, urllib.error.URLError):
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
