"""Screens and states of citizens, and of units on paper and without a network."""

import os
import re
from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any

import django
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page

from tests.browser.staff_states import Screen

Act = Callable[[Page], Any]
WORDS = "文昌路公交站旁的路灯坏了三天，晚上很黑，老人看不见台阶"
UNIT = "article.page .actions"


def nothing(page: Page) -> None:
    """For what needs no preparation and no hands."""


def click(selector: str, index: int = 0) -> Act:
    """A click on the nth of what the selector finds."""
    return lambda page: page.locator(selector).nth(index).click()


def second_step(page: Page) -> None:
    """What the form understood of a citizen's words; nothing is handed in."""
    page.locator("textarea").fill(WORDS)
    page.locator("main button[type=submit]").click()
    page.locator("[name=phone]").wait_for()


def refused(page: Page) -> None:
    """The second step, sent with a telephone that cannot be one."""
    second_step(page)
    page.locator("[name=phone]").fill("123")
    page.locator("main button[type=submit]").click()
    page.locator("#errors").wait_for()


def offline(page: Page) -> None:
    """The network is gone."""
    page.context.set_offline(True)


def large(page: Page) -> None:
    """Large type was chosen on an earlier visit."""
    page.goto("/follow/")
    page.locator("[data-large-toggle]").click()
    page.locator("html[data-large=on]").wait_for()


def without_script(page: Page) -> None:
    """JavaScript never arrives."""
    page.route(re.compile(r"\.js$"), lambda route: route.abort())


def on_paper(page: Page) -> None:
    """As it is printed."""
    page.emulate_media(media="print", color_scheme="light")


def shown_as(template: str, **said: Any) -> Act:
    """The page that Django shows when something goes wrong, which nothing can be made to do from outside."""

    def before(page: Page) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
        for name in ("HOTLINE_SECRET_KEY", "HOTLINE_PERSONAL_DATA_KEY"):
            os.environ.setdefault(name, token_urlsafe(50))
        django.setup()
        kept = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
        with translation.override(kept.get("django_language", "zh-hans")):
            body = render_to_string(f"{template}.html", said)
        page.route("**/nowhere/", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))

    return before


def too_long_open(page: Page) -> None:
    """A form is sent whose cookie is gone."""
    page.locator("textarea").fill(WORDS)
    page.context.clear_cookies(name="csrftoken")
    page.locator("main button[type=submit]").click()
    page.locator(".where", has_text="403").wait_for()


def locked_out(page: Page) -> None:
    """Too many wrong passwords for a name that nobody has."""
    for _attempt in range(6):
        if page.locator("[name=password]").count():
            page.locator("[name=username]").fill("nobody")
            page.locator("[name=password]").fill("wrong")
            with page.expect_navigation():
                page.locator("form button[type=submit]").first.click()


def citizen(path: str, then: Act = nothing, before: Act = nothing) -> Screen:
    """A page of the citizens'."""
    return Screen("", path, "h1", then, before=before)


def answering(page: Page) -> None:
    """Open the form of the answer."""
    page.locator(UNIT).get_by_role("button").filter(has_text=re.compile("答复|Answer")).first.click()
    page.get_by_role("dialog").wait_for()


def answering_offline(page: Page) -> None:
    """The network goes while the answer is being written."""
    answering(page)
    offline(page)


TICKETS = (
    "received", "awaiting_info", "handling", "suspended", "follow_up", "closed", "refused", "emergency", "merged",
)  # fmt: skip
CITIZENS = {
    "web-home": citizen("/"),
    "web-home-large": citizen("/", before=large),
    "web-ask": citizen("/ask/"),
    "web-ask-without-script": citizen("/ask/", before=without_script),
    "web-ask-empty": citizen("/ask/", click("main button[type=submit]")),
    "web-details": citizen("/ask/", second_step),
    "web-details-large": citizen("/ask/", second_step, before=large),
    "web-details-refused": citizen("/ask/", refused),
    "web-details-without-script": citizen("/ask/", second_step, before=without_script),
    "web-follow": citizen("/follow/"),
    "web-follow-large": citizen("/follow/", before=large),
    "web-follow-refused": citizen("/follow/", click("main button[type=submit]")),
    "web-done": citizen("/ask/done/{code:queue=pending}/"),
    "web-done-large": citizen("/ask/done/{code:queue=pending}/", before=large),
    "web-done-on-paper": citizen("/ask/done/{code:queue=pending}/", before=on_paper),
    "web-ticket-late": citizen("/t/{code:due=late}/"),
    "web-ticket-large": citizen("/t/{code:state=handling}/", before=large),
    "web-ticket-on-paper": citizen("/t/{code:state=follow_up}/", before=on_paper),
    **{f"web-ticket-{state}": citizen(f"/t/{{code:state={state}}}/") for state in TICKETS},
    "web-rate": citizen("/rate/{code:state=follow_up}/"),
    "web-rate-large": citizen("/rate/{code:state=follow_up}/", before=large),
    "web-rate-empty": citizen("/rate/{code:state=follow_up}/", click("main button[type=submit]")),
    "web-not-yet": citizen("/rate/{code:state=handling}/"),
    "web-withdraw": citizen("/t/{code:state=handling}/withdraw/"),
    "web-chat-start": citizen("/chat/"),
    "web-chat": citizen("/chat/{code:state=handling}/"),
    "web-chat-large": citizen("/chat/{code:state=handling}/", before=large),
    "web-knowledge": citizen("/knowledge/"),
    "web-knowledge-found": citizen("/knowledge/?q=公积金"),
    "web-knowledge-nothing": citizen("/knowledge/?q=zzzz"),
    "web-article": citizen("/knowledge/", click(".answers a")),
    "web-404": citizen("/nowhere/"),
    "web-404-large": citizen("/nowhere/", before=large),
    "web-403-csrf": citizen("/ask/", too_long_open),
    "web-405": citizen("/t/{code:state=handling}/urge/"),
    "web-400": citizen("/nowhere/", before=shown_as("400")),
    "web-413": citizen("/nowhere/", before=shown_as("413", most=6, megabytes=10)),
    "web-429": citizen("/nowhere/", before=shown_as("429", minutes=15)),
    "web-500": citizen("/nowhere/", before=shown_as("500")),
    "web-503": citizen("/nowhere/", before=shown_as("503")),
    "staff-403": Screen("urban", "/desk/", "h1"),
    "staff-password": Screen("urban", "/password/", "h1"),
    "staff-password-refused": Screen("urban", "/password/", "h1", click("main form button")),
    "staff-locked-out": Screen("", "/login/", "h1", locked_out),
    "staff-opening": Screen("urban", "/portal/", ".opening", before=without_script),
    "docs-of-the-interface": Screen("admin", "/api/v1/docs", ".opblock-tag"),
}
UNITS = {
    "portal-empty": Screen("water", "/portal/?group=return_refused", ".notice"),
    "portal-offline": Screen("urban", "/portal/?ticket={group=handling}", UNIT, offline),
    "portal-answer-offline": Screen("urban", "/portal/?ticket={group=handling}", UNIT, answering_offline),
    "portal-on-paper": Screen("urban", "/portal/?ticket={group=handling}", UNIT, on_paper),
    "portal-chain": Screen("urban", "/portal/?group=done&ticket={group=done}", UNIT, click(".course .bar button", 1)),
}
STATES = {**CITIZENS, **UNITS}
