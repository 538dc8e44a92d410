"""Calls at once over real sockets: SIP callers and agents in browsers, bridged, recorded and tapped in one process.

Run it as ``.venv/bin/python -m benchmarks.bench_calls [CALLS] [SECONDS]`` (30 and 20). The platform runs in a process
of its own, whose processor time is counted; callers and browsers run in this one, on the same machine. It prints one
JSON object: frames that the platform sent more than 20 ms late, beside those of as many bare clocks at the same time,
RTP packets lost on the way in, frames that reached each end, and processor time for each call.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import signal
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from websockets.asyncio.client import connect

from benchmarks import bench_sip
from channels_ingest.telephony import sounds
from channels_ingest.telephony.bridge import Bridge, Side
from channels_ingest.telephony.browser import BrowserServer, BrowserSettings
from channels_ingest.telephony.browser_leg import WebLeg
from channels_ingest.telephony.calls import Bounds, SipSettings
from channels_ingest.telephony.jitter import Pacer, come_first
from channels_ingest.telephony.legs import FRAME_SECONDS, SILENCE, CallLeg, Sound
from channels_ingest.telephony.recording import Recording
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.sip_leg import SipLeg

CALLS, SECONDS = 30, 20
SETTLE_SECONDS = 1.0


class Platform:
    """Bridges the n-th caller with the n-th agent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.agents: list[WebLeg] = []
        self.bridges: list[Bridge] = []
        self.recordings: list[Recording] = []
        self.legs: list[SipLeg] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.tapped = 0

    def on_call(self, leg: SipLeg) -> None:
        recording = Recording(self.folder, leg.id, datetime.now(UTC))
        bridge = Bridge(sounds.music(), recording, self._tap)
        agent = self.agents[len(self.bridges)]
        for party, side in ((leg, Side.CALLER), (agent, Side.AGENT)):
            bridge.add(party, side)
            self._spawn(party, bridge)
        self.legs.append(leg)
        self.bridges.append(bridge)
        self.recordings.append(recording)
        bridge.start()

    def _tap(self, side: Side, pcm16: bytes, at: float) -> None:
        self.tapped += len(pcm16)

    def _spawn(self, leg: CallLeg, bridge: Bridge) -> None:
        task = asyncio.create_task(self._serve(leg, bridge))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    @staticmethod
    async def _serve(leg: CallLeg, bridge: Bridge) -> None:
        await leg.answer()
        async for event in leg.events():
            if isinstance(event, Sound):
                bridge.hear(leg, event)

    def report(self) -> dict[str, Any]:
        received = [leg.voice.statistics for leg in self.legs if leg.voice]
        return {
            "frames_sent": 2 * sum(bridge.ticks for bridge in self.bridges),
            "late_frames_share": sum(b.pacer.late for b in self.bridges) / sum(b.ticks for b in self.bridges),
            "rtp_received": sum(each["packets_received"] for each in received),
            "rtp_lost": sum(each["packets_lost"] for each in received),
            "seconds_tapped": self.tapped / 32_000,
        }


async def platform(folder: Path) -> None:
    """Be the platform until told to stop, as preferred as in production; addresses first, the report last on stdout."""
    come_first()
    ours = Platform(folder)
    sip = SipEndpoint(SipSettings(port=0, bounds=lambda: Bounds(calls=200), rtp_ports=(20_000, 20_800)), ours.on_call)
    browsers = BrowserServer(
        BrowserSettings(port=0),
        lambda token: SimpleNamespace(username=token),
        ours.agents.append,
        lambda leg, said: None,
    )
    await sip.start()
    await browsers.start()
    print(json.dumps({"sip": sip.port, "browsers": browsers.port}), flush=True)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, lambda: print(_processor_time(), flush=True))
    loop.add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()
    print(json.dumps(ours.report()), flush=True)
    for bridge in ours.bridges:
        await bridge.close()
    await sip.stop()
    await browsers.stop()
    for recording in ours.recordings:
        assert recording.finish().seconds > 1


class End:
    """A caller or an agent: sends a frame each 20 ms and counts what comes."""

    def __init__(self) -> None:
        self.heard = 0
        self.gaps: list[float] = []
        self._last = 0.0

    def hears(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._last:
            self.gaps.append(now - self._last)
        self._last = now
        self.heard += 1


async def caller(sip: SipEndpoint, port: int, speech: sounds.Clip, end: End) -> None:
    leg = await sip.dial(f"sip:12345@127.0.0.1:{port}")
    pacing = asyncio.create_task(_talk(leg.send, speech))
    try:
        async for event in leg.events():
            if isinstance(event, Sound):
                end.hears()
    finally:
        pacing.cancel()


async def agent(port: int, number: int, speech: sounds.Clip, end: End) -> None:
    async with connect(f"ws://127.0.0.1:{port}/phone/?token=agent{number}", compression=None) as socket:
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        pacing = asyncio.create_task(_talk(queue.put_nowait, speech))
        sending = asyncio.create_task(_send(socket, queue))
        try:
            async for _ in socket:
                end.hears()
        finally:
            pacing.cancel()
            sending.cancel()


async def _send(socket: Any, queue: asyncio.Queue[bytes]) -> None:
    while True:
        await socket.send(await queue.get())


async def _talk(send: Any, speech: sounds.Clip) -> None:
    pacer, number = Pacer(asyncio.get_running_loop().time()), 0
    while True:
        send(speech.frames[number % len(speech.frames)] if speech.frames else SILENCE)
        number += 1
        await asyncio.sleep(pacer.wait(asyncio.get_running_loop().time()))


async def measure(calls: int, seconds: float) -> dict[str, Any]:
    """All calls up, a moment to settle, then count for a while."""
    load = round(os.getloadavg()[0], 1)
    process = await _python("benchmarks.bench_calls", "--platform")
    bare = await _python(bench_sip.__name__, "--clocks", str(calls))
    assert process.stdout is not None
    assert bare.stdout is not None
    ports = json.loads(await process.stdout.readline())
    speech = sounds.words("greeting")
    ends = [End() for _ in range(2 * calls)]
    sip = SipEndpoint(SipSettings(port=0, rtp_ports=(30_000, 30_800)), lambda leg: None)
    await sip.start()
    agents = [asyncio.create_task(agent(ports["browsers"], n, speech, ends[calls + n])) for n in range(calls)]
    await asyncio.sleep(SETTLE_SECONDS)
    callers = [asyncio.create_task(caller(sip, ports["sip"], speech, ends[n])) for n in range(calls)]
    await asyncio.sleep(2 * SETTLE_SECONDS)
    process.send_signal(signal.SIGUSR1)
    before = float(await process.stdout.readline())
    heard = sum(end.heard for end in ends)
    await asyncio.sleep(seconds)
    process.send_signal(signal.SIGUSR1)
    after = float(await process.stdout.readline())
    heard = sum(end.heard for end in ends) - heard
    bare.terminate()
    bare_late = float((await bare.communicate())[0].split()[-1])
    process.terminate()
    report: dict[str, Any] = json.loads(await process.stdout.readline())
    await asyncio.gather(*agents, *callers, return_exceptions=True)
    await sip.stop()
    await process.wait()
    gaps = sorted(gap for end in ends for gap in end.gaps)
    return {
        "calls": calls,
        "seconds": seconds,
        "processor_per_call": round((after - before) / seconds / calls, 4),
        "late_frames_share": round(report.pop("late_frames_share"), 5),
        "late_share_of_bare_clocks": round(bare_late, 5),
        **report,
        "frames_heard_share": round(heard / (2 * calls * seconds / FRAME_SECONDS), 4),
        "gap_ms": {
            "median": round(1000 * statistics.median(gaps), 1),
            "p99": round(1000 * gaps[int(0.99 * len(gaps))], 1),
            "longest": round(1000 * gaps[-1], 1),
        },
        "load_before": load,
    }


async def _python(module: str, *words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", module, *words, stdout=asyncio.subprocess.PIPE)


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Be the platform when asked, else measure it."""
    logging.basicConfig(level=logging.WARNING)
    if "--platform" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(platform(Path(folder)))
        return
    calls, seconds = (int(word) for word in (*sys.argv[1:3], *(str(CALLS), str(SECONDS))[len(sys.argv) - 1 :]))
    print(json.dumps(asyncio.run(measure(calls, seconds)), indent=1))


if __name__ == "__main__":
    main()
