"""`hotline fetch-model`: brings the Chinese Vosk model from its publisher, or takes it from a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nlp.speech.errors import FetchFailed
from nlp.speech.fetch import fetch, unpack
from nlp.speech.models import VOSK_CHINESE, Archive
from nlp.speech.settings import default_models_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """From the network, or out of a file that was brought here; and where to."""
    parser.add_argument("--file", type=Path, help="take this downloaded zip file; nothing is fetched")
    parser.add_argument("--models", type=Path, default=default_models_dir(), help="folder of the models")


def run(args: argparse.Namespace, archive: Archive = VOSK_CHINESE) -> int:
    """Bring the model, checked against its digest; 1 with the reason when it cannot be had."""
    try:
        folder = _bring(args, archive)
    except FetchFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{archive.name} is ready in {folder}")
    return 0


def _bring(args: argparse.Namespace, archive: Archive) -> Path:
    if args.file:
        return unpack(archive, args.file, args.models)
    return fetch(archive, args.models, _show if sys.stderr.isatty() else None)


def _show(done: int, total: int) -> None:
    print(f"\r{done * 100 // total:3d} % of {total / 1e6:.0f} MB", end="", file=sys.stderr, flush=True)
    if done == total:
        print(file=sys.stderr)
