"""Calls and call-backs can only be read here; skills and extensions are data of the centre."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import DateFieldListFilter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from hotline.calls.models import CallBackTask, Extension, OutsideNumber, PhoneCall, Skill
from hotline.people.explained import Explained


class RecordAdmin(ModelAdmin):
    """A record: read, never written by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Written by the telephone only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never deleted here."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """What is not shown cannot be found out by filtering the list either."""
        hidden = lookup.startswith(tuple(self.exclude or ()))
        return not hidden and bool(super().lookup_allowed(lookup, value, request))


@admin.register(PhoneCall)
class PhoneCallAdmin(RecordAdmin):
    """Telephone calls, the caller masked."""

    list_display = ["started_at", "caller_shown", "called", "state", "outcome", "agent", "ticket"]
    list_filter = ["mode", "outcome", "state", ("started_at", DateFieldListFilter)]
    list_select_related = ["agent", "ticket"]
    search_fields = ["uuid", "ticket__number", "agent__username"]
    date_hierarchy = "started_at"
    exclude = ["caller", "transcript", "citizen"]
    readonly_fields = ["caller_shown"]

    @admin.display(description=_("caller"))
    def caller_shown(self, call: PhoneCall) -> str:
        """Masked."""
        return call.masked_caller


@admin.register(CallBackTask)
class CallBackTaskAdmin(RecordAdmin):
    """未接来电, the number masked."""

    list_display = ["last_at", "phone_shown", "reason", "calls", "taken_by", "called_back_at", "result"]
    list_filter = ["reason", "result", ("last_at", DateFieldListFilter)]
    list_select_related = ["taken_by"]
    exclude = ["phone", "citizen"]
    readonly_fields = ["phone_shown"]

    @admin.display(description=_("caller"))
    def phone_shown(self, task: CallBackTask) -> str:
        """Masked."""
        return task.masked_phone


@admin.register(Skill)
class SkillAdmin(Explained, ModelAdmin):
    """Dialects, languages and fields."""

    list_display = ["name", "code", "numbers"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["staff"]
    fields = [("name", "code"), "numbers", "staff"]
    explained = {"code": _("Small letters and digits; the exchange names the skill by it.")}


@admin.register(Extension)
class ExtensionAdmin(Explained, ModelAdmin):
    """Whose telephone is which at the exchange."""

    list_display = ["number", "staff"]
    list_select_related = ["staff"]
    search_fields = ["number", "staff__username", "staff__display_name"]
    autocomplete_fields = ["staff"]
    explained = {"number": _("As the exchange knows it.")}


@admin.register(OutsideNumber)
class OutsideNumberAdmin(Explained, ModelAdmin):
    """Numbers outside that agents may call or send callers to."""

    list_display = ["number", "all_beginning", "name"]
    search_fields = ["number", "name"]
