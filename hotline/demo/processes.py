"""Child processes that never outlive their parent: start, stop, and look up those of an earlier run."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.05

# Looked up before any fork: between fork and exec a child may not take the loader's locks.
_PRCTL = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a new child runs so that the kernel signals it when its parent is gone (Linux only)."""
    if _PRCTL is None:
        return None
    prctl, parent = _PRCTL, os.getpid()

    def ask_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # the parent died between fork and here
            os.kill(os.getpid(), number)

    return ask_kernel


def spawn(
    command: Sequence[str | Path],
    *,
    account: pwd.struct_passwd | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | int | None = None,
    farewell: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, as `account` when given; `farewell` reaches it if we die first.

    Its own session keeps a Ctrl-C at the terminal from reaching it: we decide the order of stopping.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        cwd=cwd,
        env=dict(env) if env is not None else None,
        start_new_session=True,
        preexec_fn=die_with_parent(farewell),
        user=account.pw_uid if account is not None else None,
        group=account.pw_gid if account is not None else None,
        extra_groups=[] if account is not None else None,
    )


def stop(process: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM, patience: float = 10.0) -> int:
    """Ask one child to stop, then end whatever is left of its process group; return its exit code."""
    if process.poll() is None:
        process.send_signal(by)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def works_in(pid: int, folder: Path) -> bool:
    """Say whether process `pid` lives and works in `folder`, as a PostgreSQL server does."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == folder.resolve()
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return False


def stop_stranger(pid: int, *, by: signal.Signals, patience: float = 20) -> bool:
    """Signal a process that is not our child and wait until it has gone; False when it stays."""
    deadline = time.monotonic() + patience
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, by)
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            time.sleep(POLL_SECONDS)
        return False
    return True
