"""The staff's screens when they are empty, full, failing, loading or away: axe finds nothing, nothing is too wide.

One window for each person goes through all of that person's states, in either language in turn, each on light and on
dark.
"""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser import full_states, staff_states
from tests.browser.english import untranslated
from tests.browser.staff_states import STATES, Screen, named_tickets
from tests.browser.street import Street
from tests.browser.test_looks import AXE, RULES, STILL
from tests.browser.visitors import DESK, Visitors

MADE_UP = "".join(Path(module.__file__).read_text() for module in (staff_states, full_states))
"""Where the words stand that the network is made to say."""
TOO_WIDE = """() => new Promise((say) => requestAnimationFrame(() => requestAnimationFrame(
  () => say(document.documentElement.scrollWidth > innerWidth))))"""
"""A menu that is open follows its button a frame after the window has changed."""
LANGUAGES = ("zh-hans", "en")
THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
PEOPLE = sorted({screen.who for screen in STATES.values()})


@pytest.fixture(scope="session")
def cases() -> list[str]:
    """Tickets that were made for the states; by the first test that asks."""
    return []


@pytest.fixture
def tickets(cases: list[str], street: Street) -> None:
    """Something in the first queue and something that was returned."""
    if not cases:
        cases.append(street.hands_in("小区门口的垃圾桶满了三天没有人收")["number"])


def looked_at(page: Page, screen: Screen, axe: str, *, english: bool) -> list[str]:
    """What is wrong with a state, on light and on dark; on an English one Chinese stands only where it is data."""
    page.unroute_all()
    page.context.set_offline(False)
    screen.before(page)
    page.goto(named_tickets(screen.path, page))
    expect(page.locator(screen.ready).first).to_be_visible()
    screen.then(page)
    page.evaluate(axe)
    wrong = []
    for light in THEMES:
        page.emulate_media(color_scheme=light, reduced_motion="reduce")
        page.evaluate(STILL)
        wrong += [f"{light}: {found}" for found in page.evaluate(AXE, RULES)]
    if english:
        wrong += [f"untranslated: {words}" for words in untranslated(page, MADE_UP)]
    for width in (1366, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(TOO_WIDE):
            wrong.append(f"too wide at {width}")
    return wrong


@pytest.mark.parametrize("who", PEOPLE)
def test_state_is_open_to_all(who: str, visitors: Visitors, tickets: None, axe: str) -> None:
    page = visitors.staff(who) if who else visitors.citizen(viewport=DESK)
    wrong: dict[str, list[str]] = {}
    for place, (name, screen) in enumerate(STATES.items()):
        if screen.who == who:
            language = LANGUAGES[place % 2]
            page.context.add_cookies([{"name": "django_language", "value": language, "url": visitors.base}])
            wrong[f"{name} {language}"] = looked_at(page, screen, axe, english=language == "en")
    assert {name: found for name, found in wrong.items() if found} == {}
