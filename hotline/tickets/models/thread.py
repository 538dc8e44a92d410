"""A ticket's thread: messages in and out, and the files that came with them or prove something."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Staff
from hotline.tickets.models.ticket import Ticket


class Attachment(models.Model):
    """A file of a ticket, kept outside the static root under an unguessable key."""

    class Purpose(models.TextChoices):
        """What the file shows."""

        CITIZEN = "citizen", _("From the citizen")
        IDENTITY = "identity", _("Evidence of identity")
        CONTACT = "contact", _("Evidence of contact")
        HANDLING = "handling", _("Evidence of handling")
        AS_SPOKEN = "as_spoken", _("Sound of a call with every number in it")
        FOLLOW_UP = "follow_up", _("Said when the citizen was asked how it went")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="attachments")
    key = models.CharField(max_length=120, unique=True)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    filename = models.CharField(max_length=120, blank=True)
    duration = models.FloatField(null=True, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.CITIZEN)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.filename or self.key


class Message(models.Model):
    """One utterance in a ticket's thread, in or out, on any channel."""

    class Direction(models.TextChoices):
        """From the citizen, to the citizen."""

        IN = "in", _("In")
        OUT = "out", _("Out")

    class Delivery(models.TextChoices):
        """How far an outgoing message got."""

        NONE = "none", _("Nothing to deliver")
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    class TranscriptState(models.TextChoices):
        """How far a voice message got on its way to text."""

        NONE = "none", _("No voice")
        PENDING = "pending", _("Being transcribed")
        DONE = "done", _("Transcribed")
        NO_MODEL = "no_model", _("No transcript: no model")
        FAILED = "failed", _("No transcript: the sound could not be read")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    kind = models.CharField(max_length=10, default="text")
    text = models.TextField(blank=True)
    transcript = models.TextField(blank=True)
    transcript_state = models.CharField(max_length=10, choices=TranscriptState, default=TranscriptState.NONE)
    attachment = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    place = models.JSONField(null=True, blank=True)
    channel = models.CharField(max_length=20)
    at_follow_up = models.BooleanField(default=False)
    """Said when the citizen was asked how it went (回访): not for the units that it is about."""
    author = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    delivery = models.CharField(max_length=6, choices=Delivery, default=Delivery.NONE)
    delivery_error = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.ticket_id}:{self.pk}"
