"""What the links must not forget: pieces on their way out, parts on their way in, and how each link stands."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_ingest.models import ChannelAccount
from channels_ingest.sms import plain_number
from hotline.people.sealing import SealedTextField, fingerprint
from hotline.tickets import clock

SILENT_AFTER = timedelta(seconds=60)


class SmsPiece(models.Model):
    """One paid piece of a message that goes out; claimed before it is written, so that none is sent twice."""

    class State(models.TextChoices):
        """How far it got."""

        QUEUED = "queued", _("Queued")
        WRITING = "writing", _("Being sent")
        ACCEPTED = "accepted", _("Accepted by the gateway")
        DELIVERED = "delivered", _("Delivered to the phone")
        FAILED = "failed", _("Failed")
        MAYBE = "maybe", _("Perhaps sent")

    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="sms_pieces")
    # The message's own key in the outbox: handing the same message over again finds its pieces.
    key = models.CharField(max_length=64)
    index = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    number = SealedTextField()
    number_fingerprint = models.CharField(max_length=64, editable=False)
    content = models.BinaryField()
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    throttled = models.PositiveSmallIntegerField(default=0)
    reference = models.CharField(max_length=65, blank=True)
    error = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("SMS piece sent")
        verbose_name_plural = _("SMS pieces sent")
        constraints = [models.UniqueConstraint(fields=["key", "index"], name="one_sms_piece")]
        indexes = [
            models.Index(fields=["account", "id"], name="sms_queued", condition=models.Q(state="queued")),
            models.Index(fields=["account", "reference"], name="sms_reference"),
            models.Index(fields=["account", "number_fingerprint"], name="sms_number"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.index}/{self.total}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search fingerprint beside the sealed number."""
        self.number_fingerprint = fingerprint(plain_number(self.number))
        super().save(*args, **kwargs)


class SmsPart(models.Model):
    """One part of a citizen's message (`total` 1: the whole); kept before the gateway is told so."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="sms_parts")
    external_id = models.CharField(max_length=100)
    number = SealedTextField()
    number_fingerprint = models.CharField(max_length=64, editable=False)
    service_number = models.CharField(max_length=32, blank=True)
    text = SealedTextField(blank=True)
    readable = models.BooleanField(default=True)
    reference = models.PositiveIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=1)
    index = models.PositiveSmallIntegerField(default=1)
    received_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("SMS part received")
        verbose_name_plural = _("SMS parts received")
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="one_sms_part")]
        indexes = [
            models.Index(fields=["received_at"], name="sms_unjoined", condition=models.Q(joined_at=None)),
            models.Index(fields=["account", "number_fingerprint", "reference"], name="sms_group"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.external_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search fingerprint beside the sealed number."""
        self.number_fingerprint = fingerprint(plain_number(self.number))
        super().save(*args, **kwargs)


class SmsLinkStatus(models.Model):
    """How one account's link stands, written by the process that holds it."""

    account = models.OneToOneField(ChannelAccount, on_delete=models.CASCADE, related_name="sms_link")
    connected = models.BooleanField(default=False)
    detail = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("SMS link")
        verbose_name_plural = _("SMS links")

    def __str__(self) -> str:
        return f"{self.account}: {'connected' if self.connected else self.detail}"

    @property
    def held(self) -> bool:
        """Whether a process holds the link: it says so every few seconds."""
        return clock.now() - self.seen_at <= SILENT_AFTER
