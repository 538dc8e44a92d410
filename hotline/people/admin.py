"""Editing people and places: areas, departments, staff, API keys; readings of personal data can only be read."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import DateFieldListFilter, RelatedOnlyFieldListFilter
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from hotline.people.explained import Explained
from hotline.people.models import ApiKey, Area, Department, PersonalDataRead, Staff

admin.site.unregister(Group)  # roles are a field of staff, not groups


@admin.register(Area)
class AreaAdmin(Explained, ModelAdmin):
    """Districts, streets, communities and named points."""

    list_display = ["name", "code", "level", "parent"]
    list_filter = ["level"]
    search_fields = ["name", "code"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": [("name", "code"), ("level", "parent"), "aliases"]}),
        (_("On the map"), {"fields": [("lat", "lng")]}),
    ]
    explained = {
        "code": _("The official code of the division, or one of your own; tickets and the catalogue go by it."),
        "parent": _("The area that it lies in."),
        "aliases": _("What citizens call it as well, with commas between; addresses are recognized by it."),
        "lat": _("In degrees; empty when it is not known."),
    }


@admin.register(Department)
class DepartmentAdmin(Explained, ModelAdmin):
    """Units that tickets go to."""

    list_display = ["name", "code", "level", "parent", "area", "active"]
    ordering = ["code"]
    list_filter = ["level", "kind", "active"]
    search_fields = ["name", "short_name", "code"]
    list_select_related = ["parent", "area"]
    autocomplete_fields = ["parent", "area", "succeeded_by"]
    fieldsets = [
        (None, {"fields": [("name", "short_name"), ("code", "kind")]}),
        (_("Where it stands"), {"fields": [("level", "parent"), "area"]}),
        (_("In use"), {"fields": ["active", "succeeded_by"]}),
    ]
    explained = {
        "short_name": _("As it is called in lists and on the wallboard."),
        "code": _("Files that are imported name the unit by it."),
        "parent": _("The unit above; it may pass tickets down to this one."),
        "area": _("What it is in charge of; empty for the whole city."),
        "active": _("Switched off, no new ticket reaches it; old ones stay readable."),
        "succeeded_by": _("Who took over its duties when it was dissolved."),
    }


@admin.register(Staff)
class StaffAdmin(Explained, UserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Accounts of staff."""

    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ["username", "display_name", "role", "department", "is_active"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "display_name"]
    list_select_related = ["department"]
    autocomplete_fields = ["department"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Duty"), {"fields": ["display_name", "role", "department"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser", "last_login"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "password1", "password2", "display_name", "role", "department"]})]
    readonly_fields = ["last_login"]
    explained = {
        "display_name": _("As colleagues and units read it."),
        "role": _("Decides which screens open and what may be done to tickets."),
        "department": _("Needed for clerks of units: they see what was dispatched to it."),
        "is_active": _("Switch off who leaves, instead of deleting: the records keep the name."),
        "is_staff": _("May open this administration."),
        "is_superuser": _("May change everything in it."),
    }

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only looks need not see even that there is a password."""
        first, *others = super().get_fieldsets(request, obj)
        looking = obj is not None and not self.has_change_permission(request, obj)
        return [(None, {"fields": ["username"]}), *others] if looking else [first, *others]


@admin.register(ApiKey)
class ApiKeyAdmin(Explained, ModelAdmin):
    """Keys are made by `manage.py issue_api_key`, which shows them once; here they are limited or revoked."""

    list_display = ["name", "prefix", "scopes", "expires_at", "revoked_at"]
    readonly_fields = ["prefix", "created_at"]
    exclude = ["digest"]
    explained = {
        "allowed_networks": _("Addresses it may be used from, such as 10.1.0.0/16, with commas between; empty: any."),
        "expires_at": _("Refused from then on; empty: never."),
        "revoked_at": _("Write a time to revoke it; it cannot be used from then on."),
    }

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A key can be shown only when it is made."""
        return False


@admin.register(PersonalDataRead)
class PersonalDataReadAdmin(ModelAdmin):
    """Who unmasked whom, played or exported what, and why; a record, so it can only be read."""

    list_display = ["at", "staff", "what", "ticket_number", "reason"]
    list_filter = ["what", ("at", DateFieldListFilter), ("staff", RelatedOnlyFieldListFilter)]
    date_hierarchy = "at"
    search_fields = ["ticket_number", "staff__username", "staff__display_name"]
    list_select_related = ["staff"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Written by unmasking only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never deleted."""
        return False
