"""What the dispatches of the past teach: each closed ticket's words with the unit that rightly had it.

Rightly had it: the unit to which the desk, a ruling on a return or a consultation sent it last, and which
answered, or passed it down to one of its own that did. A request whose citizen is protected teaches nothing:
a model keeps words, and it is read by everybody. Nor does what the system sent out by itself and nobody
moved: it would learn from its own echo.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from dispatch import duties, understanding, units
from dispatch.duties import Charge
from hotline.people.models import Area, Department, Level
from hotline.tickets.facts import Kind
from hotline.tickets.models import Assignment, LedgerEntry, Matter
from hotline.tickets.states import State
from nlp.departments import Known
from nlp.text import normalise
from nlp.training.departments import Case
from nlp.understand import Understander
from nlp.unitnames import UnitName, split

BATCH = 1_000
MOST = 100_000
"""Tickets that teach, the newest: two years of a great city would fit into no memory, nor a night."""
SENT = (Kind.DISPATCHED, Kind.RETURN_UPHELD, Kind.CONSULTATION_RULED)
_ABOVE = "passed_from__"
_LEVELS = 3
"""Times that a part can be passed down: 市→区→街镇→村居."""


def cases(since: datetime | None = None, until: datetime | None = None, most: int = MOST) -> Iterator[Case]:
    """The closed tickets of the period, oldest first, with what is known of each beside its words.

    Of more than `most` the newest. The number of queries grows with the areas of the city, not with its tickets.
    What is known is read out of the words as it would be when the ticket comes in, not taken from what the desk
    wrote later.
    """
    reader = understanding.understander()
    grounds = Grounds(reader) if reader else None
    newest = list(_rows(since, until).reverse()[:most])
    for number, text, at, unit in reversed(newest):
        if text.strip():
            yield Case(text=text, at=at, unit=unit, known=grounds.of(text) if grounds else Known(), number=number)


def decided(since: datetime, until: datetime) -> Iterator[tuple[str, str, datetime, str]]:
    """The same without what is known beside the words: number, text, when it came in, unit."""
    return _rows(since, until).iterator(BATCH)


def _rows(since: datetime | None, until: datetime | None) -> QuerySet[Assignment, tuple[str, str, datetime, str]]:
    """The same tickets without reading their words: number, text, when they came in, the unit's code."""
    by_people = LedgerEntry.objects.filter(ticket=OuterRef("ticket"), actor="staff", kind__in=SENT)
    period = Q()
    if since:
        period &= Q(ticket__created_at__gte=since)
    if until:
        period &= Q(ticket__created_at__lt=until)
    sent_to = Coalesce(*(F(f"{_ABOVE * level}department__code") for level in range(_LEVELS, -1, -1)))
    return (
        Assignment.objects.filter(
            Exists(by_people),
            period,
            role=Assignment.Role.LEAD,
            state=Assignment.State.ANSWERED,
            ticket__state__in=[State.CLOSED, State.ARCHIVED],
            ticket__confidential=False,
        )
        .order_by("ticket__created_at", "pk")
        .values_list("ticket__number", "ticket__text", "ticket__created_at", sent_to)
    )


class Grounds:
    """Reads matters and place out of words, and the catalogue of today once for each area."""

    def __init__(self, reader: Understander) -> None:
        self._reader = reader
        self._areas = {area.code: area for area in Area.objects.all()}
        self._matters = list(Matter.objects.in_use().values_list("code", flat=True))
        self._here: dict[str, tuple[list[str], dict[str, list[Charge]]]] = {}

    def of(self, text: str) -> Known:
        """What would be known of it on arrival."""
        matters = self._reader.matter_model.classify(text, units.MATTERS_READ)
        place = self._reader.gazetteer.find(text)
        names, charges = self._around(place.area or "" if place else "")
        read = [choice for choice in matters if choice.label in charges]
        return units.known(read, charges, units.by_catalogue(read, charges), names)

    def _around(self, code: str) -> tuple[list[str], dict[str, list[Charge]]]:
        if code not in self._here:
            area = self._areas.get(code)
            charges = duties.units_for(self._matters, area, timezone.localdate())
            self._here[code] = units.places_around(area), charges
        return self._here[code]


def roster() -> list[UnitName]:
    """The units in use, each as a function in a place."""
    places = dict(Area.objects.exclude(level=Level.POI).values_list("pk", "name"))
    everywhere = [normalise(name) for name in places.values()]
    return [_named(unit, everywhere) for unit in Department.objects.filter(active=True).select_related("area")]


def _named(unit: Department, places: list[str]) -> UnitName:
    found = split(unit.code, unit.name, places)
    if unit.area is None:
        return found
    return UnitName(unit.code, found.function, "" if unit.area.level == Level.CITY else normalise(unit.area.name))
