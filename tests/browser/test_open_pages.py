"""Pages of citizens and work orders on paper: open to all, large enough for a finger; a clerk's day by the keyboard."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.street import Street
from tests.browser.test_looks import AXE, RULES, STILL
from tests.browser.visitors import DESK, PHONE, Visitors

LOOKS = (("zh-hans", "light"), ("en", "dark"))
FINGER = 44
SMALL = """(least) => [...document.querySelectorAll('a, button, input:not([type=hidden]), textarea, select, summary')]
  .filter((one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .filter((one) => !(one.tagName === 'A' && getComputedStyle(one).display === 'inline'))
  .map((one) => one.closest('label') ?? one)
  .filter((one) => { const {width, height} = one.getBoundingClientRect(); return width < least || height < least })
  .filter((one) => !one.classList.contains('skip'))
  .map((one) => one.outerHTML.slice(0, 120))"""
"""Links inside a sentence may be as low as its line (WCAG 2.2, 2.5.8); what is in a label is as large as the label."""
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
SHOWN = """() => {
  const said = [document.title]
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) said.push(texts.currentNode.data)
  for (const one of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) said.push(one.getAttribute(name) ?? '')
  return said
}"""
OWN_NAMES = ("云水市", "中文")


def nothing(page: Page) -> None:
    """For what needs no hands."""


@dataclass(frozen=True)
class Place:
    """A page: who looks, where, what must be there, and what is done then."""

    who: str
    path: str
    ready: str
    then: Callable[[Page], Any] = nothing


def click(selector: str) -> Callable[[Page], None]:
    """Bring the page into a state by a click."""
    return lambda page: page.locator(selector).first.click()


def refused(page: Page) -> None:
    """The second step in large type, sent with a telephone that cannot be one."""
    page.locator("textarea").fill("文昌路的路灯坏了三天")
    page.locator("main button[type=submit]").click()
    page.locator("[data-large-toggle]").click()
    page.locator("[name=phone]").fill("123")
    page.locator("main button[type=submit]").click()
    expect(page.locator("#errors")).to_be_focused()


def on_paper(page: Page) -> None:
    """As it is printed."""
    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator(".order, .slip").first).to_be_visible()


CITIZENS = (
    Place("", "/ask/", "h1", click("main button[type=submit]")),
    Place("", "/ask/", "h1", refused),
    Place("", "/ask/done/{code}/", "h1"),
    Place("", "/ask/done/{code}/", "h1", on_paper),
    Place("", "/rate/{answered}/", "h1", click("main button[type=submit]")),
    Place("", "/t/{answered}/", "h1"),
    Place("", "/t/{refused}/", "#refusal"),
    Place("", "/knowledge/", "h1"),
    Place("", "/", "h1", click("[data-large-toggle]")),
    Place("", "/t/{code}/urge/", ".where"),
)
OTHERS = (
    Place("urban", "/portal/?ticket={signed}", "article .box", on_paper),
    Place("urban", "/password/", "h1", click("main form button")),
)


@pytest.fixture(scope="session")
def made() -> dict[str, str]:
    """Numbers and codes that the addresses name; made by the first test that asks."""
    return {}


@pytest.fixture
def tickets(made: dict[str, str], street: Street) -> dict[str, str]:
    """A ticket in each state that a page wants."""
    if not made:
        made["number"] = street.hands_in("小区门口井盖坏了，车子压过去咣当响")["number"]
        made["signed"] = street.dispatched("公园长椅坏了两张", "urban")
        street.does("urban", "sign", made["signed"])
        answered = street.dispatched("人行道地砖松动", "urban")
        street.does("urban", "sign", answered)
        street.does("urban", "answer", answered, public="已铺平。", solved=True)
        street.does("lead1", "review", answered, approved=True)
        turned_away = street.hands_in("法院判决不公，要求改判")["number"]
        street.does("agent1", "refuse", turned_away, reason="litigation", door="请向上一级人民法院申请再审。")
        for name, number in (("code", made["number"]), ("answered", answered), ("refused", turned_away)):
            made[name] = street.sees("agent1", number)["public_code"]
    return made


def wrong_on(page: Page, place: Place, known: dict[str, str], axe: str) -> Iterator[object]:
    """What axe finds, and what is too wide or too small for a finger."""
    page.emulate_media(media="screen")
    window = PHONE if place in CITIZENS else DESK
    page.set_viewport_size({"width": window["width"], "height": window["height"]})
    page.goto(place.path.format(**known))
    expect(page.locator(place.ready).first).to_be_visible()
    place.then(page)
    page.evaluate(STILL)
    page.evaluate(axe)
    yield from page.evaluate(AXE, RULES)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "too wide"
    if place in CITIZENS and place.then is not on_paper:
        yield from page.evaluate(SMALL, FINGER)


@pytest.mark.parametrize(("language", "light"), LOOKS)
@pytest.mark.parametrize("who", ["", "urban"])
def test_pages_are_open_to_all(
    who: str, language: str, light: Any, visitors: Visitors, tickets: dict[str, str], axe: str
) -> None:
    page = visitors.staff(who) if who else visitors.citizen()
    page.context.add_cookies([{"name": "django_language", "value": language, "url": visitors.base}])
    page.emulate_media(color_scheme=light, reduced_motion="reduce")
    places = [place for place in (*CITIZENS, *OTHERS) if place.who == who]
    found = {f"{place.path} {number}": list(wrong_on(page, place, tickets, axe)) for number, place in enumerate(places)}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


STAFF = {"urban": ("/portal/?ticket={signed}",)}


@pytest.mark.parametrize("who", STAFF)
def test_english_screens_show_chinese_only_where_it_is_data(
    who: str, visitors: Visitors, tickets: dict[str, str]
) -> None:
    page = visitors.staff(who)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": visitors.base}])
    told: list[Response] = []
    page.on("response", lambda response: told.append(response) if "/api/v1/" in response.url else None)
    found: dict[str, list[str]] = {}
    for path in STAFF[who]:
        page.goto(path.format(**tickets))
        page.wait_for_load_state("networkidle")
        answers = [response.json() for response in told if "json" in response.headers.get("content-type", "")]
        data = " ".join([*OWN_NAMES, *(words for answer in answers for _key, words in strings(answer))])
        runs = {run for said in page.evaluate(SHOWN) for run in CHINESE.findall(said)}
        labels = {words for answer in answers for key, words in strings(answer) if key.endswith("label")}
        found[path] = sorted({run for run in runs if run not in data} | {one for one in labels if CHINESE.search(one)})
    assert found == {path: [] for path in STAFF[who]}


def strings(answer: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in an answer of the interface, with the name it stands under."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            yield from strings(value, name)
    elif isinstance(answer, list):
        for value in answer:
            yield from strings(value, key)
    elif isinstance(answer, str):
        yield key, answer


def test_a_citizen_asks_and_follows_by_the_keyboard_alone(visitors: Visitors) -> None:
    page = visitors.citizen()
    page.goto("/")
    reach(page, "a.choice.first")
    page.keyboard.press("Enter")
    reach(page, "textarea")
    page.keyboard.type("文昌路公交站旁的路灯坏了三天")
    reach(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    reach(page, "[name=address]")
    reach(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/ask/done/"))
    reach(page, "a.primary")
    page.keyboard.press("Enter")
    expect(page.locator("#standing")).to_be_visible()


def test_a_clerk_signs_and_answers_by_the_keyboard_alone(visitors: Visitors, street: Street) -> None:
    number = street.dispatched("绿化带的洒水喷头坏了，路面全是水", "urban")
    page = visitors.staff("urban", viewport=PHONE)
    page.goto(f"/portal/?ticket={number}")
    for _step in ("sign", "answer"):
        reach(page, ".actions .primary, .actions .el-button--primary")
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        if dialog.locator("textarea").count():
            reach(page, "[role=dialog] textarea")
            page.keyboard.type("已更换喷头，路面已清扫干净，现场照片见佐证。")
            reach(page, "[role=dialog] [role=radio], [role=dialog] input[type=radio]")
            page.keyboard.press("Space")
        reach(page, "[role=dialog] .el-button--primary")
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
    assert street.sees("lead1", number)["state"] == "answer_review"


def reach(page: Page, selector: str) -> None:
    """Go on with Tab until something of these has the focus."""
    page.locator(selector).first.wait_for()
    for _press in range(60):
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")
