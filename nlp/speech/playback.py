"""Sound out: a voice in any format becomes MP3, which every browser plays (none plays AMR or Speex)."""

from __future__ import annotations

import io
from dataclasses import dataclass

import av
import numpy as np
from av.audio.stream import AudioStream

from nlp.speech.media import LIMITS, Limits, Pcm, decode

CONTENT_TYPE = "audio/mpeg"
_BIT_RATE = 32_000


@dataclass(frozen=True, slots=True)
class Playable:
    """A file for the console's player."""

    content: bytes
    content_type: str
    seconds: float


def playable(data: bytes, hint: str | None = None, limits: Limits = LIMITS) -> Playable:
    """Turn any voice file that we can read into one that a browser can play."""
    pcm = decode(data, hint, limits)
    return Playable(encode(pcm), CONTENT_TYPE, pcm.seconds)


def encode(pcm: Pcm) -> bytes:
    """MP3 of the sound, mono, small enough to send at once."""
    target = io.BytesIO()
    samples = np.frombuffer(pcm.samples, dtype="<i2").reshape(1, -1)
    with av.open(target, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=pcm.rate)
        assert isinstance(stream, AudioStream)
        stream.bit_rate = _BIT_RATE
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = pcm.rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()
