"""The catalogue's pages beside its list: Excel out, Excel in with the difference, gaps and contradictions."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from dispatch import catalogue_diff, catalogue_export, catalogue_sheet
from dispatch.admin.base import RuleAdmin, page
from dispatch.admin.duty_forms import UploadForm
from dispatch.catalogue_diff import Diff
from dispatch.catalogue_reports import conflicts, only_city_wide, without_unit
from dispatch.catalogue_sheet import Unreadable
from dispatch.models import CatalogueUpload

LIST = "admin:dispatch_duty_changelist"
SHOWN = 500
"""Changes of each kind that the difference page spells out."""


class CataloguePages(RuleAdmin):
    """What an administrator does with the catalogue as a whole."""

    actions_list = ["export", "upload", "examine"]

    def get_urls(self) -> list[URLPattern]:
        """The difference page of an upload, beside the usual ones."""
        view = self.admin_site.admin_view(self.difference)
        own = path("upload/<int:pk>/", view, name="dispatch_duty_difference")
        urls: list[URLPattern] = super().get_urls()
        return [own, *urls]

    @action(  # type: ignore[untyped-decorator]  # unfold publishes no types
        description=gettext_lazy("Export to Excel"), url_path="export", icon="download", permissions=["view"]
    )
    def export(self, request: HttpRequest) -> HttpResponse:
        """The catalogue in force today as a workbook."""
        today = timezone.localdate()
        response = HttpResponse(catalogue_export.workbook(today), content_type=catalogue_sheet.CONTENT_TYPE)
        name = f"{_('Duty catalogue')}-{today}.xlsx"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    @action(  # type: ignore[untyped-decorator]  # unfold publishes no types
        description=gettext_lazy("Import from Excel"), url_path="upload", icon="upload", permissions=["change"]
    )
    def upload(self, request: HttpRequest) -> HttpResponse:
        """Take a file; what is wrong with it is said, and nothing is changed yet."""
        form = UploadForm(request.POST or None, request.FILES or None, initial={"from_date": timezone.localdate()})
        errors: list[Any] = []
        if request.method == "POST" and form.is_valid():
            taken, errors = self._take(request, form)
            if taken:
                return HttpResponseRedirect(reverse("admin:dispatch_duty_difference", args=[taken.pk]))
        context = {"form": form, "errors": errors, "max_rows": catalogue_sheet.MAX_ROWS}
        return page(self, request, "upload", _("Import the duty catalogue"), context)

    def _take(self, request: HttpRequest, form: UploadForm) -> tuple[CatalogueUpload | None, list[Any]]:
        file, on = form.cleaned_data["file"], form.cleaned_data["from_date"]
        # Not a byte more than may be is read: whether it is too large is seen by one byte more.
        data = file.read(catalogue_sheet.MAX_BYTES + 1)
        try:
            catalogue_diff.of_file(data, on)
        except Unreadable as refused:
            return None, refused.errors
        by: Any = request.user
        return CatalogueUpload.objects.create(name=file.name[-120:], data=data, from_date=on, by=by), []

    def difference(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the file would change; confirmed, it is applied as it was shown."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        taken = get_object_or_404(CatalogueUpload, pk=pk)
        context: dict[str, Any] = {"taken": taken, "shown": SHOWN}
        if taken.applied_at is None:
            try:
                diff = catalogue_diff.of_file(bytes(taken.data), taken.from_date)
            except Unreadable as refused:
                context["errors"] = refused.errors
            else:
                if request.method == "POST" and self._confirmed(request, taken, diff):
                    return HttpResponseRedirect(reverse(LIST))
                context["diff"] = diff
        return page(self, request, "difference", _("What the file changes"), context)

    def _confirmed(self, request: HttpRequest, taken: CatalogueUpload, diff: Diff) -> bool:
        """Apply what was shown; False when the catalogue has changed since, so that it is shown again."""
        if request.POST.get("digest") != diff.digest:
            messages.warning(request, _("The catalogue has changed meanwhile. Look at the difference again."))
            return False
        by: Any = request.user
        catalogue_diff.apply(diff, by)
        taken.added, taken.changed, taken.ended = len(diff.added), len(diff.changed), len(diff.ended)
        taken.applied_at = timezone.now()
        taken.save(update_fields=["added", "changed", "ended", "applied_at"])
        said = _("Applied from %(day)s: %(added)d added, %(changed)d changed, %(ended)d ended.")
        counts = {"added": taken.added, "changed": taken.changed, "ended": taken.ended}
        messages.success(request, said % {"day": taken.from_date, **counts})
        return True

    @action(  # type: ignore[untyped-decorator]  # unfold publishes no types
        description=gettext_lazy("Gaps and conflicts"), url_path="examine", icon="rule", permissions=["view"]
    )
    def examine(self, request: HttpRequest) -> HttpResponse:
        """The coverage and the conflict report of today."""
        today = timezone.localdate()
        context = {
            "today": today,
            "uncovered": without_unit(today),
            "city_wide": only_city_wide(today),
            "conflicts": conflicts(today),
        }
        return page(self, request, "check", _("Gaps and conflicts"), context)
