"""Promise (承诺): what a unit's answer says will be done by a day; it is chased when the day has passed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Staff
from hotline.tickets.models.assignment import Assignment
from hotline.tickets.models.ticket import Ticket


class Promise(models.Model):
    """`words` as the unit wrote them; `chased_at` is set when the day passed and nobody had settled it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="promises")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="promises")
    words = models.CharField(max_length=200)
    due_on = models.DateField()
    made_at = models.DateTimeField()
    chased_at = models.DateTimeField(null=True, blank=True)
    kept = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True)
    settled_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "due_on", "words"], name="one_promise_each"),
            models.CheckConstraint(
                condition=Q(settled_at=None, kept=None) | Q(settled_at__isnull=False, kept__isnull=False),
                name="promise_settled_as_kept_or_not",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="promise_open", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.due_on}"
