"""What the switchboard asks of speech recognition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol
from uuid import UUID

from channels_ingest.telephony.wire_desk import FieldSuggested, SpeechState, TranscriptPiece

Heard = TranscriptPiece | SpeechState | FieldSuggested
Tell = Callable[[Heard], None]


class Tap(Protocol):
    """One call that is being recognised."""

    def feed(self, side: Literal["caller", "agent"], pcm16: bytes, at: float) -> None:
        """Sound of one side and how many seconds after the start it begins; never blocks."""

    def pieces(self) -> list[TranscriptPiece]:
        """Everything understood so far."""

    async def end(self) -> None:
        """The call is over."""


class Understood:
    """What a desk must be told that comes back to a call, or takes it over."""

    def __init__(self) -> None:
        self.tap: Tap | None = None
        """Set while the call is recognised, and after: it has the words."""
        self._state: SpeechState | None = None
        self._fields: dict[str, FieldSuggested] = {}

    def remember(self, heard: Heard) -> None:
        """The newest of each; the words themselves the tap has."""
        if isinstance(heard, SpeechState):
            self._state = heard
        elif isinstance(heard, FieldSuggested):
            self._fields[heard.field] = heard

    def so_far(self) -> list[Heard]:
        """Whether words come live, all so far, and what they say for the ticket's fields."""
        state = [self._state] if self._state else []
        return [*state, *(self.tap.pieces() if self.tap else ()), *self._fields.values()]


class Speech(Protocol):
    """The recognisers."""

    @property
    def state(self) -> Literal["live", "later", "none"]:
        """Whether another call could be recognised now."""

    def begin(self, call: UUID, tell: Tell) -> Tap | None:
        """Recognise a call; None where that must wait until it is over, or there is no model."""
