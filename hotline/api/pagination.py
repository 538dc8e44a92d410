"""Pages that continue from a cursor, so that rows which come in meanwhile shift nothing."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination, CursorPagination
from rest_framework.response import Response


class Pages(CursorPagination):
    """`{"results": […], "next": cursor | null}`; the cursor is given back as `after`."""

    cursor_query_param = "after"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering: str | tuple[str, ...] = "-pk"

    def decode_cursor(self, request: Any) -> Any:
        """A cursor that we did not make is a wrong field, not a missing page."""
        try:
            cursor = super().decode_cursor(request)
            if cursor and cursor.position is not None:
                self.read_position(str(cursor.position))
        except (NotFound, ValueError) as error:
            raise ValidationError({"after": [_("This cursor cannot be read.")]}) from error
        return cursor

    def read_position(self, text: str) -> object:
        """Where the page begins; raises ValueError when it is no such place."""
        return int(text)

    def get_paginated_response(self, data: Any) -> Response:
        """The page with the cursor alone; the address is the asker's own."""
        link = self.get_next_link()
        cursor = parse_qs(urlsplit(link).query)[self.cursor_query_param][0] if link else None
        return Response({"results": data, "next": cursor})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same for the OpenAPI document."""
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {"type": "string", "nullable": True, "description": "Give it back as `after`."},
            },
        }


class OnePage(BasePagination):
    """A list small enough to be read whole has the shape of a page all the same."""

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        """Everything."""
        return list(queryset)

    def get_paginated_response(self, data: Any) -> Response:
        """With nothing after it."""
        return Response({"results": data, "next": None})

    get_paginated_response_schema = Pages.get_paginated_response_schema


class DeadlinePages(Pages):
    """Soonest deadline first, as the portal lists them; tickets without one come last."""

    ordering = ("deadline", "pk")

    def read_position(self, text: str) -> object:
        """A moment with its offset."""
        return datetime.fromisoformat(text).astimezone(UTC)


class LedgerPages(Pages):
    """A ticket's lines in the order of its life."""

    ordering = "sequence"
    page_size = 200
    max_page_size = 500
