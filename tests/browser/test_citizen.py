"""The citizen's pages: asking and following without JavaScript, chatting with it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.street import Street
from tests.browser.visitors import Visitors


def test_asks_and_follows_without_javascript(visitors: Visitors, street: Street) -> None:
    page = visitors.citizen(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name=re.compile("我要反映")).click()
    page.get_by_role("textbox").fill("东汀区文昌路的路灯坏了三天，老人晚上看不见台阶")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("textbox", name="您的电话").fill("13800006789")
    page.get_by_role("button", name="提交").click()
    expect(page).to_have_url(re.compile("/ask/done/"))
    number = street.number_of(page.url)

    street.does("agent1", "accept", number, title="路灯坏了", type="help")
    follow(page, number, "6789")
    expect(page.locator("main")).to_contain_text("路灯坏了三天")
    expect(page.locator("main")).to_contain_text("已受理")


def follow(page: Page, number: str, proof: str) -> None:
    """Look the matter up by its number and the tail of the phone."""
    page.goto("/follow/")
    boxes = page.get_by_role("textbox")
    boxes.nth(0).fill(number)
    boxes.nth(1).fill(proof)
    page.locator("main button[type=submit]").click()
    expect(page).to_have_url(re.compile("/t/"))


def test_wrong_proof_opens_nothing(visitors: Visitors, street: Street) -> None:
    made = street.hands_in("楼道堆满杂物，消防通道走不通")
    page = visitors.citizen(java_script_enabled=False)
    page.goto("/follow/")
    page.get_by_role("textbox").nth(0).fill(made["number"])
    page.get_by_role("textbox").nth(1).fill("0000")
    page.locator("main button[type=submit]").click()
    expect(page).to_have_url(re.compile("/follow/"))
    expect(page.get_by_role("alert")).to_be_visible()


def test_chats_live_with_an_agent(visitors: Visitors, street: Street) -> None:
    citizen, agent = visitors.citizen(), visitors.staff("agent2")
    citizen.goto("/chat/")
    citizen.get_by_role("textbox").fill("请问居住证怎么续签？")
    citizen.get_by_role("button", name="发送").click()
    expect(citizen).to_have_url(re.compile(r"/chat/\w{10}/"))
    expect(citizen.get_by_text("已连接")).to_be_visible()
    number = street.number_of(citizen.url)

    agent.goto(f"/desk/?ticket={number}")
    expect(agent.get_by_text("请问居住证怎么续签？").first).to_be_visible()
    agent.keyboard.press("r")
    agent.keyboard.type("带身份证到派出所窗口，或在粤省事办理。")
    agent.keyboard.press("Control+Enter")
    expect(citizen.locator(".message.out").last).to_contain_text("带身份证到派出所窗口")

    citizen.get_by_role("textbox").fill("好的，谢谢！")
    citizen.keyboard.press("Enter")
    expect(agent.locator(".conversation")).to_contain_text("好的，谢谢！")
    expect(citizen.locator(".message.waiting")).to_have_count(0)
    expect(citizen.locator(".message.in").filter(has_text="好的，谢谢！")).to_have_count(1)
