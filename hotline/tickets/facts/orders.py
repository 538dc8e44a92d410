"""Facts beside the state: returns and consultations, extensions, pauses, urging, supervision, cards, moved limits."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hotline.tickets.facts.kinds import Fact, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequested(Fact):
    """The unit says it is not its duty; `consultation` names the units that will be heard."""

    kind: ClassVar[Kind] = Kind.RETURN_REQUESTED
    department: str
    reason: str
    basis: str
    proposed: str | None = None
    note: str = ""
    due_at: datetime | None = None
    consultation: list[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnUpheld(Fact):
    """The reviewer agrees: it goes elsewhere."""

    kind: ClassVar[Kind] = Kind.RETURN_UPHELD
    department: str
    note: str = ""
    moved_to: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRefused(Fact):
    """The reviewer disagrees: it stays, and that is final."""

    kind: ClassVar[Kind] = Kind.RETURN_REFUSED
    department: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGiven(Fact):
    """A unit concerned was heard in the consultation."""

    kind: ClassVar[Kind] = Kind.OPINION_GIVEN
    department: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationRuled(Fact):
    """The final ruling after a consultation: whose it is, whatever was returned before; `moved` off the returner."""

    kind: ClassVar[Kind] = Kind.CONSULTATION_RULED
    department: str
    over: list[str]
    note: str
    precedent: int
    moved: bool
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequested(Fact):
    """The unit asks for more time."""

    kind: ClassVar[Kind] = Kind.EXTENSION_REQUESTED
    department: str
    working_days: int
    code: str
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
    code: str
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Fact):
    """The clocks go on; `seconds` is how long they stood."""

    kind: ClassVar[Kind] = Kind.RESUMED
    seconds: int
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Urged(Fact):
    """The unit is urged, for the `count`-th time."""

    kind: ClassVar[Kind] = Kind.URGED
    note: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised(Fact):
    """A supervision order was made; `count` is what its trigger counted, `replaced` the level of the order before."""

    kind: ClassVar[Kind] = Kind.SUPERVISED
    level: int
    note: str
    trigger: str = "leader"
    count: int | None = None
    replaced: int | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAnswered(Fact):
    """The unit replied to the supervision order."""

    kind: ClassVar[Kind] = Kind.ORDER_ANSWERED
    department: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionEnded(Fact):
    """The order was ended."""

    kind: ClassVar[Kind] = Kind.SUPERVISION_ENDED
    level: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdNoticed(Fact):
    """So many different people reported this place in so many hours, where `usual` are usual; told once an event."""

    kind: ClassVar[Kind] = Kind.CROWD_NOTICED
    place: str
    people: int
    usual: float
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown(Fact):
    """A clock showed its yellow or red card."""

    kind: ClassVar[Kind] = Kind.CARD_SHOWN
    card: str
    clock: str
    due_at: datetime
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitMoved(Fact):
    """A rule or the calendar changed, and a running clock with it."""

    kind: ClassVar[Kind] = Kind.LIMIT_MOVED
    clock: str
    before: datetime
    due_at: datetime
    rule: str
    reason: str
    department: str | None = None
