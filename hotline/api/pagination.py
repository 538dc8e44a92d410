"""Pages that continue from a cursor, so that rows which come in meanwhile shift nothing."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class Pages(CursorPagination):
    """`{"results": […], "next": cursor | null}`; the cursor is given back as `after`."""

    cursor_query_param = "after"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering: str | tuple[str, ...] = "-pk"

    def decode_cursor(self, request: Any) -> Any:
        """An unreadable cursor is a wrong field, not a missing page."""
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            raise ValidationError({"after": [_("This cursor cannot be read.")]}) from error

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


class DeadlinePages(Pages):
    """Soonest deadline first, as the portal lists them; tickets without one come last."""

    ordering = ("deadline", "pk")


class LedgerPages(Pages):
    """A ticket's lines in the order of its life."""

    ordering = "sequence"
    page_size = 200
    max_page_size = 500
