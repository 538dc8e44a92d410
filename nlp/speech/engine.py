"""What every speech engine can do, and what it gives back; the engines themselves live in `*_engine.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

RATE = 16_000


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word with its place in the sound, in seconds, and the engine's trust in it, 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said between two pauses; until it is `final`, the same number comes again with more or other words."""

    number: int
    text: str
    start: float
    end: float
    words: tuple[Word, ...] = ()
    final: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said: readable text, the words behind it, the length of the sound and who recognised it."""

    text: str
    words: tuple[Word, ...]
    seconds: float
    engine: str
    utterances: tuple[Utterance, ...] = ()


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an engine can be used; if not, a fixed sentence to translate, and its detail."""

    ok: bool
    reason: str = ""
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.reason} ({self.detail})" if self.detail else self.reason


class Stream(Protocol):
    """Recognition of sound that is still arriving; feed 200 to 500 ms at a time. Times count what was fed."""

    @property
    def seconds(self) -> float:
        """How much sound was fed."""

    def feed(self, pcm16: bytes) -> Utterance | None:
        """Take more sound; returns the present utterance when what is heard of it changed, or it ended."""

    def pause(self) -> Utterance | None:
        """End the utterance here, also at the end of the sound; more may follow."""


class Engine(Protocol):
    """A speech recogniser; cheap to make, slow at first use because the model is loaded then."""

    @property
    def name(self) -> str:
        """The word that chooses this engine in a setting."""

    def available(self) -> Availability:
        """Whether the engine and its model are there; loads nothing."""

    def transcribe(self, pcm16: bytes, rate: int = RATE) -> Transcript:
        """Recognise a finished recording of 16-bit mono PCM."""

    def rest(self) -> None:
        """Give the model's memory back until the next use; no recognition may be under way."""


class StreamingEngine(Engine, Protocol):
    """An engine that recognises while the speaker still speaks."""

    def stream(self, rate: int = RATE) -> Stream:
        """Begin recognising sound that is still arriving."""
