"""What the citizen says of an answer: called back (回访) and rated (好差评), in five levels."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Staff
from hotline.tickets.models.ticket import Ticket


class Satisfaction(models.IntegerChoices):
    """The five levels of 好差评, 5 is best."""

    VERY_DISSATISFIED = 1, _("Very dissatisfied")
    DISSATISFIED = 2, _("Dissatisfied")
    BASICALLY_SATISFIED = 3, _("Basically satisfied")
    SATISFIED = 4, _("Satisfied")
    VERY_SATISFIED = 5, _("Very satisfied")


class FollowUp(models.Model):
    """A call-back (回访): reached or not, solved and satisfied asked apart."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="follow_ups")
    reached = models.BooleanField()
    solved = models.BooleanField(null=True, blank=True)
    satisfied = models.PositiveSmallIntegerField(choices=Satisfaction, null=True, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.reached}"


class Rating(models.Model):
    """A citizen's rating (好差评), one record whichever the channel; the first of a round counts.

    `protected`: who rated wants to be kept secret, though the ticket's own citizen may not.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="ratings")
    satisfied = models.PositiveSmallIntegerField(choices=Satisfaction)
    solved = models.BooleanField(null=True, blank=True)
    words = models.TextField(blank=True)
    channel = models.CharField(max_length=20)
    real_name = models.BooleanField(default=False)
    protected = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField()
    counts = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.CheckConstraint(condition=Q(satisfied__range=(1, 5)), name="rating_of_five_levels"),
            models.UniqueConstraint(fields=["ticket", "round"], condition=Q(counts=True), name="one_rating_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.satisfied}"
