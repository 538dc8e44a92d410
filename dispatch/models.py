"""The data of dispatching: duty catalogue, time limits, calendar overrides, suggestions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.people.models import Area, Department
from hotline.tickets.models import Matter, RequestType, Ticket, UrgencyLevel


class Duty(models.Model):
    """One line of the duty catalogue (派单目录): matter × area → unit, with its legal basis and dates.

    No area means the whole city. `rank` orders alternatives: 1 is the unit in charge.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="duties")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="duties")
    assisting = models.ManyToManyField(Department, blank=True, related_name="+")
    rank = models.PositiveSmallIntegerField(default=1)
    basis = models.CharField(max_length=200)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duty catalogue")
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "area", "department", "from_date"],
                nulls_distinct=False,
                name="one_duty_line",
            ),
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=models.F("from_date")), name="duty_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["matter", "rank"], name="duty_matter")]

    def __str__(self) -> str:
        return f"{self.matter} → {self.department}"


class Clock(models.TextChoices):
    """The clocks that a rule can set."""

    SIGN = "sign", _("Sign-for")
    RETURN = "return", _("Return window")
    ANSWER = "answer", _("Answer")
    REWORK = "rework", _("Rework")


class Unit(models.TextChoices):
    """How a limit is counted."""

    HOURS = "hours", _("hours")
    NATURAL_DAYS = "natural_days", _("natural days")
    WORKING_DAYS = "working_days", _("working days")


class TermRule(models.Model):
    """One time limit of a rule pack; the most specific rule in force wins (type, then urgency)."""

    pack = models.CharField(max_length=20)
    clock = models.CharField(max_length=8, choices=Clock)
    type = models.CharField(max_length=12, choices=RequestType, blank=True)
    urgency = models.CharField(max_length=8, choices=UrgencyLevel, blank=True)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=12, choices=Unit)
    basis = models.CharField(max_length=200)
    from_date = models.DateField()

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        constraints = [
            models.UniqueConstraint(fields=["pack", "clock", "type", "urgency", "from_date"], name="one_rule_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.pack}: {self.clock} {self.amount} {self.unit}"


class CalendarDay(models.Model):
    """A day that the State Council's notice or the city sets otherwise than the kept library knows."""

    date = models.DateField(unique=True)
    working = models.BooleanField()
    reason = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.reason}"


class Suggestion(models.Model):
    """What the assistant understood of a ticket, as shown to the dispatcher; replaced when words are added."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="suggestion")
    data = models.JSONField()
    model = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")

    def __str__(self) -> str:
        return f"{self.ticket_id}"
