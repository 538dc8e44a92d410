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

from hotline.people.models import ApiKey, Area, Department, PersonalDataRead, Staff

admin.site.unregister(Group)  # roles are a field of staff, not groups


@admin.register(Area)
class AreaAdmin(ModelAdmin):
    """Districts, streets, communities and named points."""

    list_display = ["name", "code", "level", "parent"]
    list_filter = ["level"]
    search_fields = ["name", "code"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]


@admin.register(Department)
class DepartmentAdmin(ModelAdmin):
    """Units that tickets go to."""

    list_display = ["name", "code", "level", "parent", "area", "active"]
    list_filter = ["level", "kind", "active"]
    search_fields = ["name", "short_name", "code"]
    list_select_related = ["parent", "area"]
    autocomplete_fields = ["parent", "area", "succeeded_by"]


@admin.register(Staff)
class StaffAdmin(UserAdmin, ModelAdmin):  # type: ignore[type-arg]
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


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):
    """Keys are made by `manage.py issue_api_key`, which shows them once; here they are limited or revoked."""

    list_display = ["name", "prefix", "scopes", "expires_at", "revoked_at"]
    readonly_fields = ["prefix", "created_at"]
    exclude = ["digest"]

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
