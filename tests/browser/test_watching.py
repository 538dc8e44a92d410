"""What the assistant notices: repeats while typing, danger at every desk, promises of an answer until they are kept."""

from playwright.sync_api import Page, expect

from tests.browser.hands import open_portal, press
from tests.browser.street import Street
from tests.browser.visitors import Visitors


def open_desk(page: Page) -> None:
    """Come to the desk, wait until it is live, and touch it: a page that nobody has touched plays no sound."""
    page.goto("/desk/")
    expect(page.get_by_text("实时")).to_be_visible()
    page.keyboard.press("Shift")


def test_a_repeat_is_shown_while_it_is_typed_and_what_was_typed_stays(visitors: Visitors, street: Street) -> None:
    text = "滨江路二十号楼下的烧烤摊油烟呛人，天天到凌晨"
    number = street.hands_in(text, sender={"phone": "13955550001"})["number"]
    page = visitors.staff("agent1")
    open_desk(page)
    page.keyboard.press("c")
    form = page.get_by_role("dialog", name="电话建单")
    expect(form.get_by_label("诉求内容")).to_be_focused()
    page.keyboard.type("烧烤摊油烟呛人，天天到凌晨")
    form.get_by_label("来电号码").fill("13955550001")
    repeats = form.get_by_role("region", name="疑似重复")
    expect(repeats.get_by_role("listitem")).to_have_count(1)
    expect(repeats).to_contain_text("同一诉求人")
    repeats.get_by_role("button").click()
    expect(form).to_be_hidden()
    expect(page.locator(".conversation")).to_contain_text(number)
    expect(page.get_by_role("button", name="电话建单（有未发送的内容）")).to_be_visible()


def test_danger_rings_at_every_desk_until_one_confirms_it(visitors: Visitors, street: Street) -> None:
    one, two = visitors.staff("agent1"), visitors.staff("agent2")
    for page in (one, two):
        open_desk(page)
    number = street.writes("我家楼道里着火了，有人困在里面出不来，快来救人")
    alarms = [page.get_by_role("alert", name="警报").locator(".alarm", has_text=number) for page in (one, two)]
    for alarm in alarms:
        expect(alarm).to_be_visible()
    one.reload()
    expect(alarms[0]).to_be_visible()  # it rings on for whoever comes later
    alarms[0].get_by_role("button", name="我已看到").click()
    for alarm in alarms:
        expect(alarm).to_have_count(0)
    assert street.sees("agent2", number)["urgency"] == "critical"


def test_a_promise_is_hinted_noted_and_said_to_be_kept(visitors: Visitors, street: Street) -> None:
    number = street.dispatched("育才路的路面坑洼，电动车天天摔人", "urban")
    street.does("urban", "sign", number)
    clerk = open_portal(visitors, number, "办理中")
    clerk.get_by_role("button", name="答复", exact=True).tap()
    dialog = clerk.get_by_role("dialog", name="答复")
    dialog.get_by_label("答复市民的内容").fill(
        "您好，育才路路面坑洼已列入计划，预计明年3月底前完成路面维修，届时电话回访您。"
    )
    hints = dialog.get_by_role("region", name="对答复的提示")
    expect(hints).to_contain_text("承诺日期")
    dialog.get_by_label("问题是否解决").get_by_text("否", exact=True).tap()
    press(clerk, "答复")
    street.does("lead1", "review", number, approved=True)

    boss = visitors.staff("supervisor1")
    boss.goto("/supervision/?tab=promises")
    boss.get_by_role("button", name="未到期").click()
    promise = boss.locator(".promises li", has_text="育才路")
    expect(promise).to_contain_text("完成路面维修")
    promise.get_by_role("button", name="已兑现").click()
    expect(promise).to_have_count(0)
    boss.get_by_role("button", name="已兑现").first.click()
    expect(promise).to_be_visible()
    assert [row["kept"] for row in street.sees("lead1", number)["promises"]] == [True]
