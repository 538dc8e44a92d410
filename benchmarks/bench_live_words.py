"""Calls with live words at once: how many one machine lets in, how late their words come, and what each costs.

Run it as ``python -m benchmarks.bench_live_words FOLDER --calls 8``; the folder holds sounds and ``manifest.json``,
as for ``bench_speech``. In each call two people speak in turn, one file each, as long as the measurement lasts. What a
second of speech costs stands beside what it costs the bare recogniser, over the same files, before the calls begin.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks import stage
from benchmarks.bench_speech import bare_vosk
from channels_ingest.telephony.bridge import TAP_SECONDS
from nlp.speech import SpeechSettings, Utterance
from nlp.speech.engine import RATE
from nlp.speech.errors import NoModel
from nlp.speech.live import LiveSettings, LiveStream, Pool, vosk
from nlp.speech.media import SAMPLE_BYTES, decode
from nlp.speech.settings import default_models_dir

CHUNK_BYTES = round(TAP_SECONDS * RATE) * SAMPLE_BYTES
SILENCE = bytes(CHUNK_BYTES)
PAUSE_CHUNKS = 3
"""Nobody speaks between two turns of a conversation."""
BARE_FILES = 10
READY_SECONDS, LAST_WORDS = 60.0, 10.0


@dataclass
class Side:
    """One speaker: how long after they were said the words came."""

    began: float = 0.0
    waits: list[float] = field(default_factory=list)
    is_lost: bool = False

    def heard(self, utterance: Utterance) -> None:
        """Words, or more of them; what is taken back is not counted."""
        if utterance.words or utterance.text:
            self.waits.append(time.monotonic() - self.began - utterance.end)

    def lost(self) -> None:
        """The recogniser let go of this speaker."""
        self.is_lost = True


def turns(sounds: Sequence[bytes], first: int) -> Iterator[tuple[bytes, bytes]]:
    """What the two speakers of a call say in each chunk of time: one file by one, the next by the other."""
    for turn, sound in enumerate(islice(cycle(sounds), first, None)):
        whole = len(sound) // CHUNK_BYTES * CHUNK_BYTES
        for at in range(0, whole, CHUNK_BYTES):
            said = sound[at : at + CHUNK_BYTES]
            yield (said, SILENCE) if turn % 2 else (SILENCE, said)
        yield from [(SILENCE, SILENCE)] * PAUSE_CHUNKS


async def talk(streams: Sequence[LiveStream], sides: Sequence[Side], said: Iterator[tuple[bytes, bytes]]) -> None:
    """Speak in time until cancelled."""
    began = time.monotonic()
    for side in sides:
        side.began = began
    for nth, chunks in enumerate(said):
        await asyncio.sleep(began + (nth + 1) * TAP_SECONDS - time.monotonic())  # sound is heard when it has been said
        for stream, chunk in zip(streams, chunks, strict=True):
            stream.feed(chunk, nth * TAP_SECONDS)


async def measure(args: argparse.Namespace, sounds: Sequence[bytes]) -> dict[str, Any]:
    """Offer call after call, then measure for a while: what a speaker costs is learnt from those who speak already."""
    pool = Pool(vosk(args.models), LiveSettings(workers=args.workers))
    await pool.start()
    async with asyncio.timeout(READY_SECONDS):
        while len(pool.workers) < args.workers:
            await asyncio.sleep(0.1)
    pids, sides, streams, talks = pool.workers, [], [], []
    for call in range(args.calls):
        pair = [Side(), Side()]
        opened = pool.open(pair)
        if opened:
            sides += pair
            streams += opened
            talks.append(asyncio.create_task(talk(opened, pair, turns(sounds, call * 7))))
        await asyncio.sleep(args.every)
    used = [stage.processor_seconds(pid) for pid in pids]
    await asyncio.sleep(args.seconds)
    used = [stage.processor_seconds(pid) - before for pid, before in zip(pids, used, strict=True)]
    for one in talks:
        one.cancel()
    whole = await asyncio.gather(*(stream.finish(LAST_WORDS) for stream in streams))
    await pool.stop()
    waits = [wait for side in sides for wait in side.waits]
    return {
        "calls offered": args.calls,
        "calls let in": len(talks),
        "speakers let go": sum(side.is_lost for side in sides),
        "speakers heard whole": sum(whole),
        "words came": len(waits),
        "p50 s": round(stage.percentile(waits, 0.5), 2),
        "p95 s": round(stage.percentile(waits, 0.95), 2),
        "cores for each call": round(sum(used) / args.seconds / max(1, len(talks)), 3),
    }


def bare_cost(args: argparse.Namespace, sounds: Sequence[bytes]) -> float:
    """Processor seconds for each second of sound when the bare recogniser hears files one by one."""
    hear = bare_vosk(SpeechSettings(models_dir=args.models))
    hear(sounds[0])
    began = time.process_time()
    for sound in sounds[:BARE_FILES]:
        hear(sound)
    return (time.process_time() - began) / sum(len(sound) / SAMPLE_BYTES / RATE for sound in sounds[:BARE_FILES])


def main() -> int:
    """Print one JSON object; 1 when a speaker who was let in was let go."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="sound files with manifest.json")
    parser.add_argument("--calls", type=int, default=8, help="how many are offered")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two calls that begin")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long is measured when all have been offered")
    parser.add_argument("--workers", type=int, default=1, help="recognisers, one processor each")
    parser.add_argument("--models", type=Path, default=default_models_dir(), help="folder of the models")
    args = parser.parse_args()
    listed = json.loads((args.folder / "manifest.json").read_text(encoding="utf-8"))
    sounds = [decode((args.folder / each["path"]).read_bytes(), Path(each["path"]).suffix).samples for each in listed]
    load = os.getloadavg()[0]
    try:
        bare = bare_cost(args, sounds)
    except NoModel as error:
        print(f"not measured: {error}", file=sys.stderr)
        return 1
    report = asyncio.run(measure(args, sounds))
    print(json.dumps(report | {"bare, cores for one who speaks": round(bare, 3), "load before": load}, indent=1))
    return 1 if report["speakers let go"] else 0


if __name__ == "__main__":
    sys.exit(main())
