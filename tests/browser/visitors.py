"""People in front of a browser: each a context of their own, their console and content policy watched."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
EXPECTED = ("Failed to load resource", "ERR_INTERNET_DISCONNECTED", "WebSocket connection to")
"""What Chromium itself reports about answers and connections that a test brings about on purpose."""


class Visitors:
    """Opens windows, signs staff in once, and collects what the windows complained about."""

    def __init__(self, browser: Browser, base: str, password: str, signed_in: dict[str, dict[str, Any]]) -> None:
        self._browser, self.base, self._password, self._signed_in = browser, base, password, signed_in
        self._contexts: list[BrowserContext] = []
        self._complaints: list[str] = []

    def citizen(self, **options: Any) -> Page:
        """A new person without an account, on a phone unless a viewport is named."""
        return self._window(**({"viewport": PHONE, "locale": "zh-CN"} | options))

    def staff(self, username: str, **options: Any) -> Page:
        """A member of staff, signed in through the form the first time."""
        if username not in self._signed_in:
            page = self._window()
            self.sign_in(page, username)
            self._signed_in[username] = dict(page.context.storage_state())
            page.context.close()
            self._contexts.remove(page.context)
        usual = {"viewport": DESK, "locale": "zh-CN", "storage_state": self._signed_in[username]}
        return self._window(**(usual | options))

    def sign_in(self, page: Page, username: str) -> None:
        """Through the form."""
        page.goto("/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", self._password)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def complaints(self) -> list[str]:
        """Errors of scripts, refusals of the content policy and console errors so far."""
        return self._complaints

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()

    def _window(self, **options: Any) -> Page:
        context = self._browser.new_context(base_url=options.pop("base_url", self.base), **options)
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", self._script_failed)
        page.on("console", self._console)
        return page

    def _script_failed(self, error: Error) -> None:
        self._complaints.append(f"script: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self._complaints.append(f"console: {message.text}")
