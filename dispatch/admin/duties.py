"""派单目录 in the admin: editing a line ends it and begins the next."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from dispatch import catalogue_lines
from dispatch.admin.base import InForceFilter
from dispatch.admin.catalogue_pages import LIST, CataloguePages
from dispatch.admin.duty_forms import DutyForm
from dispatch.models import CatalogueUpload, Duty


@admin.register(Duty)
class DutyAdmin(CataloguePages):
    """派单目录."""

    form = DutyForm
    save_as = False
    list_display = ["matter", "where", "level", "department", "rank", "basis", "from_date", "to_date"]
    list_filter = [InForceFilter, "rank", "level"]
    search_fields = ["matter__name", "matter__code", "department__name", "department__code", "area__name", "basis"]
    list_select_related = ["matter", "area", "department"]
    autocomplete_fields = ["matter", "area", "department", "assisting"]
    ordering = ["matter__code", "rank", "area__code"]
    list_per_page = 50
    explained = {
        "area": gettext_lazy("Empty: the whole city, wherever no line of a smaller area says otherwise."),
        "assisting": gettext_lazy("Units that help the lead unit; each gets a part of the ticket."),
        "rank": gettext_lazy("1 is proposed first; where several units have the same matter, the others follow."),
        "basis": gettext_lazy("The law, rule or list of duties that charges the unit with it."),
    }

    @admin.display(description=gettext_lazy("area"), ordering="area__code")
    def where(self, duty: Duty) -> str:
        """The area, or the whole city."""
        return str(duty.area) if duty.area else _("Whole city")

    def get_fieldsets(self, request: HttpRequest, obj: Duty | None = None) -> Any:
        """A new line begins on a day of its own; one that stands changes from a day on."""
        begins = "effective" if obj else "from_date"
        who = [("matter", "area"), "department", "assisting", ("level", "rank")]
        return [(None, {"fields": who}), (_("Basis and days in force"), {"fields": ["basis", (begins, "to_date")]})]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has ended is a record."""
        over = obj is not None and obj.to_date is not None and obj.to_date < timezone.localdate()
        return not over and bool(super().has_change_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: Duty, form: Any, change: bool) -> None:
        """End the old line and begin the new one; a new line simply begins."""
        by: Any = request.user
        if not change:
            super().save_model(request, obj, form, change)
        elif form.has_changed():
            stored = Duty.objects.prefetch_related("assisting").get(pk=obj.pk)
            catalogue_lines.change(stored, form.line(), form.cleaned_data["effective"] or timezone.localdate(), by)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The assisting units of a changed line belong to the line that follows it."""
        if not change:
            super().save_related(request, form, formsets, change)

    def response_change(self, request: HttpRequest, obj: Duty) -> HttpResponse:
        """Back to the list: the line just edited may have ended."""
        messages.success(request, _("The catalogue was changed."))
        return HttpResponseRedirect(reverse(LIST))


@admin.register(CatalogueUpload)
class CatalogueUploadAdmin(ModelAdmin):
    """Every file of the duty catalogue that was read, and what it changed."""

    list_display = ["at", "name", "from_date", "by", "applied_at", "added", "changed", "ended"]
    list_select_related = ["by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CatalogueUpload]:
        """Without the files themselves."""
        rows: QuerySet[CatalogueUpload] = super().get_queryset(request).defer("data")
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made by the import."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A record."""
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """On to what the file changes or has changed."""
        return HttpResponseRedirect(reverse("admin:dispatch_duty_difference", args=[object_id]))
