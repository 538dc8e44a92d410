"""The copy that others hear: a tone where numbers are said, the rest as it was, small enough to keep."""

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_ingest.telephony.bleeping import bleep, copy
from nlp.speech.engine import RATE
from nlp.speech.errors import Undecodable
from nlp.speech.media import decode
from tests.nlp.speech.sounds import dominant_frequency, silence, tone
from tests.nlp.speech.test_calls import recorded

LARGE = 10 * 2**20
spans = st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=4)


@settings(deadline=None)
@given(spans, st.integers(0, 2 * RATE))
def test_nothing_of_a_span_is_left_and_nothing_else_is_touched(times: list[tuple[float, float]], first: int) -> None:
    """Sound at full level: no sample of the tone has that."""
    sound = np.full(RATE, 32767, dtype=np.int16)

    heard = bleep(sound, first, RATE, times)

    moments = (np.arange(len(sound)) + first) / RATE
    inside = np.zeros(len(sound), dtype=bool)
    for start, end in times:
        inside |= (moments >= start) & (moments < end)
    near = np.zeros(len(sound), dtype=bool)
    for start, end in times:
        near |= (moments >= start - 1 / RATE) & (moments < end + 1 / RATE)
    assert (np.abs(heard[inside].astype(int)) <= 4000).all()
    assert (heard[~near] == 32767).all()
    assert len(heard) == len(sound)


def test_a_span_is_the_same_tone_in_whatever_blocks_it_comes() -> None:
    sound = np.zeros(2 * RATE, dtype=np.int16)
    whole = bleep(sound, 0, RATE, [(0.5, 1.5)])

    halves = [bleep(sound[:RATE], 0, RATE, [(0.5, 1.5)]), bleep(sound[RATE:], RATE, RATE, [(0.5, 1.5)])]

    assert (np.concatenate(halves) == whole).all()


def test_both_sides_are_heard_in_the_copy_and_the_number_is_not(tmp_path: Path) -> None:
    caller = np.concatenate([tone(2.0, RATE, 300), silence(1.0, RATE)])
    agent = np.concatenate([silence(2.0, RATE), tone(1.0, RATE, 600)])

    heard = decode(copy(recorded(tmp_path / "call.wav", caller, agent), [(1.0, 2.0)], LARGE)).samples

    def between(start: float, end: float) -> float:
        return dominant_frequency(heard[int(start * RATE) * 2 : int(end * RATE) * 2], RATE)

    assert between(0.2, 0.8) == pytest.approx(300, abs=5)
    assert between(1.2, 1.8) == pytest.approx(1000, abs=5)
    assert between(2.2, 2.8) == pytest.approx(600, abs=5)


def test_a_recording_longer_than_a_block_keeps_its_times(tmp_path: Path) -> None:
    sound = tone(25.0, RATE, 300)

    made = decode(copy(recorded(tmp_path / "call.wav", sound, silence(25.0, RATE)), [(20.5, 21.5)], LARGE))

    assert made.seconds == pytest.approx(25.0, abs=0.2)
    assert dominant_frequency(made.samples[int(20.7 * RATE) * 2 : int(21.3 * RATE) * 2], RATE) == pytest.approx(
        1000, abs=5
    )


def test_a_long_call_gets_a_lower_rate_rather_than_none(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "call.wav", tone(20.0, RATE))

    assert len(copy(recording, [], LARGE)) > 60_000
    assert len(copy(recording, [], 30_000)) < 30_000


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "call.wav").write_bytes(b"RIFF")
    with pytest.raises(Undecodable):
        copy(tmp_path / "call.wav", [], LARGE)


def test_the_recording_itself_is_not_touched(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "call.wav", tone(1.0, RATE), tone(1.0, RATE))
    before = recording.read_bytes()

    copy(recording, [(0.0, 1.0)], LARGE)

    assert recording.read_bytes() == before
    with wave.open(str(recording)) as file:
        assert file.getnchannels() == 2
