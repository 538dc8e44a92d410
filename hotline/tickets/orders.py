"""Requests and orders beside the state: returns, extensions, suspensions, supervision, call-backs, ratings, drafts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Department, Staff
from hotline.tickets.models import Assignment, Ticket


class ReturnReason(models.TextChoices):
    """The closed list of reasons for a return (退单)."""

    NOT_OUR_DUTY = "not_our_duty", _("Not within our duties")
    NOT_OUR_AREA = "not_our_area", _("Not in our area")
    HIGHER_LEVEL = "higher_level", _("Belongs to a higher level")
    LAW_ELSEWHERE = "law_elsewhere", _("The law names another authority")
    UNCLEAR = "unclear", _("Too unclear to handle")


class ReturnRequest(models.Model):
    """A unit asks to be rid of a ticket; a reviewer rules once."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="returns")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="returns")
    reason = models.CharField(max_length=20, choices=ReturnReason)
    basis = models.TextField()
    proposed = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    upheld = models.BooleanField(null=True, blank=True)
    ruled_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)
    ruling_note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("return request")
        verbose_name_plural = _("return requests")
        constraints = [models.UniqueConstraint(fields=["ticket"], condition=Q(upheld=None), name="one_open_return")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.reason}"


class ExtensionRequest(models.Model):
    """A unit asks for more working days; a reviewer rules."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="extensions")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="extensions")
    working_days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    granted = models.BooleanField(null=True, blank=True)
    granted_days = models.PositiveSmallIntegerField(null=True, blank=True)
    ruled_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)
    ruling_note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("extension request")
        verbose_name_plural = _("extension requests")
        constraints = [models.UniqueConstraint(fields=["ticket"], condition=Q(granted=None), name="one_open_extension")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.working_days}"


class Suspension(models.Model):
    """A pause of the clocks, with who and why."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="suspensions")
    state_before = models.CharField(max_length=16)
    reason = models.TextField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(resumed_at=None), name="one_open_suspension")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.reason[:20]}"


class Supervision(models.Model):
    """A supervision order (督办) of level 1 to 3; an urging (催办) is a ledger line only."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="supervisions")
    level = models.PositiveSmallIntegerField()
    note = models.TextField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("supervision order")
        verbose_name_plural = _("supervision orders")

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.level}"


class FollowUp(models.Model):
    """A call-back (回访): reached or not, solved and satisfied asked apart."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="follow_ups")
    reached = models.BooleanField()
    solved = models.BooleanField(null=True, blank=True)
    satisfied = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.reached}"


class Rating(models.Model):
    """A citizen's rating (好差评), one record whichever the channel; the first of a round counts."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="ratings")
    satisfied = models.PositiveSmallIntegerField()
    solved = models.BooleanField(null=True, blank=True)
    words = models.TextField(blank=True)
    channel = models.CharField(max_length=20)
    round = models.PositiveSmallIntegerField()
    counts = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.CheckConstraint(condition=Q(satisfied__range=(1, 5)), name="rating_of_five_levels"),
            models.UniqueConstraint(fields=["ticket", "round"], condition=Q(counts=True), name="one_rating_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.satisfied}"


class Draft(models.Model):
    """What a member of staff has typed about a ticket and not sent yet."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="drafts")
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["ticket", "staff"], name="one_draft_each")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.staff_id}"
