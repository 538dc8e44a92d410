"""What people decided about each ticket, read out of the ledger: the labels that the models learn from.

A label counts when a person gave it: an agent who accepted the ticket, or who put the field right later.
What the system did by itself (automatic dispatch) teaches nothing, or a model would learn from its own echo;
nor does a request whose citizen is protected: a model keeps words, and everybody is shown them as reasons.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from django.db.models import Exists, OuterRef, Q, QuerySet

from dispatch.models import Taught
from hotline.tickets.facts import Kind
from hotline.tickets.models import LedgerEntry, Matter, RequestType, Ticket

FIELDS = {Taught.TYPE: "type", Taught.MATTER: "matter__code"}
BATCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One decided ticket: when it was decided, what was said, what people decided; `extra` is the learner's own."""

    number: str
    at: datetime
    text: str
    label: str
    extra: Any = None


def decided(name: Taught, since: datetime, until: datetime, most: int | None = None) -> list[Case]:
    """The tickets accepted from `since` to before `until` whose type or matter a person decided, oldest first.

    Of more than `most` the newest.
    """
    field, allowed = FIELDS[name], _allowed(name)
    rows = _decided_by_people(name).filter(accepted_at__gte=since, accepted_at__lt=until)
    rows = rows.exclude(text="").filter(confidential=False, **{f"{field}__in": allowed}).order_by("-accepted_at", "-pk")
    read = rows.values_list("number", "accepted_at", "text", field)[:most].iterator(BATCH)
    newest = [Case(number=number, at=at, text=text, label=label) for number, at, text, label in read if text.strip()]
    return newest[::-1]


def _allowed(name: Taught) -> list[str]:
    """Labels that can be given today: a matter that is out of use must not be suggested again."""
    if name == Taught.TYPE:
        return list(RequestType.values)
    return list(Matter.objects.in_use().filter(parent__isnull=False).values_list("code", flat=True))


def _decided_by_people(name: Taught) -> QuerySet[Ticket]:
    by_hand = LedgerEntry.objects.filter(ticket=OuterRef("pk"), actor="staff")
    accepted, edited = Q(kind=Kind.ACCEPTED), Q(kind=Kind.EDITED, data__changes__has_key=name.value)
    return Ticket.objects.filter(Exists(by_hand.filter(accepted | edited)))


# --- what people changed ---------------------------------------------------------------------------------

How = Literal["agent", "edited", "redispatched", "returned", "consultation"]
HOWS: tuple[How, ...] = get_args(How)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """People decided otherwise than what was suggested, or than what stood there before."""

    number: str
    name: Taught
    how: How
    suggested: str
    after: str
    at: datetime


READ = (
    *(Kind.SUGGESTED, Kind.ACCEPTED, Kind.EDITED, Kind.DISPATCHED),
    *(Kind.RECALLED, Kind.RETURN_UPHELD, Kind.CONSULTATION_RULED),
)


def corrections(since: datetime, until: datetime) -> Iterator[Correction]:
    """Every correction whose ticket was accepted in the period, in the order of the tickets and their lines."""
    tickets = Ticket.objects.filter(accepted_at__gte=since, accepted_at__lt=until)
    lines = LedgerEntry.objects.filter(ticket__in=tickets, kind__in=READ).order_by("ticket_id", "sequence")
    story: _Story | None = None
    for line in lines.select_related("ticket").only("kind", "data", "actor", "at", "ticket__number").iterator(BATCH):
        if story is None or story.ticket != line.ticket_id:
            story = _Story(line.ticket_id, line.ticket.number)
        yield from story.hear(line)


class _Story:
    """Walks one ticket's lines, remembering what was suggested and who has it."""

    def __init__(self, ticket: int, number: str) -> None:
        self.ticket, self.number = ticket, number
        self.suggested: dict[Taught, str] = {}
        self.unit = ""
        self.moved: How | None = None

    def hear(self, line: LedgerEntry) -> Iterator[Correction]:
        data, staff = line.data, line.actor == "staff"
        if line.kind == Kind.SUGGESTED:
            tops = ((Taught.TYPE, "type"), (Taught.MATTER, "matter"), (Taught.DEPARTMENT, "departments"))
            self.suggested = {name: data[key][0] for name, key in tops if data[key]}
        elif line.kind == Kind.ACCEPTED and staff:
            yield from self._fields(line, {name: (None, after) for name, after in data["fields"].items()}, "agent")
        elif line.kind == Kind.EDITED and staff:
            yield from self._fields(line, {name: tuple(pair) for name, pair in data["changes"].items()}, "edited")
        elif line.kind == Kind.DISPATCHED:
            yield from self._sent(line, data["department"], "agent" if staff else None)
        elif line.kind == Kind.RECALLED:
            self.moved = "redispatched"
        elif line.kind == Kind.RETURN_UPHELD:
            self.moved = "returned"
            if data.get("moved_to"):
                yield from self._sent(line, data["moved_to"], None)
        elif line.kind == Kind.CONSULTATION_RULED and data["moved"]:
            self.moved = "consultation"
            yield from self._sent(line, data["department"], None)

    def _fields(self, line: LedgerEntry, changes: dict[str, Any], how: How) -> Iterator[Correction]:
        for name in (Taught.TYPE, Taught.MATTER):
            before, after = changes.get(name.value, (None, None))
            stood = before or self.suggested.get(name, "")
            if after and stood and after != stood:
                yield self._correction(name, how, stood, after, line)

    def _sent(self, line: LedgerEntry, unit: str, how: How | None) -> Iterator[Correction]:
        """The first dispatch is compared with what was suggested, every later one with who had it."""
        stood = self.unit or self.suggested.get(Taught.DEPARTMENT, "")
        how = self.moved or how
        if how and stood and unit != stood:
            yield self._correction(Taught.DEPARTMENT, how, stood, unit, line)
        self.unit, self.moved = unit, None

    def _correction(self, name: Taught, how: How, stood: str, after: str, line: LedgerEntry) -> Correction:
        return Correction(number=self.number, name=name, how=how, suggested=stood, after=after, at=line.at)
