"""Which engine serves a setting, and what is to be said when none can."""

from __future__ import annotations

from nlp.speech.engine import Availability, Engine
from nlp.speech.errors import NoModel
from nlp.speech.settings import SpeechSettings
from nlp.speech.vosk_engine import VoskEngine
from nlp.speech.whisper_engine import WhisperEngine

AUTO = "auto"
NAMES = (WhisperEngine.name, VoskEngine.name)  # the more accurate one first


def choose(settings: SpeechSettings) -> Engine:
    """The engine of the setting ("auto": the most accurate one that is there); NoModel if there is none."""
    names = NAMES if settings.engine == AUTO else (settings.engine,)
    engines = [_make(name, settings) for name in names]
    for engine in engines:
        if engine.available().ok:
            return engine
    raise NoModel(" ".join(str(engine.available()) for engine in engines))


def survey(settings: SpeechSettings) -> dict[str, Availability]:
    """Every engine that we know and whether it can be used, for the installation check."""
    return {name: _make(name, settings).available() for name in NAMES}


def _make(name: str, settings: SpeechSettings) -> Engine:
    if name == WhisperEngine.name:
        return WhisperEngine(settings.models_dir, language=settings.language, threads=settings.threads)
    if name == VoskEngine.name:
        return VoskEngine(settings.models_dir)
    raise NoModel(f"There is no speech engine {name!r}; choose one of auto, {', '.join(NAMES)}.")
