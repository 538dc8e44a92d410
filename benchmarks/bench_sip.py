"""Calls by sipp, a foreign SIP stack, against our own: processor time for each call, frames late, packets lost.

Run it as ``.venv/bin/python -m benchmarks.bench_sip [--calls 30] [--seconds 20]``; it needs sipp (Debian: sip-tester).
The platform runs in a process of its own that answers, plays music, records in stereo and taps each call for the
recogniser. sipp sends a-law of a spoken sentence. Beside it runs, at the same time, a process that only waits for as
many clocks of 20 ms: what is late there is the machine's own.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from aiortp.codecs.g711 import PcmaCodec

from channels_ingest.telephony import sounds
from channels_ingest.telephony.bridge import Bridge, Side
from channels_ingest.telephony.calls import Bounds, SipSettings
from channels_ingest.telephony.jitter import Pacer
from channels_ingest.telephony.legs import FRAME_SECONDS, Sound
from channels_ingest.telephony.recording import Recording
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.sip_leg import SipLeg

SCENARIO = Path(__file__).parent / "sipp" / "caller.xml"
MOST_LATE = 0.01
"""More frames late than this, or one packet or call lost, is a failure."""


class Platform:
    """Answers every call with music; nobody else is in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bridges: list[Bridge] = []
        self.recordings: list[Recording] = []
        self.legs: list[SipLeg] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.tapped = 0

    def on_call(self, leg: SipLeg) -> None:
        recording = Recording(self.folder, leg.id, datetime.now(UTC))
        bridge = Bridge(sounds.music(), recording, self._tap)
        bridge.add(leg, Side.CALLER)
        bridge.play(leg, sounds.music(), loop=True)
        bridge.start()
        self.legs.append(leg)
        self.bridges.append(bridge)
        self.recordings.append(recording)
        task = asyncio.create_task(self._serve(leg, bridge))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _tap(self, side: Side, pcm16: bytes, at: float) -> None:
        self.tapped += len(pcm16)

    @staticmethod
    async def _serve(leg: SipLeg, bridge: Bridge) -> None:
        await leg.answer()
        async for event in leg.events():
            if isinstance(event, Sound):
                bridge.hear(leg, event)
        await bridge.close()

    def report(self) -> dict[str, Any]:
        heard = [leg.voice.statistics for leg in self.legs if leg.voice]
        ticks = sum(bridge.ticks for bridge in self.bridges)
        return {
            "frames_sent": ticks,
            "late_frames_share": round(sum(bridge.pacer.late for bridge in self.bridges) / max(ticks, 1), 5),
            "packets_received": sum(each["packets_received"] for each in heard),
            "packets_lost": sum(each["packets_lost"] for each in heard),
            "seconds_tapped": round(self.tapped / 32_000),
            "recordings": sum(recording.finish().seconds > 1 for recording in self.recordings),
        }


async def platform(folder: Path) -> None:
    """Be the platform until told to stop: the port first, processor time on USR1, the report last."""
    ours = Platform(folder)
    sip = SipEndpoint(SipSettings(port=0, bounds=lambda: Bounds(calls=200), rtp_ports=(20_000, 20_800)), ours.on_call)
    await sip.start()
    print(json.dumps({"sip": sip.port}), flush=True)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, lambda: print(_processor_time(), flush=True))
    loop.add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()
    await asyncio.gather(*ours.tasks)
    print(json.dumps(ours.report()), flush=True)
    await sip.stop()


async def clocks(calls: int) -> None:
    """Wait for as many clocks as there are calls, with nothing to do, until told to stop; the share that was late."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, told.set)
    print("begun", flush=True)
    ticks, pacers = 0, [Pacer(loop.time()) for _ in range(calls)]

    async def tick(pacer: Pacer) -> None:
        nonlocal ticks
        while not told.is_set():
            ticks += 1
            await asyncio.sleep(pacer.wait(loop.time()))

    await asyncio.gather(*(tick(pacer) for pacer in pacers))
    print(sum(pacer.late for pacer in pacers) / ticks, flush=True)


async def measure(calls: int, seconds: int, folder: Path) -> dict[str, Any]:
    """All calls up within three seconds, and processor time counted while all of them talk."""
    process = await _ourselves("--platform", str(folder))
    assert process.stdout is not None
    port = json.loads(await process.stdout.readline())["sip"]
    rising = 3.0
    sipp = await _sipp(port, calls, rising, seconds + 2 * rising, folder)
    bare = await _ourselves("--clocks", str(calls))
    assert bare.stdout is not None
    await bare.stdout.readline()
    await asyncio.sleep(rising + 1)
    before = await _asked(process)
    await asyncio.sleep(seconds)
    used = await _asked(process) - before
    bare.terminate()
    bare_late = float((await bare.communicate())[0])
    await sipp.wait()
    process.terminate()
    report: dict[str, Any] = json.loads(await process.stdout.readline())
    await process.wait()
    return {
        "calls": calls,
        "seconds": seconds,
        "processor_per_call": round(used / seconds / calls, 4),
        **report,
        "late_share_of_bare_clocks": round(bare_late, 5),
        "packets_expected": round(calls * (seconds + 2 * rising) / FRAME_SECONDS),
        "failed_calls": _failed(folder),
        "load_before": round(os.getloadavg()[0], 1),
    }


async def _ourselves(*words: str) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "benchmarks.bench_sip", *words]
    return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)


async def _sipp(port: int, calls: int, rising: float, lasts: float, folder: Path) -> asyncio.subprocess.Process:
    scenario = folder / "caller.xml"
    scenario.write_text(SCENARIO.read_text().replace("CALL.alaw", str(folder / "call.alaw")))
    _spoken(folder / "call.alaw")
    words = ["sipp", f"127.0.0.1:{port}", "-sf", str(scenario), "-s", "12345", "-i", "127.0.0.1", "-mi", "127.0.0.1"]
    words += ["-m", str(calls), "-l", str(calls), "-r", str(max(1, round(calls / rising))), "-d", f"{lasts * 1000:.0f}"]
    words += ["-trace_stat", "-stf", str(folder / "sipp.csv"), "-fd", "1", "-nostdin", "-timeout", f"{lasts + 30:.0f}s"]
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(*words, stdin=quiet, stdout=quiet, stderr=quiet, cwd=folder)


def _spoken(path: Path) -> None:
    """A sentence as raw a-law, 8 kHz."""
    wide = np.frombuffer(b"".join(sounds.words("greeting").frames), dtype="<i2")
    path.write_bytes(PcmaCodec().encode(wide[::2].tobytes()))


def _failed(folder: Path) -> int:
    with (folder / "sipp.csv").open() as file:
        last = list(csv.DictReader(file, delimiter=";"))[-1]
    return int(last["FailedCall(C)"])


async def _asked(process: asyncio.subprocess.Process) -> float:
    assert process.stdout is not None
    process.send_signal(signal.SIGUSR1)
    return float(await process.stdout.readline())


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Be the platform when asked, else measure it; 1 where too much was late or anything lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--platform", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--clocks", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.clocks:
        asyncio.run(clocks(args.clocks))
        return 0
    if args.platform:
        asyncio.run(platform(args.platform))
        return 0
    if shutil.which("sipp") is None:
        print("there is no sipp here: apt-get install sip-tester", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(args.calls, args.seconds, Path(folder)))
    print(json.dumps(found, indent=1))
    return int(found["late_frames_share"] > MOST_LATE or bool(found["packets_lost"] or found["failed_calls"]))


if __name__ == "__main__":
    sys.exit(main())
