"""The working calendar: days set by hand, the notices of holidays, the office hours."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from dispatch import calendar
from dispatch.admin.base import InForceFilter
from dispatch.admin.previewed import PreviewedAdmin
from dispatch.models import CalendarDay, HolidayNotice, OfficeHours
from hotline.people.history import HistoryAdmin


class CalendarAdmin(PreviewedAdmin):
    """A table of the calendar: says above its list when a year is not known yet. Days may be taken out again."""

    save_as = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its effect is shown first, as with any change."""
        return bool(super(HistoryAdmin, self).has_delete_permission(request, obj))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        """The list, under what is missing."""
        for sentence in calendar.warnings():
            messages.warning(request, sentence)
        shown: HttpResponseBase = super().changelist_view(request, extra_context)
        return shown


@admin.register(CalendarDay)
class CalendarDayAdmin(CalendarAdmin):
    """Days set by the State Council's notice or the city."""

    list_display = ["date", "working", "reason"]
    fields = [("date", "working"), "reason"]
    explained = {
        "working": _("On: a day of work, such as a Sunday worked instead. Off: a free day."),
        "reason": _("The holiday or the notice, as it is told to who asks why a limit ends when it does."),
    }
    list_filter = ["working"]
    search_fields = ["reason"]
    date_hierarchy = "date"


@admin.register(HolidayNotice)
class HolidayNoticeAdmin(CalendarAdmin):
    """Years whose notice has been entered in full."""

    list_display = ["year", "reference"]
    explained = {
        "year": _("Enter its free and worked days first; limits that reach into it are then no longer provisional."),
        "reference": _("Number and title of the notice."),
    }


@admin.register(OfficeHours)
class OfficeHoursAdmin(CalendarAdmin):
    """The shifts of a working day."""

    list_display = ["__str__", "opens", "closes", "from_date", "to_date"]
    fields = [("opens", "closes"), ("from_date", "to_date")]
    explained = {"opens": _("One row for the morning and one for the afternoon, if there is a break.")}
    list_filter = [InForceFilter]
