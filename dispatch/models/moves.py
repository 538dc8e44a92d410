"""Limits that a changed rule or calendar moves, from the change until the line in each ledger is written."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.tickets.models import Deadline


class PlannedMove(models.Model):
    """One running clock that a change moves; gone once its ticket's ledger says so."""

    deadline = models.OneToOneField(Deadline, on_delete=models.CASCADE, related_name="planned_move")
    before = models.DateTimeField()
    due_at = models.DateTimeField()
    rule = models.CharField(max_length=160)
    explanation = models.JSONField(default=list)
    provisional = models.BooleanField()
    reason = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("planned move")
        verbose_name_plural = _("planned moves")

    def __str__(self) -> str:
        return f"{self.deadline_id}: {self.due_at:%Y-%m-%d %H:%M}"
