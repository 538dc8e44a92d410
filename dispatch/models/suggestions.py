"""What the assistant understood of each ticket."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.tickets.models import Ticket


class Suggestion(models.Model):
    """What the assistant understood of a ticket, as shown to the dispatcher; replaced when words are added."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="suggestion")
    data = models.JSONField()
    model = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")

    def __str__(self) -> str:
        return f"{self.ticket_id}"
