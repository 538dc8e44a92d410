"""A trial call from the exchange: takes it at our AudioSocket, speaks, and hears the echo."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from channels_ingest.telephony.legs import FRAME_SECONDS, SILENCE
from channels_ingest.telephony.wire import Decoder, Frame, Kind

NOBODY: Final = UUID(int=0)
"""The UUID of a trial call to a telephony process that runs already, which hangs up on it at once."""
_SOUNDS: Final = (Kind.AUDIO_8K, Kind.AUDIO_16K)


@asynccontextmanager
async def listening(host: str, port: int, uuid: UUID) -> AsyncIterator[asyncio.Future[Kind] | None]:
    """The kind under which the echo of 16 kHz sound comes back; None where somebody else listens at this port."""
    echo: asyncio.Future[Kind] = asyncio.get_running_loop().create_future()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _converse(reader, writer, uuid, echo)
        finally:
            writer.close()

    try:
        server = await asyncio.start_server(connected, host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        yield None
        return
    try:
        yield echo
    finally:
        server.close()
        await server.wait_closed()


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, uuid: UUID, echo: asyncio.Future[Kind]
) -> None:
    decoder, expected = Decoder(), Frame(Kind.UUID, uuid.bytes)
    speaking: asyncio.Task[None] | None = None
    try:
        while data := await reader.read(4096):
            for frame in decoder.feed(data):
                if frame == expected:
                    speaking = asyncio.create_task(_speak(writer))
                elif speaking and frame.kind in _SOUNDS and not echo.done():
                    echo.set_result(Kind(frame.kind))
                    return
    finally:
        if speaking:
            speaking.cancel()


async def _speak(writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(Frame(Kind.AUDIO_16K, SILENCE).encode())
        await asyncio.sleep(FRAME_SECONDS)
