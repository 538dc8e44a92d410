"""What the telephony process does with a finished call: its recording is made whole and given on until it is taken."""

from __future__ import annotations

import asyncio
import logging

from channels_ingest.telephony.calls import OnCallEnded
from channels_ingest.telephony.recording import Recording

log = logging.getLogger(__name__)

_STOP_SECONDS = 5.0


class Handover:
    """Finishes recordings and gives each to its taker until that succeeds, in a later process if need be."""

    def __init__(self, on_call_ended: OnCallEnded, retry_seconds: float = 10.0) -> None:
        self._on_call_ended = on_call_ended
        self._retry_seconds = retry_seconds
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, recording: Recording) -> None:
        task = asyncio.create_task(self._hand_on(recording))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Wait a little for what is under way; the rest is taken up at the next start."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _hand_on(self, recording: Recording) -> None:
        while True:
            try:
                call = await asyncio.to_thread(recording.finish)
                await self._on_call_ended(call)
            except Exception:  # whatever failed beyond this door, the call is not lost
                log.exception("call %s is not handed on yet", recording.uuid)
                await asyncio.sleep(self._retry_seconds)
            else:
                recording.handed_on()
                return
