"""Screens and states of citizens, of units on paper and without a network, and of administrators."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.staff_states import Screen

Act = Callable[[Page], Any]
WORDS = "文昌路公交站旁的路灯坏了三天，晚上很黑，老人看不见台阶"
UNIT = "article.page .actions"
FIRST_ROW = "#result_list tbody a"


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


def citizen(path: str, then: Act = nothing, before: Act = nothing) -> Screen:
    """A page of the citizens'."""
    return Screen("", path, "h1", then, before=before)


def administrator(path: str, then: Act = nothing) -> Screen:
    """A page of the administrator's."""
    return Screen("admin", f"/admin/{path}", "h1, h2", then)


def first_of(page: Page) -> None:
    """Open the first row of a list."""
    page.locator(FIRST_ROW).first.click()
    page.locator("form#content-main form, form[id$=_form]").first.wait_for()


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
}
UNITS = {
    "portal-empty": Screen("water", "/portal/?group=return_refused", ".notice"),
    "portal-offline": Screen("urban", "/portal/?ticket={group=handling}", UNIT, offline),
    "portal-answer-offline": Screen("urban", "/portal/?ticket={group=handling}", UNIT, answering_offline),
    "portal-on-paper": Screen("urban", "/portal/?ticket={group=handling}", UNIT, on_paper),
    "portal-chain": Screen("urban", "/portal/?group=done&ticket={group=done}", UNIT, click(".course .bar button", 1)),
}
TABLES = (
    "dispatch/duty", "tickets/matter", "tickets/precedent", "dispatch/enterpriseroute", "dispatch/catalogueupload",
    "dispatch/packinforce", "dispatch/rulepack", "dispatch/termrule", "dispatch/checkrule", "dispatch/policy",
    "dispatch/rulechange", "dispatch/calendarday", "dispatch/holidaynotice", "dispatch/officehours",
    "dispatch/supervisiontrigger", "dispatch/autodispatchrule", "tickets/listentry", "dispatch/risksign",
    "knowledge/article", "dispatch/rateformula", "dispatch/indexweight", "calls/phonecall", "calls/callbacktask",
    "calls/skill", "calls/extension", "calls/outsidenumber", "people/staff", "people/department", "people/area",
    "people/apikey", "people/personaldataread", "channels_ingest/channelaccount",
)  # fmt: skip
OPENED = (
    "dispatch/duty", "tickets/matter", "dispatch/termrule", "dispatch/rulechange", "knowledge/article",
    "dispatch/rateformula", "people/staff", "people/department", "people/area", "channels_ingest/channelaccount",
)  # fmt: skip
ADMINISTRATORS = {
    "admin-home": administrator(""),
    **{f"admin-{table.rpartition('/')[2]}": administrator(f"{table}/") for table in TABLES},
    **{f"admin-{table.rpartition('/')[2]}-one": administrator(f"{table}/", first_of) for table in OPENED},
    "admin-staff-add": administrator("people/staff/add/"),
    "admin-calendarday-add": administrator("dispatch/calendarday/add/"),
    "admin-officehours-add": administrator("dispatch/officehours/add/"),
    "admin-area-add": administrator("people/area/add/"),
    "admin-channelaccount-add": administrator("channels_ingest/channelaccount/add/"),
    "admin-staff-refused": administrator("people/staff/add/", click("[name=_save]")),
    "admin-upload": administrator("dispatch/duty/upload/"),
    "admin-nothing": administrator("dispatch/duty/?q=zzzz"),
    "auditor-home": Screen("auditor1", "/home/", "body"),
}
STATES = {**CITIZENS, **UNITS, **ADMINISTRATORS}
