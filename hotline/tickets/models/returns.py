"""The returns court (退单): requests to be rid of a ticket, consultations about whose it is, and what they ruled."""

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
        return f"{self.matter} → {self.department}"
