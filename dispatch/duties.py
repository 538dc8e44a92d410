"""派单目录: reading the duty catalogue, which unit is charged with a matter in an area, and by what law."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from dispatch.models import Duty
from hotline.people.models import Area, Department


@dataclass(frozen=True, slots=True)
class Charge:
    """A unit charged with a matter: the catalogue's rank (1 is in charge), the basis, how near its area is."""

    department: Department
    rank: int
    basis: str
    area: str
    depth: int


def units_for(matter_codes: list[str], area: Area | None, on: date) -> dict[str, list[Charge]]:
    """For each matter the units in force `on` that day whose area holds `area`; the nearest area first.

    Without an area only city-wide lines apply. Two queries, however many matters.
    """
    around = list(area.ancestors(include_self=True).values_list("pk", flat=True)) if area else []
    lines = (
        Duty.objects.filter(Q(area=None) | Q(area__in=around), matter__code__in=matter_codes)
        .filter(Q(to_date=None) | Q(to_date__gte=on), from_date__lte=on, department__active=True)
        .select_related("department", "matter", "area")
    )
    depth = {pk: place for place, pk in enumerate(around, 1)}
    charges: dict[str, list[Charge]] = {code: [] for code in matter_codes}
    for line in lines:
        near = depth.get(line.area_id, 0) if line.area_id else 0
        charges[line.matter.code].append(
            Charge(line.department, line.rank, line.basis, line.area.name if line.area else "", near)
        )
    for found in charges.values():
        found.sort(key=lambda charge: (charge.rank, -charge.depth))
    return charges
