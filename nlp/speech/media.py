"""Sound in: any voice file that a citizen can send becomes 16 kHz mono 16-bit PCM, within limits."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import av
from av import Packet
from av.audio.codeccontext import AudioCodecContext
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.error import FFmpegError

from nlp.speech import speex
from nlp.speech.engine import RATE
from nlp.speech.errors import TooLong, Undecodable

SAMPLE_BYTES = 2

# FFmpeg's own AMR decoders fail on comfort-noise frames, which every pause in a phone recording has.
_OPENCORE = {"amr_nb": ("libopencore_amrnb", 8_000), "amr_wb": ("libopencore_amrwb", 16_000)}

# The container is told from its first bytes and named to FFmpeg: left to guess, it would also try
# playlist formats, which open other files and addresses.
_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"#!AMR(-WB)?\n"), "amr"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "wav"),
    (re.compile(rb"OggS"), "ogg"),
    (re.compile(rb"fLaC"), "flac"),
    (re.compile(rb"\x1aE\xdf\xa3"), "matroska"),
    (re.compile(rb"....ftyp", re.DOTALL), "mov"),
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"), "aac"),
    (re.compile(rb"ID3|\xff[\xe2-\xff]"), "mp3"),
)
_SILK = re.compile(rb"\x02?#!SILK_V3")


@dataclass(frozen=True, slots=True)
class Pcm:
    """Decoded sound: mono, 16 bit, little-endian."""

    rate: int
    samples: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file and the longest sound that are read; a few kilobytes can decode to hours."""

    max_bytes: int = 64 * 1024 * 1024
    max_seconds: float = 1800.0


LIMITS = Limits()


def decode(data: bytes, hint: str | None = None, limits: Limits = LIMITS) -> Pcm:
    """Turn a voice file into PCM; `hint` (content type or extension) matters for headerless Speex only."""
    if len(data) > limits.max_bytes:
        raise TooLong(f"The file is larger than {limits.max_bytes} bytes.")
    try:
        samples = _samples(data, hint, limits)
    except FFmpegError as error:
        raise Undecodable(f"The sound could not be decoded: {error.strerror}.") from error
    if not samples:
        raise Undecodable("The file holds no sound.")
    return Pcm(RATE, samples, len(samples) / SAMPLE_BYTES / RATE)


def _samples(data: bytes, hint: str | None, limits: Limits) -> bytes:
    container_format = _container_format(data)
    if container_format is not None:
        return _from_container(data, container_format, limits)
    if speex.is_hinted(hint):
        return _pcm(speex.packets(data), speex.decoder(), limits)
    if _SILK.match(data):
        raise Undecodable("This is a SILK voice file, which cannot be read; ask for AMR.")
    raise Undecodable("The file is not sound in a known format.")


def _container_format(data: bytes) -> str | None:
    return next((name for pattern, name in _SIGNATURES if pattern.match(data)), None)


def _from_container(data: bytes, container_format: str, limits: Limits) -> bytes:
    with av.open(io.BytesIO(data), "r", format=container_format) as container:
        if not container.streams.audio:
            raise Undecodable("The file holds no sound.")
        stream = container.streams.audio[0]
        return _pcm(container.demux(stream), _decoder(stream), limits)


def _decoder(stream: AudioStream) -> AudioCodecContext:
    if stream.codec_context is None:  # of a codec that nobody knows; the library's types do not say so
        raise Undecodable("The sound is of a kind that is not known.")
    opencore = _OPENCORE.get(stream.codec_context.codec.canonical_name)
    if opencore is None:
        return stream.codec_context
    name, rate = opencore
    decoder = av.CodecContext.create(name, "r")
    assert isinstance(decoder, AudioCodecContext)
    decoder.sample_rate = rate
    decoder.layout = "mono"
    return decoder


def _pcm(packets: Iterable[Packet[Any]], decoder: AudioCodecContext, limits: Limits) -> bytes:
    """Decode packet by packet, so that one damaged packet costs 20 ms and a bomb is stopped at the limit."""
    most = int(limits.max_seconds * RATE) * SAMPLE_BYTES
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    samples = bytearray()
    for frame in chain(_frames(packets, decoder), (None,)):
        for converted in resampler.resample(frame):
            samples += converted.to_ndarray().tobytes()
        if len(samples) > most:
            raise TooLong(f"The sound is longer than {limits.max_seconds:g} seconds.")
    return bytes(samples)


def _frames(packets: Iterable[Packet[Any]], decoder: AudioCodecContext) -> Iterator[av.AudioFrame]:
    good = damaged = 0
    for packet in packets:
        try:
            frames = decoder.decode(packet)
        except FFmpegError:
            damaged += 1
            continue
        good += len(frames)
        yield from frames
    if damaged > good:
        raise Undecodable("Most of the sound is damaged.")
