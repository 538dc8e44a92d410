"""Every state of the telephone on the desk, each as what a switchboard says and what hands do."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.switchboard import CALL, Switchboard, at, call, piece, suggestion

Shown = Callable[[Page, Switchboard], Any]
TALK = [
    {"type": "speech", "call": CALL, "state": "live"},
    piece(1, "agent", "您好，这里是市民热线，请问您要反映什么问题？"),
    piece(3, "caller", "你好，文昌路十二号门口的路灯坏了三天，晚上看不见路。"),
    piece(5, "agent", "您说的是文昌路与解放路路口吗？"),
    piece(7, "caller", "对，就在公交站旁边，", final=False),
]
OUTSIDE = {"role": "outside", "name": "0757****1100", "state": "ringing"}


def has(board: Switchboard, state: str, **more: Any) -> None:
    """The desk has a call in this state."""
    board.now("held" if state == "held" else "busy", call(state, ticket=board.ticket, **more))


def opens(board: Switchboard, page: Page, key: str = "", button: str = "") -> None:
    """A call is on, and a dialog of it is opened."""
    has(board, "talking")
    expect(page.locator(".talking")).to_be_visible()
    if key:
        page.keyboard.press(key)
    else:
        page.locator(".talking .acts button", has_text=button).click()
    expect(page.locator(".el-dialog:visible, .el-popover:visible").first).to_be_visible()


def talks(board: Switchboard) -> None:
    """Words come live."""
    has(board, "talking")
    board.say(*TALK, suggestion("name", "张", "张**"), suggestion("place", "文昌路12号"))


def keypad(page: Page, board: Switchboard) -> None:
    """Keys are pressed towards a number outside."""
    has(board, "consulting", parties=[OUTSIDE | {"state": "talking"}])
    page.locator(".talking .acts .el-tooltip__trigger").click()
    page.locator(".pad button").first.click()


def devices(page: Page, board: Switchboard) -> None:
    """The dialog of microphone and headset."""
    page.locator("header button.state").click()
    page.locator(".el-dropdown-menu:visible li").last.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def in_place_of_the_queue(page: Page, kind: int) -> None:
    """One of the strip's lists, calls to return or calls in progress."""
    page.locator("footer.strip button").nth(kind).click()
    expect(page.locator(".phone-pane")).to_be_visible()


def wraps_up(page: Page, board: Switchboard) -> None:
    """A call has ended by its caller."""
    talks(board)
    expect(page.locator(".live li").first).to_be_visible()
    board.say({"type": "call_over", "call": CALL, "outcome": "caller_hung_up", "ticket": board.ticket})
    board.now("wrapup", None, until=at(40))


def cut(page: Page, board: Switchboard) -> None:
    """The line is lost and does not come back."""
    has(board, "talking")
    expect(page.locator(".talking")).to_be_visible()
    page.route("**/api/v1/phone/token", lambda route: None)
    board.drop()
    expect(page.locator(".call-bar [role=alert]")).to_be_visible()


def without_a_microphone(page: Page, board: Switchboard) -> None:
    """The browser was told not to let the page hear."""
    page.evaluate(REFUSE)
    has(board, "talking")
    expect(page.locator(".call-bar [role=alert]")).to_be_visible()


REFUSE = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))
}"""
LEADS = frozenset({"live calls"})
"""States that leads alone have."""

USUAL = {
    "first_at": at(-5400),
    "last_at": at(-5300),
    "taken_at": None,
    "outcome": "",
    "called_back_at": None,
    "note": "",
}
USUAL |= {"calls": 1, "tries": 0, "state": "open", "taken_by": None, "ticket": None, "last_attempt": ""}
ME = {"username": "agent1", "name": "林晓"}
CALL_BACKS: list[dict[str, Any]] = [
    USUAL | row
    for row in (
        {"id": 1, "caller": "138****5520", "name": "张**", "reason": "abandoned_queue", "reason_label": "排队时挂断"}
        | {"calls": 3, "waited_seconds": 96.0},
        {"id": 2, "caller": "159****7716", "name": "", "reason": "asked", "reason_label": "要求回电"}
        | {"waited_seconds": 42.0, "state": "taken", "taken_by": ME, "tries": 1, "last_attempt": "占线"},
        {"id": 3, "caller": "0757****3456", "name": "陈**", "reason": "after_hours", "reason_label": "下班后来电"}
        | {"waited_seconds": 12.0, "ticket": "123452611220000001"},
        {"id": 4, "caller": "186****0932", "name": "", "reason": "no_agent", "reason_label": "没有坐席接听"}
        | {"waited_seconds": 180.0, "state": "taken", "taken_by": {"username": "agent2", "name": "周敏"}},
    )
]
"""As the interface lists them."""

STATES: dict[str, Shown] = {
    "idle": lambda page, board: board.now("idle", None),
    "ringing": lambda page, board: board.now("ringing", call("ringing", ring_until=at(20), again=True)),
    "dialling": lambda page, board: has(board, "dialling", outgoing=True, answered_at=None, recording="off"),
    "talking": lambda page, board: talks(board),
    "muted": lambda page, board: has(board, "talking", muted=True, recording="paused"),
    "held": lambda page, board: board.now("held", call("held", ticket=board.ticket), then="paused"),
    "consulting": lambda page, board: has(board, "consulting", parties=[OUTSIDE]),
    "conference": lambda page, board: has(board, "conference", parties=[OUTSIDE | {"state": "talking"}]),
    "keypad": keypad,
    "overloaded": lambda page, board: (
        has(board, "talking"),
        board.say({"type": "speech", "call": CALL, "state": "later"}),
    ),
    "transfer": lambda page, board: opens(board, page, key="F10"),
    "hand over": lambda page, board: opens(board, page, button="110"),
    "wrap-up": wraps_up,
    "cut": cut,
    "no microphone": without_a_microphone,
    "keys": lambda page, board: page.keyboard.press("?"),
    "devices": devices,
    "call-backs": lambda page, board: in_place_of_the_queue(page, 0),
    "live calls": lambda page, board: in_place_of_the_queue(page, 1),
}
"""By name."""
