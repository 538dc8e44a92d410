"""Screens and states of the administration: lists, forms, histories, what is asked before deleting, what changes do."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.staff_states import Screen

Act = Callable[[Page], Any]
FIRST_ROW = "#result_list tbody a"
HEADING = "#content, #changelist"
FORM = "form[id$=_form]"
READ_ONLY = (
    "tickets/precedent", "dispatch/catalogueupload", "dispatch/rulechange", "calls/phonecall", "calls/callbacktask",
    "people/personaldataread", "dispatch/backgroundjob",
)  # fmt: skip
WRITTEN = (
    "dispatch/duty", "tickets/matter", "dispatch/enterpriseroute", "dispatch/packinforce", "dispatch/rulepack",
    "dispatch/termrule", "dispatch/checkrule", "dispatch/policy", "dispatch/calendarday", "dispatch/holidaynotice",
    "dispatch/officehours", "dispatch/supervisiontrigger", "dispatch/autodispatchrule", "tickets/listentry",
    "dispatch/risksign", "knowledge/article", "dispatch/rateformula", "dispatch/indexweight", "calls/skill",
    "calls/extension", "calls/outsidenumber", "people/staff", "people/department", "people/area",
    "channels_ingest/channelaccount",
)  # fmt: skip
SHOWN_ONCE = ("people/apikey",)
"""Changed here, never made here."""
WITH_HISTORY = ("dispatch/duty", "dispatch/termrule", "tickets/matter", "knowledge/article", "dispatch/policy")
DELETED = ("people/area", "people/staff", "calls/skill", "dispatch/calendarday", "channels_ingest/channelaccount")


def nothing(page: Page) -> None:
    """For what needs no hands."""


def administrator(path: str, then: Act = nothing, ready: str = HEADING) -> Screen:
    """A page of the administrator's."""
    return Screen("admin", f"/admin/{path}", ready, then)


def first_of(page: Page) -> None:
    """Open the first row of a list, if there is one."""
    if not page.locator(FIRST_ROW).count():
        return
    with page.expect_navigation():
        page.locator(FIRST_ROW).first.click()
    page.locator(f"{FORM}, .rules-card").first.wait_for()


def beside(step: str) -> Act:
    """The first row's page of this name: its history, or what is asked before it is deleted."""

    def act(page: Page) -> None:
        first_of(page)
        page.goto(page.url.partition("?")[0].replace("/change/", f"/{step}/"))
        page.locator(HEADING).first.wait_for()

    return act


def an_edition(page: Page) -> None:
    """A row as it was once, if anybody has changed it."""
    beside("history")(page)
    if not page.locator("#change-history a").count():
        return
    with page.expect_navigation():
        page.locator("#change-history a").first.click()
    page.locator(FORM).first.wait_for()


def refused(page: Page) -> None:
    """An empty form is sent."""
    with page.expect_navigation():
        page.locator("[name=_save]").first.click()
    page.locator(".errorlist, .errornote, [id^=error]").first.wait_for()


def chosen(page: Page) -> None:
    """Some rows of a list are ticked, as before something is done with all of them."""
    for box in page.locator("#result_list tbody input.action-select").all()[:3]:
        box.check(force=True)


def unreadable(page: Page) -> None:
    """A file is given that is no workbook."""
    page.locator("[type=file]").set_input_files({"name": "a.xlsx", "mimeType": "text/plain", "buffer": b"words"})
    page.locator(".rules-button-main").click()
    page.locator(".rules-error").wait_for()


def short(table: str) -> str:
    """The name of a table without its part of the product."""
    return table.rpartition("/")[2]


LISTS = {f"admin-{short(table)}": administrator(f"{table}/") for table in (*WRITTEN, *SHOWN_ONCE, *READ_ONLY)}
FORMS = {f"admin-{short(table)}-one": administrator(f"{table}/", first_of) for table in (*WRITTEN, *READ_ONLY)}
NEW = {f"admin-{short(table)}-add": administrator(f"{table}/add/", ready=FORM) for table in WRITTEN}
HISTORIES = {
    f"admin-{short(table)}-{name}": administrator(f"{table}/", act)
    for table in WITH_HISTORY
    for name, act in (("history", beside("history")), ("edition", an_edition))
}
DELETIONS = {f"admin-{short(table)}-delete": administrator(f"{table}/", beside("delete")) for table in DELETED}
REFUSED = {
    f"admin-{short(table)}-refused": administrator(f"{table}/add/", refused, FORM)
    for table in ("people/staff", "dispatch/duty", "dispatch/termrule", "channels_ingest/channelaccount")
}
STATES = {
    "admin-home": administrator(""),
    **LISTS,
    **FORMS,
    **NEW,
    **HISTORIES,
    **DELETIONS,
    **REFUSED,
    "admin-upload": administrator("dispatch/duty/upload"),
    "admin-examine": administrator("dispatch/duty/examine"),
    "admin-effect": administrator("dispatch/rulechange/", first_of),
    "admin-difference": administrator("dispatch/catalogueupload/", first_of),
    "admin-unreadable": administrator("dispatch/duty/upload", unreadable),
    "admin-nothing": administrator("dispatch/duty/?q=zzzz"),
    "admin-chosen": administrator("people/area/", chosen),
    "admin-password-of": administrator("people/staff/", beside("password")),
    "admin-404": administrator("people/staff/999999/change/"),
    "admin-login": Screen("", "/admin/login/", "h1"),
    "auditor-home": Screen("auditor1", "/home/", "body"),
}
