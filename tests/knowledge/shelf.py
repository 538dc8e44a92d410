"""Articles for tests, brought onto the shelf by the real verbs."""

from typing import Any

from hotline.knowledge import publishing
from hotline.knowledge.models import Article
from hotline.people.models import Staff
from tests import factories


def draft(by: Staff, title: str, **fields: Any) -> Article:
    """An edition that nobody has checked."""
    fields = {"body": "带身份证到窗口办理。"} | fields
    return Article.objects.create(title=title, owner=factories.department("knows"), written_by=by, **fields)


def published(title: str, **fields: Any) -> Article:
    """An edition that a second person has checked."""
    writer, checker = factories.staff("lead"), factories.staff("quality")
    article = draft(writer, title, **fields)
    publishing.hand_in(article, by=writer)
    publishing.publish(article, by=checker)
    article.refresh_from_db()
    return article
