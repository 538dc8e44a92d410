"""Facts of the end: reviewed, called back, rated, reworked, closed, merged, split, set aside, withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hotline.tickets.facts.kinds import Fact, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPassed(Fact):
    """The answer is good and goes to the citizen; `call_back` as in CallBack, drawn with `call_back_share`."""

    kind: ClassVar[Kind] = Kind.REVIEW_PASSED
    note: str = ""
    call_back: str = ""
    call_back_share: float | None = None


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
    real_name: bool = False


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
    """This ticket went into another; `along` when it followed the one that it had been merged into before."""

    kind: ClassVar[Kind] = Kind.MERGED
    into: str
    along: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildMerged(Fact):
    """Another ticket went into this one."""

    kind: ClassVar[Kind] = Kind.CHILD_MERGED
    child: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerged(Fact):
    """A merge was undone; `state` is where the ticket stands again."""

    kind: ClassVar[Kind] = Kind.UNMERGED
    out_of: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildUnmerged(Fact):
    """A ticket that had been merged into this one stands alone again."""

    kind: ClassVar[Kind] = Kind.CHILD_UNMERGED
    child: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Fact):
    """Further matters of the request became tickets of their own."""

    kind: ClassVar[Kind] = Kind.SPLIT
    children: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideRequested(Fact):
    """Somebody asked to leave the ticket out of the scoring."""

    kind: ClassVar[Kind] = Kind.SET_ASIDE_REQUESTED
    code: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideApproved(Fact):
    """A second person agreed: the ticket does not count."""

    kind: ClassVar[Kind] = Kind.SET_ASIDE_APPROVED
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideRefused(Fact):
    """A second person disagreed: the ticket counts."""

    kind: ClassVar[Kind] = Kind.SET_ASIDE_REFUSED
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Fact):
    """The citizen took the request back."""

    kind: ClassVar[Kind] = Kind.WITHDRAWN
    note: str = ""
