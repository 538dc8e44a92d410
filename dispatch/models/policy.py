"""The single figures that a centre sets: what each is called, between which it makes sense, and from when it counts."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

LARGEST_FIGURE = 86_400
"""A day in seconds, the finest figure there is."""


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
        constraints = [
            models.UniqueConstraint(fields=["key", "from_date"], name="one_policy_figure"),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="policy_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.value}"

    def clean(self) -> None:
        """Shares, levels and confidence have an end."""
        least, most = BOUNDS.get(PolicyKey(self.key), (0, LARGEST_FIGURE)) if self.key else (0, LARGEST_FIGURE)
        if self.value is not None and not least <= self.value <= most:
            said = ValidationError(_("From %(least)d to %(most)d."), params={"least": least, "most": most})
            raise ValidationError({"value": said})
