"""By what a ticket is known again: the key of its place and the bands of its words; and crowds seen at a place."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.tickets.models import Matter, Ticket


class TicketPrint(models.Model):
    """Written when words of a ticket come in or are edited; read while the next request is typed."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="known_by")
    place = models.CharField(max_length=80, blank=True)
    district = models.CharField(max_length=32, blank=True)
    number = models.CharField(max_length=40, blank=True)
    bands = ArrayField(models.IntegerField(), default=list)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["place", "-created_at"], name="print_place", condition=~Q(place="")),
            models.Index(fields=["-created_at"], name="print_recent", condition=~Q(place="")),
            GinIndex(fields=["bands"], name="print_bands"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}"


class CrowdAlarm(models.Model):
    """Many different people report one place, far more than usual; one row for each such event."""

    place = models.CharField(max_length=80)
    district = models.CharField(max_length=32, blank=True)
    name = models.CharField(_("place"), max_length=200)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", verbose_name=_("newest ticket"))
    people = models.PositiveIntegerField(_("people"))
    matter = models.ForeignKey(
        Matter, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("leading matter")
    )
    of_matter = models.PositiveIntegerField(_("people with this matter"), default=0)
    usual = models.FloatField(_("usual number"))
    hours = models.PositiveSmallIntegerField(_("in so many hours"))
    chance = models.FloatField(_("chance of so many by accident"))
    opened_at = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen"))
    closed_at = models.DateTimeField(_("over since"), null=True, blank=True)

    class Meta:
        verbose_name = _("crowd at a place")
        verbose_name_plural = _("crowds at places")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "district"], condition=Q(closed_at=None), name="one_open_crowd_of_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.people}"
