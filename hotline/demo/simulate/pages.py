"""The citizen's way through the web pages: fetch the form, fill it in, hand it in with token and cookies."""

from html.parser import HTMLParser

import httpx

from hotline.demo.simulate.traffic import Utterance

PATH = "/ask/"


class Web:
    """Both steps of the ask form, in a browser of its own for each person."""

    async def prepare(self, client: httpx.AsyncClient, spoken: Utterance) -> httpx.Request:
        """The first step taken, the second ready to be sent."""
        async with httpx.AsyncClient(base_url=client.base_url, timeout=client.timeout) as browser:
            first = await browser.get(PATH)
            box = hidden_fields(first.text) | {"text": spoken.text}
            second = await browser.post(PATH, data=box)
            form = hidden_fields(second.text) | {
                "text": spoken.text,
                "type": spoken.type if spoken.type != "other" else "",
                "address": spoken.address,
                "phone": spoken.phone,
                "name": spoken.name,
            }
            return browser.build_request("POST", PATH, data=form)

    def accepted(self, response: httpx.Response) -> bool:
        """The pages answer a kept request by leading on; anything else shows the form again."""
        return response.status_code == 302


class _Hidden(HTMLParser):
    """Collects the hidden inputs of the page's form."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an input that is hidden and named."""
        values = {name: value or "" for name, value in attrs}
        if tag == "input" and values.get("type") == "hidden" and "name" in values:
            self.found[values["name"]] = values.get("value", "")


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of a page, its CSRF token among them."""
    parser = _Hidden()
    parser.feed(page)
    return parser.found
