"""The copy of a recording that others hear: both sides as one MP3, with a tone where numbers are said."""

import io
import wave
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream

from nlp.speech.errors import Undecodable

Samples = npt.NDArray[np.int16]
Span = tuple[float, float]

CONTENT_TYPE = "audio/mpeg"
_BLOCK_SECONDS = 10
_TONE_HERTZ = 1000
_TONE_LEVEL = 4000
_BIT_RATES = (32_000, 24_000, 16_000, 8_000)
"""What MP3 has at 16 kHz; a long call gets a lower one so that the copy can be kept with the ticket."""
_HEADROOM = 0.9


def copy(recording: Path, spans: Sequence[Span], most_bytes: int) -> bytes:
    """An MP3 of the recording in which nobody hears what is said in `spans` (seconds); no larger than `most_bytes`."""
    try:
        with wave.open(str(recording)) as source:
            seconds = source.getnframes() / source.getframerate()
            return _encoded(_blocks(source, spans), source.getframerate(), _bit_rate(seconds, most_bytes))
    except (wave.Error, EOFError) as error:
        raise Undecodable(f"{recording.name} is not a recording in PCM: {error}.") from error


def bleep(samples: Samples, first: int, rate: int, spans: Sequence[Span]) -> Samples:
    """A stretch of sound that begins at sample `first` of the call, with the tone in place of the spans."""
    heard = samples.copy()
    for start, end in spans:
        begin = max(int(start * rate) - first, 0)
        until = min(int(np.ceil(end * rate)) - first, len(heard))
        if begin < until:
            heard[begin:until] = _tone(first + begin, until - begin, rate)
    return heard


def _tone(first: int, count: int, rate: int) -> Samples:
    moments = np.arange(first, first + count) / rate
    return (_TONE_LEVEL * np.sin(2 * np.pi * _TONE_HERTZ * moments)).astype(np.int16)


def _blocks(source: wave.Wave_read, spans: Sequence[Span]) -> Iterator[Samples]:
    """The sides mixed, block by block: a call of hours must not fill the memory."""
    rate, channels, first = source.getframerate(), source.getnchannels(), 0
    while data := source.readframes(_BLOCK_SECONDS * rate):
        sides = np.frombuffer(data, "<i2").reshape(-1, channels).astype(np.int32)
        mixed = sides.sum(axis=1).clip(-32768, 32767).astype(np.int16)
        yield bleep(mixed, first, rate, spans)
        first += len(mixed)


def _bit_rate(seconds: float, most_bytes: int) -> int:
    fitting = (rate for rate in _BIT_RATES if seconds * rate / 8 <= most_bytes * _HEADROOM)
    return next(fitting, _BIT_RATES[-1])


def _encoded(blocks: Iterator[Samples], rate: int, bit_rate: int) -> bytes:
    target, at = io.BytesIO(), 0
    with av.open(target, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate)
        assert isinstance(stream, AudioStream)
        stream.bit_rate, stream.layout = bit_rate, "mono"
        for block in blocks:
            frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
            container.mux(stream.encode(frame))
            at += len(block)
        container.mux(stream.encode(None))
    return target.getvalue()
