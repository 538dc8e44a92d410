"""Editing the matter catalogue and the closed lists; tickets themselves change by the verbs of their life only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from hotline.people.history import HistoryAdmin
from hotline.tickets.models import ListEntry, Matter, Precedent
from hotline.tickets.models.dated import counts_on


@admin.register(Matter)
class MatterAdmin(HistoryAdmin, ModelAdmin):
    """The two-level catalogue of matters (事项)."""

    list_display = ["code", "name", "parent", "type_hint", "active", "from_date", "to_date"]
    list_filter = ["type_hint", "active"]
    search_fields = ["code", "name", "description"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": [("name", "code"), "parent", "description", ("type_hint", "active")]}),
        (_("In force"), {"fields": [("from_date", "to_date")]}),
    ]
    explained = {
        "parent": _("The field it belongs to; empty for a field itself."),
        "description": _("What belongs here, in words that citizens use: the assistant learns from it."),
        "type_hint": _("What such requests mostly are; the desk offers it first."),
        "active": _("Switched off, it is offered no more."),
    }


class ListEntryInForce(admin.SimpleListFilter):
    """Entries that may be chosen today, or no more."""

    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Both."""
        return [("now", _("In force today")), ("over", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ListEntry]) -> QuerySet[ListEntry]:
        """Rows of the chosen time."""
        today = timezone.localdate()
        if self.value() == "now":
            return queryset.filter(counts_on(today))
        return queryset.filter(to_date__lt=today) if self.value() == "over" else queryset


@admin.register(ListEntry)
class ListEntryAdmin(HistoryAdmin, ModelAdmin):
    """The closed lists: an entry in use is given a last day, never deleted, for tickets speak of it."""

    list_display = ["list", "order", "name", "name_en", "door", "basis", "from_date", "to_date"]
    list_display_links = ["name"]
    list_filter = [ListEntryInForce, "list"]
    search_fields = ["name", "name_en", "code", "door"]
    list_per_page = 50
    fieldsets = [
        (None, {"fields": ["list", ("name", "name_en"), ("code", "order")]}),
        (_("Refusals only"), {"fields": ["door"]}),
        (_("Basis and days in force"), {"fields": ["basis", ("from_date", "to_date")]}),
    ]
    explained = {
        "list": _("Where the choice is offered."),
        "order": _("Smaller stands higher."),
        "door": _("Where the citizen should go instead; they read it with the refusal."),
    }

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what has not begun."""
        begun = obj is None or obj.from_date <= timezone.localdate()
        return not begun and bool(super().has_delete_permission(request, obj))


@admin.register(Precedent)
class PrecedentAdmin(ModelAdmin):
    """What consultations ruled; a record, so it can only be read."""

    list_display = ["at", "matter", "area", "department", "ticket", "by"]
    list_filter = ["matter__parent"]
    search_fields = ["matter__name", "matter__code", "department__name", "reasoning"]
    list_select_related = ["matter", "area", "department", "ticket", "by"]
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made by a consultation's ruling only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never deleted."""
        return False
