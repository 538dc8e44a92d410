"""The telephony process: owns calls from the exchange's socket to the hand-over of a finished one."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from channels_ingest.telephony.answering import AnsweringMachine
from channels_ingest.telephony.audiosocket import AudioSocketServer
from channels_ingest.telephony.calls import OnCallEnded, SipSettings, TelephonySettings
from channels_ingest.telephony.recording import Recording, unfinished
from channels_ingest.telephony.sip import SipEndpoint

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


@asynccontextmanager
async def telephony(
    settings: TelephonySettings,
    on_call_ended: OnCallEnded,
    retry_seconds: float = 10.0,
    sip: SipSettings | None = None,
) -> AsyncIterator[AudioSocketServer]:
    """Answer calls within this block, after taking up what an earlier process left."""
    handover = Handover(on_call_ended, retry_seconds)
    for recording in list(unfinished(settings.recordings)):
        handover.take(recording)
    machine = AnsweringMachine(settings.recordings, handover.take)
    server = AudioSocketServer(settings, machine.take)
    endpoint = SipEndpoint(sip, machine.take) if sip is not None else None
    await server.start()
    try:
        if endpoint is not None:
            await endpoint.start()
        yield server
    finally:
        await server.stop()
        if endpoint is not None:
            await endpoint.stop()
        await machine.stop()
        await handover.stop()


def run(settings: TelephonySettings, on_call_ended: OnCallEnded, sip: SipSettings | None = None) -> None:
    """Answer calls until the process is told to stop."""
    asyncio.run(_until_told(settings, on_call_ended, sip))


async def _until_told(settings: TelephonySettings, on_call_ended: OnCallEnded, sip: SipSettings | None) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with telephony(settings, on_call_ended, sip=sip):
        await told.wait()
