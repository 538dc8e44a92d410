"""The telephone on the desk in every state, against a switchboard that the test speaks for: keys, words, sound."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django import DjangoDbBlocker

from hotline.calls.models import CallBackTask
from tests.browser.conftest import CHROMIUM_FLAGS, PASSWORD
from tests.browser.phone_states import CALL_BACKS, LEADS, STATES
from tests.browser.street import Street
from tests.browser.switchboard import CALL, Switchboard, at, call, piece, suggestion
from tests.browser.test_looks import AXE, RULES, STILL
from tests.browser.visitors import PATIENCE_MS, Visitors

HEADSET = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture(scope="session")
def with_headsets(browser: Browser, chromium_path: str) -> Iterator[Browser]:
    """A Chromium whose microphone is a beep and that asks nobody for it."""
    running = browser.browser_type.launch(executable_path=chromium_path, args=[*CHROMIUM_FLAGS, *HEADSET])
    yield running
    running.close()


@pytest.fixture
def agents(with_headsets: Browser, city: str, signed_in: dict[str, dict[str, object]]) -> Iterator[Visitors]:
    """Windows of that browser; whatever any of them complained about fails the test."""
    opened = Visitors(with_headsets, f"http://{city}", PASSWORD, signed_in)
    yield opened
    complaints = opened.complaints()
    opened.close()
    assert complaints == []


def sit_down(agents: Visitors, username: str = "agent1", path: str = "/desk/") -> tuple[Page, Switchboard]:
    """A desk whose telephone is connected."""
    page = agents.staff(username)
    switchboard = Switchboard(page)
    switchboard.leads = username.startswith("lead")
    page.goto(path)
    expect(page.locator("footer.strip")).to_contain_text("3 人在等 · 最久 0:42")
    return page, switchboard


def until(page: Page, true: Callable[[], bool]) -> None:
    """Let the page go on until something holds."""
    for _ in range(PATIENCE_MS // 20):
        if true():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it never came true")


def test_a_call_is_taken_and_handled_from_the_keyboard(agents: Visitors, street: Street) -> None:
    number = street.hands_in("（来电）")["number"]
    page, switchboard = sit_down(agents)
    page.get_by_role("button", name="我的状态").click()
    page.get_by_role("menuitem", name="示闲", exact=True).click()
    until(page, lambda: switchboard.orders("ready") == [{"type": "ready"}])

    switchboard.now("ringing", call("ringing", ring_until=at(20), answered_at=None, recording="off"))
    bar = page.get_by_role("region", name="电话")
    expect(bar.locator("[aria-live=assertive]")).to_have_text("来电：138****5520 张**，历史工单 3 张。按 F2 接听。")
    expect(bar).to_contain_text("已等 0:27 · 来电 2 次 · 工单 3 张")
    expect(bar.get_by_role("list", name="尚未办结的工单")).to_contain_text("路灯不亮")
    expect(page).to_have_title("来电 · 138****5520")
    expect(page).not_to_have_title("来电 · 138****5520")  # in turn with what the desk counts
    assert switchboard.frames == 0

    page.keyboard.press("F2")
    until(page, lambda: switchboard.orders("answer") == [{"type": "answer", "call": CALL}])
    switchboard.now("busy", call("talking"))
    switchboard.now("busy", call("talking", ticket=number))
    expect(page.get_by_role("button", name=number)).to_be_visible()
    until(page, lambda: switchboard.frames > 25)

    # The keys of the telephone work while the agent types; what is said while muted stays in the room.
    page.get_by_label("标题").fill("文昌路")
    page.keyboard.press("F8")
    until(page, lambda: switchboard.orders("mute") == [{"type": "mute", "call": CALL, "on": True}])
    switchboard.now("busy", call("talking", ticket=number, muted=True))
    expect(bar.get_by_role("button", name="取消静音")).to_have_attribute("aria-pressed", "true")
    before = switchboard.frames
    page.wait_for_timeout(300)
    assert switchboard.frames - before < 3
    for key, kind in (("F8", "mute"), ("F9", "hold"), ("F7", "pause_recording")):
        page.keyboard.press(key)
        until(page, lambda kind=kind: bool(switchboard.orders(kind)))  # type: ignore[misc]
    expect(page.get_by_label("标题")).to_have_value("文昌路")

    page.keyboard.press("F4")
    until(page, lambda: switchboard.orders("hang_up") == [{"type": "hang_up", "call": CALL}])
    switchboard.say({"type": "call_over", "call": CALL, "outcome": "completed", "ticket": number})
    switchboard.now("wrapup", None, until=at(45))
    expect(bar).to_contain_text("话后整理")
    expect(page.get_by_role("button", name="我的状态")).to_contain_text("0:4")
    page.keyboard.press("F2")
    until(page, lambda: switchboard.orders("wrapup_done") == [{"type": "wrapup_done"}])
    switchboard.now("idle", None)
    expect(page.get_by_role("button", name="我的状态")).to_contain_text("示闲")


def test_a_call_that_rings_while_a_ticket_is_typed_is_taken_and_the_words_stay(agents: Visitors) -> None:
    page, switchboard = sit_down(agents)
    page.keyboard.press("c")
    words = page.get_by_role("dialog", name="电话建单").get_by_label("诉求内容")
    expect(words).to_be_focused()
    page.keyboard.type("窗口来访：")
    switchboard.now("ringing", call("ringing", ring_until=at(20), answered_at=None, recording="off"))
    expect(page.locator(".call-bar")).to_contain_text("已等 0:27")
    page.keyboard.press("F2")
    until(page, lambda: switchboard.orders("answer") == [{"type": "answer", "call": CALL}])
    page.keyboard.type("噪声")
    expect(words).to_have_value("窗口来访：噪声")


def test_words_come_live_and_fill_the_ticket_as_suggestions(agents: Visitors, street: Street) -> None:
    number = street.hands_in("（来电）")["number"]
    page, switchboard = sit_down(agents)
    switchboard.now("busy", call("talking", ticket=number))
    switchboard.say({"type": "speech", "call": CALL, "state": "live"})
    words = page.get_by_role("log", name="实时转写")
    switchboard.say(piece(1, "agent", "您好"), piece(2, "caller", "我要反映路", final=False))
    expect(words.locator("li.partial")).to_have_text(["市民 0:06我要反映路"])
    switchboard.say(piece(2, "caller", "我要反映路灯不亮。"))
    expect(words.locator("li")).to_have_text(["坐席 0:03您好", "市民 0:06我要反映路灯不亮。"])
    expect(words.locator("li.partial")).to_have_count(0)

    switchboard.say(
        suggestion("place", "文昌路12号"), suggestion("urgency", "urgent"), suggestion("name", "张", "张**")
    )
    expect(page.get_by_label("地址")).to_have_value("文昌路12号")
    expect(page.locator(".field.suggested", has=page.get_by_label("地址"))).to_contain_text("把握 82%")
    expect(page.get_by_text("听到姓名")).to_contain_text("张**")
    page.keyboard.press("u")
    expect(page.get_by_label("地址")).to_have_value("")
    page.keyboard.press("s")
    expect(page.get_by_label("地址")).to_have_value("文昌路12号")
    expect(page.locator(".field.suggested", has=page.get_by_label("地址"))).to_have_count(0)

    switchboard.say({"type": "speech", "call": CALL, "state": "later"})
    expect(page.get_by_role("status").filter(has_text="先录音")).to_have_text("先录音，通话后自动转写 听到姓名 张**")


def test_a_reload_and_a_break_keep_the_caller(agents: Visitors, street: Street) -> None:
    number = street.hands_in("（来电）")["number"]
    page, switchboard = sit_down(agents)
    switchboard.now("busy", call("talking", ticket=number))
    expect(page.locator(".talking")).to_contain_text("通话中")
    page.reload()
    expect(page.locator(".talking")).to_contain_text("138****5520")
    expect(page.get_by_role("button", name=number)).to_be_visible()
    before = switchboard.frames
    until(page, lambda: switchboard.frames > before + 25)

    switchboard.drop()
    expect(page.get_by_role("alert")).to_have_text("与电话系统的连接断了，正在重连。通话还在，市民听着音乐。")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert switchboard.connections == 3
    expect(page.locator(".talking")).to_contain_text("138****5520")


def test_transfers_consults_and_hands_over(agents: Visitors) -> None:
    page, switchboard = sit_down(agents)
    switchboard.now("busy", call("talking"))
    expect(page.get_by_role("button", name="转接")).to_be_visible()
    page.keyboard.press("F10")
    dialog = page.get_by_role("dialog", name="转接")
    expect(dialog.get_by_role("radiogroup", name="同事")).to_have_text("周敏示闲陈浩通话中")
    dialog.get_by_text("周敏").click()
    dialog.get_by_role("button", name="直接转接").click()
    expect(dialog).to_be_hidden()
    page.keyboard.press("F10")
    dialog.get_by_text("外线号码").click()
    dialog.get_by_label("电话号码").fill("0757-8312 3456")
    dialog.get_by_role("button", name="先咨询").click()
    expect(dialog).to_be_hidden()
    to_agent = {"type": "transfer", "call": CALL, "to": {"kind": "agent", "username": "agent2"}}
    to_number = {"type": "consult", "call": CALL, "to": {"kind": "number", "number": "075783123456"}}
    assert switchboard.orders("transfer", "consult") == [to_agent, to_number]

    outside = {"role": "outside", "name": "0757****3456"}
    switchboard.now("busy", call("consulting", parties=[outside | {"state": "ringing"}]))
    expect(page.get_by_text("正在呼叫 0757****3456")).to_be_visible()
    expect(page.get_by_role("button", name="完成转接")).to_be_disabled()
    switchboard.now("busy", call("consulting", parties=[outside | {"state": "talking"}]))
    page.get_by_role("button", name="按键").click()
    page.get_by_role("group", name="按键").get_by_role("button", name="7").press("1")
    page.get_by_role("group", name="按键").get_by_role("button", name="#").click()
    page.get_by_role("button", name="三方通话").click()
    switchboard.now("busy", call("conference", parties=[outside | {"state": "talking"}]))
    page.get_by_role("button", name="完成转接").click()
    until(page, lambda: len(switchboard.orders("keys", "conference", "complete_transfer")) == 4)
    assert [order["digits"] for order in switchboard.orders("keys")] == ["1", "#"]

    switchboard.now("busy", call("talking"))
    page.get_by_role("button", name="转 110").click()
    page.get_by_role("dialog", name="转接紧急电话").get_by_text("119 消防").click()
    page.get_by_role("button", name="立即转 119").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert switchboard.orders("hand_over") == [{"type": "hand_over", "call": CALL, "service": "119"}]

    switchboard.now("busy", call("talking", outward=False))
    expect(page.get_by_role("button", name="转 110")).to_be_disabled()
    expect(page.get_by_title("这通电话没有外线可用，无法转到外部号码。")).to_be_visible()
    page.keyboard.press("F10")
    dialog.get_by_text("外线号码").click()
    expect(dialog.get_by_label("电话号码")).to_be_disabled()
    expect(dialog.get_by_text("这通电话没有外线可用，无法转到外部号码。")).to_be_visible()


def test_a_lead_listens_whispers_and_leaves(agents: Visitors) -> None:
    page, switchboard = sit_down(agents, "lead1")
    page.get_by_role("button", name="通话 2").click()
    calls = page.get_by_role("list", name="正在进行的通话")
    expect(calls.get_by_role("listitem")).to_have_count(2)
    expect(calls.get_by_role("button", name="监听")).to_have_count(1)  # one that rings cannot be heard
    calls.get_by_role("button", name="监听").click()
    expect(calls.get_by_role("button", name="监听")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(300)
    assert switchboard.frames == 0
    calls.get_by_role("button", name="密语").click()
    until(page, lambda: switchboard.frames > 10)
    calls.get_by_role("button", name="退出通话").click()
    expect(calls.get_by_role("button", name="退出通话")).to_have_count(0)
    assert [order["type"] for order in switchboard.orders("listen", "whisper", "stop_listening")] == [
        "listen",
        "whisper",
        "stop_listening",
    ]
    assert page.url.endswith("phone=calls")
    page.get_by_role("button", name="回到工单队列").click()
    expect(page.get_by_role("tablist", name="工单队列")).to_be_visible()


@pytest.mark.parametrize(
    ("devices", "words"),
    [
        (
            HEADSET[:1],
            "点地址栏左侧的图标，把麦克风改为“允许”，再重试。",
        ),  # there, but the browser's question is refused
        ([], "请插好耳机再重试。"),
    ],
    ids=["refused", "missing"],
)
def test_a_microphone_that_does_not_open_is_said_with_what_to_do(
    devices: list[str],
    words: str,
    browser: Browser,
    chromium_path: str,
    city: str,
    signed_in: dict[str, dict[str, object]],
) -> None:
    running = browser.browser_type.launch(executable_path=chromium_path, args=[*CHROMIUM_FLAGS, *devices])
    page = Visitors(running, f"http://{city}", PASSWORD, signed_in).staff("agent1")
    switchboard = Switchboard(page)
    page.goto("/desk/")
    page.get_by_role("button", name="我的状态").click()
    page.get_by_role("menuitem", name="示闲", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(words)
    assert switchboard.orders("ready") == []
    running.close()


def test_the_telephone_is_in_one_window_only(agents: Visitors) -> None:
    page, switchboard = sit_down(agents)
    assert switchboard._line is not None
    switchboard._line.close(code=4409)
    expect(page.locator("footer.strip")).to_contain_text("电话在另一个窗口。")
    page.get_by_role("button", name="移到这里").click()
    expect(page.locator("footer.strip")).to_contain_text("3 人在等")
    assert switchboard.connections == 2


def tab_to(page: Page, there: Locator) -> None:
    """Go on by the Tab key alone until this has the focus."""
    for _step in range(120):
        page.keyboard.press("Tab")
        if there.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not come to {there}")


def arrow_to(page: Page, item: Locator) -> None:
    """Go on by the arrow key in a menu that opens until this has the focus."""
    expect(item).to_be_visible()
    # The key that opened it is still at work until the menu has the focus; an arrow before that closes it again.
    expect(page.locator("[role=menu]:focus-within")).to_be_visible()
    for _step in range(40):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(50)
        if item.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not come to {item}")


@pytest.fixture
def missed(city: str, django_db_blocker: DjangoDbBlocker) -> Callable[[str], int]:
    """Somebody called in vain; in a thread, as playwright's loop bars Django here."""

    def make(phone: str) -> int:
        now = datetime.now(UTC)
        made = CallBackTask.objects.create(
            phone=phone, fingerprint=phone, hour=now, reason="no_agent", first_at=now, last_at=now, calls=1
        )
        connection.close()
        return made.pk

    def act(phone: str) -> int:
        with django_db_blocker.unblock(), ThreadPoolExecutor(1) as pool:
            return pool.submit(make, phone).result()

    return act


def test_a_call_is_returned_from_the_keyboard(agents: Visitors, missed: Callable[[str], int]) -> None:
    task = missed("13900001234")
    page, switchboard = sit_down(agents)
    pane = page.get_by_role("region", name="未接来电与回拨")
    tab_to(page, page.get_by_role("button", name="回拨"))
    page.keyboard.press("Enter")
    tab_to(page, pane.get_by_role("listitem").filter(has_text="139****1234").get_by_role("button", name="领取"))
    page.keyboard.press("Enter")
    mine = pane.get_by_role("listitem").filter(has=page.get_by_role("button", name="放回"))
    expect(mine).to_contain_text("无空闲坐席")
    tab_to(page, mine.get_by_role("button", name="看号码"))
    page.keyboard.press("Enter")
    expect(mine.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("回拨未接来电")
    page.keyboard.press("Enter")
    expect(mine).to_contain_text("13900001234")
    tab_to(page, mine.get_by_role("button", name="拨打"))
    page.keyboard.press("Enter")
    until(page, lambda: switchboard.orders("call_back") == [{"type": "call_back", "task": task}])

    switchboard.now("busy", call("dialling", outgoing=True, answered_at=None, recording="off"))
    bar = page.get_by_role("region", name="电话")
    expect(bar).to_contain_text("正在呼叫")
    expect(mine.get_by_role("button", name="拨打")).to_be_disabled()
    until(page, lambda: switchboard.frames > 0)  # the headset is open: the agent hears it ring
    page.keyboard.press("F4")
    until(page, lambda: switchboard.orders("hang_up") == [{"type": "hang_up", "call": CALL}])
    switchboard.say({"type": "call_over", "call": CALL, "outcome": "busy", "ticket": None})
    switchboard.now("paused", None)
    expect(page.get_by_role("alert")).to_have_text("对方占线")

    tab_to(page, mine.get_by_role("button", name="登记结果"))
    page.keyboard.press("Enter")
    arrow_to(page, page.get_by_role("menuitem", name="已联系上"))
    page.keyboard.press("Enter")
    expect(mine).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="回拨")).to_be_focused()


def test_the_citizen_of_a_ticket_is_called_by_one_key(agents: Visitors, street: Street) -> None:
    number = street.dispatched("路灯不亮", "urban")
    street.does("urban", "sign", number)
    street.does("urban", "contact", number, whom="本人")
    street.does("urban", "answer", number, public="已修好")
    if street.sees("quality1", number)["state"] == "answer_review":
        street.does("quality1", "review", number, approved=True)
    page, switchboard = sit_down(agents, "lead1", f"/desk/?ticket={number}")
    expect(page.get_by_role("button", name="拨打市民")).to_be_enabled()
    page.keyboard.press("p")
    until(page, lambda: switchboard.orders("call_citizen") == [{"type": "call_citizen", "ticket": number}])
    switchboard.now("busy", call("dialling", outgoing=True, answered_at=None, recording="off", ticket=number))
    expect(page.get_by_role("button", name="拨打市民")).to_be_disabled()


def test_calls_are_listened_to_from_the_keyboard(agents: Visitors) -> None:
    page, switchboard = sit_down(agents, "lead1")
    tab_to(page, page.get_by_role("button", name="通话 2"))
    page.keyboard.press("Enter")
    calls = page.get_by_role("list", name="正在进行的通话")
    for name in ("监听", "密语", "退出通话"):
        tab_to(page, calls.get_by_role("button", name=name))
        page.keyboard.press("Enter")
    until(page, lambda: len(switchboard.orders("listen", "whisper", "stop_listening")) == 3)
    expect(calls).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="通话 2")).to_be_focused()


def test_microphone_and_headset_are_chosen_from_the_keyboard(agents: Visitors) -> None:
    page, _switchboard = sit_down(agents)
    state = page.get_by_role("button", name="我的状态")
    tab_to(page, state)
    page.keyboard.press("Enter")
    arrow_to(page, page.get_by_role("menuitem", name="声音设备"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="声音设备")
    expect(dialog).to_be_visible()
    for name in ("麦克风", "耳机"):
        tab_to(page, dialog.get_by_role("combobox", name=name))
    tab_to(page, dialog.get_by_role("button", name="完成"))
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize(("language", "light"), [("zh-hans", "light"), ("en", "dark")])
@pytest.mark.parametrize("state", STATES)
def test_state_is_open_to_all(state: str, language: str, light: Any, agents: Visitors, axe: str) -> None:
    page = agents.staff("agent1")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": agents.base}])
    page.emulate_media(color_scheme=light, reduced_motion="reduce")
    switchboard = Switchboard(page)
    switchboard.leads = state in LEADS
    page.route("**/api/v1/phone/call-backs?*", lambda route: route.fulfill(json={"results": CALL_BACKS, "next": None}))
    page.goto("/desk/")
    expect(page.locator("footer.strip .now span").first).to_be_visible()
    STATES[state](page, switchboard)
    page.wait_for_timeout(150)
    too_wide = [width for width in (1366, 1920) if _overflows(page, width)]
    page.evaluate(STILL)
    page.evaluate(axe)
    assert (page.evaluate(AXE, RULES), too_wide) == ([], [])


def _overflows(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
