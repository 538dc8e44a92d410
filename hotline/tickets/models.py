"""Ticket, its assignments, its ledger and its thread: fields and constraints, thin."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Area, Citizen, ContactPoint, Department, Staff
from hotline.tickets.facts import Kind
from hotline.tickets.states import State


class RequestType(models.TextChoices):
    """What citizens bring (诉求类型)."""

    CONSULTATION = "consultation", _("Consultation")
    HELP = "help", _("Request for help")
    COMPLAINT = "complaint", _("Complaint")
    REPORT = "report", _("Report of wrongdoing")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")
    OTHER = "other", _("Other")


class UrgencyLevel(models.TextChoices):
    """How soon it hurts (紧急程度)."""

    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")
    CRITICAL = "critical", _("Critical")


class Matter(models.Model):
    """One item of the two-level matter catalogue (事项)."""

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=40)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="leaves")
    type_hint = models.CharField(max_length=12, choices=RequestType, blank=True)
    description = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """One request of a citizen, from the first word to the archive (工单)."""

    number = models.CharField(max_length=24, unique=True)
    public_code = models.CharField(max_length=12, unique=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=16, choices=State, default=State.RECEIVED)
    channel = models.CharField(max_length=20)
    source = models.CharField(max_length=40, blank=True)

    type = models.CharField(max_length=12, choices=RequestType, blank=True)
    matter = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    summary = models.CharField(max_length=300, blank=True)
    urgency = models.CharField(max_length=8, choices=UrgencyLevel, default=UrgencyLevel.NORMAL)
    confidential = models.BooleanField(default=False)

    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    occurred_at = models.DateTimeField(null=True, blank=True)

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="tickets")
    contact = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="tickets")
    holder = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="held")
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="led_tickets"
    )
    first_department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_children"
    )

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    sign_due_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    due_explanation = models.JSONField(default=list, blank=True)

    last_word_at = models.DateTimeField()
    unread = models.BooleanField(default=True)
    rounds = models.PositiveSmallIntegerField(default=1)
    returns_final = models.BooleanField(default=False)
    supervision_level = models.PositiveSmallIntegerField(default=0)
    satisfied = models.PositiveSmallIntegerField(null=True, blank=True)
    solved = models.BooleanField(null=True, blank=True)
    ledger_length = models.PositiveIntegerField(default=0)
    ledger_head = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=models.F("pk")), name="not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(satisfied=None) | Q(satisfied__range=(1, 5)), name="five_levels_of_satisfaction"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="ticket_queue"),
            models.Index(fields=["department", "state", "due_at"], name="ticket_department"),
            models.Index(fields=["holder", "state"], name="ticket_holder"),
            models.Index(fields=["contact", "-last_word_at"], name="ticket_contact"),
            models.Index(fields=["citizen", "-id"], name="ticket_citizen"),
            models.Index(fields=["due_at"], name="ticket_due", condition=Q(due_at__isnull=False, answered_at=None)),
            models.Index(fields=["updated_at"], name="ticket_unrated", condition=Q(state=State.FOLLOW_UP)),
            models.Index(fields=["-created_at"], name="ticket_created"),
            GinIndex(fields=["title", "text"], name="ticket_words", opclasses=["gin_trgm_ops"] * 2),
        ]

    def __str__(self) -> str:
        return self.number


class Assignment(models.Model):
    """One unit's part in a ticket: signed for, contacted, answered (主办 / 协办)."""

    class Role(models.TextChoices):
        """Lead or assisting."""

        LEAD = "lead", _("Lead unit")
        ASSISTING = "assisting", _("Assisting unit")

    class State(models.TextChoices):
        """Where the unit's part stands."""

        TO_SIGN = "to_sign", _("To be signed for")
        HANDLING = "handling", _("In handling")
        ANSWERED = "answered", _("Answered")
        RETURNED = "returned", _("Returned")
        RELEASED = "released", _("Released")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="assignments")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=10, choices=Role)
    state = models.CharField(max_length=10, choices=State, default=State.TO_SIGN)
    dispatched_at = models.DateTimeField()
    sign_due_at = models.DateTimeField()
    return_until = models.DateTimeField()
    due_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    auto_signed = models.BooleanField(default=False)
    contacted_at = models.DateTimeField(null=True, blank=True)
    contacted_whom = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    public_answer = models.TextField(blank=True)
    internal_answer = models.TextField(blank=True)
    solved = models.BooleanField(null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(role="lead") & ~Q(state__in=["returned", "released"]),
                name="one_lead_unit",
            ),
            models.UniqueConstraint(
                fields=["ticket", "department"],
                condition=~Q(state__in=["returned", "released"]),
                name="one_part_per_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state"], name="assignment_department"),
            models.Index(fields=["sign_due_at"], name="assignment_sign_due", condition=Q(state="to_sign")),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}:{self.department_id}"


class LedgerEntry(models.Model):
    """One line of a ticket's life: audit record, history, live event, replay cursor and outbox in one.

    `sequence` counts inside the ticket and is hash-chained there; `feed` is given in commit order
    after the commit (see hotline.tickets.ledger); `announced_at` is null until everything that
    follows from the line has been done.
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


class Attachment(models.Model):
    """A file of a ticket, kept outside the static root under an unguessable key."""

    class Purpose(models.TextChoices):
        """What the file shows."""

        CITIZEN = "citizen", _("From the citizen")
        IDENTITY = "identity", _("Evidence of identity")
        CONTACT = "contact", _("Evidence of contact")
        HANDLING = "handling", _("Evidence of handling")

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


from hotline.tickets import orders as orders  # noqa: E402  the side tables are models of this app too
