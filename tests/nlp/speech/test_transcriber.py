"""The transcriber: one engine, loaded when needed, at rest when idle; failures keep their type."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nlp.speech import transcribe
from nlp.speech.engine import Availability, Stream, Transcript
from nlp.speech.engines import choose, survey
from nlp.speech.errors import NoModel, TooLong, Undecodable
from nlp.speech.media import LIMITS, Limits
from nlp.speech.settings import SpeechSettings
from nlp.speech.transcriber import Transcriber
from tests.nlp.speech.sounds import encoded_tone


@dataclass
class LengthEngine:
    """Hears how long a sound is."""

    name: str = "length"
    heard: list[int] = field(default_factory=list)
    rests: int = 0

    def available(self) -> Availability:
        return Availability(ok=True)

    def transcribe(self, pcm16: bytes, rate: int = 16_000) -> Transcript:
        self.heard.append(len(pcm16))
        return Transcript(f"{len(pcm16)}字节", (), len(pcm16) / 2 / rate, self.name)

    def stream(self, rate: int = 16_000) -> Stream:
        raise NotImplementedError

    def rest(self) -> None:
        self.rests += 1


def made(idle_seconds: float = 60.0, limits: Limits = LIMITS) -> tuple[Transcriber, list[LengthEngine]]:
    engines: list[LengthEngine] = []

    def chooser(settings: SpeechSettings) -> LengthEngine:
        engines.append(LengthEngine())
        return engines[-1]

    settings = SpeechSettings(Path("unused"), limits=limits, idle_seconds=idle_seconds)
    return Transcriber(settings, chooser), engines


def test_one_engine_serves_voice_after_voice() -> None:
    transcriber, engines = made()

    first = transcriber.transcribe(encoded_tone("wav"))
    second = transcriber.transcribe(encoded_tone("wav", seconds=0.5))

    assert (first.text, second.text) == ("32000字节", "16000字节")
    assert [engine.heard for engine in engines] == [[32000, 16000]]
    transcriber.rest()


def test_an_idle_engine_rests_and_serves_again() -> None:
    transcriber, engines = made(idle_seconds=0.0)
    others = set(threading.enumerate())
    for _ in range(2):
        transcriber.transcribe(encoded_tone("wav"))
        for timer in [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]:
            if timer not in others:
                timer.join()

    (engine,) = engines
    assert (engine.heard, engine.rests) == ([32000, 32000], 2)


def test_a_model_that_comes_later_is_found() -> None:
    answers: Iterator[NoModel | LengthEngine] = iter([NoModel("not yet"), LengthEngine()])

    def chooser(settings: SpeechSettings) -> LengthEngine:
        answer = next(answers)
        if isinstance(answer, NoModel):
            raise answer
        return answer

    transcriber = Transcriber(SpeechSettings(Path("unused")), chooser)
    with pytest.raises(NoModel):
        transcriber.transcribe(encoded_tone("wav"))

    assert transcriber.transcribe(encoded_tone("wav")).text == "32000字节"
    transcriber.rest()


def test_what_cannot_be_decoded_never_reaches_the_engine() -> None:
    transcriber, engines = made(limits=Limits(max_seconds=0.5))

    with pytest.raises(Undecodable):
        transcriber.transcribe(b"no sound")
    with pytest.raises(TooLong):
        transcriber.transcribe(encoded_tone("wav"))

    assert engines == []


def test_without_any_model_the_reason_names_each_engine(tmp_path: Path) -> None:
    settings = SpeechSettings(tmp_path, engine="vosk")

    with pytest.raises(NoModel) as raised:
        transcribe(encoded_tone("wav"), None, settings)

    folder = tmp_path / "vosk-model-small-cn-0.22"
    expected = f"The Vosk model is not installed: run `hotline fetch-model`. ({folder})"
    assert str(raised.value) == expected
    assert raised.value.code == "no_model"
    assert str(survey(settings)["vosk"]) == expected


def test_an_unknown_engine_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="There is no speech engine 'magic'; choose one of auto, whisper, vosk"):
        choose(SpeechSettings(tmp_path, engine="magic"))
