"""Two desks side by side: in step without reloading, few keys to dispatch, nothing lost over a break."""

import re

from playwright.sync_api import Locator, Page, expect

from tests import processes
from tests.browser.street import Street
from tests.browser.visitors import Visitors

FEWEST_KEYS = 6


class Typist:
    """Counts the keys that somebody presses; a chord counts as each of its keys."""

    def __init__(self, page: Page) -> None:
        self._page, self.keys = page, 0

    def press(self, key: str) -> None:
        """Press and count."""
        self.keys += len(key.split("+"))
        self._page.keyboard.press(key)


def row(page: Page, number: str) -> Locator:
    """The ticket's line in the queue."""
    return page.locator(f"#row-{number}")


def open_desk(page: Page, query: str = "") -> None:
    """Come to the desk and wait until it is live."""
    page.goto(f"/desk/{query}")
    expect(page.get_by_text("实时")).to_be_visible()


def test_two_desks_stay_in_step_and_dispatch_takes_few_keys(visitors: Visitors, street: Street) -> None:
    one, two = visitors.staff("agent1"), visitors.staff("agent2")
    open_desk(one), open_desk(two)
    number = street.writes("小区门口的井盖坏了三天，车子压过去咣当响，老人差点绊倒，请派人修一下")
    expect(row(one, number)).to_be_visible()
    expect(row(two, number)).to_be_visible()

    hands = Typist(one)
    hands.press("j")
    hands.press("Enter")
    expect(one.locator("section.units li")).to_have_count(3)
    unit = one.locator("section.units li .line b").first.inner_text()
    expect(row(two, number).locator(".people")).to_have_attribute("title", "陈晓岚")

    hands.press("a")
    expect(row(one, number)).to_have_count(0)
    expect(row(two, number)).to_have_count(0)
    expect(one.locator(".panel .primary")).to_contain_text("派单")
    hands.press("1")
    dialog = one.get_by_role("dialog", name="派单")
    expect(dialog).to_contain_text(unit)
    expect(dialog).to_contain_text("答复")  # the limits that the dispatch will set
    expect(dialog.locator(".el-button--primary")).to_be_focused()  # once the dialog has opened
    hands.press("Enter")
    expect(one.locator(".conversation .tag")).to_have_text("待签收")
    assert hands.keys <= FEWEST_KEYS

    two.goto(f"/desk/?ticket={number}")
    expect(two.locator(".conversation .tag")).to_have_text("待签收")
    assert street.sees("agent2", number)["department_name"] == unit


def test_what_one_types_stays_while_the_other_changes_the_ticket(visitors: Visitors, street: Street) -> None:
    number = street.hands_in("路灯坏了一个星期，晚上很黑")["number"]
    one = visitors.staff("agent1")
    open_desk(one, f"?ticket={number}")
    one.get_by_label("标题").fill("我正在写的标题")
    street.does("agent2", "accept", number, title="同事写的标题", type="help")
    expect(one.locator(".conversation .tag")).to_have_text("已受理待派")
    expect(one.get_by_label("标题")).to_have_value("我正在写的标题")

    one.get_by_role("button", name="保存修改").click()
    conflict = one.get_by_role("dialog", name="这张工单刚被改动")
    expect(conflict).to_contain_text("我正在写的标题")
    expect(conflict).to_contain_text("同事写的标题")
    conflict.get_by_role("button", name="按最新工单继续提交").click()
    expect(conflict).to_be_hidden()
    expect(one.get_by_label("标题")).to_have_value("我正在写的标题")
    assert street.sees("agent2", number)["title"] == "我正在写的标题"


def test_a_conflict_that_the_server_finds_shows_both_versions(visitors: Visitors, street: Street) -> None:
    number = street.hands_in("人行道的地砖松了，下雨天一踩一身水")["number"]
    street.does("agent1", "accept", number, title="地砖松动", type="help")
    one = visitors.staff("agent1")
    open_desk(one, f"?ticket={number}")
    expect(one.locator(".panel .primary")).to_contain_text("派单")
    # The colleague's change is on its way but has not come: the feed is cut, the request is not.
    one.route(re.compile(rf"/api/v1/tickets/{number}$"), lambda route: route.abort())
    street.does("agent2", "edit", number, title="人行道地砖松动积水")
    one.keyboard.press("n")
    dialog = one.get_by_role("dialog", name="内部备注")
    dialog.get_by_role("textbox").fill("已电话核实位置，在东门公交站旁")
    dialog.get_by_role("button", name="内部备注").click()
    conflict = one.get_by_role("dialog", name="这张工单刚被改动")
    expect(conflict).to_contain_text("已电话核实位置，在东门公交站旁")
    expect(conflict).to_contain_text("人行道地砖松动积水")
    one.unroute_all()
    conflict.get_by_role("button", name="按最新工单继续提交").click()
    expect(conflict).to_be_hidden()
    kinds = street.colleague("agent2").get(f"/api/v1/tickets/{number}/ledger").json()["results"]
    assert [line["data"]["text"] for line in kinds if line["kind"] == "noted"] == ["已电话核实位置，在东门公交站旁"]


def test_a_desk_without_network_says_so_and_misses_nothing(visitors: Visitors, street: Street) -> None:
    one = visitors.staff("agent1")
    open_desk(one)
    one.context.set_offline(True)
    expect(one.get_by_text("已断开")).to_be_visible()
    missed = [street.hands_in(f"断线期间的第{n}件：垃圾桶满了")["number"] for n in range(3)]
    one.context.set_offline(False)
    expect(one.get_by_text("实时")).to_be_visible()
    for number in missed:
        expect(row(one, number)).to_have_count(1)


def test_a_desk_outlives_its_server(visitors: Visitors, street: Street) -> None:
    port = processes.free_port()
    address = f"http://127.0.0.1:{port}"
    with processes.hotline("serve", "--port", str(port)) as first:
        processes.wait_until_ready(first, f"{address}/readyz")
        one = visitors.staff("agent1", base_url=address)
        open_desk(one)
        first.kill()
    expect(one.get_by_text("已断开")).to_be_visible()
    missed = [street.hands_in(f"服务器重启期间来的第{n}件：公交车不停站")["number"] for n in range(2)]
    with processes.server(port):
        expect(one.get_by_text("实时")).to_be_visible(timeout=60_000)
        for number in missed:
            expect(row(one, number)).to_have_count(1)
        one.goto("about:blank")
