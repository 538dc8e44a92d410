"""Editing the matter catalogue; tickets themselves change by the verbs of their life only."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from hotline.tickets.models import Matter


@admin.register(Matter)
class MatterAdmin(ModelAdmin):
    """The two-level catalogue of matters (事项)."""

    list_display = ["code", "name", "parent", "type_hint", "active"]
    list_filter = ["type_hint", "active"]
    search_fields = ["code", "name", "description"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]
