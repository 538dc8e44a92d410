"""Accounts at the vendors, every message that came in, and every word that goes out."""

import json
import os
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.people.models import ContactPoint
from hotline.people.sealing import SealedTextField, fingerprint
from hotline.tickets.models import LedgerEntry, Message, Ticket

FROM_ENVIRONMENT = "env:"


class ChannelAccount(models.Model):
    """One account at a vendor (渠道账号); settings are sealed, or name the environment (`env:NAME`)."""

    adapter = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    # The last part of the webhook's address: the name, or a secret where the vendor signs nothing.
    address = SealedTextField(blank=True)
    address_fingerprint = models.CharField(max_length=64, editable=False)
    settings = SealedTextField(default="{}", blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("channel account")
        verbose_name_plural = _("channel accounts")
        constraints = [
            models.UniqueConstraint(fields=["adapter", "name"], name="one_account_name"),
            models.UniqueConstraint(fields=["adapter", "address_fingerprint"], name="one_account_address"),
        ]

    def __str__(self) -> str:
        return f"{self.adapter}/{self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search fingerprint beside the sealed address, which is the name when none is given."""
        self.address = self.address or self.name
        self.address_fingerprint = fingerprint(self.address)
        super().save(*args, **kwargs)

    @property
    def options(self) -> Mapping[str, Any]:
        """The settings with secrets readable; never log or show them."""
        kept: dict[str, Any] = json.loads(self.settings or "{}")
        return {name: _from_environment(value) for name, value in kept.items()}


def _from_environment(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FROM_ENVIRONMENT):
        return os.environ.get(value.removeprefix(FROM_ENVIRONMENT), "")
    return value


class InboundMessage(models.Model):
    """One message as it came: kept before it is acknowledged, processed once, repeated never."""

    class State(models.TextChoices):
        """How far it got."""

        DONE = "done", _("Processed")
        FAILED = "failed", _("Failed, to be retried")
        GIVEN_UP = "given_up", _("Given up")

    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="inbound")
    external_id = models.CharField(max_length=200)
    request = models.JSONField(default=dict)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.DONE)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)
    reply = models.TextField(blank=True)
    command = models.CharField(max_length=12, blank=True)
    contact = models.ForeignKey(ContactPoint, null=True, blank=True, on_delete=models.PROTECT, related_name="inbound")
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="inbound")

    class Meta:
        verbose_name = _("message received")
        verbose_name_plural = _("messages received")
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="one_inbound_message")]
        indexes = [
            models.Index(fields=["retry_at"], name="inbound_unfinished", condition=models.Q(state="failed")),
            models.Index(fields=["contact", "-id"], name="inbound_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.external_id}"


class OutboundMessage(models.Model):
    """Words to a citizen: queued with the ledger line they follow from, sent until delivered or given up."""

    class State(models.TextChoices):
        """How far it got."""

        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        GIVEN_UP = "given_up", _("Given up")

    key = models.CharField(max_length=64, unique=True)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="outbound")
    entry = models.ForeignKey(LedgerEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="outbound")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="outbound")
    contact = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="outbound")
    account = models.ForeignKey(
        ChannelAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="outbound"
    )
    kind = models.CharField(max_length=20)
    text = models.TextField()
    fields = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("message sent")
        verbose_name_plural = _("messages sent")
        indexes = [
            models.Index(
                fields=["retry_at"],
                name="outbound_unfinished",
                condition=models.Q(state__in=["queued", "sending"]),
            ),
            models.Index(fields=["ticket", "id"], name="outbound_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
