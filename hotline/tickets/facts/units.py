"""Facts of the units: dispatched, signed for, passed on, contacted, answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hotline.tickets.facts.kinds import Fact, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched(Fact):
    """Sent to a lead unit and its assisting units, with the limits set."""

    kind: ClassVar[Kind] = Kind.DISPATCHED
    department: str
    assisting: list[str]
    sign_due_at: datetime
    due_at: datetime
    note: str = ""
    automatic: bool = False
    confidence: float | None = None
    explanation: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled(Fact):
    """The desk took a dispatch back before the unit worked on it."""

    kind: ClassVar[Kind] = Kind.RECALLED
    department: str
    automatic: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsAdded(Fact):
    """Further units assist; each with its own clocks."""

    kind: ClassVar[Kind] = Kind.UNITS_ADDED
    departments: list[str]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReleased(Fact):
    """An assisting unit need not answer any more."""

    kind: ClassVar[Kind] = Kind.UNIT_RELEASED
    department: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedDown(Fact):
    """A unit passed its part to one below; `basis` is the catalogue's line that lets it."""

    kind: ClassVar[Kind] = Kind.PASSED_DOWN
    department: str
    to: str
    basis: str
    sign_due_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedUp(Fact):
    """A lower unit handed its part back up."""

    kind: ClassVar[Kind] = Kind.PASSED_UP
    department: str
    to: str
    note: str


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
class Relayed(Fact):
    """A unit wrote to the citizen through the hotline, without learning who it is."""

    kind: ClassVar[Kind] = Kind.RELAYED
    department: str
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAnswered(Fact):
    """One unit answered; others have yet to."""

    kind: ClassVar[Kind] = Kind.UNIT_ANSWERED
    department: str
    waiting_for: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised(Fact):
    """The unit's answer promises something for these days."""

    kind: ClassVar[Kind] = Kind.PROMISED
    department: str
    due_on: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseDue(Fact):
    """The day of a promise has passed, and nobody has said whether it was kept."""

    kind: ClassVar[Kind] = Kind.PROMISE_DUE
    department: str
    promise: int
    due_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSettled(Fact):
    """Somebody says whether a promise was kept."""

    kind: ClassVar[Kind] = Kind.PROMISE_SETTLED
    department: str
    promise: int
    kept: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Fact):
    """The lead and every assisting unit have answered; without `review` it goes to the citizen at once.

    `released` is the assisting unit whose answer is not waited for any more, which made it complete.
    """

    kind: ClassVar[Kind] = Kind.ANSWERED
    department: str
    solved: bool | None = None
    review: bool = True
    call_back: str = ""
    call_back_share: float | None = None
    released: str | None = None
    note: str | None = None
