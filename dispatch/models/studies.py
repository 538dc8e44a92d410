"""What supervisors had worked out about a past period: its hot issues, or what a change would have made of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Staff


class Study(models.Model):
    """One such work, done by the worker in a process of its own; both days are included, `by` None is the night.

    `change`: what a replay tries, {"models": {name: version}}, {"catalogue": upload} or {"rule_change": number}.
    `found` names tickets by number only: whoever reads it is shown those that they may see (hotline.api.studies).
    """

    class Kind(models.TextChoices):
        """What is worked out."""

        HOT_ISSUES = "hot_issues", _("Hot issues")
        REPLAY = "replay", _("Replay of a change")

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=12, choices=Kind)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    change = models.JSONField(default=dict)
    title = models.CharField(_("change"), max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    found = models.JSONField(null=True)
    error = models.TextField(blank=True)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    asked_at = models.DateTimeField(_("asked at"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("study of a period")
        verbose_name_plural = _("studies of periods")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(state="waiting"), name="one_study_of_a_kind_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.since} {self.until}"
