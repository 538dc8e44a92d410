"""派单目录: the duty catalogue, versioned."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hotline.people.models import Area, Department, Level, Staff
from hotline.tickets.models import Matter


class Duty(models.Model):
    """One line of the duty catalogue (派单目录): matter × area × level → unit, with its legal basis and dates.

    No area means the whole city. `level` is the level that leads the matter there (empty: the level
    of the unit). `rank` orders alternatives: 1 is the unit in charge.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="duties", verbose_name=_("matter"))
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("area")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="duties", verbose_name=_("lead unit")
    )
    assisting = models.ManyToManyField(Department, blank=True, related_name="+", verbose_name=_("assisting units"))
    level = models.CharField(_("level"), max_length=12, choices=Level, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=1)
    basis = models.CharField(_("legal basis"), max_length=200)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duty catalogue")
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "area", "department", "from_date"],
                nulls_distinct=False,
                name="one_duty_line",
            ),
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=models.F("from_date")), name="duty_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["matter", "rank"], name="duty_matter")]

    def __str__(self) -> str:
        return f"{self.matter} → {self.department}"


class CatalogueUpload(models.Model):
    """An Excel file of a catalogue as somebody uploaded it: shown as a difference first, applied once confirmed."""

    name = models.CharField(_("file"), max_length=120)
    data = models.BinaryField()
    from_date = models.DateField(_("counts from"))
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    ended = models.PositiveIntegerField(_("ended"), default=0)

    class Meta:
        verbose_name = _("upload of the duty catalogue")
        verbose_name_plural = _("uploads of the duty catalogue")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name
