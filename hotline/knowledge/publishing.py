"""The life of an edition: written, checked by somebody else, published in the place of the one before, taken back."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.knowledge.models import Article
from hotline.people.models import Staff


class CannotBePublished(Exception):
    """The step is not open to this edition or this person; the message says why, in the reader's words."""


def hand_in(article: Article, *, by: Staff) -> None:
    """A draft waits for its check; who hands it in answers for its words."""
    with transaction.atomic():
        row = _locked(article, Article.State.DRAFT)
        row.state, row.written_by, row.checked_by, row.remark = Article.State.IN_REVIEW, by, None, ""
        row.save()


def publish(article: Article, *, by: Staff) -> None:
    """Put the edition on the shelf, and the one that it replaces off it on its first day; never by its own writer."""
    with transaction.atomic():
        row = _locked(article, Article.State.IN_REVIEW)
        if row.written_by_id == by.pk:
            raise CannotBePublished(_("Somebody else has to check what you wrote."))
        if row.valid_until and row.valid_until < timezone.localdate():
            raise CannotBePublished(_("It no longer holds: its last day is over."))
        if row.replaces_id:
            _give_way(row.replaces_id, row.valid_from, by=by)
        row.state, row.checked_by, row.published_at = Article.State.PUBLISHED, by, timezone.now()
        row.save()


def _give_way(old: int, first_day: date, *, by: Staff) -> None:
    """The edition before holds until the new one does; one that was taken back already is let be."""
    row = Article.objects.select_for_update().get(pk=old)
    last_day = first_day - timedelta(days=1)
    if row.state != Article.State.PUBLISHED:
        return
    if last_day < max(timezone.localdate(), row.valid_from):
        retire(row, by=by)
    elif row.valid_until is None or row.valid_until > last_day:
        row.valid_until = last_day
        row._history_user = by  # type: ignore[attr-defined]  # how simple_history is told who
        row.save()


def send_back(article: Article, *, by: Staff, remark: str) -> None:
    """Back to its writer, with what is missing."""
    if not remark.strip():
        raise CannotBePublished(_("Say what is missing."))
    with transaction.atomic():
        row = _locked(article, Article.State.IN_REVIEW)
        if row.written_by_id == by.pk:
            raise CannotBePublished(_("Somebody else has to check what you wrote."))
        row.state, row.checked_by, row.remark = Article.State.DRAFT, by, remark.strip()
        row.save()


def retire(article: Article, *, by: Staff) -> None:
    """Off the shelf; it stays readable in the history."""
    with transaction.atomic():
        row = _locked(article, Article.State.PUBLISHED)
        row.state = Article.State.RETIRED
        row._history_user = by  # type: ignore[attr-defined]  # how simple_history is told who
        row.save()


def new_edition(article: Article, *, by: Staff) -> Article:
    """A draft with the words of `article` that will take its place; one at a time."""
    with transaction.atomic():
        row = _locked(article, Article.State.PUBLISHED)
        if Article.objects.filter(replaces=row).exclude(state=Article.State.RETIRED).exists():
            raise CannotBePublished(_("A new edition of it is being written already."))
        draft = Article.objects.create(
            title=row.title,
            asked_as=row.asked_as,
            body=row.body,
            basis=row.basis,
            audience=row.audience,
            owner=row.owner,
            valid_until=row.valid_until,
            look_again_on=row.look_again_on,
            replaces=row,
            written_by=by,
        )
        draft.matters.set(row.matters.all())
    return draft


def _locked(article: Article, state: Article.State) -> Article:
    row = Article.objects.select_for_update().get(pk=article.pk)
    if row.state != state:
        raise CannotBePublished(_("It has gone on meanwhile: it is %(state)s.") % {"state": row.get_state_display()})
    return row
