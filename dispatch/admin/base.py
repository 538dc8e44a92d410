"""What every table of rules shares in the admin: history, the days in force, and never deleting what has counted."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from hotline.people.history import HistoryAdmin
from hotline.tickets.models.dated import counts_on


class InForceFilter(admin.SimpleListFilter):
    """Rows by whether they count today, will count, or counted once."""

    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The three times."""
        return [("now", _("In force today")), ("later", _("Not yet")), ("over", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Rows of the chosen time."""
        today = timezone.localdate()
        conditions = {
            "now": counts_on(today),
            "later": Q(from_date__gt=today),
            "over": Q(to_date__lt=today),
        }
        chosen = self.value()
        return queryset.filter(conditions[chosen]) if chosen in conditions else queryset


class RuleAdmin(HistoryAdmin, ModelAdmin):
    """A table of rules; its history says who changed what, and when."""

    save_as = True
    list_filter_submit = True

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Only what has never counted may go; anything else is given a last day."""
        begun = obj is None or has_begun(obj)
        return not begun and bool(super().has_delete_permission(request, obj))


def has_begun(row: Model) -> bool:
    """Whether the row has counted already."""
    from_date: date = getattr(row, "from_date", timezone.localdate())
    return from_date <= timezone.localdate()


def page(
    model_admin: ModelAdmin, request: HttpRequest, name: str, title: str, context: dict[str, Any]
) -> TemplateResponse:
    """One of our own pages inside the admin's frame."""
    frame = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}
    return TemplateResponse(request, f"admin/dispatch/{name}.html", frame | context)
