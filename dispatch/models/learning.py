"""What the assistant learned, when, how good it was, who took it into use, and what looks odd since."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Staff


class Taught(models.TextChoices):
    """What is learned; each has versions and a pointer of its own (nlp.modelstore)."""

    TYPE = "type", _("Request type")
    MATTER = "matter", _("Matter")
    DEPARTMENT = "department", _("Unit")


class ModelVersion(models.Model):
    """One version of a model, with the figures it was judged by; its files lie in nlp.modelstore's folder.

    `cut`: nothing that was decided later taught it. `figures`: {"new": of the newest weeks, "frozen": of the
    frozen test set, "verdict": the comparison with the version then in use}. `labels`: how many tickets of each
    label taught it. `discarded`: its files were deleted to save room.
    """

    name = models.CharField(_("model"), max_length=12, choices=Taught)
    version = models.CharField(_("version"), max_length=80)
    trained_at = models.DateTimeField(_("trained at"))
    cut = models.DateTimeField(_("taught by what was decided until"))
    rows = models.PositiveIntegerField(_("tickets"))
    labels = models.JSONField(_("tickets of each label"), default=dict)
    figures = models.JSONField(_("figures"), default=dict)
    discarded = models.BooleanField(_("files deleted"), default=False)

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        ordering = ["-trained_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="one_row_per_model_version")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class ModelChange(models.Model):
    """Another version was taken into use, or a model was pinned or set free; `version` "" means as installed."""

    class Act(models.TextChoices):
        """What was done."""

        PROMOTED = "promoted", _("Taken into use")
        ROLLED_BACK = "rolled_back", _("Rolled back")
        PINNED = "pinned", _("Pinned")
        SET_FREE = "set_free", _("Set free")

    name = models.CharField(_("model"), max_length=12, choices=Taught)
    act = models.CharField(_("what was done"), max_length=12, choices=Act)
    before = models.CharField(_("version before"), max_length=80, blank=True)
    version = models.CharField(_("version"), max_length=80, blank=True)
    by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    why = models.CharField(_("why"), max_length=300)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("change of model")
        verbose_name_plural = _("changes of model")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["name", "-at"], name="model_changes")]

    def __str__(self) -> str:
        return f"{self.name} {self.act} {self.version}"


class Training(models.Model):
    """One run of the nightly training, or one asked for by hand (`by`); `results`: one entry a model."""

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Stage(models.TextChoices):
        """What is being done to one model."""

        READING = "reading", _("Reading what people decided")
        TRAINING = "training", _("Training")
        COMPARING = "comparing", _("Comparing with the version in use")

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    model = models.CharField(max_length=12, choices=Taught, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    results = models.JSONField(default=list)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="waiting"), name="one_training_waits_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.state}"


class LearningWeek(models.Model):
    """What was suggested and decided in one week (from its Monday), counted each night (dispatch.learning.weeks)."""

    name = models.CharField(max_length=12, choices=Taught)
    monday = models.DateField()
    cases = models.PositiveIntegerField()
    counts = models.JSONField()

    class Meta:
        verbose_name = _("week of suggestions")
        verbose_name_plural = _("weeks of suggestions")
        constraints = [models.UniqueConstraint(fields=["name", "monday"], name="one_row_per_learning_week")]

    def __str__(self) -> str:
        return f"{self.name} {self.monday}"


class DriftAlarm(models.Model):
    """Something about the suggestions of one week looks unlike before; stays until a supervisor has seen it."""

    class Sign(models.TextChoices):
        """What has changed."""

        ACCEPTANCE = "acceptance", _("Suggestions accepted")
        CONFIDENCE = "confidence", _("Confidence of suggestions")
        UNKNOWN = "unknown", _("Words never seen in training")
        MIX = "mix", _("What requests are about")

    name = models.CharField(_("model"), max_length=12, choices=Taught)
    sign = models.CharField(_("sign"), max_length=12, choices=Sign)
    monday = models.DateField(_("week"))
    found = models.JSONField(_("figures"))
    at = models.DateTimeField(_("at"))
    seen_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("drift alarm")
        verbose_name_plural = _("drift alarms")
        ordering = ["-monday", "name", "sign"]
        constraints = [models.UniqueConstraint(fields=["name", "sign", "monday"], name="one_drift_alarm_a_week")]

    def __str__(self) -> str:
        return f"{self.name} {self.sign} {self.monday}"
