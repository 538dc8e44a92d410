"""Character error rate and real-time factor of each recogniser that is here, beside the bare engine.

Run it as ``python -m benchmarks.bench_speech FOLDER``; the folder holds sound files and a ``manifest.json``, a list of
{"path", "text", "corpus"}. Bare and ours hear each file in turn, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from nlp.speech import models
from nlp.speech.engine import RATE, Engine
from nlp.speech.engines import NAMES, choose
from nlp.speech.errors import NoModel
from nlp.speech.media import decode
from nlp.speech.readable import readable
from nlp.speech.settings import SpeechSettings, default_models_dir

_NOT_SAID = re.compile(r"[^\w]|_")
_LEAST_RATIO = 0.95
Hear = Callable[[bytes], str]


@dataclass(slots=True)
class Tally:
    """What one way of recognising a corpus cost, and how far it was from what was said."""

    wrong: int = 0
    letters: int = 0
    seconds: float = 0.0
    wall: float = 0.0
    cpu: list[float] = field(default_factory=list)

    def add(self, hear: Hear, sound: bytes, text: str) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        heard = hear(sound)
        self.wall += time.perf_counter() - wall
        self.cpu.append(time.process_time() - cpu)
        said = letters(text)
        self.wrong += Levenshtein.distance(letters(heard), said)
        self.letters += len(said)
        self.seconds += len(sound) / 2 / RATE

    @property
    def figures(self) -> dict[str, float]:
        return {
            "character_error_rate": round(self.wrong / self.letters, 4),
            "real_time_factor": round(self.wall / self.seconds, 3),
            "cpu_per_second": round(sum(self.cpu) / self.seconds, 3),
        }


def letters(text: str) -> str:
    """What counts: simplified, numbers as people write them, no punctuation, no case."""
    return _NOT_SAID.sub("", readable(text)).lower()


def bare_whisper(settings: SpeechSettings) -> Hear:
    """faster-whisper as its own page says, with the options that we use."""
    from faster_whisper import WhisperModel

    folder = str(models.whisper_folder(settings.models_dir))
    model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=settings.threads)

    def hear(sound: bytes) -> str:
        samples = np.frombuffer(sound, "<i2").astype(np.float32) / 32768.0
        segments, _ = model.transcribe(
            samples,
            language=settings.language,
            beam_size=5,
            condition_on_previous_text=False,
            vad_filter=True,
            word_timestamps=True,
        )
        return "".join(segment.text for segment in segments)

    return hear


def bare_vosk(settings: SpeechSettings) -> Hear:
    """Vosk's recogniser over the same pieces."""
    import vosk

    vosk.SetLogLevel(-1)
    model = vosk.Model(model_path=str(models.vosk_folder(settings.models_dir)))

    def hear(sound: bytes) -> str:
        recogniser, step, said = vosk.KaldiRecognizer(model, RATE), int(0.4 * RATE) * 2, []
        recogniser.SetWords(True)
        for start in range(0, len(sound), step):
            if recogniser.AcceptWaveform(sound[start : start + step]):
                said.append(json.loads(recogniser.Result())["text"])
        said.append(json.loads(recogniser.FinalResult())["text"])
        return "".join(said)

    return hear


BARE: dict[str, Callable[[SpeechSettings], Hear]] = {"whisper": bare_whisper, "vosk": bare_vosk}


def measure(engine: Engine, bare: Hear, files: Sequence[dict[str, Any]], folder: Path) -> Iterator[dict[str, Any]]:
    """One row a corpus; whoever comes first changes with each file."""
    ours: defaultdict[str, Tally] = defaultdict(Tally)
    plain: defaultdict[str, Tally] = defaultdict(Tally)

    def hear(sound: bytes) -> str:
        return engine.transcribe(sound).text

    warm = np.zeros(RATE, "<i2").tobytes()
    hear(warm), bare(warm)
    for number, file in enumerate(files):
        sound = decode((folder / file["path"]).read_bytes(), Path(file["path"]).suffix).samples
        sides = [(ours, hear), (plain, bare)]
        for tallies, way in sides if number % 2 else reversed(sides):
            tallies[file["path"].partition("/")[0]].add(way, sound, file["text"])
        _show(number + 1, len(files))
    for name in ours:
        # the median of the files' own ratios: one file that was disturbed does not decide
        ratios = [b / max(o, 1e-9) for o, b in zip(ours[name].cpu, plain[name].cpu, strict=True)]
        yield {
            "engine": engine.name,
            "corpus": name,
            "files": len(ratios),
            "ours": ours[name].figures,
            "bare": plain[name].figures,
            "ratio": round(statistics.median(ratios), 3),
        }


def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total}", end="" if done < total else "\n", file=sys.stderr, flush=True)


def main() -> int:
    """Print a table and one line of JSON; 1 when we cost more than the bare engine allows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="sound files with manifest.json")
    parser.add_argument("--engine", choices=NAMES, action="append", help="only this one (may be repeated)")
    parser.add_argument("--each", type=int, help="no more files than this of each corpus")
    parser.add_argument("--models", type=Path, default=default_models_dir(), help="folder of the models")
    args = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for name in args.engine or NAMES:
        settings = SpeechSettings(models_dir=args.models, engine=name)
        try:
            rows += measure(choose(settings), BARE[name](settings), _files(args.folder, args.each), args.folder)
        except NoModel as error:
            print(f"{name}: not measured: {error}")
    for row in rows:
        ours, bare = row["ours"], row["bare"]
        print(
            f"{row['engine']:8} {row['corpus']:10} {row['files']:3} files"
            f"  CER {ours['character_error_rate']:.3f} (bare {bare['character_error_rate']:.3f})"
            f"  RTF {ours['real_time_factor']:.2f} (bare {bare['real_time_factor']:.2f})  ratio {row['ratio']:.3f}"
        )
    print(json.dumps({"rows": rows, "cores": os.cpu_count(), "load": os.getloadavg()}, ensure_ascii=False))
    return 1 if any(row["ratio"] < _LEAST_RATIO for row in rows) else 0


def _files(folder: Path, each: int | None) -> list[dict[str, Any]]:
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    taken: defaultdict[str, int] = defaultdict(int)
    chosen = []
    for file in listed:
        corpus = file["path"].partition("/")[0]
        taken[corpus] += 1
        if each is None or taken[corpus] <= each:
            chosen.append(file)
    return chosen


if __name__ == "__main__":
    sys.exit(main())
