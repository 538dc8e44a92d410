"""A recogniser that hears what a test says it hears."""

from __future__ import annotations

from uuid import UUID

from channels_ingest.telephony.speaking import Tell
from channels_ingest.telephony.wire_desk import SpeechState, TranscriptPiece


class Ears:
    """A recogniser and its one call."""

    state = "live"

    def __init__(self) -> None:
        self.said: list[TranscriptPiece] = []

    def begin(self, call: UUID, tell: Tell) -> Ears:
        self.call, self.tell = call, tell
        tell(SpeechState(call=call, state="live"))
        return self

    def hears(self, text: str) -> None:
        piece = TranscriptPiece(
            call=self.call, piece=len(self.said), side="caller", text=text, start=0.0, end=1.0, final=True
        )
        self.said.append(piece)
        self.tell(piece)

    def feed(self, side: str, pcm16: bytes, at: float) -> None:
        return

    def pieces(self) -> list[TranscriptPiece]:
        return self.said

    async def end(self) -> None:
        return
