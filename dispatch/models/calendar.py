"""The working calendar's own data: days set by hand, and the office hours of a working day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class CalendarDay(models.Model):
    """A day that the State Council's notice or the city sets otherwise than the kept library knows."""

    date = models.DateField(_("date"), unique=True)
    working = models.BooleanField(_("working day"))
    reason = models.CharField(_("reason"), max_length=80)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.reason}"


class HolidayNotice(models.Model):
    """The State Council's notice of a year has been entered in full as calendar days: that year is known."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    reference = models.CharField(_("reference of the notice"), max_length=80)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("holiday notice")
        verbose_name_plural = _("holiday notices")
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year} {self.reference}"


class OfficeHours(models.Model):
    """One shift of a working day (09:00–12:00, say); several rows of the same dates make split shifts."""

    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")
        ordering = ["from_date", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="office_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="office_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"
