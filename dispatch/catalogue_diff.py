"""What an uploaded duty catalogue would change, and making it so once it was confirmed."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch import catalogue_export, catalogue_lines, catalogue_sheet
from dispatch.catalogue_export import TITLES, assisting_codes, level_name
from dispatch.catalogue_lines import Line, line_of, loaded
from dispatch.catalogue_rows import Reader, ReadLine
from dispatch.catalogue_sheet import CellError, Unreadable
from dispatch.duties import in_force
from dispatch.models import Duty
from hotline.people.models import Staff


@dataclass(frozen=True, slots=True)
class Edit:
    """One field of a changed line: its title, what stood there and what will."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line before (None: it is added) and after (None: it is ended); `row` is where the file says so."""

    before: Duty | None
    after: Line | None
    row: int = 0

    @property
    def line(self) -> Line:
        """The line spoken of."""
        if self.after:
            return self.after
        assert self.before  # a change has one side at least
        return line_of(self.before)

    @property
    def edits(self) -> list[Edit]:
        """What differs, field by field."""
        if not (self.before and self.after):
            return []
        old, new = _words(line_of(self.before)), _words(self.after)
        titles = {key: str(TITLES.get(f"{key}_name", TITLES[key])) for key in old}
        return [Edit(titles[key], old[key], new[key]) for key in old if old[key] != new[key]]


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that would change from `on`, in the catalogue's order."""

    on: date
    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    ended: tuple[Change, ...]
    unchanged: int
    warnings: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """All of them."""
        return (*self.added, *self.changed, *self.ended)

    @property
    def digest(self) -> str:
        """The same for the same changes to the same lines: what was confirmed is what is applied."""
        said = [
            (
                change.before and (change.before.pk, _words(line_of(change.before))),
                change.after and _words(change.after),
            )
            for change in self.changes
        ]
        return hashlib.sha256(json.dumps([str(self.on), said]).encode()).hexdigest()


def of_file(data: bytes, on: date) -> Diff:
    """What an Excel file would change from that day; raises Unreadable with all that is wrong."""
    return compare(Reader().read(catalogue_sheet.read(data, catalogue_export.COLUMNS)), on)


def compare(lines: Sequence[ReadLine], on: date) -> Diff:
    """The catalogue of a file against the one in force `on`; raises Unreadable when it cannot take its place."""
    _refuse_later_lines(on)
    old = {line_of(duty).place: duty for duty in loaded(in_force(on))}
    new = {read.line.place: read for read in lines}
    same = [(old[place], new[place]) for place in new if place in old]
    gone = [duty for place, duty in old.items() if place not in new]
    come = [read for place, read in new.items() if place not in old]
    moved = list(_moved(gone, come))
    taken = {read.number for _duty, read in moved}
    left = {duty.pk for duty, _read in moved}
    differing = [(duty, read) for duty, read in same if line_of(duty) != read.line]
    diff = Diff(
        on=on,
        added=tuple(Change(None, read.line, read.number) for read in come if read.number not in taken),
        changed=tuple(
            Change(duty, read.line, read.number)
            for duty, read in sorted([*differing, *moved], key=lambda pair: pair[1].number)
        ),
        ended=tuple(Change(duty, None) for duty in gone if duty.pk not in left),
        unchanged=len(same) - len(differing),
        warnings=tuple(_two_in_charge(lines)),
    )
    _check(diff, same)
    return diff


@transaction.atomic
def apply(diff: Diff, by: Staff | None) -> None:
    """Make it so, all or nothing."""
    catalogue_lines.revise(
        [(change.before, change.after) for change in (*diff.changed, *diff.ended) if change.before],
        [change.after for change in diff.added if change.after],
        diff.on,
        by,
    )


def _refuse_later_lines(on: date) -> None:
    later = Duty.objects.filter(from_date__gt=on).order_by("-from_date")
    if latest := later.first():
        said = _("%(n)d lines begin after %(on)s already. Choose a day from %(day)s on.")
        words = {"n": later.count(), "on": on, "day": latest.from_date}
        raise Unreadable([CellError(0, "", said % words)])


def _moved(gone: Sequence[Duty], come: Sequence[ReadLine]) -> Iterator[tuple[Duty, ReadLine]]:
    """Lines of which only the unit is another: the same matter, area, level and rank, and no second one like it."""
    leaving: dict[object, list[Duty]] = defaultdict(list)
    for duty in gone:
        leaving[duty.matter_id, duty.area_id, duty.level, duty.rank].append(duty)
    arriving: dict[object, list[ReadLine]] = defaultdict(list)
    for read in come:
        line = read.line
        arriving[line.matter.pk, line.area.pk if line.area else None, line.level, line.rank].append(read)
    for key, duties in leaving.items():
        reads = arriving.get(key, [])
        if len(duties) == len(reads) == 1:
            yield duties[0], reads[0]


def _check(diff: Diff, same: Sequence[tuple[Duty, ReadLine]]) -> None:
    """Rules for what is new; a line that stays may be as it is."""
    errors = [error for change in diff.changes if change.after for error in _wrong(change.after, change.row, diff.on)]
    for duty, read in same:
        if read.from_date and read.from_date != duty.from_date:
            said = _("This line began on %(day)s, which cannot be changed. Leave the cell as it was, or empty.")
            errors.append(CellError(read.number, str(TITLES["from"]), said % {"day": duty.from_date}))
    if errors:
        raise Unreadable(sorted(errors, key=lambda error: error.row))


def _wrong(line: Line, row: int, on: date) -> Iterator[CellError]:
    unit = line.department
    if not unit.active:
        said = _("%(unit)s no longer exists. Write another unit.")
        yield CellError(row, str(TITLES["unit"]), said % {"unit": unit})
    if line.level and line.level != unit.level:
        said = _("%(unit)s is a unit of the level “%(own)s”. Write that, or nothing.")
        yield CellError(row, str(TITLES["level"]), said % {"unit": unit, "own": unit.get_level_display()})
    if unit in line.assisting:
        said = _("%(unit)s leads and cannot assist itself.")
        yield CellError(row, str(TITLES["assisting"]), said % {"unit": unit})
    for helper in sorted(line.assisting, key=lambda helper: helper.code):
        if not helper.active:
            said = _("%(unit)s no longer exists. Write another unit.")
            yield CellError(row, str(TITLES["assisting"]), said % {"unit": helper})
    if not line.basis:
        yield CellError(row, str(TITLES["basis"]), _("Write the law or decision that charges the unit."))
    if line.to_date and line.to_date < on:
        said = _("The line would end before it begins on %(day)s.")
        yield CellError(row, str(TITLES["to"]), said % {"day": on})


def _two_in_charge(lines: Sequence[ReadLine]) -> Iterator[str]:
    first: dict[object, ReadLine] = {}
    for read in lines:
        line = read.line
        if line.rank == 1:
            key = (line.matter.pk, line.area.pk if line.area else None, line.level or line.department.level)
            if (other := first.setdefault(key, read)) is not read:
                said = _("Rows %(one)d and %(other)d both put a unit in charge of “%(matter)s” in the same area.")
                yield said % {"one": other.number, "other": read.number, "matter": line.matter}


def _words(line: Line) -> dict[str, str]:
    """What a line says, as people read it."""
    return {
        "matter": line.matter.name,
        "area": line.area.name if line.area else _("Whole city"),
        "level": level_name(line.level) or "",
        "unit": line.department.name,
        "assisting": assisting_codes(line),
        "rank": str(line.rank),
        "basis": line.basis,
        "to": str(line.to_date or ""),
    }
