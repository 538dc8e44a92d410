"""Rule packs: time limits and everything else that differs from city to city, each with the days it is in force."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hotline.people.models import Level, Staff
from hotline.tickets.models import Clock, List, ListEntry, Matter, RequestType, Supervision, UrgencyLevel
from hotline.tickets.models.matter import ALWAYS

LONGEST_LIMIT = 1_000
"""Hours or days: more is a slip of the hand, and would be reckoned day by day."""


class Unit(models.TextChoices):
    """How a limit is counted."""

    HOURS = "hours", _("hours")
    WORKING_HOURS = "working_hours", _("working hours")
    NATURAL_DAYS = "natural_days", _("natural days")
    WORKING_DAYS = "working_days", _("working days")


class RulePack(models.Model):
    """A city's or province's set of rules, as it was published; `grade` says how well it is attested."""

    class Grade(models.TextChoices):
        """A: full text of the law; B: official reprint or press; C: secondary, a default only."""

        LAW = "A", _("Full text of the law or rule")
        REPRINT = "B", _("Official reprint or press quoting it")
        SECONDARY = "C", _("Secondary, a default only")

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    source = models.CharField(_("source"), max_length=200, blank=True)
    grade = models.CharField(_("how well attested"), max_length=1, choices=Grade, default=Grade.SECONDARY)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("rule pack")
        verbose_name_plural = _("rule packs")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class PackInForce(models.Model):
    """From which day on the city goes by which pack; the latest begun one counts."""

    pack = models.ForeignKey(RulePack, on_delete=models.PROTECT, related_name="in_force", verbose_name=_("rule pack"))
    from_date = models.DateField(_("from"), unique=True)
    decided_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("pack in force")
        verbose_name_plural = _("packs in force")
        ordering = ["-from_date"]

    def __str__(self) -> str:
        return f"{self.from_date}: {self.pack}"


class CaseRule(models.Model):
    """What a rule applies to: every field left empty stands for any; the most specific rule in force wins."""

    pack = models.ForeignKey(RulePack, on_delete=models.PROTECT, related_name="+", verbose_name=_("rule pack"))
    level = models.CharField(_("level of the unit"), max_length=12, choices=Level, blank=True)
    type = models.CharField(_("request type"), max_length=12, choices=RequestType, blank=True)
    urgency = models.CharField(_("urgency"), max_length=8, choices=UrgencyLevel, blank=True)
    matter = models.ForeignKey(
        Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("matter")
    )
    source = models.CharField(_("source of the request"), max_length=40, blank=True)
    basis = models.CharField(_("legal basis"), max_length=200)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        abstract = True


CASE = ["pack", "level", "type", "urgency", "matter", "source", "from_date"]


class TermRule(CaseRule):
    """One time limit of a pack. The clock `extension` holds the most days that extensions may add."""

    clock = models.CharField(_("clock"), max_length=12, choices=Clock)
    amount = models.PositiveSmallIntegerField(_("amount"), validators=[MaxValueValidator(LONGEST_LIMIT)])
    unit = models.CharField(_("counted in"), max_length=13, choices=Unit)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        constraints = [
            models.UniqueConstraint(fields=["clock", *CASE], nulls_distinct=False, name="one_rule_per_case"),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="term_dates"),
        ]

    def __str__(self) -> str:
        case = [self.get_type_display(), self.get_urgency_display(), self.get_level_display()]
        what = " · ".join(str(word) for word in [self.get_clock_display(), *case] if word)
        return f"{what}: {self.amount} {self.get_unit_display()}"


class CheckRule(CaseRule):
    """Whether an answer is reviewed, or a citizen called back: always, never, or a share drawn by lot."""

    class Step(models.TextChoices):
        """What is decided."""

        REVIEW = "review", _("Answer review")
        CALL_BACK = "call_back", _("Follow-up")

    class How(models.TextChoices):
        """How it is decided."""

        ALWAYS = "always", _("Always")
        SAMPLE = "sample", _("By sample")
        NEVER = "never", _("Never")

    step = models.CharField(_("step"), max_length=10, choices=Step)
    how = models.CharField(_("how"), max_length=6, choices=How)
    percent = models.PositiveSmallIntegerField(_("share in percent"), default=100)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("checking rule")
        verbose_name_plural = _("checking rules")
        constraints = [
            models.UniqueConstraint(fields=["step", *CASE], nulls_distinct=False, name="one_check_per_case"),
            models.CheckConstraint(condition=Q(percent__range=(1, 100)), name="check_percent"),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="check_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_how_display()}"


class SupervisionTrigger(models.Model):
    """When an order of supervision is made by itself: `count` is working days late, urgings, or bad ratings."""

    trigger = models.CharField(_("trigger"), max_length=12, choices=Supervision.Trigger)
    count = models.PositiveSmallIntegerField(_("from how many on"))
    level = models.PositiveSmallIntegerField(_("level of the order"))
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("supervision trigger")
        verbose_name_plural = _("supervision triggers")
        constraints = [
            models.UniqueConstraint(fields=["trigger", "count", "from_date"], name="one_trigger"),
            models.CheckConstraint(condition=Q(level__range=(1, 9)), name="trigger_level"),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="trigger_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.get_trigger_display()} ≥ {self.count}"

    def clean(self) -> None:
        """Only levels that the centre has can be ordered."""
        levels = ListEntry.objects.in_force(List.SUPERVISION).values_list("code", flat=True)
        if self.level is not None and str(self.level) not in levels:
            raise ValidationError({"level": _("Choose one of the levels of supervision in force.")})


class AutoDispatchRule(models.Model):
    """Automatic dispatch of one matter above a threshold that was measured; off until somebody turns it on."""

    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, related_name="auto_dispatch", verbose_name=_("matter")
    )
    enabled = models.BooleanField(_("switched on"), default=False)
    threshold = models.FloatField(_("threshold"), null=True, blank=True)
    precision = models.FloatField(_("measured precision"), null=True, blank=True)
    cases = models.PositiveIntegerField(_("cases measured"), default=0)
    measured_at = models.DateTimeField(_("measured at"), null=True, blank=True)
    from_date = models.DateField(_("from"), default=ALWAYS)
    to_date = models.DateField(_("to"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("automatic dispatch")
        verbose_name_plural = _("automatic dispatch")
        constraints = [
            models.CheckConstraint(condition=Q(enabled=False) | Q(threshold__isnull=False), name="auto_is_measured"),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="auto_dates"),
        ]

    def __str__(self) -> str:
        return str(self.matter)
