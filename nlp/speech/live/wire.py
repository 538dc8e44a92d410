"""What the process of the calls and a recogniser's process say to each other over two pipes."""

from __future__ import annotations

import asyncio
import struct
from typing import BinaryIO

import msgspec
from msgspec import Struct

from nlp.speech.engine import Utterance

_LENGTH = struct.Struct(">I")


class Open(Struct, frozen=True, tag=True):
    """A speaker is to be heard; `number` is that of the first utterance."""

    stream: int
    rate: int
    number: int


class Sound(Struct, frozen=True, tag=True):
    """A piece of a speaker's sound, with the second of its first sample."""

    stream: int
    pcm16: bytes
    at: float


class Close(Struct, frozen=True, tag=True):
    """The speaker's sound has ended: say what was still being said, then `Closed`."""

    stream: int


class Ready(Struct, frozen=True, tag=True):
    """The model is loaded; a second of noise takes `cost` seconds, a bound for speech."""

    cost: float


class Refused(Struct, frozen=True, tag=True):
    """There is nothing to recognise with; the process ends."""

    reason: str


class Fed(Struct, frozen=True, tag=True):
    """One `Sound` is done with: how long it was and how long it took."""

    stream: int
    seconds: float
    cost: float


class Heard(Struct, frozen=True, tag=True):
    """An utterance, new or changed."""

    stream: int
    utterance: Utterance


class Closed(Struct, frozen=True, tag=True):
    """Nothing more comes of this stream."""

    stream: int


ToWorker = Open | Sound | Close
FromWorker = Ready | Refused | Fed | Heard | Closed

_encoder = msgspec.msgpack.Encoder()
_to_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)


def frame(message: ToWorker | FromWorker) -> bytes:
    """The message as bytes, its length before it."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


def read(pipe: BinaryIO) -> ToWorker | None:
    """The next message to the worker; None at the end."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length)
    return _to_worker.decode(body) if len(body) == length else None


async def receive(pipe: asyncio.StreamReader) -> FromWorker | None:
    """The next message from the worker; None when it has ended, in the middle of one too."""
    try:
        (length,) = _LENGTH.unpack(await pipe.readexactly(_LENGTH.size))
        return _from_worker.decode(await pipe.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
