"""What tickets are about: request types, urgencies and the two-level matter catalogue."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hotline.tickets.models.dated import counts_on

ALWAYS = date(2000, 1, 1)


class RequestType(models.TextChoices):
    """What citizens bring (诉求类型)."""

    CONSULTATION = "consultation", _("Consultation")
    HELP = "help", _("Request for help")
    COMPLAINT = "complaint", _("Complaint")
    REPORT = "report", _("Report of wrongdoing")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")
    OTHER = "other", _("Other")


class UrgencyLevel(models.TextChoices):
    """How soon it hurts (紧急程度)."""

    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")
    CRITICAL = "critical", _("Critical")


class Matters(models.QuerySet["Matter"]):
    """Matters of the catalogue."""

    def in_use(self) -> "Matters":
        """Those that a request may be given today."""
        today = timezone.localdate()
        return self.filter(counts_on(today), active=True)


class Matter(models.Model):
    """One item of the two-level matter catalogue (事项)."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=40)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="leaves", verbose_name=_("field")
    )
    type_hint = models.CharField(_("usual request type"), max_length=12, choices=RequestType, blank=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    active = models.BooleanField(_("in use"), default=True)
    from_date = models.DateField(_("from"), default=ALWAYS)
    to_date = models.DateField(_("to"), null=True, blank=True)
    history = HistoricalRecords()

    objects = Matters.as_manager()

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="matter_dates")
        ]

    def __str__(self) -> str:
        return self.name
