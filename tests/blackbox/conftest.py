"""A whole demonstration, as `make demo` runs it, for tests that know nothing but docs and addresses."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.processes import free_port

FIRST_START = 600.0
"""Seconds that a first start may take on a busy machine; it fills a city and trains models."""
OURS = ("DATABASE_URL", "REDIS_URL", "HOTLINE_DATA_DIR", "HOTLINE_SECRET_KEY", "HOTLINE_PERSONAL_DATA_KEY")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts a whole installation."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.launcher)


@pytest.fixture(scope="session")
def demo() -> Iterator[str]:
    """The address of a running demonstration; an installation that runs already can be named by HOTLINE_URL."""
    if named := os.environ.get("HOTLINE_URL"):
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="hotline-blackbox-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL never runs as root and must get in
        port = free_port()
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        env |= {"HOTLINE_HOME": f"{folder}/home", "HOTLINE_SPEECH": "none"}
        command = [sys.executable, "-m", "hotline.cli", "demo", "--port", str(port)]
        with subprocess.Popen(command, env=env) as process:
            try:
                wait_until_ready(process, f"http://127.0.0.1:{port}")
                yield f"http://127.0.0.1:{port}"
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(60)


def wait_until_ready(process: "subprocess.Popen[bytes]", base: str) -> None:
    """Wait for /readyz to answer 200."""
    until = time.monotonic() + FIRST_START
    while process.poll() is None and time.monotonic() < until:
        try:
            if httpx.get(f"{base}/readyz").status_code == 200:
                return
        except httpx.HTTPError:
            pass  # nobody listens yet
        time.sleep(0.2)
    raise AssertionError("the demonstration did not come up")
