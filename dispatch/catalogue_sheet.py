"""Excel files in and out: cells as plain text and numbers; formulas, oversized and unreadable files are refused."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ROWS = 20_000
LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
DAMAGED = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    EOFError,
    RuntimeError,  # packed with a password, or by a method that is not known
    SyntaxError,
    TypeError,
    ValueError,
)
"""How reading fails when a file is broken, by accident or on purpose."""
Value = str | int | float | bool | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name that the code knows, the title that people read, its width in characters."""

    key: str
    title: str | Promise
    width: int = 14


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number there and its cells by column."""

    number: int
    cells: dict[str, Value]


@dataclass(frozen=True, slots=True)
class CellError:
    """What must be put right, where: row 0 is the file itself."""

    row: int
    column: str
    text: str


class Unreadable(Exception):
    """The file cannot be taken as a whole, or some of its rows cannot."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__("; ".join(error.text for error in errors))
        self.errors = list(errors)


def refused(text: str) -> Unreadable:
    """The file as a whole is refused."""
    return Unreadable([CellError(0, "", text)])


def write(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """A workbook of one sheet, its first row the titles."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # a new workbook has one
    sheet.title = title[:31]
    for number, cells in enumerate([[str(column.title) for column in columns], *rows], 1):
        for place, value in enumerate(cells, 1):
            _put(sheet.cell(number, place), value)
    for place, column in enumerate(columns, 1):
        head = sheet.cell(1, place)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7F0")
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _put(cell: Cell | MergedCell, value: Value) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        # Whatever it looks like, it is text: a spreadsheet must not reckon with what somebody typed.
        cell.data_type = "s"
        cell.number_format = "@"
        if value.startswith(LIKE_FORMULAS):
            cell.quotePrefix = True
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


def read(data: bytes, columns: Sequence[Column]) -> list[Row]:
    """The rows of the first sheet; raises Unreadable with everything that is wrong."""
    _check_size(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
    except DAMAGED as error:
        raise _not_excel() from error
    try:
        return _rows(book.worksheets[0].iter_rows(max_row=MAX_ROWS + 2, max_col=50), columns)
    except DAMAGED as error:
        raise _not_excel() from error
    finally:
        book.close()


def _not_excel() -> Unreadable:
    return refused(_("This is not an Excel file (.xlsx). Save the sheet as “Excel workbook” and upload it again."))


def _check_size(data: bytes) -> None:
    """Before anything is unpacked: a small file can hold terabytes of zeros."""
    if len(data) > MAX_BYTES:
        raise refused(_("The file is larger than %(n)d MB.") % {"n": MAX_BYTES // 2**20})
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except DAMAGED as error:
        raise _not_excel() from error
    if unpacked > MAX_UNPACKED:
        raise refused(_("Unpacked the file is larger than %(n)d MB.") % {"n": MAX_UNPACKED // 2**20})


def _rows(sheet: Iterator[tuple[Any, ...]], columns: Sequence[Column]) -> list[Row]:
    places = _places(next(sheet, ()), columns)
    rows: list[Row] = []
    errors: list[CellError] = []
    for number, cells in enumerate(sheet, 2):
        if number > MAX_ROWS + 1:
            raise refused(_("The sheet has more than %(n)d rows.") % {"n": MAX_ROWS})
        named = {key: cells[place] for place, key in places.items() if place < len(cells)}
        row = Row(number, {key: _value(cell.value) for key, cell in named.items()})
        if any(value is not None for value in row.cells.values()):
            rows.append(row)
            errors += _formulas(number, named, columns)
    if errors:
        raise Unreadable(errors)
    return rows


def _formulas(number: int, named: dict[str, Any], columns: Sequence[Column]) -> Iterator[CellError]:
    titles = {column.key: str(column.title) for column in columns}
    for key, cell in named.items():
        if cell.data_type in {"f", "e"}:
            said = _("This cell holds a formula or its error. Write the value itself.")
            yield CellError(number, titles[key], said)


def _places(head: Sequence[Any], columns: Sequence[Column]) -> dict[int, str]:
    """Which place holds which column, by the titles of the first row in any of the product's languages."""
    known: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {str(column.title).casefold(): column.key for column in columns}
    found = {
        place: known[title]
        for place, cell in enumerate(head)
        if (title := str(cell.value or "").strip().casefold()) in known
    }
    missing = [str(column.title) for column in columns if column.key not in found.values()]
    if missing:
        said = _("The first row must name the columns as the export does. Missing: %(titles)s")
        raise Unreadable([CellError(1, title, said % {"titles": title}) for title in missing])
    return found


def _value(value: Any) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        return value.strip() or None
    return value if isinstance(value, int | float | date) else None
