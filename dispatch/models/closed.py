"""By what new tickets and new answers find old ones: the words of closed tickets, and what copies share."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from hotline.tickets.models import Assignment, Ticket


class ClosedWords(models.Model):
    """The distinct words of a closed ticket; written when it is closed, read by the search for similar ones."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="closed_words")
    words = ArrayField(models.CharField(max_length=40))
    closed_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="closed_words")]

    def __str__(self) -> str:
        return f"{self.ticket_id}"


class AnswerPrint(models.Model):
    """What copies of a unit's answer share with it (nlp.sketches); written when given, read while one is typed."""

    part = models.OneToOneField(Assignment, primary_key=True, on_delete=models.CASCADE, related_name="known_by")
    bands = ArrayField(models.IntegerField())

    class Meta:
        indexes = [GinIndex(fields=["bands"], name="answer_print_bands")]

    def __str__(self) -> str:
        return f"{self.part_id}"
