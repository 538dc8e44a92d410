"""A speaker's sound on the call's clock: gaps, silence that costs nothing, numbers that go on."""

from __future__ import annotations

from nlp.speech.engine import RATE, Utterance
from nlp.speech.live.listening import Listener
from tests.nlp.speech.live.loudness import LoudnessStream
from tests.nlp.speech.sounds import silence, tone

LOUD = tone(0.2, RATE).tobytes()
QUIET = silence(0.2, RATE).tobytes()


def heard(pieces: list[tuple[bytes, float]], number: int = 0) -> list[tuple[int, str, float, float, bool]]:
    listener = Listener(LoudnessStream(RATE, 0.0), RATE, number)
    found = [utterance for pcm16, at in pieces for utterance in listener.feed(pcm16, at)]
    found += listener.pause()
    return [(u.number, u.text, round(u.start, 3), round(u.end, 3), u.final) for u in found]


def test_times_are_those_of_the_call_though_the_stream_began_late() -> None:
    assert heard([(LOUD, 57.0), (LOUD, 57.2)], number=4) == [
        (4, "loud 3200", 57.0, 57.2, False),
        (4, "loud 6400", 57.0, 57.4, False),
        (4, "loud 6400", 57.0, 57.4, True),
    ]


def test_missing_sound_ends_the_utterance_and_the_next_one_stands_where_it_was_said() -> None:
    assert heard([(LOUD, 0.0), (LOUD, 9.0)]) == [
        (0, "loud 3200", 0.0, 0.2, False),
        (0, "loud 3200", 0.0, 0.2, True),
        (1, "loud 3200", 9.0, 9.2, False),
        (1, "loud 3200", 9.0, 9.2, True),
    ]


def test_jitter_is_no_gap() -> None:
    assert [found[1:] for found in heard([(LOUD, 0.0), (LOUD, 0.3)])][-1] == ("loud 6400", 0.0, 0.4, True)


def test_a_long_silence_is_not_recognised_and_moves_no_time() -> None:
    fed = []

    class Counting(LoudnessStream):
        def feed(self, pcm16: bytes) -> Utterance | None:
            fed.append(pcm16)
            return super().feed(pcm16)

    listener = Listener(Counting(RATE, 0.0), RATE, 0)
    quiet = [utterance for n in range(50) for utterance in listener.feed(QUIET, n * 0.2)]

    assert quiet == []
    assert len(fed) == 6
    (word,) = [u.words[0] for u in [*listener.feed(LOUD, 10.0), *listener.pause()] if u.final]
    assert (round(word.start, 3), round(word.end, 3)) == (10.0, 10.2)
