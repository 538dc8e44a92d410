"""An article of the knowledge base: one edition of an answer, whom it is for, and the days on which it holds."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hotline.people.models import Department, Staff
from hotline.tickets.models import Matter


class Articles(models.QuerySet["Article"]):
    """Articles by what they are good for."""

    def in_force(self, day: date | None = None) -> "Articles":
        """Published, and holding on `day` (default: today in the city)."""
        day = day or timezone.localdate()
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=day), state=Article.State.PUBLISHED, valid_from__lte=day
        )

    def for_citizens(self) -> "Articles":
        """What everybody may read."""
        return self.filter(audience=Article.Audience.EVERYBODY)


class Article(models.Model):
    """One edition. A published edition is never rewritten: a change is a new edition that takes its place."""

    class State(models.TextChoices):
        """From the first draft to the shelf and off it."""

        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("Waiting for its check")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Taken back")

    class Audience(models.TextChoices):
        """Who may read it."""

        EVERYBODY = "everybody", _("Everybody")
        STAFF = "staff", _("Staff only")

    title = models.CharField(_("question or title"), max_length=120)
    asked_as = models.TextField(
        _("also asked as"), blank=True, help_text=_("Other words in which citizens ask it, one way a line.")
    )
    body = models.TextField(_("answer"), help_text=_("Plain words; an empty line begins a new paragraph."))
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    audience = models.CharField(_("who may read it"), max_length=10, choices=Audience, default=Audience.EVERYBODY)
    matters = models.ManyToManyField(Matter, verbose_name=_("matters"), blank=True, related_name="articles")
    owner = models.ForeignKey(
        Department, verbose_name=_("unit that answers for it"), on_delete=models.PROTECT, related_name="articles"
    )
    valid_from = models.DateField(_("holds from"), default=timezone.localdate)
    valid_until = models.DateField(_("holds until"), null=True, blank=True)
    look_again_on = models.DateField(_("to be looked at again on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    replaces = models.ForeignKey(
        "self", verbose_name=_("replaces"), null=True, blank=True, on_delete=models.PROTECT, editable=False
    )
    written_by = models.ForeignKey(
        Staff, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    checked_by = models.ForeignKey(
        Staff, verbose_name=_("checked by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    remark = models.CharField(_("remark of the check"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    history = HistoricalRecords()

    objects = Articles.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("knowledge base")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="article_ends_after_it_begins",
                violation_error_message=_("It cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(checked_by__isnull=False, published_at__isnull=False),
                name="published_was_checked",
            ),
            models.CheckConstraint(condition=~Q(checked_by=F("written_by")), name="article_has_two_people"),
            models.UniqueConstraint(fields=["replaces"], condition=~Q(state="retired"), name="one_next_edition"),
        ]
        indexes = [models.Index(fields=["state", "updated_at"], name="article_shelf")]

    def __str__(self) -> str:
        return self.title

    @property
    def questions(self) -> list[str]:
        """The title and every other way it is asked."""
        return [self.title, *(line.strip() for line in self.asked_as.splitlines() if line.strip())]
