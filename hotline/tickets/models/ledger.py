"""LedgerEntry: one line of a ticket's life."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Staff
from hotline.tickets.facts import Kind
from hotline.tickets.models.ticket import Ticket
from hotline.tickets.states import State


class LedgerEntry(models.Model):
    """One line of a ticket's life: audit record, history, live event, replay cursor and outbox in one.

    `sequence` counts inside the ticket and is hash-chained there; `feed` is given in commit order
    after the commit (see hotline.tickets.ledger); `announced_at` is null until everything that
    follows from the line has been done. `salt` is random and hashed with the line: who is shown the
    hash, but not all that it is of, cannot find the rest by trying. `said` has the digests of words that
    are kept in other rows, and `nonce` opens them (see hotline.tickets.proof.said); the nonce is not hashed.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="ledger")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=24, choices=Kind)
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State)
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=12)
    at = models.DateTimeField()
    feed = models.BigIntegerField(null=True, unique=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    salt = models.CharField(max_length=32, blank=True, default="", db_default="")
    said = models.JSONField(null=True, blank=True)
    nonce = models.CharField(max_length=32, blank=True, default="", db_default="")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        constraints = [models.UniqueConstraint(fields=["ticket", "sequence"], name="one_line_per_sequence")]
        indexes = [
            models.Index(fields=["id"], name="ledger_unnumbered", condition=Q(feed=None)),
            models.Index(fields=["at"], name="ledger_unannounced", condition=Q(announced_at=None)),
            models.Index(fields=["kind", "at"], name="ledger_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.sequence} {self.kind}"
