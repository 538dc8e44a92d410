"""What stands beside a ticket's state: more time, pauses, supervision, set-asides, recusals, merges, drafts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Staff
from hotline.tickets.models.assignment import Assignment
from hotline.tickets.models.ticket import Ticket


class ExtensionRequest(models.Model):
    """A unit asks for more working days; a reviewer rules."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="extensions")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="extensions")
    working_days = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, blank=True)
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
    code = models.CharField(max_length=20, blank=True)
    reason = models.TextField()
    until = models.DateTimeField(null=True, blank=True)
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
    """A supervision order (督办) of the centre's levels, 1 the lowest: replied to, outdone or ended by name."""

    class Trigger(models.TextChoices):
        """What made the order."""

        LEADER = "leader", _("A leader's order")
        LATE = "late", _("Late answer")
        REPEATED = "repeated", _("Asked for again and again")
        BAD_RATING = "bad_rating", _("Bad rating")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="supervisions")
    level = models.PositiveSmallIntegerField()
    trigger = models.CharField(max_length=12, choices=Trigger, default=Trigger.LEADER)
    note = models.TextField()
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ending_note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("supervision order")
        verbose_name_plural = _("supervision orders")
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(ended_at=None), name="one_open_supervision")
        ]
        indexes = [models.Index(fields=["level", "at"], name="supervision_open", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.level}"


class SetAside(models.Model):
    """A request to leave a ticket out of the scoring (剔除); a second person rules, never one who dispatched it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="set_asides")
    code = models.CharField(max_length=20, blank=True)
    note = models.TextField()
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved = models.BooleanField(null=True, blank=True)
    ruled_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)
    ruling_note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("set-aside")
        verbose_name_plural = _("set-asides")
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(approved=None), name="one_open_set_aside"),
            models.CheckConstraint(
                condition=Q(ruled_by=None) | ~Q(ruled_by=models.F("requested_by")), name="two_people_set_aside"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.code}"


class Recusal(models.Model):
    """A member of staff stands back from a ticket for a conflict of interest (回避)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="recusals")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="recusals")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [models.UniqueConstraint(fields=["ticket", "staff"], name="one_recusal_each")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.staff_id}"


class Merge(models.Model):
    """A merging (并单) and all that un-merging needs to restore the ticket exactly."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="took_in")
    before = models.JSONField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [models.UniqueConstraint(fields=["ticket"], condition=Q(undone_at=None), name="one_merge")]

    def __str__(self) -> str:
        return f"{self.ticket_id} → {self.into_id}"


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
