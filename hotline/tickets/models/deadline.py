"""Deadline (时限): every clock that runs, or ran, on a ticket, with its rule and why it ends when it does."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.tickets.models.assignment import Assignment
from hotline.tickets.models.ticket import Ticket


class Clock(models.TextChoices):
    """What a clock measures; each is set by a rule of the city's rule pack."""

    ACCEPT = "accept", _("Acceptance")
    SIGN = "sign", _("Sign-for")
    CONTACT = "contact", _("First contact")
    RETURN = "return", _("Return window")
    RULING = "ruling", _("Ruling")
    CONSULTATION = "consultation", _("Hearing of the units")
    ANSWER = "answer", _("Answer")
    EXTENSION = "extension", _("Extension cap")
    REVIEW = "review", _("Answer review")
    CALL_BACK = "call_back", _("Follow-up")
    SILENCE = "silence", _("Closing unrated")
    RECONTACT = "recontact", _("Contact after a bad rating")
    REWORK = "rework", _("Rework")
    SUPERVISION = "supervision", _("Reply to an order")


class Card(models.TextChoices):
    """The card a clock has shown (黄牌 / 红牌)."""

    NONE = "", _("None")
    YELLOW = "yellow", _("Yellow card")
    RED = "red", _("Red card")


class Deadline(models.Model):
    """One clock of a ticket, or of one unit's part in it.

    `rule` names the rule by pack, clock and case; `explanation` is the day-by-day reckoning.
    `ended_at` is set when what was due was done or is no longer due. `next_at` is when the sweep
    must look at it again: a card to show, or the limit itself; null when nothing is left to do.
    `retry_at` is set when that moment came and nothing could be done: not before then is it tried again.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="deadlines")
    assignment = models.ForeignKey(
        Assignment, null=True, blank=True, on_delete=models.PROTECT, related_name="deadlines"
    )
    clock = models.CharField(max_length=12, choices=Clock)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    rule = models.CharField(max_length=160)
    explanation = models.JSONField(default=list)
    provisional = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    extended_days = models.PositiveSmallIntegerField(default=0)
    card = models.CharField(max_length=6, choices=Card, default=Card.NONE, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "assignment", "clock"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_running_clock",
            ),
            models.CheckConstraint(condition=~Q(rule=""), name="no_clock_without_a_rule"),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="deadline_next",
                condition=Q(ended_at=None, paused_at=None, next_at__isnull=False),
            ),
            models.Index(fields=["clock", "due_at"], name="deadline_running", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.clock} {self.due_at:%Y-%m-%d %H:%M}"
