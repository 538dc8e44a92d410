"""A ticket typed by hand at the desk: by the keyboard alone, nothing lost on the way, a ringing call still answered."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.street import Street
from tests.browser.test_looks import AXE, RULES, STILL
from tests.browser.visitors import Visitors

TEXT = "文昌路口的路灯坏了三天，晚上看不见台阶"


def dialog(page: Page) -> Locator:
    """The form."""
    return page.get_by_role("dialog", name="电话建单")


def test_from_c_to_an_open_ticket_without_the_mouse(visitors: Visitors, street: Street, axe: str) -> None:
    page = visitors.staff("agent1")
    page.goto("/desk/")
    expect(page.get_by_text("实时")).to_be_visible()
    page.keyboard.press("c")
    expect(dialog(page).get_by_label("诉求内容")).to_be_focused()
    page.keyboard.type(TEXT)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    page.get_by_role("button", name="电话建单（有未发送的内容）").click()
    expect(dialog(page).get_by_label("诉求内容")).to_have_value(TEXT)
    expect(dialog(page).get_by_label("诉求内容")).to_be_focused()

    for words in ("12", "李小明", "文昌路12号"):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    expect(dialog(page)).to_contain_text("电话号码不对，请检查一下，也可以不填。")
    page.evaluate(STILL)
    page.evaluate(axe)
    assert page.evaluate(AXE, RULES) == []

    dialog(page).get_by_label("来电号码").fill("139 0000 5521")
    page.keyboard.press("Control+Enter")
    expect(dialog(page)).to_be_hidden()
    expect(page.locator(".conversation")).to_contain_text(TEXT)
    found = re.search(r"ticket=(\d{18})", page.url)
    assert found
    ticket = street.sees("agent1", found[1])
    assert (ticket["channel"], ticket["text"], ticket["place"]["address"]) == ("phone", TEXT, "文昌路12号")
    assert (ticket["citizen"]["name"], ticket["citizen"]["phone"]) == ("李**", "139****5521")
    expect(page.locator("section.units li").first).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator(".conversation .tag")).to_have_text("已受理待派")


def test_what_was_typed_outlasts_a_failed_send_and_makes_one_ticket(visitors: Visitors, street: Street) -> None:
    page = visitors.staff("agent2")
    page.goto("/desk/")
    expect(page.get_by_text("实时")).to_be_visible()

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/v1/phone/tickets", lose_the_answer)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="命令栏").get_by_role("combobox")).to_be_focused()
    page.keyboard.type("电话建单")
    page.keyboard.press("Enter")
    text = "公园北门的健身器材松动，老人差点摔倒"
    expect(dialog(page).get_by_label("诉求内容")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("连不上服务器")).to_be_visible()
    expect(dialog(page).get_by_label("诉求内容")).to_have_value(text)
    page.unroute_all()
    page.keyboard.press("Control+Enter")
    expect(dialog(page)).to_be_hidden()
    expect(page.locator(".conversation")).to_contain_text(text)
    rows = street.colleague("agent1").get("/api/v1/tickets", params={"q": text}).json()["results"]
    assert [row["number"] for row in rows] == re.findall(r"ticket=(\d{18})", page.url)
