"""The duty catalogue as an Excel sheet: its columns, and its lines in force as rows."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch import catalogue_sheet
from dispatch.catalogue_lines import Line, line_of, loaded
from dispatch.catalogue_sheet import Column, Value
from dispatch.duties import in_force
from hotline.people.models import Level

SEPARATOR = "、"
COLUMNS = (
    Column("matter", gettext_lazy("Matter code"), 10),
    Column("matter_name", gettext_lazy("Matter"), 22),
    Column("area", gettext_lazy("Area code"), 14),
    Column("area_name", gettext_lazy("Area"), 14),
    Column("level", gettext_lazy("Level"), 10),
    Column("unit", gettext_lazy("Lead unit code"), 22),
    Column("unit_name", gettext_lazy("Lead unit"), 34),
    Column("assisting", gettext_lazy("Assisting unit codes"), 30),
    Column("rank", gettext_lazy("Rank"), 8),
    Column("basis", gettext_lazy("Legal basis"), 60),
    Column("from", gettext_lazy("From"), 12),
    Column("to", gettext_lazy("To"), 12),
)
TITLES = {column.key: column.title for column in COLUMNS}


def workbook(on: date) -> bytes:
    """Every line in force `on` that day."""
    rows = [cells(line_of(duty), duty.from_date) for duty in loaded(in_force(on))]
    return catalogue_sheet.write(_("Duty catalogue"), COLUMNS, rows)


def cells(line: Line, from_date: date | None) -> list[Value]:
    """A line as a row."""
    return [
        line.matter.code,
        line.matter.name,
        line.area.code if line.area else None,
        line.area.name if line.area else _("Whole city"),
        level_name(line.level),
        line.department.code,
        line.department.name,
        assisting_codes(line) or None,
        line.rank,
        line.basis or None,
        from_date,
        line.to_date,
    ]


def level_name(level: str) -> str | None:
    """The level as people write it."""
    return str(Level(level).label) if level else None


def assisting_codes(line: Line) -> str:
    """The assisting units in one cell."""
    return SEPARATOR.join(sorted(unit.code for unit in line.assisting))
