"""Waiting for what must become true, without sleeping longer than needed and not for ever."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any


def until(found: Callable[[], Any], what: str, *, seconds: float = 15) -> Any:
    """What `found` gives once it is true."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, f"this never came: {what}"
        time.sleep(0.02)
    return value


async def becomes(found: Callable[[], Any], what: str, *, seconds: float = 15) -> Any:
    """The same, while the loop goes on."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, f"this never came: {what}"
        await asyncio.sleep(0.01)
    return value
