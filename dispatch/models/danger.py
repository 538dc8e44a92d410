"""RiskSign (风险词): a city's own lines of the lexicon of danger, each with the days it is in force."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hotline.tickets.models import UrgencyLevel
from hotline.tickets.models.dated import counts_on
from nlp.signs import Sign, sign


class RiskKind(models.TextChoices):
    """What is told of; an idiom only sounds dangerous and is not heard."""

    LIFE = "life", _("Danger to life")
    FIRE = "fire", _("Fire or explosion")
    GAS = "gas", _("Gas leak")
    SELF_HARM = "self_harm", _("Suicide or self-harm")
    MASS = "mass", _("Mass incident")
    MINORS = "minors", _("Minors at risk")
    WAGES = "wages", _("Wage protest")
    VIOLENCE = "violence", _("Violence")
    DISEASE = "disease", _("Disease or food poisoning")
    COLLAPSE = "collapse", _("Collapse")
    MISSING = "missing", _("Missing person")
    CHEMICAL = "chemical", _("Chemical leak")
    ELECTRIC = "electric", _("Live wires")
    OUTAGE = "outage", _("Outage")
    HAZARD = "hazard", _("Hazard")
    INJURY = "injury", _("Injury")
    CARE = "care", _("Medical need")
    PLEA = "plea", _("Said to be urgent")
    IDIOM = "idiom", _("Only sounds dangerous")


class RiskSigns(models.QuerySet["RiskSign"]):
    """Lines of the lexicon."""

    def in_force(self) -> "RiskSigns":
        """Those that count today."""
        today = timezone.localdate()
        return self.filter(counts_on(today)).order_by("pk")


class RiskSign(models.Model):
    """Words of danger; lines of the product that have the same `what` count no more while one of these is in force."""

    kind = models.CharField(_("kind"), max_length=12, choices=RiskKind)
    level = models.CharField(_("level"), max_length=8, choices=UrgencyLevel)
    what = models.CharField(_("name"), max_length=40)
    pattern = models.CharField(_("words"), max_length=1000)
    beside = models.CharField(_("only beside"), max_length=60, blank=True)
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"), null=True, blank=True)
    history = HistoricalRecords()

    objects = RiskSigns.as_manager()

    class Meta:
        verbose_name = _("risk words")
        verbose_name_plural = _("risk words")
        ordering = ["kind", "what", "from_date"]
        constraints = [
            models.UniqueConstraint(fields=["what", "pattern", "from_date"], name="one_risk_sign"),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="risk_sign_dates"),
        ]

    def __str__(self) -> str:
        return self.what

    def clean(self) -> None:
        """Words that could not be looked for are refused when they are written."""
        try:
            self.sign()
        except ValueError as error:
            raise ValidationError({"pattern": str(error)}) from error

    def sign(self) -> Sign:
        """The line as the reader of words takes it; raises ValueError when it means nothing."""
        return sign(self.kind, self.level, self.pattern, self.what, self.beside)
