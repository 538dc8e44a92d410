"""企业诉求直达: to which unit the requests of enterprises go at once."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hotline.people.models import Area, Department
from hotline.tickets.models import Matter


class EnterpriseRoute(models.Model):
    """Requests of enterprises about a matter (empty: any) in an area (empty: the city) go straight to one unit."""

    matter = models.ForeignKey(
        Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("matter")
    )
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("area")
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    basis = models.CharField(_("legal basis"), max_length=200)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("direct route for enterprises")
        verbose_name_plural = _("direct routes for enterprises")
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "area", "from_date"], nulls_distinct=False, name="one_enterprise_route"
            ),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="enterprise_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.matter or '*'} → {self.department}"
