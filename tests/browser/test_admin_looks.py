"""The administration, light and dark: axe finds nothing; on its English pages Chinese stands only where it is data."""

from playwright.sync_api import Page, expect

from tests.browser.admin_states import STATES
from tests.browser.english import untranslated
from tests.browser.staff_states import Screen
from tests.browser.test_looks import AXE, RULES, STILL
from tests.browser.visitors import Visitors

LISTS = ("home", "duty", "termrule", "staff", "phonecall", "personaldataread", "backgroundjob", "nothing", "chosen")
FORMS = ("duty-one", "article-one", "staff-one", "apikey", "rateformula-one", "policy-one", "calendarday-one")
FORMS += ("duty-add", "officehours-add", "area-add", "channelaccount-add", "article-add", "skill-add")
FORMS += ("staff-refused", "termrule-refused", "password-of")
OTHERS = (
    "matter-history",
    "matter-edition",
    "skill-delete",
    "area-delete",
    "upload",
    "examine",
    "effect",
    "unreadable",
)
CHOSEN = {name: STATES[f"admin-{name}"] for name in (*LISTS, *FORMS, *OTHERS, "404")}
"""One of each shape: a list, a form and a history look alike whatever they are of."""
DARK = "dark => document.documentElement.classList.toggle('dark', dark)"


def wrong_on(page: Page, screen: Screen, axe: str) -> list[str]:
    """What axe finds on light and on dark, and words that nobody translated."""
    page.goto(screen.path)
    expect(page.locator(screen.ready).first).to_be_visible()
    screen.then(page)
    page.evaluate(axe)
    wrong = [f"untranslated: {words}" for words in untranslated(page)]
    for dark in (False, True):
        page.evaluate(DARK, dark)
        page.evaluate(STILL)
        wrong += [f"{'dark' if dark else 'light'}: {found}" for found in page.evaluate(AXE, RULES)]
    return wrong


def test_administration_is_open_to_all(visitors: Visitors, axe: str) -> None:
    page = visitors.staff("admin", reduced_motion="reduce")
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": visitors.base}])
    found = {name: wrong_on(page, screen, axe) for name, screen in CHOSEN.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
