"""The citizen's pages of the knowledge base, and the interface for the desk."""

import pytest
from django.test import Client
from django.utils import translation

from hotline.knowledge.models import Article
from tests import factories
from tests.knowledge.shelf import draft, published

pytestmark = pytest.mark.django_db
SAID = "公司拖欠工资三个月了，我该怎么办"


def test_a_citizen_searches_and_reads(client: Client) -> None:
    article = published("公司拖欠工资怎么办", body="先保留考勤。\n\n再去投诉<script>alert(1)</script>。")
    page = client.get("/knowledge/", {"q": "拖欠工资"}).content.decode()
    assert article.title in page
    page = client.get(f"/knowledge/{article.pk}/").content.decode()
    assert "<p>先保留考勤。</p>" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_is_not_for_everybody_is_not_there(client: Client) -> None:
    inside = published("坐席口径", audience=Article.Audience.STAFF)
    unchecked = draft(factories.staff("lead"), "没审核的")
    for article in (inside, unchecked):
        assert client.get(f"/knowledge/{article.pk}/").status_code == 404
    found = client.get("/knowledge/", {"q": "坐席口径"}).content.decode()
    assert f"/knowledge/{inside.pk}/" not in found


def test_an_answer_is_offered_while_writing_and_after(client: Client) -> None:
    article = published("公司拖欠工资怎么办")
    offered = client.post("/ask/answers/", {"text": SAID})
    assert f"/knowledge/{article.pk}/" in offered.content.decode()
    assert offered["Cache-Control"] == "no-store, private"
    assert client.post("/ask/answers/", {"text": "楼下太吵"}).content.decode().strip() == ""
    assert f"/knowledge/{article.pk}/" in client.post("/ask/", {"text": SAID}).content.decode()


def test_the_desk_asks_with_the_citizens_words(client: Client) -> None:
    article = published("公司拖欠工资怎么办", audience=Article.Audience.STAFF)
    client.force_login(factories.staff("agent"))
    answer = client.post("/api/v1/knowledge/asked", {"text": SAID}, content_type="application/json")
    [found] = answer.json()["results"]
    assert (found["article"]["id"], found["share"]) == (article.pk, 1.0)
    [row] = client.get("/api/v1/knowledge", {"q": "工资"}).json()["results"]
    assert row == client.get(f"/api/v1/knowledge/{article.pk}").json()
    assert row["body"] == "带身份证到窗口办理。"


def test_words_without_end_are_refused(client: Client) -> None:
    client.force_login(factories.staff("agent"))
    with translation.override("en"):
        answer = client.post("/api/v1/knowledge/asked", {"text": "长" * 20_001}, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["text"])
