"""Sounds made for the tests: sine tones, encoded as the channels would send them."""

from __future__ import annotations

import io
import os
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.audio.stream import AudioStream

SAMPLES = Path(__file__).parent / "samples"
TONE = 440

DATA = Path(os.environ.get("HOTLINE_DATA", "no recorded speech")) / "speech"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(),
    reason="HOTLINE_DATA names no folder with recorded speech, so recognition is not measured.",
)

# format: (container, encoder, sample rate)
ENCODINGS = {
    "amr-nb": ("amr", "libopencore_amrnb", 8_000),
    "wav": ("wav", "pcm_s16le", 16_000),
    "wav µ-law": ("wav", "pcm_mulaw", 8_000),
    "wav a-law": ("wav", "pcm_alaw", 8_000),
    "ogg opus": ("ogg", "libopus", 48_000),
    "webm opus": ("webm", "libopus", 48_000),
    "m4a": ("ipod", "aac", 44_100),
    "aac": ("adts", "aac", 44_100),
    "mp3": ("mp3", "libmp3lame", 44_100),
    "flac": ("flac", "flac", 44_100),
}


def tone(seconds: float, rate: int, frequency: int = TONE) -> npt.NDArray[np.int16]:
    """A sine at a quarter of full level."""
    return (8000 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)).astype(np.int16)


def silence(seconds: float, rate: int) -> npt.NDArray[np.int16]:
    return np.zeros(round(seconds * rate), dtype=np.int16)


def encode(
    samples: npt.NDArray[np.int16], encoding: str, options: dict[str, str] | None = None, layout: str = "mono"
) -> bytes:
    """A whole file; `samples` interleaves the channels of the layout."""
    container_format, codec, rate = ENCODINGS[encoding]
    target = io.BytesIO()
    with av.open(target, "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=rate, options=options or {})
        assert isinstance(stream, AudioStream)
        stream.layout = layout
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def encoded_tone(encoding: str, seconds: float = 1.0) -> bytes:
    return encode(tone(seconds, ENCODINGS[encoding][2]), encoding)


def dominant_frequency(pcm16: bytes, rate: int) -> float:
    """The frequency, in hertz, of which the sound has most."""
    spectrum = np.abs(np.fft.rfft(np.frombuffer(pcm16, dtype="<i2")))
    spectrum[0] = 0
    return float(spectrum.argmax()) * rate / (len(pcm16) // 2)
