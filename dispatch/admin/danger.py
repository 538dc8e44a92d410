"""Editing the city's own words of danger."""

from django.contrib import admin

from dispatch.admin.base import InForceFilter, RuleAdmin
from dispatch.models import RiskSign


@admin.register(RiskSign)
class RiskSignAdmin(RuleAdmin):
    """Regular expressions that begin with words; `only beside` takes {crowd}, {many}, {soon}, {action}."""

    list_display = ["what", "kind", "level", "pattern", "beside", "from_date", "to_date"]
    list_filter = [InForceFilter, "kind", "level"]
    search_fields = ["what", "pattern", "basis"]
    fieldsets = [
        (None, {"fields": [("kind", "level"), "what", "pattern", "beside"]}),
        ("", {"fields": ["basis", ("from_date", "to_date")]}),
    ]
