"""The closed lists of the trade (理由目录): reasons and levels, each with its basis and the days it is in force."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hotline.tickets import clock
from hotline.tickets.models.dated import counts_on


class List(models.TextChoices):
    """Which list an entry stands in."""

    RETURN = "return", _("Reasons for a return")
    EXTENSION = "extension", _("Reasons for an extension")
    SUSPENSION = "suspension", _("Reasons for a suspension")
    REFUSAL = "refusal", _("Reasons not to accept, with the right door")
    SET_ASIDE = "set_aside", _("Reasons to set aside")
    SUPERVISION = "supervision", _("Levels of supervision")
    EMERGENCY = "emergency", _("Emergency services")


class Entries(models.QuerySet["ListEntry"]):
    """Entries of a list."""

    def in_force(self, which: List) -> "Entries":
        """Those that may be chosen today, in their order."""
        today = timezone.localdate(clock.now())
        return self.filter(counts_on(today), list=which)

    def levels(self) -> "Entries":
        """The levels of supervision that may be ordered today, the strongest first: their codes are one digit each."""
        return self.in_force(List.SUPERVISION).order_by("-code")

    def labels(self, which: List) -> dict[str, str]:
        """The words of every code that ever stood in the list, by the latest entry."""
        return {entry.code: entry.label for entry in self.filter(list=which).order_by("from_date")}


class ListEntry(models.Model):
    """One entry; `door` says where else to go (refusals only), `basis` by which rule."""

    list = models.CharField(_("list"), max_length=12, choices=List)
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    door = models.CharField(_("the right door"), max_length=200, blank=True)
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"), null=True, blank=True)
    history = HistoricalRecords()

    objects = Entries.as_manager()

    class Meta:
        verbose_name = _("list entry")
        verbose_name_plural = _("closed lists")
        ordering = ["list", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["list", "code", "from_date"], name="one_list_entry"),
            models.CheckConstraint(condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="list_entry_dates"),
            models.CheckConstraint(
                condition=~Q(list=List.SUPERVISION) | Q(code__regex=r"^[1-9]$"),
                name="level_is_a_digit",
                violation_error_message=_("The code of a level of supervision is a digit from 1 to 9."),
            ),
            models.CheckConstraint(
                condition=~Q(list=List.EMERGENCY) | Q(code__regex=r"^[0-9A-Za-z]{1,8}$"),
                name="service_is_short",
                violation_error_message=_("The code of an emergency service is its number, of at most 8 characters."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name
