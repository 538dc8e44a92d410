"""WeChat's high-definition voice: wideband Speex frames, each behind one byte that tells its length."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import av
from av import Packet
from av.audio.codeccontext import AudioCodecContext

from nlp.speech.errors import Undecodable

_WIDEBAND_RATE = 16_000
_WIDEBAND_MODE = 1
_BITSTREAM_VERSION = 4
_FRAME_SAMPLES = 320
_HEADER_BYTES = 80


def is_hinted(hint: str | None) -> bool:
    """Such a file has no signature: only its content type or extension says what it is."""
    return hint is not None and "speex" in hint.lower()


def packets(data: bytes) -> Iterator[Packet[Any]]:
    """Cut the file at its length bytes."""
    position = 0
    while position < len(data):
        length = data[position]
        frame = data[position + 1 : position + 1 + length]
        if not length or len(frame) < length:
            raise Undecodable("The Speex file is cut off or not in WeChat's format.")
        yield Packet(frame)
        position += 1 + length


def decoder() -> AudioCodecContext:
    """A Speex decoder told by a made-up header what the file leaves out."""
    context = av.CodecContext.create("speex", "r")
    assert isinstance(context, AudioCodecContext)
    context.extradata = _header()
    context.sample_rate = _WIDEBAND_RATE
    context.layout = "mono"
    return context


def _header() -> bytes:
    """The 80-byte SpeexHeader for mono wideband, variable bit rate, one frame a packet."""
    version_id, bit_rate, vbr, frames_per_packet = 1, -1, 1, 1
    extra_headers = reserved1 = reserved2 = 0
    return struct.pack(
        "<8s20s13i",
        b"Speex   ",
        b"1.2",
        version_id,
        _HEADER_BYTES,
        _WIDEBAND_RATE,
        _WIDEBAND_MODE,
        _BITSTREAM_VERSION,
        1,
        bit_rate,
        _FRAME_SAMPLES,
        vbr,
        frames_per_packet,
        extra_headers,
        reserved1,
        reserved2,
    )
