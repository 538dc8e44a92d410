"""An edition's life: two people, one edition on the shelf, nothing rewritten."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from hotline.knowledge import publishing
from hotline.knowledge.models import Article
from hotline.knowledge.publishing import CannotBePublished
from hotline.people.models import Staff
from tests import factories
from tests.knowledge.shelf import draft, published

pytestmark = pytest.mark.django_db
State = Article.State


def test_nobody_checks_what_they_wrote() -> None:
    lead = factories.staff("lead")
    article = draft(lead, "公积金怎么取")
    publishing.hand_in(article, by=lead)
    for verb, said in ((publishing.publish, {}), (publishing.send_back, {"remark": "缺依据"})):
        with translation.override("en"), pytest.raises(CannotBePublished, match="Somebody else has to check"):
            verb(article, by=lead, **said)
    article.refresh_from_db()
    assert (article.state, article.checked_by, article.published_at) == (State.IN_REVIEW, None, None)


def test_the_database_refuses_one_person_as_both() -> None:
    article = published("身份证丢了怎么补办")
    with pytest.raises(IntegrityError, match="article_has_two_people"), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(checked_by=article.written_by)
    with pytest.raises(IntegrityError, match="published_was_checked"), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(checked_by=None)


def test_a_new_edition_takes_the_place_of_the_old_when_it_is_checked() -> None:
    old = published("身份证丢了怎么补办", body="二十个工作日。")
    writer, checker = factories.staff("lead"), factories.staff("quality")
    new = publishing.new_edition(old, by=writer)
    with translation.override("en"), pytest.raises(CannotBePublished, match="being written already"):
        publishing.new_edition(old, by=writer)
    Article.objects.filter(pk=new.pk).update(body="十个工作日。")
    publishing.hand_in(new, by=writer)
    assert list(Article.objects.in_force()) == [old]
    publishing.publish(new, by=checker)
    [shown] = Article.objects.in_force()
    assert (shown, shown.body) == (new, "十个工作日。")
    old.refresh_from_db()
    assert (old.state, old.body) == (State.RETIRED, "二十个工作日。")


def test_the_old_edition_holds_until_the_first_day_of_the_new() -> None:
    today = timezone.localdate()
    old, writer, checker = published("养老金几号发"), factories.staff("lead"), factories.staff("quality")
    new = publishing.new_edition(old, by=writer)
    first_day = today + timedelta(days=30)
    Article.objects.filter(pk=new.pk).update(valid_from=first_day)
    publishing.hand_in(new, by=writer)
    publishing.publish(new, by=checker)
    on_the_shelf = {
        day: list(Article.objects.in_force(today + timedelta(days=day)).values_list("pk", flat=True))
        for day in (0, 29, 30)
    }
    assert on_the_shelf == {0: [old.pk], 29: [old.pk], 30: [new.pk]}
    old.refresh_from_db()
    assert (old.state, old.valid_until, old.history.latest().history_user) == (
        State.PUBLISHED,
        today + timedelta(days=29),
        checker,
    )


def test_a_new_edition_of_one_that_was_taken_back_meanwhile_is_published() -> None:
    old, writer, checker = published("养老金几号发"), factories.staff("lead"), factories.staff("quality")
    new = publishing.new_edition(old, by=writer)
    publishing.hand_in(new, by=writer)
    publishing.retire(old, by=checker)
    publishing.publish(new, by=checker)
    assert list(Article.objects.in_force()) == [new]


def test_sent_back_with_what_is_missing() -> None:
    lead, quality = factories.staff("lead"), factories.staff("quality")
    article = draft(lead, "公积金怎么取")
    publishing.hand_in(article, by=lead)
    with translation.override("en"), pytest.raises(CannotBePublished, match="Say what is missing"):
        publishing.send_back(article, by=quality, remark=" ")
    publishing.send_back(article, by=quality, remark="缺依据")
    article.refresh_from_db()
    assert (article.state, article.remark) == (State.DRAFT, "缺依据")
    with translation.override("en"), pytest.raises(CannotBePublished, match="It has gone on meanwhile: it is Draft"):
        publishing.publish(article, by=quality)
    publishing.hand_in(article, by=quality)  # who sent it back may finish it; then somebody else checks
    publishing.publish(article, by=lead)
    article.refresh_from_db()
    assert (article.written_by, article.checked_by) == (quality, lead)


def test_what_no_longer_holds_is_neither_published_nor_shown() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    lead, quality = factories.staff("lead"), factories.staff("quality")
    article = draft(lead, "防疫通告", valid_from=yesterday, valid_until=yesterday)
    publishing.hand_in(article, by=lead)
    with translation.override("en"), pytest.raises(CannotBePublished, match="last day is over"):
        publishing.publish(article, by=quality)
    kept = published("台风通告")
    Article.objects.filter(pk=kept.pk).update(valid_from=yesterday, valid_until=yesterday)
    assert not Article.objects.in_force().exists()
    assert Article.objects.in_force(yesterday).get() == kept


def _administrator(name: str) -> Staff:
    person = factories.staff("admin", username=name)
    Staff.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    return Staff.objects.get(pk=person.pk)


def _press(person: Staff, article: Article, step: str, **fields: str) -> None:
    client = Client()
    client.force_login(person)
    address = reverse("admin:knowledge_article_change", args=[article.pk])
    answer = client.post(address, {**fields, f"knowledge_article_{step}": "1"})
    assert answer.status_code == 302, answer.context["errors"]
    article.refresh_from_db()


def test_the_steps_are_buttons_of_the_admin() -> None:
    writer, checker = _administrator("writer"), _administrator("checker")
    article = draft(writer, "公积金怎么取")
    words = {
        "title": "公积金怎么提取",
        "body": "带身份证。",
        "audience": "everybody",
        "owner": str(article.owner_id),
        "valid_from": "2026-01-01",
    }
    _press(writer, article, "hand_in", **words)
    assert (article.state, article.title) == (State.IN_REVIEW, "公积金怎么提取")
    _press(writer, article, "publish")
    assert article.state == State.IN_REVIEW  # refused, and said so
    _press(checker, article, "publish", title="偷偷改的标题", remark="")
    assert (article.state, article.title, article.checked_by) == (State.PUBLISHED, "公积金怎么提取", checker)
    _press(checker, article, "retire", look_again_on="")
    assert article.state == State.RETIRED


def test_nobody_brings_an_earlier_state_back_past_the_check() -> None:
    person = _administrator("administrator")
    article = published("身份证丢了怎么补办")
    publishing.retire(article, by=person)
    earlier = article.history.filter(state=State.PUBLISHED).latest()
    client = Client()
    client.force_login(person)
    address = reverse("admin:knowledge_article_simple_history", args=[article.pk, earlier.history_id])
    assert client.post(address, {"look_again_on": ""}).status_code == 403
    article.refresh_from_db()
    assert article.state == State.RETIRED
