"""What is wrong with the duty catalogue: matters that nobody is charged with, and lines that contradict."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.db.models import Q
from django.utils.translation import gettext as _

from dispatch.duties import in_force
from dispatch.models import Duty
from hotline.people.models import Area, Level
from hotline.tickets.models import Matter


@dataclass(frozen=True, slots=True)
class Gap:
    """A matter without a unit, everywhere or (`area`) in one area where only the whole city's line applies."""

    matter: Matter
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Lines that contradict one another or themselves; `kind` names how, `text` says it."""

    kind: str
    text: str
    lines: tuple[Duty, ...]


def without_unit(on: date) -> list[Gap]:
    """Active matters that can be chosen (leaves, and fields without leaves) with no unit in force `on`."""
    charged = in_force(on).filter(department__active=True).values("matter")
    rows = Matter.objects.filter(Q(parent=None) | ~Q(parent__in=charged), active=True, leaves=None)
    return [Gap(row) for row in rows.exclude(pk__in=charged).order_by("code")]


def only_city_wide(on: date) -> list[Gap]:
    """Areas left to the city's line although other areas of their level have their own for that matter."""
    lines = in_force(on).filter(department__active=True, area__isnull=False).exclude(area__level=Level.CITY)
    of_matter: dict[Matter, list[Area]] = defaultdict(list)
    for line in lines.filter(matter__active=True).select_related("matter", "area").order_by("matter__code"):
        if line.area:
            of_matter[line.matter].append(line.area)
    areas = {area.pk: area for area in Area.objects.order_by("code")}
    return [Gap(matter, area) for matter, own in of_matter.items() for area in _uncovered(own, areas)]


def _uncovered(own: list[Area], areas: dict[int, Area]) -> Iterator[Area]:
    """Areas of the same levels as `own` that neither are in it nor lie in one of it."""
    levels, covered = {area.level for area in own}, {area.pk for area in own}
    for area in areas.values():
        if area.level in levels and not covered & set(_chain(area, areas)):
            yield area


def _chain(area: Area | None, areas: dict[int, Area]) -> Iterator[int]:
    """The area and those that hold it."""
    while area:
        yield area.pk
        area = areas.get(area.parent_id) if area.parent_id else None


def conflicts(on: date) -> list[Conflict]:
    """Every contradiction among lines that count on that day or later, in the catalogue's order."""
    lines = list(
        Duty.objects.filter(Q(to_date=None) | Q(to_date__gte=on))
        .select_related("matter", "area", "department", "department__area")
        .prefetch_related("assisting")
        .order_by("matter__code", "area__code", "rank", "from_date", "pk")
    )
    areas = {area.pk: area for area in Area.objects.all()}
    found = [*_two_in_charge(lines), *_twice(lines)]
    for line in lines:
        found += _of_itself(line, areas)
    return found


def _two_in_charge(lines: Iterable[Duty]) -> Iterator[Conflict]:
    """Two units of rank 1 for one matter, area and level on one day."""
    first = [line for line in lines if line.rank == 1]
    for one, other in _overlapping(first, lambda line: (line.matter_id, line.area_id, _level(line))):
        if one.department_id != other.department_id:
            said = _("%(one)s and %(other)s are both in charge") % {"one": one.department, "other": other.department}
            yield Conflict("two_in_charge", said, (one, other))


def _twice(lines: Iterable[Duty]) -> Iterator[Conflict]:
    """One unit twice for the same matter and area on one day."""
    for one, other in _overlapping(lines, lambda line: (line.matter_id, line.area_id, line.department_id)):
        said = _("The dates of two lines of %(unit)s overlap") % {"unit": one.department}
        yield Conflict("overlap", said, (one, other))


def _of_itself(line: Duty, areas: dict[int, Area]) -> Iterator[Conflict]:
    """What is wrong with a line whatever the others say."""
    unit = line.department
    if not unit.active:
        yield Conflict("inactive", _("%(unit)s no longer exists") % {"unit": unit}, (line,))
    if line.level and line.level != unit.level:
        said = _("%(unit)s is a unit of the level “%(own)s”, the line speaks of “%(level)s”")
        names = {"unit": unit, "own": unit.get_level_display(), "level": line.get_level_display()}
        yield Conflict("level", said % names, (line,))
    if line.area and unit.area and not _touch(line.area, unit.area, areas):
        said = _("%(unit)s belongs to %(home)s and is charged in %(area)s")
        yield Conflict("elsewhere", said % {"unit": unit, "home": unit.area, "area": line.area}, (line,))
    if unit in line.assisting.all():
        yield Conflict("assists_itself", _("%(unit)s is to assist itself") % {"unit": unit}, (line,))
    for helper in line.assisting.all():
        if not helper.active:
            said = _("%(unit)s, which is to assist, no longer exists") % {"unit": helper}
            yield Conflict("assisting_inactive", said, (line,))


def _touch(one: Area, other: Area, areas: dict[int, Area]) -> bool:
    return one.pk in _chain(other, areas) or other.pk in _chain(one, areas)


def _level(line: Duty) -> str:
    return line.level or line.department.level


def _overlapping(lines: Iterable[Duty], same: Callable[[Duty], object]) -> Iterator[tuple[Duty, Duty]]:
    """Pairs of lines that are the same in `same` and count on at least one day together."""
    groups: dict[object, list[Duty]] = defaultdict(list)
    for line in lines:
        groups[same(line)].append(line)
    for group in groups.values():
        for one, other in combinations(sorted(group, key=lambda line: (line.from_date, line.pk)), 2):
            if one.to_date is None or one.to_date >= other.from_date:
                yield one, other
