"""One supervised process: its output under its name, and a new start with growing pauses when it falls."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO

from hotline.demo import processes

SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0  # a process that ran this long has earned a quick restart
_printing = threading.Lock()


def say(name: str, line: str) -> None:
    """Print one line under the name of who says it; lines of different processes never mix."""
    with _printing:
        print(f"{name:>9} │ {line}", flush=True)


class Child:
    """A process that is kept running until `ask_to_stop`."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.name = name
        self._command = command
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._started = 0.0
        self._pause = SHORTEST_PAUSE
        self._restart_at = 0.0

    @property
    def pid(self) -> int | None:
        """Process number while it runs."""
        return self._process.pid if self._process is not None else None

    @property
    def exit_code(self) -> int | None:
        """What the process ended with; None while it runs."""
        return self._process.poll() if self._process is not None else None

    def start(self) -> None:
        """Start the process and a thread that passes its lines on."""
        self._process = processes.spawn(self._command, env=self._env, output=subprocess.PIPE)
        self._started = time.monotonic()
        self._reader = threading.Thread(target=self._pass_on, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def _pass_on(self, output: IO[bytes]) -> None:
        for line in output:
            say(self.name, line.decode(errors="replace").rstrip())

    def keep_running(self) -> None:
        """Called often: notice a fallen process, and start it again when its pause is over."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._restart_at:
                self.start()
            return
        code = self._process.poll()
        if code is None:
            return
        self.finish()
        self._pause = SHORTEST_PAUSE if now - self._started > HEALTHY_AFTER else self._pause
        say(self.name, f"意外退出 ended unexpectedly (code {code}); restart in {self._pause:g} s")
        self._restart_at = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def ask_to_stop(self) -> None:
        """Ask the process to end, without waiting for it."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def finish(self) -> None:
        """Wait for the end of the process and of its last words; stragglers of its group are killed."""
        if self._process is None:
            return
        processes.stop(self._process)
        if self._reader is not None:
            self._reader.join(timeout=2)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
