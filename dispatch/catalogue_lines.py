"""Changing the duty catalogue: a line is ended and a new one begun, so that what counted on any day can be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction

from dispatch.models import Duty
from hotline.people.models import Area, Department
from hotline.tickets.models import Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line of the catalogue says, apart from when it began."""

    matter: Matter
    area: Area | None
    level: str
    department: Department
    assisting: frozenset[Department] = field(default_factory=frozenset)
    rank: int = 1
    basis: str
    to_date: date | None = None

    @property
    def place(self) -> tuple[int, int | None, int]:
        """Matter, area and unit: in force at most once on any day."""
        return (self.matter.pk, self.area.pk if self.area else None, self.department.pk)


def line_of(duty: Duty) -> Line:
    """What a stored line says. No query when its relations are loaded."""
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


@transaction.atomic
def begin(line: Line, on: date) -> Duty:
    """A line that counts from `on`."""
    duty = Duty.objects.create(
        matter=line.matter,
        area=line.area,
        level=line.level,
        department=line.department,
        rank=line.rank,
        basis=line.basis,
        from_date=on,
        to_date=line.to_date,
    )
    duty.assisting.set(line.assisting)
    return duty


@transaction.atomic
def end(duty: Duty, on: date) -> None:
    """From `on` the line counts no more. One that would have begun no earlier never counts; its history stays."""
    if duty.from_date >= on:
        duty.delete()
        return
    duty.to_date = on - timedelta(days=1)
    duty.save(update_fields=["to_date"])


@transaction.atomic
def change(duty: Duty, line: Line, on: date) -> Duty:
    """From `on` the line says `line` instead: the old one ends the day before.

    A mere last day is set on the line as it stands, and what began on `on` itself is put right where it stands.
    """
    if replace(line, to_date=duty.to_date) == line_of(duty) or (
        duty.from_date >= on and line.place == line_of(duty).place
    ):
        return _correct(duty, line)
    end(duty, on)
    return begin(line, on)


def _correct(duty: Duty, line: Line) -> Duty:
    duty.level, duty.rank, duty.basis, duty.to_date = line.level, line.rank, line.basis, line.to_date
    duty.save(update_fields=["level", "rank", "basis", "to_date"])
    duty.assisting.set(line.assisting)
    return duty


def loaded(duties: Iterable[Duty] | None = None) -> list[Duty]:
    """Stored lines with everything that `line_of` reads. Two queries."""
    rows = Duty.objects.all() if duties is None else duties
    return list(rows.select_related("matter", "area", "department").prefetch_related("assisting"))  # type: ignore[attr-defined]
