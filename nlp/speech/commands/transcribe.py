"""`hotline transcribe WAV…`: one JSON line a file with its text and how long that took."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from nlp.speech.calls import SIDES, Said, is_call, transcribe_call
from nlp.speech.engine import Engine
from nlp.speech.engines import AUTO, NAMES, choose
from nlp.speech.errors import NoModel, SpeechError
from nlp.speech.media import decode
from nlp.speech.readable import join
from nlp.speech.settings import SpeechSettings, default_models_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which files, by which recogniser, with models from where."""
    parser.add_argument("files", nargs="+", type=Path, metavar="WAV", help="voice files in any known format")
    parser.add_argument("--engine", choices=(AUTO, *NAMES), default=AUTO, help="which recogniser to use")
    parser.add_argument("--models", type=Path, default=default_models_dir(), help="folder of the models")


def run(args: argparse.Namespace) -> int:
    """Print what each file says; 1 without a model, or when a file could not be read."""
    settings = SpeechSettings(models_dir=args.models, engine=args.engine)
    try:
        engine = choose(settings)
        engine.transcribe(b"")  # the model is loaded here, so that no file's figure pays for it
    except NoModel as error:
        print(error, file=sys.stderr)
        return 1
    failed = 0
    for path in args.files:
        started = time.perf_counter()
        try:
            heard = _heard(path, engine, settings)
        except (OSError, SpeechError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            failed += 1
            continue
        took, seconds = time.perf_counter() - started, heard["seconds"]
        factor = took / seconds if seconds else 0.0  # a call on which nothing was recorded
        line = {"file": str(path), **heard, "seconds": round(seconds, 3), "real_time_factor": round(factor, 3)}
        print(json.dumps(line, ensure_ascii=False), flush=True)
    return 1 if failed else 0


def _heard(path: Path, engine: Engine, settings: SpeechSettings) -> dict[str, Any]:
    """What the file says; of a call's recording also who said what when, as the night's catch-up has it."""
    if is_call(path):
        call = transcribe_call(path, engine)
        said = [_told(one) for one in call.said]
        return {"text": join([one["text"] for one in said]), "seconds": call.seconds, "said": said}
    transcript = engine.transcribe(decode(path.read_bytes(), path.suffix, settings.limits).samples)
    return {"text": transcript.text, "seconds": transcript.seconds}


def _told(one: Said) -> dict[str, Any]:
    said = one.utterance
    return {"side": SIDES[one.side], "text": said.text, "start": round(said.start, 2), "end": round(said.end, 2)}
