"""Finding articles: by a few typed words, or by what a citizen is saying. The index lives in the process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

from django.db.models import Count, Max, Sum
from django.utils import timezone

from hotline.knowledge.models import Article, Articles
from nlp.relevance import Known, Relevance

SUGGESTED = 3
LEAST_SHARE = 0.5
"""An article is offered when at least half of one of its questions, by weight, was said."""
LISTED = 50

Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An article, how much of its question was said, and the words that they share."""

    article: Article
    share: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shelf:
    stamp: Stamp
    keys: Sequence[int]
    index: Relevance


_making = Lock()
_shelves: dict[bool, _Shelf] = {}


def search(query: str, *, citizens: bool) -> list[Article]:
    """Articles in force that hold the words, best first; two statements, three after a change."""
    shelf = _shelf(citizens)
    return _in_order([shelf.keys[position] for position in shelf.index.search(query, LISTED)], citizens)


def suggest(text: str, *, citizens: bool) -> list[Found]:
    """The articles that answer what is being said; none is better than a wrong one."""
    shelf = _shelf(citizens)
    matches = shelf.index.asked(text, SUGGESTED, LEAST_SHARE)
    articles = {
        article.pk: article for article in _in_order([shelf.keys[match.position] for match in matches], citizens)
    }
    return [
        Found(articles[key], match.share, match.words)
        for match in matches
        if (key := shelf.keys[match.position]) in articles
    ]


def _in_order(keys: Sequence[int], citizens: bool) -> list[Article]:
    """The articles, without those that were taken back in this very moment."""
    if not keys:
        return []
    readable = _readable(citizens, timezone.localdate())
    rows = {article.pk: article for article in readable.select_related("owner").filter(pk__in=keys)}
    return [rows[key] for key in keys if key in rows]


def _shelf(citizens: bool) -> _Shelf:
    """The index of this moment's articles; made anew when one of them has changed or a day has begun."""
    today = timezone.localdate()
    stamp = _stamp(citizens, today)
    with _making:
        shelf = _shelves.get(citizens)
        if shelf is None or shelf.stamp != stamp:
            shelf = _shelves[citizens] = _fill(citizens, today, stamp)
    return shelf


def _readable(citizens: bool, today: date) -> Articles:
    articles = Article.objects.in_force(today)
    return articles.for_citizens() if citizens else articles


def _stamp(citizens: bool, today: date) -> Stamp:
    # the sum tells two changes apart that are committed in another order than they were made
    counted = _readable(citizens, today).aggregate(Count("pk"), Sum("pk"), Max("updated_at"))
    return (today, *counted.values())


def _fill(citizens: bool, today: date, stamp: Stamp) -> _Shelf:
    rows = list(_readable(citizens, today).order_by("pk"))
    known = [Known(tuple(article.questions), article.body) for article in rows]
    return _Shelf(stamp, [article.pk for article in rows], Relevance(known))
