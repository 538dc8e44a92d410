"""A small city of four levels with everybody who works in it."""

from dataclasses import dataclass
from datetime import date

from dispatch.models import Duty
from hotline.people.models import ContactPoint, Department, Staff
from hotline.tickets.models import Matter
from tests.factories import contact, staff

LEVELS = ("city", "district", "street", "community")


@dataclass(frozen=True, slots=True)
class City:
    """`units` are a bureau, the three levels below it, and two bureaux beside it; `people` may all try everything."""

    units: tuple[Department, ...]
    people: tuple[Staff, ...]
    clerks: tuple[Staff, ...]
    contacts: tuple[ContactPoint, ...]
    matter: Matter

    def below(self, clerk: Staff) -> set[int]:
        """Keys of the clerk's unit and those below it."""
        return {unit.pk for unit in self.units if clerk.department_id in _line(unit)}

    def above(self, clerk: Staff) -> set[int]:
        """Keys of the clerk's unit and those above it."""
        return _line(clerk.department)


def _line(unit: Department | None) -> set[int]:
    return {unit.pk} | _line(unit.parent) if unit else set()


def found() -> City:
    """Build it; the catalogue lets every level do the matter, but not the community."""
    units = _units()
    matter = Matter.objects.create(code="machine", name="路灯")
    for unit in units:
        if unit.level != "community":
            Duty.objects.create(matter=matter, department=unit, basis="目录", from_date=date(2020, 1, 1))
    clerks = tuple(staff("department", unit) for unit in units)
    desk = tuple(staff(role) for role in ("agent", "agent", "lead", "supervisor", "quality", "admin", "auditor"))
    people = desk + clerks
    contacts = (contact(), contact(name="", phone=""), contact(name="李四", phone="13800000002"))
    return City(units, people, clerks, contacts, matter)


def _units() -> tuple[Department, ...]:
    above: Department | None = None
    found: list[Department] = []
    for level in LEVELS:
        above = Department.objects.create(code=f"m-{level}", name=f"{level}局", level=level, parent=above)
        found.append(above)
    beside = [Department.objects.create(code=f"m-{name}", name=f"{name}局", level="city") for name in ("b", "c")]
    return (*found, *beside)
