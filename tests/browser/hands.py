"""What hands do on the staff screens: open a ticket on the phone, choose in a form, send it."""

from playwright.sync_api import Page, expect

from tests.browser.visitors import PHONE, Visitors


def open_portal(visitors: Visitors, number: str, group: str, clerk: str = "urban") -> Page:
    """The clerk's phone with the ticket open, reached by tapping as a clerk would."""
    page = visitors.staff(clerk, viewport=PHONE, has_touch=True)
    page.goto("/portal/")
    page.get_by_role("navigation", name="待办分组").get_by_role("button", name=group).tap()
    page.locator("main.list button.card").filter(has_text=number[-6:]).tap()
    expect(page.locator("article.page")).to_contain_text(number)
    return page


def choose(page: Page, label: str, option: str) -> None:
    """Pick from one of Element Plus's selects inside the dialog."""
    page.get_by_role("dialog").locator(".el-form-item", has_text=label).locator(".el-select__wrapper").click()
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text=option).click()


def press(page: Page, name: str) -> None:
    """The button of the open dialog, and wait until the dialog is gone."""
    dialog = page.get_by_role("dialog", name=name)
    dialog.get_by_role("button", name=name).click()
    expect(dialog).to_be_hidden()


def from_menu(page: Page, verb: str) -> None:
    """A verb from the menu at the foot of the ticket."""
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name=verb, exact=True).click()
