"""The history of an administrator's table: to be read, never brought back past the checks of the present."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin

from hotline.people.explained import Explained


class HistoryAdmin(Explained, SimpleHistoryAdmin):
    """As the library's, without its way back: an earlier state saved again would skip what guards a change today."""

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """For everybody."""
        return True

    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The library hides the button only; its address must refuse as well."""
        if request.method != "GET":
            raise PermissionDenied
        response: HttpResponse = super().history_form_view(request, *args, **kwargs)
        return response
