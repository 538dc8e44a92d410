"""Changes of rules and calendar that somebody typed in the admin: their effect is shown before they are made."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Staff


class RuleChange(models.Model):
    """One row of a rule table as it is to become (`after`), or to go (None); nothing has changed before it is made."""

    class State(models.TextChoices):
        """How far it has come."""

        RECKONING = "reckoning", _("Effect being reckoned")
        READY = "ready", _("Waiting for a decision")
        MAKING = "making", _("Being made")
        APPLIED = "applied", _("Made, also for open tickets")
        NEW_ONLY = "new_only", _("Made, for new tickets only")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    table = models.CharField(_("table"), max_length=40)
    title = models.CharField(_("change"), max_length=160)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    as_of = models.DateField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECKONING)
    effect = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of rules")
        verbose_name_plural = _("changes of rules")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.title
