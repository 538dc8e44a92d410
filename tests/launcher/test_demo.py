"""`hotline demo` as a newcomer meets it: up, killed at once, up again with everything, down cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from hotline.demo import supervisor
from tests.launcher.conftest import lives
from tests.processes import free_port

Until = Callable[[Callable[[], bool]], None]
KEY = {"Authorization": "Bearer demo-api-key"}
REQUEST = {
    "channel": "app",
    "external_id": "launcher-1",
    "sender": {"phone": "13800001234", "name": "陈先生"},
    "text": "小区门口的路灯坏了三天，晚上很黑，请尽快修。",
}


def family(pid: int) -> set[int]:
    """A process and everything that descends from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


@contextmanager
def demo(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The command, with nothing of the test's own servers in its environment."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "DJANGO_"))}
    for name in ("DATABASE_URL", "REDIS_URL"):
        env.pop(name, None)
    with (home.parent / "demo.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "hotline.cli", "demo", "--port", str(port)],
            env={**env, "HOTLINE_HOME": str(home)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], port: int, home: Path, until: Until) -> None:
    def ready() -> bool:
        assert process.poll() is None, (home.parent / "demo.log").read_text()
        return supervisor.not_ready(port) is None

    until(ready)


def test_killed_it_comes_back_with_everything_and_stops_cleanly(place: Path, long_until: Until) -> None:
    home, port = place / "home", free_port()
    base = f"http://127.0.0.1:{port}"
    with demo(home, port) as process:
        wait_until_ready(process, port, home, long_until)
        answer = httpx.post(f"{base}/api/v1/requests", json=REQUEST, headers=KEY)
        assert answer.status_code == 201, answer.text
        number = answer.json()["number"]
        everyone = family(process.pid)
        assert len(everyone) > 6
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        long_until(lambda: not any(lives(pid) for pid in everyone))

    with demo(home, port) as process:
        wait_until_ready(process, port, home, long_until)
        assert httpx.get(f"{base}/api/v1/tickets/{number}", headers=KEY).json()["text"] == REQUEST["text"]
        again = httpx.post(f"{base}/api/v1/requests", json=REQUEST, headers=KEY)
        assert (again.status_code, again.json()["number"]) == (200, number)
        everyone = family(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
    assert not any(lives(pid) for pid in everyone)
    supervisor.require_free_port(port)
    said = (place / "demo.log").read_text()
    assert f"{base}/desk/" in said
    assert said.rstrip().endswith("stopped, nothing lost")


def test_a_taken_port_ends_it_with_one_sentence(place: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with demo(place / "home", port) as process:
            assert process.wait(60) == 1
    said = (place / "demo.log").read_text().splitlines()
    assert len(said) == 1
    assert f"Port {port} cannot be used" in said[0]
    assert not (place / "home" / "postgres").exists()
