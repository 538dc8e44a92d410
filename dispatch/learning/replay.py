"""The simulator: a past month's tickets once more, by another model, catalogue or route, to see who would get what.

A change of the tables is made in a transaction that is rolled back at the end, as in dispatch.preview;
another version of a model is only read. Nothing is written, and nobody's suggestion changes.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from dispatch import catalogue_diff, enterprises, units
from dispatch.learning.versions import folder_of
from dispatch.models import Taught
from dispatch.understanding import city_gazetteer
from hotline.people.models import Area, Department
from hotline.tickets import confiding, parts
from hotline.tickets.models import Assignment, Ticket
from nlp import modelstore
from nlp.classify import Classifier
from nlp.departments import UnitModel
from nlp.errors import ModelRefused
from nlp.results import Choice, Understanding, Urgency
from nlp.understand import Understander

EXAMPLES = 3
BATCH = 500
Versions = dict[Taught, str]
"""Models to be tried in a version other than the one in use."""
Tell = Callable[[int, int], None]
"""Called now and then with how many steps are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket of the past: who was suggested before and after the change, who had it in the end, and when.

    The title is without what tells who a protected citizen is: it is printed.
    """

    number: str
    title: str
    before: str
    after: str
    final: str
    first_at: timedelta | None
    final_at: timedelta | None


@dataclass(frozen=True, slots=True)
class Replay:
    """What a change does to the tickets of a period."""

    rows: tuple[Row, ...] = field(repr=False)

    @property
    def moves(self) -> list[tuple[str, str, int, list[Row]]]:
        """From, to, how many, and some of them; the commonest first."""
        groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows:
            if row.before != row.after:
                groups[row.before, row.after].append(row)
        found = [(before, after, len(rows), rows[:EXAMPLES]) for (before, after), rows in groups.items()]
        return sorted(found, key=lambda move: (-move[2], move[0], move[1]))

    @property
    def settled(self) -> list[Row]:
        """Those whose final unit is known."""
        return [row for row in self.rows if row.final]

    def right(self, which: Callable[[Row], str]) -> int:
        """How many of the settled ones the suggestion sends to their final unit at once."""
        return sum(which(row) == row.final for row in self.settled)

    def hours(self, which: Callable[[Row], str]) -> float | None:
        """Mean hours until the final unit has it: at the first dispatch if it is suggested, else as it was."""
        spans = [row.first_at if which(row) == row.final else row.final_at for row in self.settled]
        known = [span.total_seconds() / 3_600 for span in spans if span is not None]
        return sum(known) / len(known) if known else None

    def gained(self) -> Counter[str]:
        """How many tickets more (or fewer, below zero) each unit would get."""
        found = Counter(row.after for row in self.rows)
        found.subtract(Counter(row.before for row in self.rows))
        return Counter({unit: count for unit, count in found.items() if count})


class Models:
    """The models of one side of the comparison: those in use, or a named version of some."""

    def __init__(self, tried: Versions) -> None:
        def read(name: Taught) -> Classifier:
            folder = folder_of(name)
            return Classifier.load(modelstore.folder_of(folder, tried[name])) if name in tried else _in_use(name)

        self.reader = Understander(read(Taught.TYPE), read(Taught.MATTER), city_gazetteer())
        self.units = _units(tried.get(Taught.DEPARTMENT))

    def first_unit(self, ticket: Ticket, read: Understanding) -> str:
        """The unit that the desk would be offered first; "" when none is found."""
        area = ticket.area or _area(read)
        said = {
            "matter": [{"code": choice.label, "confidence": choice.confidence} for choice in read.matter],
            "place": {"area": area.code} if area else None,
            "abstain": read.abstain,
        }
        direct = enterprises.straight(ticket, said)
        ranked = units.suggested_by(self.units, read, ticket.text, area)
        offered = [direct.route.department] if direct else []
        offered += [unit for unit, _share, _why in ranked]
        accused = parts.accused_units(ticket)
        return next((unit.code for unit in offered if unit.pk not in accused), "")


def replay(
    since: datetime, until: datetime, change: Callable[[], object], tried: Versions, tell: Tell = lambda *_: None
) -> Replay:
    """The tickets received in the period, as things are and with the change made; then everything is rolled back."""
    tickets = list(_tickets(since, until))
    steps = 2 * len(tickets)
    before = Models({})
    after = Models(tried) if tried else before
    read: list[Understanding] = []
    was: list[str] = []
    for ticket in _told(tickets, tell, 0, steps):
        read.append(_slim(before.reader.understand(ticket.text)))
        was.append(before.first_unit(ticket, read[-1]))
    becomes: list[str] = []
    with transaction.atomic():
        change()
        for ticket, once in zip(_told(tickets, tell, len(tickets), steps), read, strict=True):
            again = after.reader.understand(ticket.text) if tried else once
            becomes.append(after.first_unit(ticket, again))
        transaction.set_rollback(True)
    tell(steps, steps)
    ends = _ends(tickets)
    rows = zip(tickets, was, becomes, strict=True)
    return Replay(tuple(_row(ticket, old, new, ends.get(ticket.pk, [])) for ticket, old, new in rows))


def _slim(read: Understanding) -> Understanding:
    """Only what the unit depends on: those of a whole month are held at once."""
    matters = tuple(Choice(choice.label, choice.confidence) for choice in read.matter)
    return replace(read, type=(), matter=matters, urgency=Urgency("normal"), title="", summary="")


def _told(tickets: Sequence[Ticket], tell: Tell, before: int, steps: int) -> Iterator[Ticket]:
    """The tickets, saying now and then how many were looked at."""
    for done, ticket in enumerate(tickets):
        if done % BATCH == 0:
            tell(before + done, steps)
        yield ticket


def _tickets(since: datetime, until: datetime) -> Iterator[Ticket]:
    rows = Ticket.objects.filter(created_at__gte=since, created_at__lt=until, merged_into=None).exclude(text="")
    return rows.select_related("matter", "area", "department", "citizen").order_by("pk").iterator(BATCH)


def _ends(tickets: Sequence[Ticket]) -> dict[int, list[Assignment]]:
    """The lead parts of each ticket, first to last."""
    found: dict[int, list[Assignment]] = defaultdict(list)
    leads = Assignment.objects.filter(ticket__in=[ticket.pk for ticket in tickets], role=Assignment.Role.LEAD)
    for part in leads.select_related("department").order_by("dispatched_at", "pk"):
        found[part.ticket_id].append(part)
    return found


def _row(ticket: Ticket, before: str, after: str, leads: Sequence[Assignment]) -> Row:
    answered = next((part for part in reversed(leads) if part.state == Assignment.State.ANSWERED), None)
    return Row(
        number=ticket.number,
        title=confiding.struck_out(ticket.title, ticket.citizen) if ticket.confidential else ticket.title,
        before=before,
        after=after,
        final=answered.department.code if answered else "",
        first_at=leads[0].dispatched_at - ticket.created_at if leads else None,
        final_at=answered.dispatched_at - ticket.created_at if answered else None,
    )


def _in_use(name: Taught) -> Classifier:
    return modelstore.load(folder_of(name), Classifier.load)


def _units(version: str | None) -> UnitModel | None:
    folder = folder_of(Taught.DEPARTMENT)
    if version is not None:
        return UnitModel.load(modelstore.folder_of(folder, version))
    try:
        return modelstore.load(folder, UnitModel.load)
    except ModelRefused:
        return None  # a city without a history has none


def _area(read: Understanding) -> Area | None:
    return Area.objects.filter(code=read.place.area).first() if read.place and read.place.area else None


def names_of(codes: Sequence[str]) -> dict[str, str]:
    """What the units are called."""
    return dict(Department.objects.filter(code__in=codes).values_list("code", "name"))


def catalogue_change(data: bytes) -> Callable[[], object]:
    """The change that a catalogue file would make today; raises Unreadable when it cannot be taken."""
    diff = catalogue_diff.of_file(data, timezone.localdate())
    return lambda: catalogue_diff.apply(diff, None)
