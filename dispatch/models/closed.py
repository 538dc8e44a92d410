"""The words of closed tickets, by which new ones find them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from hotline.tickets.models import Ticket


class ClosedWords(models.Model):
    """The distinct words of a closed ticket; written when it is closed, read by the search for similar ones."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="closed_words")
    words = ArrayField(models.CharField(max_length=40))
    closed_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="closed_words")]

    def __str__(self) -> str:
        return f"{self.ticket_id}"
