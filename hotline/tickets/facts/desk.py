"""Facts of the desk: a request comes in, is read, accepted, put right, refused or answered at once."""

from dataclasses import dataclass
from typing import Any, ClassVar

from hotline.tickets.facts.kinds import Fact, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Fact):
    """A request came in on a channel."""

    kind: ClassVar[Kind] = Kind.RECEIVED
    channel: str
    source: str = ""
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsAdded(Fact):
    """The citizen wrote again about this ticket."""

    kind: ClassVar[Kind] = Kind.WORDS_ADDED
    channel: str
    message: int
    reopened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaKept(Fact):
    """A picture, voice or file that a message named has been fetched and kept."""

    kind: ClassVar[Kind] = Kind.MEDIA_KEPT
    message: int
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAdded(Fact):
    """Staff handed in a file that proves something; `purpose` as in Attachment.Purpose."""

    kind: ClassVar[Kind] = Kind.EVIDENCE_ADDED
    attachment: int
    purpose: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribed(Fact):
    """A voice message became text, or could not; `result`: done, no_model, failed."""

    kind: ClassVar[Kind] = Kind.TRANSCRIBED
    message: int
    result: str
    engine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested(Fact):
    """The assistant read the ticket; codes, best first."""

    kind: ClassVar[Kind] = Kind.SUGGESTED
    type: list[str]
    matter: list[str]
    departments: list[str]
    urgency: str
    abstain: bool
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Fact):
    """The citizen's words tell of danger: its kinds, those that ring, {clock: limit} for clocks that came nearer."""

    kind: ClassVar[Kind] = Kind.ESCALATED
    before: str
    level: str
    kinds: list[str]
    rings: list[str]
    limits: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSeen(Fact):
    """A person has seen the alarm."""

    kind: ClassVar[Kind] = Kind.ALARM_SEEN
    kinds: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Fact):
    """The desk took the request on; `fields` are those it set."""

    kind: ClassVar[Kind] = Kind.ACCEPTED
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Fact):
    """Fields of the record were put right: {field: [before, after]}."""

    kind: ClassVar[Kind] = Kind.EDITED
    changes: dict[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(Fact):
    """An agent wrote to the citizen."""

    kind: ClassVar[Kind] = Kind.REPLIED
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoRequested(Fact):
    """The citizen is asked for something more."""

    kind: ClassVar[Kind] = Kind.INFO_REQUESTED
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Fact):
    """Not for this hotline; `door` names who is."""

    kind: ClassVar[Kind] = Kind.REFUSED
    reason: str
    door: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency(Fact):
    """Handed to 110, 119, 120 or 122."""

    kind: ClassVar[Kind] = Kind.EMERGENCY
    service: str
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredDirectly(Fact):
    """The desk answered by itself."""

    kind: ClassVar[Kind] = Kind.ANSWERED_DIRECTLY
    public: str
    call_back: str = ""
    call_back_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Fact):
    """An internal note."""

    kind: ClassVar[Kind] = Kind.NOTED
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recused(Fact):
    """A member of staff stood back for a conflict of interest."""

    kind: ClassVar[Kind] = Kind.RECUSED
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Fact):
    """A message to the citizen was given up."""

    kind: ClassVar[Kind] = Kind.DELIVERY_FAILED
    channel: str
    error: str
