"""What understanding a citizen's words yields: frozen values, every one with the reasons behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ReasonKind = Literal["word", "catalogue", "place", "similar", "rule"]
UrgencyLevel = Literal["normal", "urgent", "critical"]
RiskKind = Literal[
    "life",
    "fire",
    "gas",
    "self_harm",
    "mass",
    "minors",
    "wages",
    "violence",
    "disease",
    "collapse",
    "missing",
    "chemical",
    "electric",
    "outage",
    "hazard",
    "injury",
    "care",
    "plea",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground for a choice: what was seen, and how much it weighed."""

    kind: ReasonKind
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One label with its calibrated probability (0..1) and the reasons for it."""

    label: str
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: the gazetteer area, the address as said, and the span of the text it was read from."""

    area: str | None
    address: str | None
    text: str
    start: int
    end: int
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """One danger told of: its kind, the words at start:end of the text, the rule, and how the words are meant.

    ``standing`` is "happening", "feared" or "recent"; what is ``alarming`` a person must see at once.
    """

    kind: RiskKind
    level: UrgencyLevel
    words: str
    start: int
    end: int
    what: str
    standing: str
    alarming: bool


@dataclass(frozen=True, slots=True)
class Urgency:
    """How soon it must be looked at, with the words that say so, the gravest risk first."""

    level: UrgencyLevel
    reasons: tuple[Reason, ...] = ()
    risks: tuple[Risk, ...] = ()

    @property
    def alarming(self) -> tuple[Risk, ...]:
        """The risks that a person must see at once."""
        return tuple(risk for risk in self.risks if risk.alarming)


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything read out of one message; choices come best first, ``abstain`` means a person must decide."""

    type: tuple[Choice, ...]
    matter: tuple[Choice, ...]
    place: Place | None
    urgency: Urgency
    title: str
    summary: str
    abstain: bool
    model_version: str
