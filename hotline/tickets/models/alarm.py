"""Alarm (警报): danger that a citizen's words tell of; it rings at the desk until a person has seen it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Staff
from hotline.tickets.models.matter import UrgencyLevel
from hotline.tickets.models.ticket import Ticket


class Alarm(models.Model):
    """`kinds` are those of nlp.results.RiskKind; `reasons` are [{kind, what, words}], for the desk only."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="alarms")
    level = models.CharField(max_length=8, choices=UrgencyLevel)
    kinds = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    at = models.DateTimeField()
    seen_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        indexes = [models.Index(fields=["at"], name="alarm_open", condition=Q(seen_at=None))]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {', '.join(self.kinds)}"
