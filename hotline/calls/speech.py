"""What was said in a call, utterance by utterance, with each word's place in the sound."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallPiece(models.Model):
    """One utterance of one side; numbers that tell who somebody is are masked, here and in `words`.

    `words` are {text, start, end, hidden}: seconds in the recording, and whether others hear a tone instead.
    """

    class Side(models.TextChoices):
        """Who spoke."""

        CALLER = "caller", _("Caller")
        AGENT = "agent", _("Agent")

    call = models.ForeignKey("calls.PhoneCall", on_delete=models.CASCADE, related_name="pieces", verbose_name=_("call"))
    number = models.PositiveIntegerField()
    side = models.CharField(_("who spoke"), max_length=6, choices=Side)
    text = models.TextField(_("words"), blank=True)
    start = models.FloatField()
    end = models.FloatField()
    words = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("utterance")
        verbose_name_plural = _("utterances")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="one_call_piece")]

    def __str__(self) -> str:
        return f"{self.call_id}:{self.number} {self.text}"
