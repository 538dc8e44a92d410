"""Assignment (主办 / 协办): one unit's part in a ticket."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Department, Staff
from hotline.people.sealing import SealedTextField
from hotline.tickets.models.ticket import Ticket


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
        PASSED = "passed", _("Passed to another level")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="assignments")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=10, choices=Role)
    state = models.CharField(max_length=10, choices=State, default=State.TO_SIGN)
    dispatched_at = models.DateTimeField()
    passed_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="passed_to")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    auto_signed = models.BooleanField(default=False)
    contacted_at = models.DateTimeField(null=True, blank=True)
    contacted_whom = models.CharField(max_length=40, blank=True)
    contacted_number = SealedTextField(default="", blank=True)
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
                condition=Q(role="lead") & ~Q(state__in=["returned", "released", "passed"]),
                name="one_lead_unit",
            ),
            models.UniqueConstraint(
                fields=["ticket", "department"],
                condition=~Q(state__in=["returned", "released", "passed"]),
                name="one_part_per_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state"], name="assignment_department"),
            models.Index(
                fields=["department", "-answered_at"],
                name="assignment_answered",
                condition=Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}:{self.department_id}"
