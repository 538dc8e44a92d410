"""Every page, Chinese in light and English in dark, narrow and wide: open to all, within its frame and its policy.

On an English page Chinese stands only where it is data.

axe-core looks for what WCAG 2.2 A and AA forbid; the windows' console (see Visitors) would carry any refusal
of the content policy.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.english import untranslated
from tests.browser.street import Street
from tests.browser.visitors import Visitors

WIDTHS = (390, 1366, 1920)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})
  return found.violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
}"""
STILL = "Promise.all(document.getAnimations().map((motion) => motion.finished.catch(() => null)))"


@dataclass(frozen=True)
class Place:
    """A page: who looks, where, and what must be there before it is judged."""

    who: str
    path: str
    ready: str
    then: Callable[[Page], Any] = lambda page: None


def press(*keys: str) -> Callable[[Page], None]:
    """Bring the page into a state from the keyboard."""

    def act(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return act


def click(selector: str) -> Callable[[Page], None]:
    """Bring the page into a state by a click."""
    return lambda page: page.locator(selector).first.click()


PLACES = {
    "home": Place("", "/", "h1"),
    "ask": Place("", "/ask/", "textarea"),
    "details": Place("", "/ask/", "textarea", lambda page: _second_step(page)),
    "follow": Place("", "/follow/", "h1"),
    "follow refused": Place("", "/follow/", "h1", click("main button[type=submit]")),
    "ticket": Place("", "/t/{code}/", "h1"),
    "rate": Place("", "/rate/{answered}/", "h1"),
    "withdraw": Place("", "/t/{code}/withdraw/", "h1"),
    "chat start": Place("", "/chat/", "h1"),
    "chat": Place("", "/chat/{code}/", ".thread"),
    "no such page": Place("", "/nowhere/", "h1"),
    "login": Place("", "/login/", "h1"),
    "desk": Place("agent1", "/desk/", ".row"),
    "desk empty": Place("agent1", "/desk/?q=zzzz", ".notice"),
    "desk ticket": Place("agent1", "/desk/?ticket={number}", "section.units li"),
    "desk dispatch": Place("agent1", "/desk/?ticket={accepted}", "section.units li", press("d")),
    "desk course": Place("agent1", "/desk/?ticket={number}", "section.units li", click(".panel [role=tab] >> nth=1")),
    "desk chain": Place(
        "agent1",
        "/desk/{signed}",
        ".panel",
        lambda page: (_tab(page, 1), page.locator(".course .bar button").nth(1).click()),
    ),
    "desk clocks": Place("lead1", "/desk/{signed}", ".clocks", click(".clocks summary")),
    "desk menu": Place("lead1", "/desk/{signed}", ".panel .actions", click(".actions .more")),
    "desk suspend": Place("lead1", "/desk/{signed}", ".panel .actions", lambda page: _form(page, "挂起|Suspend")),
    "desk supervise": Place("lead1", "/desk/{signed}", ".panel .actions", lambda page: _form(page, "督办|Supervise")),
    "desk split": Place("agent1", "/desk/{accepted}", ".panel .actions", lambda page: _form(page, "拆单|Split")),
    "desk refuse": Place(
        "agent1", "/desk/{accepted}", ".panel .actions", lambda page: _form(page, "不予受理|Do not accept")
    ),
    "desk caller": Place("agent1", "/desk/?ticket={number}", "section.units li", click(".panel [role=tab] >> nth=2")),
    "desk typed ticket": Place("agent1", "/desk/", ".row", lambda page: _half_typed(page)),
    "desk keys": Place("agent1", "/desk/", ".row", press("?")),
    "desk commands": Place("agent1", "/desk/", ".row", press("Control+k")),
    "portal": Place("urban", "/portal/", ".card"),
    "portal ticket": Place("urban", "/portal/?ticket={dispatched}", "article .box"),
    "portal answer": Place("urban", "/portal/?ticket={signed}", "article .box", click(".actions .primary")),
    "portal menu": Place("urban", "/portal/?ticket={signed}", "article .box", click(".actions .more")),
    "portal clocks": Place("urban", "/portal/?ticket={signed}", ".clocks", click(".clocks summary")),
    "portal return": Place(
        "urban", "/portal/?ticket={signed}", "article .box", lambda page: _form(page, "退单|Return")
    ),
    "portal extension": Place(
        "urban", "/portal/?ticket={signed}", "article .box", lambda page: _form(page, "申请延期|Request extension")
    ),
    "portal pass down": Place(
        "urban", "/portal/?ticket={signed}", "article .box", lambda page: _form(page, "下派|Pass to a unit below")
    ),
    "supervision": Place("supervisor1", "/supervision/", ".rate"),
    "supervision returns": Place("supervisor1", "/supervision/?tab=returns&ticket={returned}", ".drawer .return"),
    "supervision ruling": Place(
        "supervisor1", "/supervision/?tab=returns&ticket={returned}", ".drawer .return", click(".drawer .primary")
    ),
    "supervision orders": Place("supervisor1", "/supervision/?tab=supervised&ticket={watched}", ".drawer .beside"),
    "supervision empty": Place("supervisor1", "/supervision/?tab=set_asides", "main .notice, main table"),
    "supervision scores": Place("supervisor1", "/supervision/?tab=scores", "main h2"),
    "supervision learning": Place("supervisor1", "/supervision/?tab=learning", ".learning h2"),
    "supervision promises": Place("supervisor1", "/supervision/?tab=promises", ".promises li, main .notice"),
    "supervision crowds": Place("supervisor1", "/supervision/?tab=crowds", "main .notice, main li"),
    "supervision hot issues": Place("supervisor1", "/supervision/?tab=hot_issues", ".issues, main .notice"),
    "supervision replay": Place("supervisor1", "/supervision/?tab=replay", "main h2"),
    "wallboard": Place("supervisor1", "/wallboard/", ".tile"),
}


def _tab(page: Page, place: int) -> None:
    page.locator(".panel [role=tab]").nth(place).click()


def _form(page: Page, verb: str) -> None:
    """The form of a verb from the menu at the foot; `verb` in either language."""
    foot = page.locator(".actions")
    beside = foot.get_by_role("button", name=re.compile(f"^({verb})$"))
    if beside.count():
        beside.click()
    else:
        foot.locator(".more").click()
        page.get_by_role("menuitem", name=re.compile(f"^({verb})$")).click()
    expect(page.get_by_role("dialog", name=re.compile(f"^({verb})$"))).to_be_visible()


def _half_typed(page: Page) -> None:
    page.keyboard.press("c")
    expect(page.get_by_role("dialog").locator("textarea")).to_be_focused()
    page.keyboard.type("文昌路的路灯坏了三天")
    page.keyboard.press("Tab")


def _second_step(page: Page) -> None:
    page.locator("textarea").fill("文昌路的路灯坏了三天")
    page.locator("main button[type=submit]").click()
    expect(page.locator("[name=address]")).to_be_visible()


@pytest.fixture(scope="session")
def cases() -> dict[str, str]:
    """Numbers and codes that the addresses name; made by the first test that asks."""
    return {}


@pytest.fixture
def known(cases: dict[str, str], street: Street) -> dict[str, str]:
    """A ticket in each state that a page wants."""
    if not cases:
        street.hands_in("文化路夜里有人拆墙，电钻声一直到十一点")
        fresh = street.writes("解放路的路灯坏了一个星期，老人晚上看不见台阶")
        accepted = street.hands_in("小区门口井盖坏了，车子压过去咣当响")["number"]
        street.does("agent1", "accept", accepted, type="help", title="井盖坏了")
        signed = street.dispatched("公园长椅坏了两张", "urban")
        street.does("urban", "sign", signed)
        answered = street.dispatched("人行道地砖松动", "urban")
        street.does("urban", "sign", answered)
        street.does("urban", "answer", answered, public="已铺平。", solved=True)
        street.does("lead1", "review", answered, approved=True)
        cases |= {"number": fresh, "code": street.sees("agent1", fresh)["public_code"], "accepted": accepted}
        cases |= {"signed": signed, "answered": street.sees("agent1", answered)["public_code"]}
        returned = street.dispatched("公交站牌倒了", "urban")
        street.does("urban", "return", returned, reason="not_our_duty", basis="三定方案", proposed_department="traffic")
        watched = street.dispatched("绿化带里堆满建筑垃圾", "urban")
        street.does("supervisor1", "supervise", watched, level=1, note="三日内处理")
        cases |= {"returned": returned, "watched": watched}
        cases["dispatched"] = street.dispatched("垃圾桶满了三天没有人收", "urban")
    return cases


@pytest.mark.parametrize(("language", "light"), [("zh-hans", "light"), ("en", "dark")])
@pytest.mark.parametrize("name", PLACES)
def test_page(name: str, language: str, light: Any, visitors: Visitors, known: dict[str, str], axe: str) -> None:
    place = PLACES[name]
    page = visitors.staff(place.who) if place.who else visitors.citizen()
    page.context.add_cookies([{"name": "django_language", "value": language, "url": visitors.base}])
    page.emulate_media(color_scheme=light, reduced_motion="reduce")
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(place.path.format(**known))
    expect(page.locator(place.ready).first).to_be_visible()
    place.then(page)
    too_wide = [width for width in WIDTHS if _overflows(page, width)]
    page.evaluate(STILL)
    page.evaluate(axe)
    assert (page.evaluate(AXE, RULES), too_wide) == ([], [])
    assert language != "en" or untranslated(page) == []


def _overflows(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
