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
LARGEST_FIGURE = 86_400
"""A day in seconds, the finest figure there is."""


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
        CALL_BACK = "call_back", _("Call-back")

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
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_how_display()}"


class PolicyKey(models.TextChoices):
    """Single figures that a centre sets."""

    CONSULT_AFTER = "consult_after", _("Returns of one ticket until a consultation")
    YELLOW_DAYS = "yellow_days", _("Yellow card: working days before the limit")
    RED_DAYS = "red_days", _("Red card: working days after the limit")
    RECALL_SECONDS = "recall_seconds", _("Seconds in which an automatic dispatch can be taken back")
    CALL_ATTEMPTS = "call_attempts", _("Attempts to reach a citizen")
    BAD_RATING = "bad_rating", _("Highest level of satisfaction that is bad")
    CROWD = "crowd", _("Merged reports that make a crowd")
    AUTO_PRECISION = "auto_precision", _("Automatic dispatch: lowest share of right units, in per cent")
    AUTO_CASES = "auto_cases", _("Automatic dispatch: fewest closed tickets that must show it")
    SCORE_MINIMUM = "score_minimum", _("Cases below which a rate is too few to be scored")
    INDEX_COVER = "index_cover", _("Efficiency index: lowest share of the weights that ranks a unit, in per cent")
    CONFIDENCE = "confidence", _("Confidence of intervals, in per cent")
    MOST_ASSISTING = "most_assisting", _("Most assisting units of one ticket")
    SHORT_HOURS = "short_hours", _("Limits of so many hours or fewer show the red card at once")
    URGE_HOURS = "urge_hours", _("Hours between two urgings by the citizen")
    RATABLE_DAYS = "ratable_days", _("Days in which an answer can be rated by message")
    AMENDABLE_DAYS = "amendable_days", _("Days in which a rating can be amended by message")
    PHONE_RING = "phone_ring", _("Telephone: seconds that a call rings at one agent")
    PHONE_WRAPUP = "phone_wrapup", _("Telephone: seconds of wrap-up after a call")
    PHONE_QUEUE = "phone_queue", _("Telephone: seconds of waiting after which a message may be left")
    PHONE_ANNOUNCE = "phone_announce", _("Telephone: seconds between two words to who waits")
    PHONE_SKILL = "phone_skill", _("Telephone: seconds that a call waits for the right skill")
    PHONE_OPENS = "phone_opens", _("Telephone: opens, in minutes after midnight")
    PHONE_CLOSES = "phone_closes", _("Telephone: closes, in minutes after midnight")
    PHONE_RATING = "phone_rating", _("Telephone: ask for a rating after the call (1) or not (0)")
    PHONE_SOUND_DAYS = "phone_sound_days", _("Telephone: days that recordings are kept (0: for ever)")
    PHONE_RATING_WAIT = "phone_rating_wait", _("Telephone: seconds of waiting for each key of a rating")
    PHONE_MESSAGE = "phone_message", _("Telephone: seconds that a message may last")
    PHONE_LAST_AGENT = "phone_last_agent", _("Telephone: days in which a caller is given the last agent again")
    PHONE_HANDLING = "phone_handling", _("Telephone: seconds that a call is thought to take until some were measured")
    PHONE_ANSWER = "phone_answer", _("Telephone: seconds in which a call is answered in time")
    PHONE_AWAY = "phone_away", _("Telephone: seconds that an agent's page may be away until the agent has left")
    PHONE_DIAL = "phone_dial", _("Telephone: seconds that a number outside rings")
    PHONE_CALLS = "phone_calls", _("Telephone: most calls at once")
    PHONE_LONGEST = "phone_longest", _("Telephone: seconds that a call may last")
    PHONE_SILENCE = "phone_silence", _("Telephone: seconds without any sound after which a call is taken for lost")
    CROWD_PEOPLE = "crowd_people", _("Crowd alarm: fewest different people who report one place")
    CROWD_HOURS = "crowd_hours", _("Crowd alarm: within so many hours")
    CROWD_ODDS = "crowd_odds", _("Crowd alarm: so many would come by accident once in so many windows")
    DRIFT_FEWEST = "drift_fewest", _("Drift: fewest tickets on either side of a comparison")
    DRIFT_ACCEPTED = "drift_accepted", _("Drift: fall of the share of suggestions accepted, in percentage points")
    DRIFT_STABILITY = "drift_stability", _("Drift: population stability index that is too much, in hundredths")
    DRIFT_UNKNOWN = "drift_unknown", _("Drift: rise of the share of words never seen, in percentage points")
    DRIFT_UNKNOWN_RISE = "drift_unknown_rise", _("Drift: rise of that share against what it was, in per cent")
    REPEAT_PERSON = "repeat_person", _("Repeats: weight of the same citizen, in hundredths")
    REPEAT_SPOT = "repeat_spot", _("Repeats: weight of the same address, in hundredths")
    REPEAT_SITE = "repeat_site", _("Repeats: weight of the same road or estate, in hundredths")
    REPEAT_MATTER = "repeat_matter", _("Repeats: weight of the same matter, in hundredths")
    REPEAT_LEAST = "repeat_least", _("Repeats: lowest sum that is shown, in hundredths; equal words alone make 100")


BOUNDS = {
    PolicyKey.BAD_RATING: (0, 5),
    PolicyKey.CROWD_PEOPLE: (2, 1_000),
    PolicyKey.CROWD_HOURS: (1, 336),
    PolicyKey.CROWD_ODDS: (10, LARGEST_FIGURE),
    PolicyKey.DRIFT_FEWEST: (20, LARGEST_FIGURE),
    PolicyKey.DRIFT_ACCEPTED: (1, 100),
    PolicyKey.DRIFT_STABILITY: (1, 1_000),
    PolicyKey.DRIFT_UNKNOWN: (1, 100),
    PolicyKey.DRIFT_UNKNOWN_RISE: (0, 1_000),
    PolicyKey.REPEAT_PERSON: (0, 100),
    PolicyKey.REPEAT_SPOT: (0, 100),
    PolicyKey.REPEAT_SITE: (0, 100),
    PolicyKey.REPEAT_MATTER: (0, 100),
    PolicyKey.REPEAT_LEAST: (1, 300),
    PolicyKey.AUTO_PRECISION: (1, 100),
    PolicyKey.INDEX_COVER: (0, 100),
    PolicyKey.CONFIDENCE: (50, 99),
    PolicyKey.PHONE_RING: (5, 120),
    PolicyKey.PHONE_WRAPUP: (0, 1_800),
    PolicyKey.PHONE_QUEUE: (10, 3_600),
    PolicyKey.PHONE_ANNOUNCE: (10, 600),
    PolicyKey.PHONE_OPENS: (0, 1_440),
    PolicyKey.PHONE_CLOSES: (0, 1_440),
    PolicyKey.PHONE_RATING: (0, 1),
    PolicyKey.PHONE_RATING_WAIT: (3, 60),
    PolicyKey.PHONE_MESSAGE: (10, 3_600),
    PolicyKey.PHONE_LAST_AGENT: (0, 3_650),
    PolicyKey.PHONE_HANDLING: (10, 3_600),
    PolicyKey.PHONE_ANSWER: (1, 600),
    PolicyKey.PHONE_AWAY: (1, 600),
    PolicyKey.PHONE_DIAL: (5, 180),
    PolicyKey.PHONE_CALLS: (1, 200),
    PolicyKey.PHONE_LONGEST: (60, 10_000),
    PolicyKey.PHONE_SILENCE: (5, 3_600),
}
"""Between which figures these make sense; the others are bounded by LARGEST_FIGURE alone."""


class Policy(models.Model):
    """One figure, with its basis and the days it is in force."""

    key = models.CharField(_("figure"), max_length=20, choices=PolicyKey)
    value = models.PositiveIntegerField(_("value"), validators=[MaxValueValidator(LARGEST_FIGURE)])
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("policy figure")
        verbose_name_plural = _("policy figures")
        ordering = ["key", "-from_date"]
        constraints = [models.UniqueConstraint(fields=["key", "from_date"], name="one_policy_figure")]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.value}"

    def clean(self) -> None:
        """Shares, levels and confidence have an end."""
        least, most = BOUNDS.get(PolicyKey(self.key), (0, LARGEST_FIGURE)) if self.key else (0, LARGEST_FIGURE)
        if self.value is not None and not least <= self.value <= most:
            said = ValidationError(_("From %(least)d to %(most)d."), params={"least": least, "most": most})
            raise ValidationError({"value": said})


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
        return f"{self.matter_id}: {self.enabled}"
