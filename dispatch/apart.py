"""Heavy work in a process of its own.

Of its own, because it would hold up the worker's other jobs for minutes, and because a process that is
killed (out of memory, a machine that stops) takes nothing else with it.
"""

import subprocess
import sys
from datetime import timedelta


def run(*words: str, longest: timedelta) -> str:
    """Run `hotline …` with these words to its end, and say how it ended."""
    command = [sys.executable, "-m", "hotline.cli", *words]
    try:
        ended = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=longest.total_seconds())
    except subprocess.TimeoutExpired:  # it was killed: one that hangs would hold every later one
        return f"killed after {longest}"
    return f"ended with status {ended.returncode}"
