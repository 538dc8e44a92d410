"""Telephone calls, the call-backs that missed ones ask for, and who can take which call."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.calls.speech import CallPiece
from hotline.calls.states import MISSED, CallState, Outcome
from hotline.people.masking import mask_phone
from hotline.people.models import Citizen, Staff
from hotline.people.sealing import SealedTextField
from hotline.tickets.models import Message, Ticket

__all__ = ["CallBackTask", "CallPiece", "Extension", "OutsideNumber", "PhoneCall", "Skill"]


class Skill(models.Model):
    """What a call can ask for (a dialect, a language, a field), who has it, and the numbers that ask for it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)
    numbers = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("called numbers"),
        help_text=_("Calls to these numbers ask for this skill."),
    )
    staff = models.ManyToManyField(Staff, blank=True, related_name="skills", verbose_name=_("who has it"))

    class Meta:
        verbose_name = _("telephone skill")
        verbose_name_plural = _("telephone skills")

    def __str__(self) -> str:
        return self.name


class Extension(models.Model):
    """An agent's telephone at the exchange."""

    number = models.CharField(_("extension"), max_length=20, unique=True)
    staff = models.OneToOneField(
        Staff, on_delete=models.CASCADE, related_name="extension", verbose_name=_("member of staff")
    )

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")

    def __str__(self) -> str:
        return self.number


class OutsideNumber(models.Model):
    """Where agents may call or send callers; whatever stands in no row, they may not: calls cost money."""

    number = models.CharField(
        _("number"), max_length=20, unique=True, validators=[RegexValidator(r"^\+?[0-9]{2,20}\Z")]
    )
    name = models.CharField(_("name"), max_length=40)
    all_beginning = models.BooleanField(_("all numbers that begin so"), default=False)

    class Meta:
        verbose_name = _("number outside")
        verbose_name_plural = _("numbers outside")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}{'…' if self.all_beginning else ''} {self.name}"


class CallBackTask(models.Model):
    """未接来电: somebody called in vain and is called back; one for each caller and hour, however often they tried."""

    class Reason(models.TextChoices):
        """Why they are called back."""

        ABANDONED_QUEUE = "abandoned_queue", _("Hung up while waiting")
        ABANDONED_RINGING = "abandoned_ringing", _("Hung up while it rang")
        NO_AGENT = "no_agent", _("No agent was free")
        AFTER_HOURS = "after_hours", _("After hours")
        FAILED = "failed", _("Broken off by a fault")
        REFUSED = "refused", _("Refused: more calls than the telephone takes")
        ASKED = "asked", _("Asked to be called back")

    class Result(models.TextChoices):
        """What came of it."""

        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        BUSY = "busy", _("Line busy")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        NOT_NEEDED = "not_needed", _("No longer needed")
        CALLED_AGAIN = "called_again", _("Called again and was answered")

    phone = SealedTextField()
    fingerprint = models.CharField(max_length=64, editable=False)
    hour = models.DateTimeField(editable=False)
    citizen = models.ForeignKey(
        Citizen, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("citizen")
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    calls = models.PositiveIntegerField(_("calls"), default=0)
    waited_seconds = models.FloatField(_("longest wait in seconds"), default=0)
    first_at = models.DateTimeField(_("first call"))
    last_at = models.DateTimeField(_("last call"))
    taken_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("taken by")
    )
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    called_back_at = models.DateTimeField(_("called back at"), null=True, blank=True)
    called_back_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("called back by")
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=12, choices=Result, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("call to return")
        verbose_name_plural = _("calls to return")
        constraints = [
            models.UniqueConstraint(fields=["fingerprint", "hour"], name="one_call_back_an_hour"),
            models.CheckConstraint(condition=~models.Q(fingerprint=""), name="call_back_has_a_number"),
        ]
        indexes = [
            models.Index(fields=["-id"], name="call_backs_open", condition=models.Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.masked_phone} {self.last_at:%m-%d %H:%M}"

    @property
    def masked_phone(self) -> str:
        """The number as staff see it."""
        return mask_phone(self.phone)

    @property
    def state(self) -> str:
        """open, taken or done."""
        return "done" if self.done_at else "taken" if self.taken_by_id else "open"


class PhoneCall(models.Model):
    """One call; written by the telephony process alone, from its journal (`version` counts its lines).

    `caller` is the citizen's number, whoever called whom. A call in vain asks for `call_back`, ours `returns` it.
    """

    class Mode(models.TextChoices):
        """Whose queue it was in."""

        PLATFORM = "platform", _("Our queue")
        EXCHANGE = "exchange", _("The exchange's queue")

    class Direction(models.TextChoices):
        """Who called whom."""

        IN = "in", _("To the hotline")
        OUT = "out", _("To the citizen")

    class TranscriptState(models.TextChoices):
        """How far its words are."""

        NONE = "none", _("None")
        LIVE = "live", _("Live")
        LATER = "later", _("After the call")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        NO_MODEL = "no_model", _("No model")

    uuid = models.UUIDField(_("UUID"), unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    mode = models.CharField(_("queue"), max_length=8, choices=Mode, default=Mode.PLATFORM)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction, default=Direction.IN)
    state = models.CharField(_("state"), max_length=12, choices=CallState, default=CallState.INCOMING)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    caller = SealedTextField(blank=True)
    caller_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    called = models.CharField(_("called number"), max_length=40, blank=True)
    skill = models.CharField(_("skill"), max_length=40, blank=True)
    citizen = models.ForeignKey(
        Citizen, null=True, blank=True, on_delete=models.PROTECT, related_name="calls", verbose_name=_("citizen")
    )
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="calls", verbose_name=_("ticket")
    )
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.PROTECT, related_name="calls", verbose_name=_("message")
    )
    agent = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="calls", verbose_name=_("agent")
    )
    call_back = models.ForeignKey(
        CallBackTask,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="missed",
        verbose_name=_("call to return"),
    )
    returns = models.ForeignKey(
        CallBackTask,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="attempts",
        verbose_name=_("returned call"),
    )
    started_at = models.DateTimeField(_("started at"))
    queued_at = models.DateTimeField(_("waiting since"), null=True, blank=True)
    ringing_at = models.DateTimeField(_("ringing since"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("wrap-up ended at"), null=True, blank=True)
    left_message = models.BooleanField(_("left a message"), default=False)
    held_seconds = models.FloatField(_("seconds on hold"), default=0)
    events = models.JSONField(_("what happened"), default=list, blank=True)
    keys = models.CharField(_("keys pressed"), max_length=100, blank=True)
    solved = models.BooleanField(_("solved"), null=True, blank=True)
    rating = models.PositiveSmallIntegerField(_("satisfied"), null=True, blank=True)
    recording = models.CharField(_("recording"), max_length=200, blank=True)
    recording_sha256 = models.CharField(max_length=64, blank=True)
    recording_seconds = models.FloatField(_("seconds recorded"), null=True, blank=True)
    sound_deleted_at = models.DateTimeField(_("sound deleted at"), null=True, blank=True)
    transcript_state = models.CharField(
        _("transcript"), max_length=8, choices=TranscriptState, default=TranscriptState.NONE
    )
    transcript = models.TextField(_("words"), blank=True)
    transcript_engine = models.CharField(_("recogniser"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("telephone call")
        verbose_name_plural = _("telephone calls")
        indexes = [
            models.Index(fields=["caller_fingerprint", "-started_at"], name="calls_of_caller"),
            models.Index(fields=["ticket"], name="calls_of_ticket", condition=models.Q(ticket__isnull=False)),
            models.Index(  # the rates of a month are read from it alone
                fields=["started_at"],
                include=["direction", "queued_at", "answered_at", "ended_at", "outcome"],
                name="calls_by_time",
            ),
            models.Index(fields=["id"], name="calls_in_progress", condition=models.Q(ended_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | ~models.Q(outcome=""), name="an_ended_call_has_an_outcome"
            ),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)), name="call_rating_levels"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.masked_caller} {self.started_at:%m-%d %H:%M}"

    @property
    def masked_caller(self) -> str:
        """The number as staff see it."""
        return mask_phone(self.caller)

    @property
    def missed(self) -> bool:
        """Whether it ended in a way that asks for a call-back."""
        return self.direction == self.Direction.IN and self.outcome in MISSED

    @property
    def waited_seconds(self) -> float:
        """From the first ring to the answer, or to the end."""
        until = self.answered_at or self.ended_at
        return (until - self.started_at).total_seconds() if until else 0.0
