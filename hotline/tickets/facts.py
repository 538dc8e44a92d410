"""Everything that can happen to a ticket, each with the data that its ledger line carries.

A fact holds codes, counts and words of staff; never a citizen's name or phone, since lines are
kept for ever and shown to many.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kind of a ledger line."""

    RECEIVED = "received", _("Request received")
    WORDS_ADDED = "words_added", _("Citizen added words")
    MEDIA_KEPT = "media_kept", _("File kept")
    EVIDENCE_ADDED = "evidence_added", _("Evidence added")
    TRANSCRIBED = "transcribed", _("Voice transcribed")
    SUGGESTED = "suggested", _("Assistant suggested")
    ACCEPTED = "accepted", _("Accepted")
    EDITED = "edited", _("Edited")
    REPLIED = "replied", _("Replied to the citizen")
    INFO_REQUESTED = "info_requested", _("Information asked for")
    REFUSED = "refused", _("Not accepted")
    EMERGENCY = "emergency", _("Handed to emergency services")
    ANSWERED_DIRECTLY = "answered_directly", _("Answered directly")
    DISPATCHED = "dispatched", _("Dispatched")
    SIGNED = "signed", _("Signed for")
    CONTACTED = "contacted", _("Citizen contacted")
    RETURN_REQUESTED = "return_requested", _("Return requested")
    RETURN_UPHELD = "return_upheld", _("Return upheld")
    RETURN_REFUSED = "return_refused", _("Return refused")
    EXTENSION_REQUESTED = "extension_requested", _("Extension requested")
    EXTENSION_GRANTED = "extension_granted", _("Extension granted")
    EXTENSION_REFUSED = "extension_refused", _("Extension refused")
    SUSPENDED = "suspended", _("Suspended")
    RESUMED = "resumed", _("Resumed")
    UNIT_ANSWERED = "unit_answered", _("Unit answered")
    ANSWERED = "answered", _("Answered")
    REVIEW_PASSED = "review_passed", _("Answer approved")
    REVIEW_FAILED = "review_failed", _("Answer sent back")
    FOLLOWED_UP = "followed_up", _("Called back")
    RATED = "rated", _("Rated")
    REWORK = "rework", _("Sent to rework")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")
    MERGED = "merged", _("Merged")
    CHILD_MERGED = "child_merged", _("Took in a merged ticket")
    URGED = "urged", _("Urged")
    SUPERVISED = "supervised", _("Under supervision")
    NOTED = "noted", _("Noted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DELIVERY_FAILED = "delivery_failed", _("Message could not be delivered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What happened; its fields are the `data` of the line."""

    kind: ClassVar[Kind]

    def data(self) -> dict[str, Any]:
        """The fields as JSON values: moments in ISO 8601, absent ones left out."""
        return {name: _plain(value) for name, value in asdict(self).items() if value is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched(Fact):
    """Sent to a lead unit and its assisting units, with the limits set."""

    kind: ClassVar[Kind] = Kind.DISPATCHED
    department: str
    assisting: list[str]
    sign_due_at: datetime
    due_at: datetime
    note: str = ""
    explanation: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Fact):
    """A unit signed for it; `automatic` when the clock did."""

    kind: ClassVar[Kind] = Kind.SIGNED
    department: str
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacted(Fact):
    """The unit spoke with the citizen."""

    kind: ClassVar[Kind] = Kind.CONTACTED
    department: str
    whom: str
    contacted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequested(Fact):
    """The unit says it is not its duty."""

    kind: ClassVar[Kind] = Kind.RETURN_REQUESTED
    department: str
    reason: str
    basis: str
    proposed: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnUpheld(Fact):
    """The reviewer agrees: it goes elsewhere."""

    kind: ClassVar[Kind] = Kind.RETURN_UPHELD
    department: str
    note: str = ""
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRefused(Fact):
    """The reviewer disagrees: it stays, and that is final."""

    kind: ClassVar[Kind] = Kind.RETURN_REFUSED
    department: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequested(Fact):
    """The unit asks for more time."""

    kind: ClassVar[Kind] = Kind.EXTENSION_REQUESTED
    department: str
    working_days: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted(Fact):
    """More time was given."""

    kind: ClassVar[Kind] = Kind.EXTENSION_GRANTED
    working_days: int
    due_at: datetime
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRefused(Fact):
    """No more time was given."""

    kind: ClassVar[Kind] = Kind.EXTENSION_REFUSED
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended(Fact):
    """The clocks stand still."""

    kind: ClassVar[Kind] = Kind.SUSPENDED
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Fact):
    """The clocks go on; `seconds` is how long they stood."""

    kind: ClassVar[Kind] = Kind.RESUMED
    seconds: int
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAnswered(Fact):
    """One unit answered; others have yet to."""

    kind: ClassVar[Kind] = Kind.UNIT_ANSWERED
    department: str
    waiting_for: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Fact):
    """The lead and every assisting unit have answered."""

    kind: ClassVar[Kind] = Kind.ANSWERED
    department: str
    solved: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPassed(Fact):
    """The answer is good and goes to the citizen."""

    kind: ClassVar[Kind] = Kind.REVIEW_PASSED
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFailed(Fact):
    """The answer goes back to the unit."""

    kind: ClassVar[Kind] = Kind.REVIEW_FAILED
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedUp(Fact):
    """The citizen was called back, or not reached."""

    kind: ClassVar[Kind] = Kind.FOLLOWED_UP
    reached: bool
    solved: bool | None = None
    satisfied: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(Fact):
    """The citizen rated; `counts` is false for a later amendment."""

    kind: ClassVar[Kind] = Kind.RATED
    channel: str
    satisfied: int
    solved: bool | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rework(Fact):
    """Back to the unit (or the desk) to be done better."""

    kind: ClassVar[Kind] = Kind.REWORK
    note: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Fact):
    """办结; `automatic` when the clock did."""

    kind: ClassVar[Kind] = Kind.CLOSED
    note: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived(Fact):
    """归档."""

    kind: ClassVar[Kind] = Kind.ARCHIVED
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Fact):
    """This ticket went into another."""

    kind: ClassVar[Kind] = Kind.MERGED
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildMerged(Fact):
    """Another ticket went into this one."""

    kind: ClassVar[Kind] = Kind.CHILD_MERGED
    child: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Urged(Fact):
    """The unit is urged."""

    kind: ClassVar[Kind] = Kind.URGED
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised(Fact):
    """A supervision order was made."""

    kind: ClassVar[Kind] = Kind.SUPERVISED
    level: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Fact):
    """An internal note."""

    kind: ClassVar[Kind] = Kind.NOTED
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Fact):
    """The citizen took the request back."""

    kind: ClassVar[Kind] = Kind.WITHDRAWN
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Fact):
    """A message to the citizen was given up."""

    kind: ClassVar[Kind] = Kind.DELIVERY_FAILED
    channel: str
    error: str
