"""Ticket (工单): one request of a citizen; fields and constraints, thin."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Area, Citizen, ContactPoint, Department, Staff
from hotline.tickets.models.matter import Matter, RequestType, UrgencyLevel
from hotline.tickets.states import State


class CallBack(models.TextChoices):
    """Whether the hotline calls the citizen back about the answer, and why (回访)."""

    NONE = "", _("Not followed up")
    DUE = "due", _("By rule")
    SAMPLED = "sampled", _("By sample")


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
    enterprise = models.BooleanField(default=False)

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
    accused = models.ManyToManyField(Department, blank=True, related_name="+")
    split_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="split_off")
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
    recall_until = models.DateTimeField(null=True, blank=True)

    last_word_at = models.DateTimeField()
    unread = models.BooleanField(default=True)
    rounds = models.PositiveSmallIntegerField(default=1)
    returns_final = models.BooleanField(default=False)
    call_back = models.CharField(max_length=8, choices=CallBack, default=CallBack.NONE, blank=True)
    call_back_share = models.FloatField(null=True, blank=True)
    partner = models.CharField(max_length=8, blank=True)
    partner_reference = models.CharField(max_length=80, blank=True)
    set_aside = models.BooleanField(default=False)
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
            models.Index(fields=["partner_reference"], name="ticket_partner", condition=~Q(partner_reference="")),
            models.Index(fields=["-created_at"], name="ticket_created"),
            GinIndex(fields=["title", "text"], name="ticket_words", opclasses=["gin_trgm_ops"] * 2),
        ]

    def __str__(self) -> str:
        return self.number
