"""GET /tickets.xlsx: the list that the asker is looking at, as an Excel file."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from rest_framework.request import Request

from dispatch.catalogue_sheet import CONTENT_TYPE, LIKE_FORMULAS
from hotline.api.base import IsStaff, reader
from hotline.api.rows import TicketRow
from hotline.api.schema import PROBLEM
from hotline.api.tickets import TicketList
from hotline.people import reads
from hotline.tickets import reach

MOST_ROWS = 10_000
CHUNK = 500
Row = dict[str, Any]


class SheetRow(TicketRow):
    """A row as on the screen, without what only a screen needs."""

    allowed = None  # type: ignore[assignment]
    clock = None  # type: ignore[assignment]
    public_code = None  # type: ignore[assignment]


def _moment(name: str) -> Callable[[Row], datetime | None]:
    """Local time without its offset, which Excel does not know."""

    def read(row: Row) -> datetime | None:
        value = row[name]
        return timezone.localtime(datetime.fromisoformat(value)).replace(tzinfo=None) if value else None

    return read


def _citizen(name: str) -> Callable[[Row], str]:
    return lambda row: row["citizen"][name] if row["citizen"] else ""


def _place(row: Row) -> str:
    return " ".join(part for part in (row["place"]["area_name"], row["place"]["address"]) if part)


COLUMNS: tuple[tuple[str | Promise, int, Callable[[Row], Any]], ...] = (
    (_("Ticket number"), 22, lambda row: row["number"]),
    (_("State"), 12, lambda row: row["state_label"]),
    (_("Type"), 10, lambda row: row["type_label"]),
    (_("Matter"), 24, lambda row: row["matter_path"]),
    (_("Title"), 30, lambda row: row["title"]),
    (_("What was asked"), 50, lambda row: row["text"]),
    (_("Channel"), 12, lambda row: reach.label_of(row["channel"])),
    (_("Citizen"), 12, _citizen("name")),
    (_("Phone"), 16, _citizen("phone")),
    (_("Place"), 30, _place),
    (_("Lead unit"), 20, lambda row: row["department_name"]),
    (_("Assisting"), 20, lambda row: gettext(", ").join(row["assisting_names"])),
    (_("Received at"), 18, _moment("created_at")),
    (_("Answer due"), 18, _moment("due_at")),
    (_("Supervision level"), 8, lambda row: row["supervision_level"] or None),
    (_("Satisfaction"), 8, lambda row: row["satisfied"]),
)


class TicketSheet(TicketList):
    """The same filters and the same order as /tickets, at most 10,000 rows."""

    permission_classes = [IsStaff]
    serializer_class = SheetRow

    @extend_schema(filters=True, responses={(200, CONTENT_TYPE): OpenApiResponse(OpenApiTypes.BINARY), 422: PROBLEM})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:  # type: ignore[override]
        """Masked as on the screen; who took the file, with which filters and how many rows, stays on record."""
        found = self.filter_queryset(self.get_queryset())
        ordering = self.paginator.ordering
        ordered = found.order_by(*([ordering] if isinstance(ordering, str) else ordering))[:MOST_ROWS]
        context = self.get_serializer_context()
        rows = (SheetRow(ticket, context=context).data for ticket in ordered.iterator(chunk_size=CHUNK))
        file, count = _written(rows)
        asked = request.query_params.urlencode()
        reads.exported(reader(request), reason=f"tickets.xlsx {count}: {asked}")
        name = f"tickets-{timezone.localdate():%Y%m%d}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _written(rows: Iterable[Row]) -> tuple[IO[bytes], int]:
    """The workbook in a temporary file, which is gone when it is closed; one row is in memory at a time."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for place, (_title, width, _read) in enumerate(COLUMNS):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.append([str(title) for title, _width, _read in COLUMNS])
    count = 0
    for row in rows:
        sheet.append(list(_cells(sheet, row)))
        count += 1
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file, count


def _cells(sheet: Any, row: Row) -> Iterator[Any]:
    for _title, _width, read in COLUMNS:
        value = read(row)
        yield _text(sheet, value) if isinstance(value, str) else value


def _text(sheet: Any, value: str) -> Any:
    """Text whatever it looks like: a spreadsheet must not reckon with what a citizen typed."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    if value.startswith(LIKE_FORMULAS):
        cell.quotePrefix = True
    return cell
