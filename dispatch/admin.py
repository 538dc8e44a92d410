"""Editing what dispatching goes by: duty catalogue, time limits, calendar days."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from dispatch.models import CalendarDay, Duty, TermRule


@admin.register(Duty)
class DutyAdmin(ModelAdmin):
    """派单目录."""

    list_display = ["matter", "area", "department", "rank", "from_date", "to_date"]
    list_filter = ["rank"]
    search_fields = ["matter__name", "matter__code", "department__name", "basis"]
    list_select_related = ["matter", "area", "department"]
    autocomplete_fields = ["matter", "area", "department", "assisting"]


@admin.register(TermRule)
class TermRuleAdmin(ModelAdmin):
    """Time limits by type and urgency."""

    list_display = ["pack", "clock", "type", "urgency", "amount", "unit", "basis", "from_date"]
    list_filter = ["pack", "clock"]


@admin.register(CalendarDay)
class CalendarDayAdmin(ModelAdmin):
    """Days set by the State Council's notice or the city."""

    list_display = ["date", "working", "reason"]
    list_filter = ["working"]
    date_hierarchy = "date"
