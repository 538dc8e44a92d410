"""Admin forms that say under a field what it is for, in the words of those who fill it in."""

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Field
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

DAYS: Mapping[str, Promise] = {
    "from_date": _("The first day on which it counts."),
    "to_date": _("The last day on which it counts; empty while it goes on."),
}
"""What every table with days in force says of them."""
LONG = 200
"""Characters from which on a field gets more than one line to be read in."""


class Explained:
    """Mixed into an admin class, before the theme's: `explained` has the sentences of its own fields."""

    explained: Mapping[str, str | Promise] = {}

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """The form's field, with its sentence unless the model has one."""
        said = self.explained.get(db_field.name) or db_field.help_text or DAYS.get(db_field.name)
        if said:
            kwargs.setdefault("help_text", said)
        if isinstance(db_field, CharField) and (db_field.max_length or 0) >= LONG and not db_field.choices:
            kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 2}))
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of the class beside
