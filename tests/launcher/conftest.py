"""Folders and processes of their own for the tests that start and kill servers."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PATIENCE = 30.0
FIRST_START_PATIENCE = 600.0  # a first start trains models and fills the city, on whatever machine this is


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder starts whole servers."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.launcher)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every account may enter (pytest's own is closed, and PostgreSQL never runs as root)."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-launcher-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def waiter(patience: float) -> Callable[[Callable[[], bool]], None]:
    """Waits for a condition instead of sleeping a guessed time."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, "the condition did not come true"
            time.sleep(0.02)

    return wait


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Patience for one process."""
    return waiter(PATIENCE)


@pytest.fixture
def long_until() -> Callable[[Callable[[], bool]], None]:
    """Patience for a whole first start."""
    return waiter(FIRST_START_PATIENCE)


def lives(pid: int) -> bool:
    """Whether a process is there and not a zombie waiting to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another account")
