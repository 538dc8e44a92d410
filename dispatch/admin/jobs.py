"""Background jobs for the operator: what waits, runs and failed; what failed is tried again, what waits cancelled."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.admin import ProcrastinateJobAdmin
from procrastinate.contrib.django.models import ProcrastinateJob
from unfold.admin import ModelAdmin

from dispatch.models import BackgroundJob

STANDING: Mapping[str, Promise] = {
    "todo": _("Waiting"),
    "doing": _("Running"),
    "succeeded": _("Done"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
    "aborted": _("Broken off"),
}
HAPPENED: Mapping[str, Promise] = {
    "deferred": _("Asked for"),
    "scheduled": _("Planned for later"),
    "started": _("Begun"),
    "deferred_for_retry": _("To be tried again"),
    "abort_requested": _("To be broken off"),
    **STANDING,
}
COLOURS = {"failed": "danger", "doing": "info", "succeeded": "success", "aborted": "warning"}
SHOWN = ("task", "standing", "planned_for", "tries", "arguments", "course")
"""What the page of one job says."""
admin.site.unregister(ProcrastinateJob)


class StandingFilter(admin.SimpleListFilter):
    """Jobs by how far they have come."""

    title = _("state")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """In words."""
        return list(STANDING.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the chosen state."""
        return queryset.filter(status=self.value()) if self.value() in STANDING else queryset


@admin.register(BackgroundJob)
class BackgroundJobAdmin(ProcrastinateJobAdmin, ModelAdmin):
    """The queue's own page of jobs, in the staff's language."""

    list_display = ["task", "standing", "last_at", "planned_for", "tries", "number"]
    list_filter = [StandingFilter]
    search_fields = ["task_name"]
    fields = list(SHOWN)
    inlines = []
    actions = ["retry", "cancel"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Everything shown."""
        return list(SHOWN)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the moment at which something last happened."""
        rows: QuerySet[Any] = super().get_queryset(request)
        latest: QuerySet[Any] = rows.annotate(last_at=Max("procrastinateevent__at"))
        return latest

    @admin.display(description=_("job number"), ordering="pk")
    def number(self, job: BackgroundJob) -> int:
        """As the log names it."""
        return job.pk

    @admin.display(description=_("job"), ordering="task_name")
    def task(self, job: BackgroundJob) -> str:
        """The task, as the code names it."""
        return job.task_name

    @admin.display(description=_("state"), ordering="status")
    def standing(self, job: BackgroundJob) -> tuple[str, Any]:
        """How far it has come."""
        return job.status, STANDING.get(job.status, job.status)

    standing.label = COLOURS  # type: ignore[attr-defined]  # how the theme is told to colour it

    @admin.display(description=_("last changed"), ordering="last_at")
    def last_at(self, job: Any) -> str:
        """When something last happened to it."""
        return _moment(job.last_at)

    @admin.display(description=_("planned for"), ordering="scheduled_at")
    def planned_for(self, job: BackgroundJob) -> str:
        """Not before this moment."""
        return _moment(job.scheduled_at)

    @admin.display(description=_("attempts"), ordering="attempts")
    def tries(self, job: BackgroundJob) -> int:
        """How often it was begun."""
        return job.attempts

    @admin.display(description=_("arguments"))
    def arguments(self, job: BackgroundJob) -> SafeString:
        """What it was asked to do it with."""
        return format_html('<pre class="rules-code">{}</pre>', json.dumps(job.args, indent=2, ensure_ascii=False))

    @admin.display(description=_("course"))
    def course(self, job: Any) -> SafeString:
        """What happened to it, the newest first."""
        rows = ((_moment(event.at), HAPPENED.get(event.type, event.type)) for event in job.procrastinateevent_set.all())
        return format_html_join("", "<div>{} {}</div>", rows)

    @admin.action(description=_("Try again what failed"))
    def retry(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Not what still runs: it would be done twice at once."""
        super().retry(request, queryset.filter(status="failed"))

    @admin.action(description=_("Cancel what waits"))
    def cancel(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """What has begun goes on."""
        super().cancel(request, queryset)


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "Y-m-d H:i:s") if at else "–"
