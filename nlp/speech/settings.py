"""How speech is recognised at one installation; hashable, so that one recogniser serves one setting."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from nlp.speech.media import LIMITS, Limits

_PROJECT = Path(__file__).resolve().parents[2]


def default_models_dir() -> Path:
    """The installation's folder of models, told by the same variables as in its settings page."""
    data_dir = Path(os.environ.get("HOTLINE_DATA_DIR", _PROJECT / ".hotline"))
    return Path(os.environ.get("HOTLINE_MODEL_DIR", data_dir / "models"))


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """Which engine ("auto", "whisper" or "vosk"), where its model is, and what it may cost."""

    models_dir: Path
    engine: str = "auto"
    language: str = "zh"
    limits: Limits = LIMITS
    threads: int = 2
    idle_seconds: float = 300.0
