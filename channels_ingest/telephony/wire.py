"""AudioSocket on the wire: kind u8, length u16 big-endian, payload."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import IntEnum

_HEADER = struct.Struct(">BH")


class Kind(IntEnum):
    """The kinds of AudioSocket frames, as Asterisk's include/asterisk/res_audiosocket.h numbers them."""

    HANG_UP = 0x00
    UUID = 0x01
    DTMF = 0x03
    AUDIO_8K = 0x10
    AUDIO_16K = 0x12
    ERROR = 0xFF


@dataclass(frozen=True, slots=True)
class Frame:
    """One message; its kind may be one that a newer exchange added."""

    kind: int
    payload: bytes = b""

    def encode(self) -> bytes:
        return _HEADER.pack(self.kind, len(self.payload)) + self.payload


@dataclass(slots=True)
class Decoder:
    """Cuts a stream of bytes into frames, whatever pieces it arrives in."""

    _rest: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[Frame]:
        self._rest += data
        frames, position = [], 0
        while len(self._rest) - position >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._rest, position)
            end = position + _HEADER.size + length
            if end > len(self._rest):
                break
            frames.append(Frame(kind, bytes(self._rest[position + _HEADER.size : end])))
            position = end
        del self._rest[:position]
        return frames
