"""The desk without a mouse: few keys from a new message to its dispatch, and a ticket's whole life by keys alone."""

from collections.abc import Callable
from statistics import median

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.street import Street
from tests.browser.visitors import DESK, Visitors

MOST = 6
COUNTED = """
window.touched = 0
const count = (event) => { if (!event.repeat) touched += 1 }
for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, count, true)
"""
MESSAGES = (
    "小区门口的井盖坏了三天，车子压过去咣当响，老人差点绊倒，请派人修一下",
    "公交车经常不停站，老人在站台等了一个小时也上不了车",
    "小区的垃圾桶一直没有人清，苍蝇很多，味道很大",
)


def open_desk(page: Page) -> None:
    """Come to the desk and wait until it is live."""
    page.goto("/desk/")
    expect(page.get_by_text("实时")).to_be_visible()


def by_keys(page: Page, number: str) -> None:
    """What an agent presses who agrees with the assistant."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".conversation")).to_contain_text(number)
    expect(page.locator("section.units li")).to_have_count(3)
    page.keyboard.press("a")
    expect(page.locator(".panel .primary")).to_contain_text("派单")
    page.keyboard.press("1")
    expect(page.get_by_role("dialog", name="派单").locator(".el-button--primary")).to_be_focused()
    page.keyboard.press("Enter")


def by_mouse(page: Page, number: str) -> None:
    """What an agent clicks who agrees with the assistant."""
    page.locator(f"#row-{number}").click()
    expect(page.locator("section.units li")).to_have_count(3)
    page.locator(".panel .primary").click()
    expect(page.locator(".panel .primary")).to_contain_text("派单")
    page.locator(".panel .primary").click()
    dialog = page.get_by_role("dialog", name="派单")
    expect(dialog.locator(".el-button--primary")).to_be_focused()
    dialog.locator(".el-button--primary").click()


@pytest.mark.parametrize("hands", [by_keys, by_mouse])
def test_few_keys_or_clicks_from_a_new_message_to_its_dispatch(
    hands: Callable[[Page, str], None], visitors: Visitors, street: Street
) -> None:
    page = visitors.staff("agent1")
    page.add_init_script(COUNTED)
    open_desk(page)
    taken = []
    for message in MESSAGES:
        number = street.writes(message)
        expect(page.locator(f"#row-{number}")).to_be_visible()
        before = page.evaluate("touched")
        hands(page, number)
        expect(page.locator(".conversation .tag")).to_have_text("待签收")
        taken.append(page.evaluate("touched") - before)
        first = street.colleague("agent1").get(f"/api/v1/tickets/{number}/suggestion").json()["departments"][0]
        assert street.sees("agent1", number)["department"] == first["code"]
    assert median(taken) <= MOST


def tab_to(page: Page, there: Locator) -> None:
    """Go on by the Tab key alone until this has the focus."""
    expect(there).to_be_visible()
    for _step in range(120):
        if there.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {there}")


def find(page: Page, number: str) -> None:
    """Open a ticket by its number."""
    expect(page.get_by_text("实时")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.get_by_role("listbox")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".conversation")).to_contain_text(number)


def command(page: Page, words: str) -> Locator:
    """A step of the ticket by the command bar; its form."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="命令栏").get_by_role("combobox")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name=words)
    expect(form).to_be_visible()
    return form


def yes(page: Page, form: Locator, label: str) -> None:
    """The first choice of a question."""
    choice = form.get_by_role("radiogroup", name=label).get_by_role("radio").first
    tab_to(page, choice)
    page.keyboard.press("Space")
    expect(choice).to_be_checked()


def test_from_login_to_the_closed_ticket_without_a_mouse(visitors: Visitors, street: Street) -> None:
    agent = visitors.citizen(viewport=DESK)
    agent.goto("/login/?next=/desk/")
    expect(agent.get_by_label("用户名")).to_be_focused()
    agent.keyboard.type("agent1")
    agent.keyboard.press("Tab")
    expect(agent.get_by_label("密码", exact=True)).to_be_focused()
    agent.keyboard.type("hotline-demo")
    agent.keyboard.press("Enter")
    expect(agent.get_by_text("实时")).to_be_visible()
    number = street.writes("路边的烧烤摊占道经营，油烟很大，城管能不能来管一管")
    expect(agent.locator(f"#row-{number}")).to_be_visible()
    agent.keyboard.press("j")
    agent.keyboard.press("Enter")
    expect(agent.locator(".conversation")).to_contain_text(number)
    agent.keyboard.press("a")
    expect(agent.locator(".panel .primary")).to_contain_text("派单")
    expect(agent.locator("section.units li")).to_have_count(3)
    units = street.colleague("agent1").get(f"/api/v1/tickets/{number}/suggestion").json()["departments"]
    agent.keyboard.press(str([unit["code"] for unit in units].index("urban") + 1))
    expect(agent.get_by_role("dialog", name="派单").locator(".el-button--primary")).to_be_focused()
    agent.keyboard.press("Enter")
    expect(agent.locator(".conversation .tag")).to_have_text("待签收")
    assert street.sees("agent1", number)["department"] == "urban"

    clerk = visitors.staff("urban")
    clerk.goto("/portal/")
    tab_to(clerk, clerk.locator("button.card", has_text=number[-6:]))
    clerk.keyboard.press("Enter")
    tab_to(clerk, clerk.locator(".actions").get_by_role("button", name="签收"))
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("dialog", name="签收").locator(".el-button--primary")).to_be_focused()
    clerk.keyboard.press("Enter")
    expect(clerk.locator("article.page .tag")).to_have_text("办理中")
    tab_to(clerk, clerk.locator(".actions").get_by_role("button", name="答复", exact=True))
    clerk.keyboard.press("Enter")
    form = clerk.get_by_role("dialog", name="答复")
    expect(form.get_by_label("答复市民的内容")).to_be_focused()
    clerk.keyboard.type("已重新铺设地砖并检查周边排水，现场验收合格，请放心通行。")
    yes(clerk, form, "问题是否解决")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator("article.page .tag")).to_have_text("已反馈待审核")

    lead = visitors.staff("lead1")
    lead.goto("/desk/")
    find(lead, number)
    form = command(lead, "审核答复")
    yes(lead, form, "答复是否通过")
    lead.keyboard.press("Control+Enter")
    expect(lead.locator(".conversation .tag")).to_have_text("待回访")

    caller = visitors.staff("quality1")
    caller.goto("/desk/")
    find(caller, number)
    form = command(caller, "回访")
    for label in ("是否联系上", "问题是否解决", "是否满意"):
        yes(caller, form, label)
    caller.keyboard.press("Control+Enter")
    expect(form).to_be_hidden()
    form = command(caller, "办结")
    caller.keyboard.press("Control+Enter")
    expect(caller.locator(".conversation .tag")).to_have_text("办结")
    assert street.sees("lead1", number)["state"] == "closed"


def pick(page: Page, there: Locator, words: str) -> None:
    """Search in a tree, go to the first row found and choose it: the cursor is in the field again."""
    tab_to(page, there)
    page.keyboard.press("Enter")
    page.keyboard.type(words)
    row = page.locator(".el-tree:visible .el-tree-node[tabindex]:focus")
    expect(page.locator(".el-tree:visible [role=treeitem]:visible", has_text=words).first).to_be_visible()
    for _step in range(6):
        page.keyboard.press("ArrowDown")
        expect(row).to_be_visible()
        if words in row.locator("> .el-tree-node__content").inner_text():
            break
    page.keyboard.press("Enter")
    expect(page.locator(".el-tree:visible")).to_have_count(0)
    expect(there).to_be_focused()


def test_matter_place_and_unit_are_chosen_in_their_trees_by_keys(visitors: Visitors, street: Street) -> None:
    number = street.hands_in("夜里有人在楼下烧烤，油烟很大")["number"]
    street.does("agent1", "accept", number, type="help", title="夜间烧烤")
    street.hands_in("下一张工单在队列里等着")
    page = visitors.staff("agent1")
    page.goto(f"/desk/?ticket={number}")
    fields = page.locator(".panel .fields")
    matter, area = (fields.locator("label", has_text=name).get_by_role("combobox") for name in ("事项", "区域"))
    pick(page, matter, "油烟")
    tab_to(page, area)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".el-tree-node:focus")).to_be_visible()
    for key in ("ArrowRight", "ArrowLeft", "j", "k", "Escape"):
        page.keyboard.press(key)
    expect(page.locator(".el-tree:visible")).to_have_count(0)
    expect(page.locator(".conversation")).to_contain_text(number)
    expect(page.locator(".row.cursor")).to_have_count(0)
    page.locator(".conversation").click()
    page.keyboard.press("d")
    dialog = page.get_by_role("dialog", name="派单")
    expect(dialog.locator(".el-button--primary")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    pick(page, dialog.get_by_role("combobox", name="主办单位"), "交通警察支队")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    assert street.sees("agent1", number)["department"] == "traffic-police"


def test_a_unit_returns_and_proposes_another_by_keys(visitors: Visitors, street: Street) -> None:
    number = street.dispatched("公交站牌被撞歪了", "urban")
    street.does("urban", "sign", number)
    page = visitors.staff("urban")
    page.goto(f"/portal/?ticket={number}")
    tab_to(page, page.locator(".actions .more"))
    page.keyboard.press("Enter")
    step = page.get_by_role("menuitem", name="退单", exact=True)
    expect(step).to_be_visible()
    at = page.locator("[role=menuitem]:focus")
    for _step in range(20):
        expect(at).to_have_count(1)
        if step.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="退单")
    tab_to(page, form.get_by_role("combobox", name="退单理由"))
    page.keyboard.press("Enter")
    expect(page.locator(".el-select-dropdown__item:visible").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, form.get_by_label("法律或职责依据"))
    page.keyboard.type("三定方案第五条")
    pick(page, form.get_by_role("combobox", name="建议改派单位"), "交通运输局")
    page.keyboard.press("Control+Enter")
    expect(form).to_be_hidden()
    [asked] = street.sees("lead1", number)["returns"]
    assert (asked["proposed_department"], asked["basis"]) == ("traffic", "三定方案第五条")


def test_a_citizen_rates_by_keys(visitors: Visitors, street: Street) -> None:
    number = street.dispatched("人行道地砖松动，下雨就溅水", "urban")
    street.does("urban", "sign", number)
    street.does("urban", "answer", number, public="已铺平。", solved=True)
    street.does("lead1", "review", number, approved=True)
    page = visitors.citizen()
    page.goto(f"/rate/{street.sees('agent1', number)['public_code']}/")
    for name in ("solved", "satisfied"):
        first = page.locator(f"input[type=radio][name={name}]").first
        tab_to(page, first)
        page.keyboard.press("Space")
        expect(first).to_be_checked()
    page.keyboard.press("ArrowRight")
    tab_to(page, page.locator("main textarea"))
    page.keyboard.type("修得又快又平")
    tab_to(page, page.locator("main button[type=submit]"))
    page.keyboard.press("Enter")
    expect(page.locator("#standing")).to_be_visible()
    rating = street.sees("lead1", number)["rating"]
    assert (rating["score"], rating["solved"], rating["note"]) == (4, True, "修得又快又平")
