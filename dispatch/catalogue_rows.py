"""Rows of an uploaded duty catalogue read into lines, with what is wrong said so that it can be put right."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from dispatch.catalogue_export import TITLES
from dispatch.catalogue_lines import Line
from dispatch.catalogue_sheet import CellError, Row, Unreadable, Value
from hotline.people.models import Area, Department, Level
from hotline.tickets.models import Matter

Named = TypeVar("Named", Matter, Area, Department)
HIGHEST_RANK = 99
BETWEEN_CODES = re.compile(r"[、,,;;\s]+")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line, where it stood in the file, and the first day that the row named."""

    number: int
    line: Line
    from_date: date | None


class _Wrong(Exception):
    """One cell cannot be taken."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key, self.text = key, text


class Reader:
    """Knows every matter, area and unit by code; four queries for a whole file."""

    def __init__(self) -> None:
        self.matters = {row.code: row for row in Matter.objects.all()}
        self.areas = {row.code: row for row in Area.objects.all()}
        self.units = {row.code: row for row in Department.objects.all()}
        self.levels = _level_words()

    def read(self, rows: Iterable[Row]) -> list[ReadLine]:
        """Every row as a line; raises Unreadable with all that is wrong in any of them."""
        lines: list[ReadLine] = []
        errors: list[CellError] = []
        for row in rows:
            found = self._line(row)
            if isinstance(found, ReadLine):
                lines.append(found)
            else:
                errors += found
        errors += _twice(lines)
        if errors:
            raise Unreadable(sorted(errors, key=lambda error: error.row))
        return lines

    def _line(self, row: Row) -> "ReadLine | list[CellError]":
        wrong: list[CellError] = []

        def take(read: Callable[[Row], object]) -> object:
            try:
                return read(row)
            except _Wrong as error:
                wrong.append(CellError(row.number, str(TITLES[error.key]), error.text))
                return None

        fields = {
            "matter": take(self._matter),
            "area": take(self._area),
            "level": take(self._level),
            "department": take(self._unit),
            "assisting": take(self._assisting),
            "rank": take(_rank),
            "basis": take(_basis),
            "to_date": take(lambda row: _day(row, "to")),
        }
        from_date = take(lambda row: _day(row, "from"))
        if wrong:
            return wrong
        return ReadLine(row.number, Line(**fields), from_date)  # type: ignore[arg-type]  # each was read as its own kind

    def _matter(self, row: Row) -> Matter:
        matter = _named(row, "matter", "matter_name", self.matters)
        if matter is None:
            raise _Wrong("matter", _("Write the code of a matter."))
        return matter

    def _area(self, row: Row) -> Area | None:
        city = row.cells.get("area_name") in self._whole_city
        return None if city and row.cells.get("area") is None else _named(row, "area", "area_name", self.areas)

    @property
    def _whole_city(self) -> set[Value]:
        return {None, *_in_every_language(lambda: _("Whole city"))}

    def _unit(self, row: Row) -> Department:
        unit: Department | None = _named(row, "unit", "unit_name", self.units)
        if unit is None:
            raise _Wrong("unit", _("Write the code of the unit in charge."))
        return unit

    def _level(self, row: Row) -> str:
        said = str(row.cells.get("level") or "").casefold()
        if said not in self.levels:
            choices = "、".join(str(level.label) for level in _LEVELS)
            raise _Wrong(
                "level", _("“%(said)s” is no level. Write one of %(all)s, or nothing.") % {"said": said, "all": choices}
            )
        return self.levels[said]

    def _assisting(self, row: Row) -> frozenset[Department]:
        codes = [code for code in BETWEEN_CODES.split(_code(row.cells.get("assisting"))) if code]
        unknown = [code for code in codes if code not in self.units]
        if unknown:
            said = _("No unit has the code %(codes)s. Write codes, with “、” between them.")
            raise _Wrong("assisting", said % {"codes": "、".join(unknown)})
        return frozenset(self.units[code] for code in codes)


_LEVELS = (Level.CITY, Level.DISTRICT, Level.STREET, Level.COMMUNITY)


def _level_words() -> dict[str, str]:
    words = {"": ""}
    for level in _LEVELS:
        words |= dict.fromkeys([level.value, *_in_every_language(lambda level=level: str(level.label))], level.value)  # type: ignore[misc]
    return {word.casefold(): level for word, level in words.items()}


def _in_every_language(word: Callable[[], str]) -> list[str]:
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(word())
    return found


def _named(row: Row, key: str, name_key: str, known: dict[str, Named]) -> Named | None:
    """The row's matter, area or unit, by its code. A name beside it must be its own; a name alone must be unique."""
    code, name = _code(row.cells.get(key)), str(row.cells.get(name_key) or "")
    if not code:
        return _by_name(name, name_key, known) if name else None
    found = known.get(code)
    if found is None:
        said = _("Nothing has the code %(code)s. A code that begins with 0 must be written as text.")
        raise _Wrong(key, said % {"code": code})
    if name and name != found.name:
        said = _("%(code)s is “%(name)s”, but the row says “%(said)s”. Correct the code, or leave the name empty.")
        raise _Wrong(name_key, said % {"code": code, "name": found.name, "said": name})
    return found


def _by_name(name: str, key: str, known: dict[str, Named]) -> Named:
    found = [row for row in known.values() if row.name == name]
    if len(found) != 1:
        said = _("%(n)d entries are called “%(name)s”. Write the code.")
        raise _Wrong(key, said % {"n": len(found), "name": name})
    return found[0]


def _code(value: Value) -> str:
    """A code, also where the sheet took it for a number."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "").strip()


def _rank(row: Row) -> int:
    said = _code(row.cells.get("rank"))
    if not said.isdecimal() or not 1 <= int(said) <= HIGHEST_RANK:
        raise _Wrong("rank", _("Write a whole number: 1 for the unit in charge, 2 for the next."))
    return int(said)


def _basis(row: Row) -> str:
    said = str(row.cells.get("basis") or "")
    if len(said) > 200:
        raise _Wrong("basis", _("Longer than %(n)d characters.") % {"n": 200})
    return said


def _day(row: Row, key: str) -> date | None:
    value = row.cells.get(key)
    if value is None or isinstance(value, date):
        return value
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"):
        try:
            return datetime.strptime(str(value), form).date()
        except ValueError:
            continue
    raise _Wrong(key, _("Write a date like 2026-01-31."))


def _twice(lines: list[ReadLine]) -> list[CellError]:
    rows: dict[object, list[int]] = defaultdict(list)
    for read in lines:
        rows[read.line.place].append(read.number)
    said = _("The same matter, area and unit stand in row %(row)d already.")
    title = str(TITLES["unit"])
    return [CellError(number, title, said % {"row": first}) for first, *more in rows.values() for number in more]
