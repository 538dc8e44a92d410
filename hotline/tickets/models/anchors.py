"""Anchors of the ledger (存证): a signed root over the heads of all chains that grew, one a night, chained."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.tickets.models.ticket import Ticket


class Anchor(models.Model):
    """The state of the whole ledger up to line `feed` of the feed: a Merkle root, signed, chained to the anchor before.

    `hash` is over the statement (see hotline.tickets.proof.signing) and `signature` is over `hash`;
    `key` is the public half of the key that signed.
    """

    sequence = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    feed = models.BigIntegerField()
    leaves = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("ledger anchor")
        verbose_name_plural = _("ledger anchors")
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.at:%Y-%m-%d}"


class AnchorLeaf(models.Model):
    """One chain in an anchor: a ticket that grew since the anchor before, with its length and head at that moment."""

    anchor = models.ForeignKey(Anchor, on_delete=models.PROTECT, related_name="members")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="anchored")
    position = models.PositiveIntegerField()
    length = models.PositiveIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("anchored chain")
        verbose_name_plural = _("anchored chains")
        constraints = [
            models.UniqueConstraint(fields=["anchor", "position"], name="one_leaf_per_position"),
            models.UniqueConstraint(fields=["ticket", "anchor"], name="one_leaf_per_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.length}"
