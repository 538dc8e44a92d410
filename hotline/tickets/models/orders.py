"""Requests and orders beside the state: returns, consultations, extensions, pauses, supervision, merges, ratings …"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Area, Department, Staff
from hotline.tickets.models.assignment import Assignment
from hotline.tickets.models.matter import Matter
from hotline.tickets.models.ticket import Ticket


class ReturnRequest(models.Model):
    """A unit asks to be rid of a ticket; a reviewer rules once."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="returns")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="returns")
    reason = models.CharField(max_length=20)
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


class Consultation(models.Model):
    """会商: the units concerned are heard after too many disagreements; its ruling is final."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="consultations")
    request = models.OneToOneField(ReturnRequest, on_delete=models.PROTECT, related_name="consultation")
    units = models.ManyToManyField(Department, related_name="consultations")
    opened_at = models.DateTimeField()
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        constraints = [models.UniqueConstraint(fields=["ticket"], name="one_consultation_per_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id}"


class Opinion(models.Model):
    """What one unit says in a consultation; a later one replaces it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="opinions")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        constraints = [models.UniqueConstraint(fields=["consultation", "department"], name="one_opinion_per_unit")]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.department_id}"


class Precedent(models.Model):
    """What a consultation ruled: whose a matter is in an area, for the catalogue and the classifier to learn from."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="precedent", verbose_name=_("ticket"))
    matter = models.ForeignKey(
        Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="precedents", verbose_name=_("matter")
    )
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("area")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="precedents", verbose_name=_("unit in charge")
    )
    against = models.ManyToManyField(Department, blank=True, related_name="+", verbose_name=_("units that were not"))
    reasoning = models.TextField(_("reasoning"))
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("precedent")
        verbose_name_plural = _("precedents")
        indexes = [models.Index(fields=["matter", "-at"], name="precedent_matter")]

    def __str__(self) -> str:
        return f"{self.matter_id} → {self.department_id}"


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
    """A supervision order (督办), level 1 to 3: the unit replies, a supervisor ends it; a stronger one replaces it."""

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


class Satisfaction(models.IntegerChoices):
    """The five levels of 好差评, 5 is best."""

    VERY_DISSATISFIED = 1, _("Very dissatisfied")
    DISSATISFIED = 2, _("Dissatisfied")
    FAIRLY_SATISFIED = 3, _("Fairly satisfied")
    SATISFIED = 4, _("Satisfied")
    VERY_SATISFIED = 5, _("Very satisfied")


class FollowUp(models.Model):
    """A call-back (回访): reached or not, solved and satisfied asked apart."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="follow_ups")
    reached = models.BooleanField()
    solved = models.BooleanField(null=True, blank=True)
    satisfied = models.PositiveSmallIntegerField(choices=Satisfaction, null=True, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.reached}"


class Rating(models.Model):
    """A citizen's rating (好差评), one record whichever the channel; the first of a round counts.

    `protected`: who rated wants to be kept secret, though the ticket's own citizen may not.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="ratings")
    satisfied = models.PositiveSmallIntegerField(choices=Satisfaction)
    solved = models.BooleanField(null=True, blank=True)
    words = models.TextField(blank=True)
    channel = models.CharField(max_length=20)
    real_name = models.BooleanField(default=False)
    protected = models.BooleanField(default=False)
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
