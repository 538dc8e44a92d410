"""How speech is recognised at one installation; hashable, so that one recogniser serves one setting."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from nlp.speech.media import LIMITS, Limits

MODELS_VARIABLE = "HOTLINE_MODELS_DIR"


def default_models_dir() -> Path:
    """Where models are kept when nothing else is said."""
    return Path(os.environ.get(MODELS_VARIABLE, ".hotline/models"))


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """Which engine ("auto", "whisper" or "vosk"), where its model is, and what it may cost."""

    models_dir: Path
    engine: str = "auto"
    language: str = "zh"
    limits: Limits = LIMITS
    threads: int = 2
    idle_seconds: float = 300.0
