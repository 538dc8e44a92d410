"""States of the staff's screens that no address leads to, as hands and the network make them: empty, full, failing."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.full_states import SAID
from tests.browser.phone_states import Shown
from tests.browser.switchboard import at

Act = Callable[[Page], Any]
BROKEN = {"type": "about:blank", "title": "Internal Server Error", "status": 500}
LONG_TITLE = "解放路与文昌路交叉口东南侧人行道地砖大面积松动并伴有积水，" * 4
LONG_TEXT = "我住在这里已经二十多年了，这个问题反映过很多次都没有解决，希望有关部门尽快派人到现场看一看。" * 40
LONG_NAME = "云水市东汀新区城市管理和综合执法局市容环境卫生与户外广告设施管理服务中心"
HANDLED = {"title": "路灯不亮", "number": "123452611200000007", "state_label": "办理中"}
ALARMS = [
    {"id": place, "number": f"12345261123000{place:04}", "title": LONG_TITLE, "channel": "wechat", "level": level}
    | {"kinds": kinds, "reasons": [{"kind": kinds[0], "what": "", "words": words}], "at": at(-60)}
    | {"seen_at": None, "seen_by_name": ""}
    for place, level, kinds, words in (
        (1, "critical", ["轻生"], "不想活了，站在楼顶"),
        (2, "urgent", ["燃气泄漏", "聚集"], "楼道里煤气味很大"),
    )
]
LISTS = re.compile(r"/api/v1/tickets(\?|$)")
ONE = re.compile(r"/api/v1/tickets/\d{18}$")


def nothing(page: Page) -> None:
    """For what needs no preparation and no hands."""


@dataclass(frozen=True)
class Screen:
    """One screen: who looks, where, what must be there, and what hands do then.

    `{queue=returns}` in an address is the number of the first ticket so found, `{code:state=handling}` its code.
    """

    who: str
    path: str
    ready: str
    then: Act = nothing
    phone: Shown | None = None
    """What the telephone of this desk is in; an incident of a call about the ticket that is open."""
    before: Act = nothing
    """What the network is made to do before the page is opened."""


def named_tickets(path: str, reader: Page) -> str:
    """The path with its questions answered by the interface."""

    def first(found: re.Match[str]) -> str:
        field, _, query = found[1].rpartition(":")
        rows = reader.request.get(f"/api/v1/tickets?{query}").json()["results"]
        return str(rows[0]["public_code" if field else "number"])

    return re.sub(r"{([^}]+)}", first, path)


def fails(*paths: str) -> Act:
    """The interface answers 500 wherever one of these is part of the address."""

    def act(page: Page) -> None:
        for path in paths:
            page.route(re.compile(path), lambda route: route.fulfill(status=500, json=BROKEN))

    return act


def hangs(*paths: str) -> Act:
    """The interface does not answer at all."""

    def act(page: Page) -> None:
        for path in paths:
            page.route(re.compile(path), lambda route: None)

    return act


def answers(path: str, body: Any) -> Act:
    """The interface says this."""
    return lambda page: page.route(re.compile(path), lambda route: route.fulfill(json=body))


def says(bodies: dict[str, Any]) -> Act:
    """The same for several addresses."""
    return both(*(answers(path, body) for path, body in bodies.items()))


def changed(path: re.Pattern[str], change: Callable[[Any], None]) -> Act:
    """What the interface says is changed on its way."""

    def on_its_way(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        change(body)
        route.fulfill(response=answer, json=body)

    return lambda page: page.route(path, on_its_way)


def both(*acts: Act) -> Act:
    """One after the other."""

    def act(page: Page) -> None:
        for one in acts:
            one(page)

    return act


def keys(*pressed: str) -> Act:
    """Keys, when the screen is there."""

    def act(page: Page) -> None:
        for key in pressed:
            page.keyboard.press(key)

    return act


def writes(text: str, key: str = "") -> Act:
    """Words where the cursor stands, once a dialog has it."""

    def act(page: Page) -> None:
        expect(page.get_by_role("dialog").locator("input:focus, textarea:focus").first).to_be_visible()
        page.keyboard.type(text)
        if key:
            page.keyboard.press(key)

    return act


def offline(page: Page) -> None:
    """The network goes away while the screen is open."""
    page.context.set_offline(True)
    expect(page.locator(".light.offline")).to_be_visible()


def _long_rows(body: Any) -> None:
    for row in body["results"]:
        row["title"] = LONG_TITLE
        row["department_name"] = LONG_NAME


def _long_ticket(body: Any) -> None:
    body["title"], body["summary"], body["department_name"] = LONG_TITLE, LONG_TEXT[:400], LONG_NAME
    for message in body["messages"][:1]:
        message["text"] = LONG_TEXT


def _known_caller(body: Any) -> None:
    """Somebody who asked before, about a ticket that the rules dispatched a moment ago."""
    before = {"number": "123452610010000042", "title": LONG_TITLE, "text": "", "created_at": "2026-10-01T02:00:00Z"}
    body["related"] = [before | {"state": "closed", "state_label": "办结"}, before | {"state": "handling"} | HANDLED]
    body["confidential"] = True
    body["recall_until"], body["department_name"] = at(900), LONG_NAME
    body["allowed"] = [*body["allowed"], "recall"]


def unmask(page: Page) -> None:
    """What for a name is wanted in full."""
    page.locator(".panel [role=tab]").nth(2).click()
    page.locator(".caller .el-button").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def conflict(page: Page) -> None:
    """A colleague was quicker: the note was written on what the ticket no longer is."""

    def refuse(route: Route) -> None:
        theirs = page.request.get(route.request.url.rpartition("/")[0]).json()
        theirs |= {"title": "人行道地砖松动积水", "version": theirs["version"] + 1}
        route.fulfill(status=409, json={"title": "Conflict", "status": 409, "ticket": theirs})

    page.route(re.compile(r"/note$"), refuse)
    page.keyboard.press("n")
    writes("已电话核实位置，在东门公交站旁")(page)
    page.get_by_role("dialog").locator(".el-button--primary").click()
    expect(page.locator(".versions, .el-dialog:visible table, .el-dialog:visible dl").first).to_be_visible()


def _tries(username: str, password: str, page: Page) -> None:
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.locator("[role=alert]").first.wait_for()


TICKET = "/desk/?ticket={queue=pending}"
PANEL = ".panel .actions"
EMPTY: dict[str, Any] = {"results": [], "next": None}
QUEUES = ("pending", "mine", "to_dispatch", "to_review", "to_follow_up", "supervised")
LISTED = ("returns", "extensions", "supervised", "to_follow_up", "set_asides")
PAGES = {
    "promises": r"/promises(\?|$)",
    "crowds": r"/crowds$",
    "hot_issues": r"/studies(\?|$)",
    "replay": r"/studies(\?|$)",
    "scores": r"/(scores|rates|call-back-estimates)(\?|$)",
    "learning": r"/learning$",
}
PAGES |= dict.fromkeys(LISTED, LISTS.pattern)
"""What each tab of supervision reads."""

STATES: dict[str, Screen] = {
    "desk nothing found": Screen("agent1", "/desk/?q=zzzz", ".pane .notice"),
    "desk failing": Screen("agent1", "/desk/", ".pane .notice", before=fails(LISTS.pattern)),
    "desk loading": Screen("agent1", "/desk/", ".bone", before=hangs(LISTS.pattern)),
    "desk ticket failing": Screen("agent1", TICKET, ".conversation .notice", before=fails(ONE.pattern)),
    "desk ticket loading": Screen("agent1", TICKET, ".conversation .bone", before=hangs(ONE.pattern)),
    "desk unreachable": Screen("agent1", "/desk/", "header", before=fails(r"/api/v1/")),
    "desk offline": Screen("agent1", TICKET, PANEL, offline),
    "desk parts failing": Screen("agent1", TICKET, PANEL, before=fails("/suggestion$", "/knowledge", "/repeats$")),
    "desk long words": Screen(
        "agent1", TICKET, PANEL, before=both(changed(LISTS, _long_rows), changed(ONE, _long_ticket))
    ),
    "desk alarms": Screen("agent1", TICKET, ".alarms", before=answers(r"/api/v1/alarms$", {"results": ALARMS})),
    "desk recall": Screen("agent1", TICKET, ".recall", before=changed(ONE, _known_caller)),
    "desk unmask": Screen("agent1", TICKET, PANEL, unmask, before=changed(ONE, _known_caller)),
    "desk new ticket": Screen("agent1", "/desk/", ".row", both(keys("c"), writes(""))),
    "desk new ticket refused": Screen(
        "agent1",
        "/desk/",
        ".row",
        both(keys("c"), writes("文昌路的路灯坏了三天", "Tab"), writes("12", "Control+Enter")),
    ),
    "desk keys": Screen("agent1", "/desk/", ".row", keys("?")),
    "desk commands": Screen("agent1", TICKET, PANEL, keys("Control+k")),
    "desk commands searched": Screen("agent1", TICKET, PANEL, both(keys("Control+k"), writes("zzzz"))),
    "desk note": Screen("agent1", TICKET, PANEL, keys("n")),
    "desk conflict": Screen("agent1", TICKET, PANEL, conflict),
    "desk auditor": Screen("auditor1", TICKET, ".panel"),
    "desk lead": Screen("lead1", "/desk/", ".row, .pane .notice"),
    "desk work state": Screen("agent1", "/desk/", ".row", lambda page: page.locator("header button.state").click()),
    "supervision loading": Screen("supervisor1", "/supervision/", "main", before=hangs("/supervision$", LISTS.pattern)),
    "supervision failing": Screen("supervisor1", "/supervision/", "main .notice", before=fails("/supervision$")),
    "supervision offline": Screen("supervisor1", "/supervision/", ".rate", offline),
    "supervision ticket failing": Screen(
        "supervisor1", "/supervision/?tab=returns&ticket={queue=pending}", "main", before=fails(ONE.pattern)
    ),
    "supervision auditor": Screen("auditor1", "/supervision/", ".rate"),
    "supervision quality": Screen("quality1", "/supervision/", ".rate"),
    "wallboard loading": Screen("supervisor1", "/wallboard/", "#app > *", before=hangs("/wallboard$")),
    "wallboard failing": Screen("supervisor1", "/wallboard/", "#app > *", before=fails("/wallboard$")),
    "wallboard offline": Screen("supervisor1", "/wallboard/", ".tile", lambda page: page.context.set_offline(True)),
    "login wrong": Screen("", "/login/", "h1", lambda page: _tries("agent1", "wrong", page)),
}
STATES |= {
    f"desk empty {queue}": Screen(
        "agent1", f"/desk/?queue={queue}", ".pane .notice", before=answers(LISTS.pattern, EMPTY)
    )
    for queue in QUEUES
}
STATES |= {
    f"supervision {tab} failing": Screen("supervisor1", f"/supervision/?tab={tab}", "main .notice", before=fails(path))
    for tab, path in PAGES.items()
}
STATES |= {
    f"supervision {tab} loading": Screen("supervisor1", f"/supervision/?tab={tab}", "main .bone", before=hangs(path))
    for tab, path in PAGES.items()
}
STATES |= {
    f"supervision {tab} empty": Screen(
        "supervisor1", f"/supervision/?tab={tab}", "main .notice", before=answers(PAGES[tab], EMPTY | {"may_ask": True})
    )
    for tab in (*LISTED, "crowds", "hot_issues", "replay", "promises")
}
STATES |= {
    f"supervision {tab} full": Screen("supervisor1", f"/supervision/?tab={tab}", "main .box h2", before=says(said))
    for tab, said in SAID.items()
}
"""By name."""
