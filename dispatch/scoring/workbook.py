"""The league as an Excel file: every rate of every unit with its counts, interval and set-asides."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from dispatch import catalogue_sheet
from dispatch.catalogue_sheet import Column, Value
from dispatch.models import RateFormula
from dispatch.scoring.league import League, Standing
from dispatch.scoring.rates import Book, Period, Rate
from hotline.people.models import Level


def of(period: Period, found: League) -> bytes:
    """One row for each unit, in the order of the league."""
    book, totals = Book.on(period.last).of_units(), period.by_department()
    rows = [_row(standing, book.rates(totals[standing.department])) for standing in found.standings]
    return catalogue_sheet.write(_("Scores"), _columns(book.formulas), rows)


def _columns(chosen: list[RateFormula]) -> list[Column]:
    named = (_("Place"), _("Code"), _("Unit"), _("Level"), _("Efficiency index"), _("from"), _("to"))
    columns = [Column(key=title, title=title, width=12) for title in (*named, _("Against the whole"))]
    for formula in chosen:
        parts = (formula.label, _("numerator"), _("denominator"), _("interval from"), _("interval to"), _("set aside"))
        titles = [parts[0], *(f"{parts[0]} · {part}" for part in parts[1:])]
        columns += [Column(key=title, title=title) for title in titles]
    return columns


def _row(standing: Standing, found: list[Rate]) -> list[Value]:
    unit, index = standing.department, standing.index
    place = standing.place if standing.place is not None else _("too few cases")
    head = [place, unit.code, unit.name, str(Level(unit.level).label), index.value, index.low, index.high]
    return [*head, against(standing), *(cell for rate in found for cell in _cells(rate))]


def _cells(rate: Rate) -> Iterator[Value]:
    yield from (rate.value, rate.numerator, rate.denominator, rate.low, rate.high, rate.set_aside)


def against(standing: Standing) -> str:
    """Whether the unit differs from the whole by more than chance, in words."""
    return {
        "above": _("above the whole"),
        "below": _("below the whole"),
        "around": _("no certain difference"),
    }.get(standing.against_whole, "")
