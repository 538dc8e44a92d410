"""派单目录: reading the duty catalogue, which unit is charged with a matter in an area, and by what law."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import Duty
from hotline.people.models import Area, Department
from hotline.tickets.models import Matter, Precedent
from hotline.tickets.models.dated import counts_on

PRECEDENT = 0
"""The rank of a unit that a consultation named: before the catalogue's first."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A unit charged with a matter: the catalogue's rank (1 is in charge), the basis, how near its area is.

    `precedent` is the ticket whose consultation ruled so, when it was not the catalogue.
    """

    department: Department
    rank: int
    basis: str
    area: str
    depth: int
    precedent: str = ""


def in_force(on: date) -> QuerySet[Duty]:
    """The lines of the catalogue that count `on` that day."""
    return Duty.objects.filter(counts_on(on))


def units_for(matter_codes: list[str], area: Area | None, on: date) -> dict[str, list[Charge]]:
    """For each matter the units in force `on` that day whose area holds `area`; the nearest area first.

    Without an area only city-wide lines apply. A matter without lines of its own goes by those of
    its field. A ruling newer than the lines stands before them. Four queries, however many matters.
    """
    around = _around(area)
    lines = _lines(matter_codes, around, on)
    rulings = _rulings(matter_codes, around, on)
    return {code: _ordered(lines[code], rulings[code], around) for code in matter_codes}


def may_lead(matter: Matter, area: Area | None, unit: Department, on: date) -> str | None:
    """By what basis the catalogue lets `unit` lead `matter` at `area`; None when it does not."""
    return bases_to_lead(matter, area, [unit], on).get(unit.pk)


def bases_to_lead(matter: Matter, area: Area | None, units: Sequence[Department], on: date) -> dict[int, str]:
    """By what basis the catalogue lets each of `units` lead `matter` at `area`, by key; the others are left out.

    A line names the unit itself, or the level at which the matter is led within its area. A matter
    with lines of its own does not go by those of its field. The queries do not grow with the units.
    """
    around = _around(area)
    here = in_force(on).filter(Q(area=None) | Q(area__in=around), Q(matter=matter) | Q(matter__leaves=matter))
    lines = list(here.order_by("rank", "pk"))
    lines = [line for line in lines if line.matter_id == matter.pk] or lines
    homes = _homes(units)
    found: dict[int, str] = {}
    for unit in units:
        home = homes.get(unit.area_id or 0, [])
        basis = next((line.basis for line in lines if _lets_lead(line, unit, around, home)), None)
        if basis is not None:
            found[unit.pk] = basis
    return found


def usual_assisting(
    matter: Matter, area: Area | None, leads: Iterable[Department], on: date
) -> dict[int, list[Department]]:
    """The units that usually assist each lead: those of its own nearest line, else of the line in charge."""
    around = _around(area)
    lines = list(
        in_force(on)
        .filter(Q(area=None) | Q(area__in=around), matter=matter)
        .prefetch_related("assisting")
        .order_by("rank", "pk")
    )
    return {lead.pk: _assisting(lines, around, lead) for lead in leads}


def _assisting(lines: list[Duty], around: list[int], lead: Department) -> list[Department]:
    def nearness(line: Duty) -> tuple[bool, int, int]:
        return line.department_id != lead.pk, line.rank, -_depth(line, around)

    usual = min(lines, key=nearness).assisting.all() if lines else []
    return sorted((unit for unit in usual if unit.active and unit != lead), key=lambda unit: unit.code)


def _around(area: Area | None) -> list[int]:
    """The area and those that hold it, the widest first."""
    return list(area.ancestors(include_self=True).values_list("pk", flat=True)) if area else []


def _homes(units: Sequence[Department]) -> dict[int, list[int]]:
    """By area of these units: the area and those that hold it, the widest first."""
    ids = {unit.area_id for unit in units if unit.area_id}
    areas = Area.objects.with_tree_fields().filter(pk__in=ids) if ids else []
    return {area.pk: list(area.tree_path) for area in areas}


def _lets_lead(line: Duty, unit: Department, around: list[int], home: list[int]) -> bool:
    return line.department_id == unit.pk or (line.level == unit.level and _at_home(line, around, home))


def _at_home(line: Duty, around: list[int], home: list[int]) -> bool:
    """Whether a line for a whole level speaks of the unit living at `home`: inside its area, and at the place."""
    inside = line.area_id is None or line.area_id in home
    here = not around or not home or home[-1] in around or around[-1] in home
    return inside and here


def _lines(codes: list[str], around: list[int], on: date) -> dict[str, list[Duty]]:
    """The lines of each matter; a leaf that has none of its own gets its field's."""
    rows = (
        in_force(on)
        .filter(Q(area=None) | Q(area__in=around), department__active=True)
        .filter(Q(matter__code__in=codes) | Q(matter__leaves__code__in=codes))
        .annotate(asked=ArrayAgg("matter__leaves__code", filter=Q(matter__leaves__code__in=codes), default=[]))
        .select_related("department", "matter", "area")
    )
    own: dict[str, list[Duty]] = {code: [] for code in codes}
    field: dict[str, list[Duty]] = {code: [] for code in codes}
    for line in rows:
        if line.matter.code in own:
            own[line.matter.code].append(line)
        for code in set(line.asked):
            field[code].append(line)
    return {code: own[code] or field[code] for code in codes}


def _rulings(codes: list[str], around: list[int], on: date) -> dict[str, list[Precedent]]:
    """What consultations ruled of each matter here, up to that day, the latest first."""
    rows = (
        Precedent.objects.filter(Q(area=None) | Q(area__in=around), matter__code__in=codes, department__active=True)
        .filter(at__date__lte=on)
        .select_related("department", "matter", "area", "ticket")
        .order_by("matter__code", "-at")
    )
    found: dict[str, list[Precedent]] = {code: [] for code in codes}
    for code, group in groupby(rows, key=lambda row: row.matter.code if row.matter else ""):
        found[code] = list(group)
    return found


def _ordered(lines: list[Duty], rulings: list[Precedent], around: list[int]) -> list[Charge]:
    """Rulings that the catalogue has not answered yet, then its lines by rank and nearness."""
    revised = max((line.from_date for line in lines), default=None)
    newer = [row for row in rulings if revised is None or timezone.localdate(row.at) >= revised]
    charges = [_by_line(line, around) for line in lines]
    charges.sort(key=lambda charge: (charge.rank, -charge.depth))
    return list(_by_rulings(newer, around)) + charges


def _by_line(line: Duty, around: list[int]) -> Charge:
    return Charge(line.department, line.rank, line.basis, line.area.name if line.area else "", _depth(line, around))


def _by_rulings(rulings: list[Precedent], around: list[int]) -> Iterable[Charge]:
    """The nearest area's latest ruling alone: an older one has been overruled."""
    best = max(rulings, key=lambda row: (_depth(row, around), row.at), default=None)
    if best:
        basis = _("Ruling of the consultation on %(number)s") % {"number": best.ticket.number}
        where = best.area.name if best.area else ""
        yield Charge(best.department, PRECEDENT, basis, where, _depth(best, around), best.ticket.number)


def _depth(line: Duty | Precedent, around: list[int]) -> int:
    """How near the area is to the place: 0 for the whole city."""
    return around.index(line.area_id) + 1 if line.area_id in around else 0
