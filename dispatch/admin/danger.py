"""Editing the city's own words of danger."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

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
        (_("Basis and days in force"), {"fields": ["basis", ("from_date", "to_date")]}),
    ]
    explained = {
        "what": _("As the desk names it. It takes the place of the product's own words of the same name."),
        "pattern": _("Words with | between those that mean the same; a regular expression that begins with words."),
        "beside": _("Counts only where the text also tells of {crowd}, {many}, {soon} or {action}; empty: always."),
    }
