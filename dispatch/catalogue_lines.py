"""Changing the duty catalogue: a line is ended and a new one begun, so that what counted on any day can be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from dispatch.models import Duty
from hotline.people.models import Area, Department, Staff
from hotline.tickets.models import Matter

BATCH = 500
Place = tuple[int, int | None, int]
"""Matter, area and unit by their keys: in force at most once on any day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line of the catalogue says, apart from when it began."""

    matter: Matter
    area: Area | None = None
    level: str = ""
    department: Department
    assisting: frozenset[Department] = field(default_factory=frozenset)
    rank: int = 1
    basis: str
    to_date: date | None = None

    @property
    def place(self) -> Place:
        """Where in the catalogue it stands."""
        return (self.matter.pk, self.area.pk if self.area else None, self.department.pk)


def line_of(duty: Duty) -> Line:
    """What a stored line says. No query when it came from `loaded`."""
    return Line(
        matter=duty.matter,
        area=duty.area,
        level=duty.level,
        department=duty.department,
        assisting=frozenset(duty.assisting.all()),
        rank=duty.rank,
        basis=duty.basis,
        to_date=duty.to_date,
    )


def loaded(duties: QuerySet[Duty]) -> list[Duty]:
    """Stored lines with all that `line_of` reads, in the catalogue's order. Two queries."""
    return list(
        duties.select_related("matter", "area", "department")
        .prefetch_related("assisting")
        .order_by("matter__code", "area__code", "rank", "department__code", "pk")
    )


def begin(line: Line, on: date, by: Staff | None) -> Duty:
    """A line that counts from `on`."""
    return _begin([line], on, by)[0]


def end(duty: Duty, on: date, by: Staff | None) -> None:
    """From `on` the line counts no more."""
    revise([(duty, None)], [], on, by)


def change(duty: Duty, line: Line, on: date, by: Staff | None) -> None:
    """From `on` the line says `line` instead."""
    revise([(duty, line)], [], on, by)


@transaction.atomic
def revise(changes: Sequence[tuple[Duty, Line | None]], beginning: Sequence[Line], on: date, by: Staff | None) -> None:
    """From `on` each changed line says its new words (None: nothing any more), and others begin.

    The old line ends the day before. Only a last day is set on the line as it stands. A line that
    would have begun no earlier than `on` is taken out; its history stays.
    """
    dated, replaced = [], []
    for duty, line in changes:
        if line and replace(line, to_date=duty.to_date) == line_of(duty):
            duty.to_date = line.to_date
            dated.append(duty)
        else:
            replaced.append(duty)
    _end(replaced, on, by)
    bulk_update_with_history(dated, Duty, ["to_date"], batch_size=BATCH, default_user=by)
    kept = {duty.pk for duty in dated}
    _begin([line for duty, line in changes if line and duty.pk not in kept] + list(beginning), on, by)


def _end(duties: Sequence[Duty], on: date, by: Staff | None) -> None:
    begun = [duty for duty in duties if duty.from_date < on]
    for duty in begun:
        duty.to_date = on - timedelta(days=1)
    bulk_update_with_history(begun, Duty, ["to_date"], batch_size=BATCH, default_user=by)
    for duty in duties:
        if duty.from_date >= on:
            duty._history_user = by  # type: ignore[attr-defined]  # how simple-history is told who
            duty.delete()


def _begin(lines: Sequence[Line], on: date, by: Staff | None) -> list[Duty]:
    rows = [
        Duty(
            matter=line.matter,
            area=line.area,
            level=line.level,
            department=line.department,
            rank=line.rank,
            basis=line.basis,
            from_date=on,
            to_date=line.to_date,
        )
        for line in lines
    ]
    created: list[Duty] = bulk_create_with_history(rows, Duty, batch_size=BATCH, default_user=by)
    through = Duty.assisting.through
    through._default_manager.bulk_create(
        [
            through(duty_id=duty.pk, department_id=unit.pk)
            for duty, line in zip(created, lines, strict=True)
            for unit in line.assisting
        ]
    )
    return created
