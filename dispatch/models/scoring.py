"""Scoring (考核): what is counted, by which formulas rates are made of it, and how an index is made of the rates."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hotline.people.models import Department
from hotline.tickets.models import Ticket


class Measure(models.TextChoices):
    """Everything that is counted: the closed vocabulary that formulas are written in (see dispatch.scoring.cases)."""

    ALL = "all", _("Requests received")
    ONLINE = "online", _("… not by phone")
    DISPATCHED = "dispatched", _("Parts dispatched to a unit")
    RETURNED = "returned", _("… and rightly returned")
    SIGN_DUE = "sign_due", _("Parts that had to be signed for")
    SIGNED_IN_TIME = "signed_in_time", _("… signed for by the unit in time")
    CONTACT_DUE = "contact_due", _("Citizens that had to be contacted")
    CONTACTED_IN_TIME = "contacted_in_time", _("… contacted in time")
    DUE = "due", _("Answers that were due")
    ANSWERED_IN_TIME = "answered_in_time", _("… answered in time")
    ANSWERED = "answered", _("Requests answered")
    REWORKED = "reworked", _("… and sent to rework")
    SENT = "sent", _("Requests dispatched")
    FIRST_UNIT_RIGHT = "first_unit_right", _("… to the right unit at first")
    FOLLOWED_UP = "effective_follow_ups", _("Effective follow-ups")
    SOLVED = "solved", _("… that said “solved”")
    RATED = "effective_ratings", _("Effective ratings")
    VERY_SATISFIED = "very_satisfied", _("… very satisfied")
    SATISFIED = "satisfied", _("… satisfied")
    BASICALLY_SATISFIED = "basically_satisfied", _("… basically satisfied")
    DISSATISFIED = "dissatisfied", _("… dissatisfied")
    VERY_DISSATISFIED = "very_dissatisfied", _("… very dissatisfied")
    CALLS = "calls", _("Calls in opening hours")
    CALLS_CONNECTED = "calls_connected", _("… answered by an agent")
    CALLS_ABANDONED = "calls_abandoned", _("… hung up by the caller before that")
    CALLS_ANSWERED = "calls_answered", _("Calls answered by an agent")
    ANSWERED_SOON = "answered_soon", _("… within the seconds that the centre sets")


WHOLE: dict[Measure, Measure] = {
    Measure.ONLINE: Measure.ALL,
    Measure.RETURNED: Measure.DISPATCHED,
    Measure.SIGNED_IN_TIME: Measure.SIGN_DUE,
    Measure.CONTACTED_IN_TIME: Measure.CONTACT_DUE,
    Measure.ANSWERED_IN_TIME: Measure.DUE,
    Measure.REWORKED: Measure.ANSWERED,
    Measure.FIRST_UNIT_RIGHT: Measure.SENT,
    Measure.SOLVED: Measure.FOLLOWED_UP,
    Measure.VERY_SATISFIED: Measure.RATED,
    Measure.SATISFIED: Measure.RATED,
    Measure.BASICALLY_SATISFIED: Measure.RATED,
    Measure.DISSATISFIED: Measure.RATED,
    Measure.VERY_DISSATISFIED: Measure.RATED,
    Measure.CALLS_CONNECTED: Measure.CALLS,
    Measure.CALLS_ABANDONED: Measure.CALLS,
    Measure.ANSWERED_SOON: Measure.CALLS_ANSWERED,
}
"""Of which measure each is a part. Parts of one whole never overlap, so their sum over the whole is a share:
a formula made of them cannot exceed 1, and its interval means something."""
OF_CALLS = frozenset({Measure.CALLS, Measure.CALLS_ANSWERED})
"""Wholes that are telephone calls: the centre's own, no unit's."""


class Dated(models.Model):
    """Something a centre decides, with its basis and the days it is in force."""

    basis = models.CharField(_("basis"), max_length=200, blank=True)
    from_date = models.DateField(_("from"), default=timezone.localdate)
    to_date = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        abstract = True


class RateFormula(Dated):
    """One rate (率): the sum of some measures ÷ the whole that they are parts of."""

    code = models.SlugField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    words = models.CharField(_("formula in words"), max_length=200)
    words_en = models.CharField(_("formula in English words"), max_length=300, blank=True)
    numerator = ArrayField(models.CharField(max_length=24, choices=Measure), verbose_name=_("numerator"))
    denominator = models.CharField(_("denominator"), max_length=24, choices=Measure)
    lower_is_better = models.BooleanField(_("lower is better"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates and their formulas")
        ordering = ["order", "code", "-from_date"]
        constraints = [
            models.UniqueConstraint(fields=["code", "from_date"], name="one_formula_at_a_time"),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="formula_dates"),
            models.CheckConstraint(condition=Q(numerator__len__gt=0), name="formula_counts_something"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and _in_english() else self.name

    @property
    def formula(self) -> str:
        """The formula in words, in the reader's language."""
        return self.words_en if self.words_en and _in_english() else self.words

    def clean(self) -> None:
        """Only parts of the denominator can be counted over it, each once."""
        parts = {str(part) for part, whole in WHOLE.items() if whole == self.denominator}
        if not parts.issuperset(self.numerator or []):
            raise ValidationError({"numerator": _("Choose measures that are part of the denominator.")})
        if len(set(self.numerator or [])) != len(self.numerator or []):
            raise ValidationError({"numerator": _("Count each measure once.")})


class IndexWeight(Dated):
    """What one rate weighs in the efficiency index (效能指数)."""

    rate = models.SlugField(_("code of the rate"), max_length=30)
    weight = models.PositiveSmallIntegerField(_("weight"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("weight in the efficiency index")
        verbose_name_plural = _("weights in the efficiency index")
        ordering = ["-weight", "rate"]
        constraints = [
            models.UniqueConstraint(fields=["rate", "from_date"], name="one_weight_at_a_time"),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="weight_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.rate} × {self.weight}"

    def clean(self) -> None:
        """A weight of a rate that no unit has would silently weigh nothing."""
        if not RateFormula.objects.filter(code=self.rate).exclude(denominator__in=OF_CALLS).exists():
            raise ValidationError({"rate": _("There is no rate with this code.")})


class ScoreCase(models.Model):
    """One case that counts: on which day, for which unit, as what, with what outcome; made by dispatch.scoring.fold.

    `measure` is a whole, `outcome` the part of it that the case fell into (empty: into none that is
    counted). No unit means the hotline centre itself. `aside`: set aside, shown but not counted.
    These rows are written by the hundred thousand from rows that exist: the database need not look each up again.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    day = models.DateField()
    department = models.ForeignKey(
        Department, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    measure = models.CharField(max_length=24, choices=Measure)
    outcome = models.CharField(max_length=24, choices=Measure, blank=True)
    aside = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("scored case")
        verbose_name_plural = _("scored cases")
        indexes = [models.Index(fields=["department", "measure", "day"], name="score_case_unit")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.measure} {self.outcome}"


class ScoreDay(models.Model):
    """How often something was counted for a unit on a day: the sums of the scored cases, kept with them."""

    day = models.DateField()
    department = models.ForeignKey(
        Department, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    measure = models.CharField(max_length=24, choices=Measure)
    counted = models.IntegerField(default=0)
    aside = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("score of a day")
        verbose_name_plural = _("scores by day")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "department", "measure"], nulls_distinct=False, name="one_score_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.department_id} {self.measure}: {self.counted}"


class ScoreFold(models.Model):
    """One run of the fold: up to which ledger line and moment the scores are kept."""

    feed = models.BigIntegerField()
    until = models.DateTimeField()
    tickets = models.PositiveIntegerField()
    whole = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("fold of the scores")
        verbose_name_plural = _("folds of the scores")
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d %H:%M} ({self.feed})"


def _in_english() -> bool:
    return (get_language() or "").startswith("en")
