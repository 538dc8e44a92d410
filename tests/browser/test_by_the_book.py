"""The rules at the screens: levels, the returns court, more time, setting aside, taking a dispatch back."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.hands import choose, from_menu, open_portal, press
from tests.browser.street import Street
from tests.browser.visitors import Visitors

WENLAN = "449801001"
CITY = ZoneInfo("Asia/Shanghai")


def in_words(moment: str) -> str:
    """The day of a limit as a citizen reads it."""
    day = datetime.fromisoformat(moment).astimezone(CITY)
    return f"{day.year}年{day.month}月{day.day}日"


def supervision(visitors: Visitors, username: str, tab: str, number: str) -> Page:
    """The decision list with the ticket's drawer open."""
    page = visitors.staff(username)
    page.goto("/supervision/")
    page.get_by_role("navigation", name="待决事项").get_by_role("button", name=tab).click()
    page.get_by_role("button").filter(has_text=number).click()
    expect(page.locator(".drawer .number")).to_contain_text(number)
    return page


def test_a_district_passes_it_to_a_street_which_signs_and_answers(visitors: Visitors, street: Street) -> None:
    number = street.hands_in("文澜路路面几天没人扫，纸屑到处飞")["number"]
    street.does("agent1", "accept", number, type="help", matter="0104", title="路面没人扫", place={"area": WENLAN})
    street.does("agent1", "dispatch", number, department="east")
    district = open_portal(visitors, number, "待签收", "east")
    district.locator(".actions").get_by_role("button", name="签收").tap()
    press(district, "签收")
    due_at = street.sees("east", number)["due_at"]
    from_menu(district, "下派")
    choose(district, "下派给", "文澜街道办事处")
    press(district, "下派")

    below = open_portal(visitors, number, "待签收", "wenlan")
    below.locator(".actions").get_by_role("button", name="签收").tap()
    press(below, "签收")
    below.locator(".actions").get_by_role("button", name="答复").tap()
    dialog = below.get_by_role("dialog", name="答复")
    dialog.get_by_label("答复市民的内容").fill("已清扫，每日两次保洁。")
    dialog.get_by_label("问题是否解决").get_by_text("是", exact=True).tap()
    press(below, "答复")
    seen = street.sees("agent1", number)
    assert [(part["department"], part["state"]) for part in seen["assignments"]] == [
        ("east", "passed"),
        ("wenlan", "answered"),
    ]
    assert seen["due_at"] == due_at


def test_a_consultation_is_heard_on_the_phone_and_ruled_on_in_supervision(visitors: Visitors, street: Street) -> None:
    number = street.dispatched("界河边堆满垃圾，河里也漂着", "traffic")
    ground = {"reason": "not_our_duty", "basis": "三定方案"}
    street.does("traffic", "return", number, **ground, proposed_department="water")
    street.does("lead1", "rule-on-return", number, upheld=True, department="water", note="河道")
    street.does("water", "return", number, **ground, proposed_department="urban")

    phone = open_portal(visitors, number, "会商", "traffic")
    phone.locator(".actions").get_by_role("button", name="会商意见").tap()
    phone.get_by_role("dialog").get_by_label("本单位意见").fill("河岸保洁归城管")
    press(phone, "会商意见")
    expect(phone.locator(".beside")).to_contain_text("河岸保洁归城管")

    page = supervision(visitors, "supervisor1", "退单", number)
    expect(page.locator(".drawer .beside")).to_contain_text("河岸保洁归城管")
    page.locator(".drawer .actions").get_by_role("button", name="会商裁定").click()
    expect(page.get_by_role("dialog")).to_contain_text("云水市城市管理和综合执法局")  # the unit last proposed
    page.get_by_role("dialog").get_by_label("说明").fill("市容条例第十条：河岸保洁由城管负责")
    press(page, "会商裁定")
    expect(page.locator(".drawer .beside")).to_contain_text("裁定由云水市城市管理和综合执法局承办")
    seen = street.sees("urban", number)
    assert (seen["department"], seen["returns_final"], "return" in seen["allowed"]) == ("urban", True, False)


def test_more_time_is_asked_on_the_phone_and_the_citizen_reads_the_new_day(visitors: Visitors, street: Street) -> None:
    made = street.hands_in("老旧小区屋顶漏水，要搭架子修")
    number = made["number"]
    street.does("agent1", "accept", number, type="help", title="屋顶漏水")
    street.does("agent1", "dispatch", number, department="urban")
    street.does("urban", "sign", number)
    before = in_words(street.sees("urban", number)["due_at"])
    phone = open_portal(visitors, number, "办理中")
    from_menu(phone, "申请延期")
    choose(phone, "事由", "需施工或采购周期")
    phone.get_by_role("dialog").get_by_label("理由", exact=True).fill("要等雨停才能搭架子")
    press(phone, "申请延期")

    page = supervision(visitors, "supervisor1", "延期", number)
    page.locator(".drawer .actions").get_by_role("button", name="审批延期").click()
    page.get_by_role("dialog").get_by_label("是否同意延期").get_by_text("是", exact=True).click()
    page.get_by_role("dialog").get_by_label("说明").fill("确需晴天施工")
    press(page, "审批延期")
    after = in_words(street.sees("urban", number)["due_at"])
    assert after != before
    citizen = visitors.citizen()
    citizen.goto(f"/t/{street.sees('agent1', number)['public_code']}/")
    expect(citizen.locator(".standing")).to_contain_text(after)
    expect(citizen.locator(".steps")).to_contain_text("要等雨停才能搭架子")


def test_two_people_set_a_ticket_aside(visitors: Visitors, street: Street) -> None:
    number = street.dispatched("要求政府赔偿股票亏损", "urban")
    first = visitors.staff("quality1")
    first.goto(f"/desk/{number}")
    from_menu(first, "申请剔除")
    choose(first, "事由", "诉求不合理")
    first.get_by_role("dialog").get_by_label("说明").fill("要求无法律依据")
    press(first, "申请剔除")
    expect(first.locator(".beside")).to_contain_text("等待第二人审批")
    first.get_by_role("button", name="更多操作").click()
    expect(first.get_by_role("menuitem", name="内部备注")).to_be_visible()
    expect(first.get_by_role("menuitem", name="审批剔除")).to_have_count(0)

    page = supervision(visitors, "supervisor1", "剔除", number)
    page.locator(".drawer .actions").get_by_role("button", name="审批剔除").click()
    page.get_by_role("dialog").get_by_label("是否同意剔除").get_by_text("是", exact=True).click()
    press(page, "审批剔除")
    expect(page.locator(".drawer .beside")).to_contain_text("同意剔除")
    assert street.sees("lead1", number)["set_aside"] is True


def test_an_automatic_dispatch_is_taken_back_with_one_press(
    visitors: Visitors, street: Street, as_if_automatic: Callable[[str], None]
) -> None:
    number = street.dispatched("公园路灯不亮", "urban")
    as_if_automatic(number)
    page = visitors.staff("agent1")
    page.goto(f"/desk/{number}")
    page.locator(".recall").get_by_role("button", name="撤回").click()
    expect(page.locator(".conversation .tag")).to_have_text("已受理待派")
    expect(page.locator(".recall")).to_have_count(0)
