"""More words and files, ratings, the chat, preferences, and pages in two languages."""

import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from channels_ingest.citizen_web import chat
from hotline.tickets import actors, lifecycle
from hotline.tickets.models import Message, Rating, Ticket
from hotline.tickets.states import State
from tests import factories
from tests.channels_ingest.citizen_web.conftest import photo, words_of
from tests.factories import Cast


def form(**fields: object) -> dict[str, object]:
    return {"submission": str(uuid.uuid4()), **fields}


def said(ticket: Ticket) -> list[tuple[str, str]]:
    return list(ticket.messages.order_by("pk").values_list("kind", "text"))


def test_more_words_and_photos_join_the_thread_once(browser: Client) -> None:
    ticket = factories.ticket(text="路灯坏了")
    address = f"/t/{ticket.public_code}/words/"
    sent = form(text="就是这一盏")
    browser.post(address, {**sent, "attached": [photo(), photo()]})
    browser.post(address, {**sent, "attached": [photo(), photo()]})
    assert said(ticket) == [("text", "路灯坏了"), ("text", "就是这一盏"), ("image", "")]
    assert ticket.attachments.count() == 2


def test_an_answer_to_our_question_brings_the_ticket_back(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.AWAITING_INFO)
    page = browser.get(f"/t/{ticket.public_code}/")
    assert page.context["question"]
    browser.post(f"/t/{ticket.public_code}/words/", form(text="在3栋东侧"))
    ticket.refresh_from_db()
    assert ticket.state == State.RECEIVED


def test_nothing_written_is_not_sent(browser: Client) -> None:
    ticket = factories.ticket()
    page = browser.post(f"/t/{ticket.public_code}/words/", form(text=" "))
    assert page.status_code == 422
    assert page.context["more"].non_field_errors() == ["Write something, or choose a photo."]
    assert ticket.messages.count() == 1


def test_an_archived_matter_takes_no_more_words(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.ARCHIVED)
    answer = browser.post(f"/t/{ticket.public_code}/words/", form(text="还有"), follow=True)
    assert "Nothing can be added any more." in words_of(answer.content)
    assert b'id="more"' not in answer.content


def test_two_questions_and_five_faces(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.FOLLOW_UP)
    address = f"/rate/{ticket.public_code}/"
    page = browser.get(address)
    assert len(page.context["form"]["satisfied"].subwidgets) == 5
    sent = form(satisfied="2", solved="no", words="还在吵")
    for _click in range(2):
        browser.post(address, sent)
    rating = Rating.objects.get(ticket=ticket)
    assert (rating.satisfied, rating.solved, rating.words, rating.channel, rating.counts) == (
        2,
        False,
        "还在吵",
        "web",
        True,
    )


def test_a_second_rating_is_an_amendment(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.CLOSED)
    for satisfied in ("5", "4"):
        browser.post(f"/rate/{ticket.public_code}/", form(satisfied=satisfied))
    kept = Rating.objects.filter(ticket=ticket, channel="web").order_by("pk")
    assert list(kept.values_list("satisfied", "counts")) == [(5, True), (4, False)]


@pytest.mark.parametrize("satisfied", ["", "0", "6", "x"])
def test_a_rating_is_one_of_five(browser: Client, cast: Cast, satisfied: str) -> None:
    ticket = cast.ticket_in(State.FOLLOW_UP)
    page = browser.post(f"/rate/{ticket.public_code}/", form(satisfied=satisfied))
    assert page.status_code == 422
    assert not Rating.objects.exists()


def test_what_is_not_answered_cannot_be_rated(browser: Client) -> None:
    ticket = factories.ticket()
    page = browser.post(f"/rate/{ticket.public_code}/", form(satisfied="5"))
    assert "A matter can be rated once it has been answered." in words_of(page.content)
    assert not Rating.objects.exists()


# --- chat --------------------------------------------------------------------------------------------


def begin(browser: Client, text: str = "请问社保卡怎么补办") -> Ticket:
    browser.get("/chat/")
    answer = browser.post("/chat/", form(text=text))
    ticket = Ticket.objects.latest("pk")
    assert (answer.status_code, answer.url) == (302, f"/chat/{ticket.public_code}/")
    return ticket


def test_first_words_make_a_ticket_and_the_browser_comes_back_to_it(browser: Client) -> None:
    ticket = begin(browser)
    assert (ticket.channel, ticket.text) == ("web", "请问社保卡怎么补办")
    assert browser.get("/chat/").url == f"/chat/{ticket.public_code}/"
    cookie = browser.cookies["visitor"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_without_javascript_the_form_carries_the_words(browser: Client, cast: Cast) -> None:
    ticket = begin(browser)
    lifecycle.reply(ticket=ticket, by=actors.staff(cast.agent), version=ticket.version, text="带身份证即可")
    sent = form(text="谢谢")
    for _click in range(2):
        answer = browser.post(f"/chat/{ticket.public_code}/", sent)
        assert answer.status_code == 302
    page = browser.get(f"/chat/{ticket.public_code}/")
    assert [(m.direction, m.text) for m in page.context["thread"]] == [
        ("in", "请问社保卡怎么补办"),
        ("out", "带身份证即可"),
        ("in", "谢谢"),
    ]
    assert cast.agent.display_name not in page.content.decode()


def test_leaving_a_shared_computer_forgets_the_chat(browser: Client) -> None:
    begin(browser)
    browser.post("/chat/leave/")
    assert browser.get("/chat/").status_code == 200


def test_a_forged_visitor_is_nobody(browser: Client) -> None:
    ticket = begin(browser)
    stranger = Client()
    stranger.cookies["visitor"] = ticket.contact.external_id
    assert stranger.get("/chat/").status_code == 200


def test_words_from_the_socket_are_kept_once(browser: Client) -> None:
    ticket = begin(browser)
    for _again in range(2):
        chat.say(ticket_id=ticket.pk, text=" 还有一件事 ", sent_id="a1")
    assert said(ticket) == [("text", "请问社保卡怎么补办"), ("text", "还有一件事")]


@pytest.mark.parametrize("text", [" ", "长" * 2001])
def test_words_that_are_none_or_too_many_are_refused(browser: Client, text: str) -> None:
    ticket = begin(browser)
    with pytest.raises(ValidationError):
        chat.say(ticket_id=ticket.pk, text=text, sent_id="a1")
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_a_filed_matter_is_not_chatted_about_and_says_so(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.ARCHIVED)
    page = browser.post(f"/chat/{ticket.public_code}/", form(text="在吗"))
    assert page.status_code == 422
    assert page.context["form"].errors["text"] == ["This matter is filed away. Please begin a new chat."]


# --- every page -------------------------------------------------------------------------------------------


def test_large_type_is_kept_and_drawn_by_the_server(browser: Client) -> None:
    assert b'data-large="on"' not in browser.get("/").content
    answer = browser.post("/preferences/", {"large": "on", "next": "/follow/"})
    assert (answer.status_code, answer.url) == (302, "/follow/")
    assert b'data-large="on"' in browser.get("/follow/").content


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_preferences_lead_nowhere_else(browser: Client, elsewhere: str) -> None:
    assert browser.post("/preferences/", {"large": "on", "next": elsewhere}).url == "/"


PAGES = [
    "/",
    "/ask/",
    "/follow/",
    "/chat/",
    "/nowhere/",
    "/t/{code}/",
    "/t/{code}/withdraw/",
    "/chat/{code}/",
]
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@pytest.mark.parametrize("page", [*PAGES, "/ask/done/{code}/", "/rate/{code}/"])
def test_english_pages_are_english_throughout(browser: Client, cast: Cast, page: str) -> None:
    ticket = cast.ticket_in(State.FOLLOW_UP if page.startswith("/rate") else State.HANDLING)
    answer = browser.get(page.format(code=ticket.public_code))
    shown = answer.content.decode().replace('lang="zh-Hans">中文<', "><").replace("云水市", "")
    for data in (cast.unit.name, cast.helper_unit.name, ticket.text):
        shown = shown.replace(data, "")
    assert 'lang="en"' in shown
    assert CHINESE.findall(shown) == []


@pytest.mark.parametrize("code", ["400", "403", "404", "405", "413", "429", "500", "503", "403_csrf"])
def test_error_pages_need_neither_request_nor_database(code: str) -> None:
    with translation.override("en"):
        page = render_to_string(f"{code}.html")
    assert 'href="tel:12345"' in page
    assert CHINESE.findall(page.replace("云水市", "")) == []


def test_what_only_takes_forms_says_so_to_who_opens_it(browser: Client, cast: Cast) -> None:
    address = f"/t/{cast.ticket_in(State.HANDLING).public_code}/urge/"
    page = browser.get(address, headers={"accept": "text/html"})
    assert (page.status_code, page.headers["Allow"]) == (405, "POST")
    assert page.headers["Cache-Control"] == "no-store, private"
    assert '<p class="where">405</p>' in page.content.decode()
    assert browser.get(address, headers={"accept": "application/json"}).content == b""
    assert browser.get(address, headers={"accept": "*/*"}).content == b""


@pytest.mark.parametrize("page", PAGES)
def test_every_page_can_be_read_by_a_screen_reader(browser: Client, cast: Cast, page: str) -> None:
    ticket = cast.ticket_in(State.HANDLING)
    shown = browser.get(page.format(code=ticket.public_code)).content.decode()
    assert len(re.findall(r"<h1\b", shown)) == 1
    assert 'class="skip" href="#main"' in shown
    assert "<main id=" in shown
    ids = re.findall(r'\sid="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    asked = re.findall(r'<(?:input(?! type="hidden")|textarea|select)\b[^>]*\sid="([^"]+)"', shown)
    assert set(asked) <= set(re.findall(r'<label[^>]* for="([^"]+)"', shown))
    assert re.findall(r"\son[a-z]+=|\sstyle=|<style|<script(?![^>]*src=)", shown) == []
