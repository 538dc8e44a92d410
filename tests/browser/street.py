"""What happens outside the browser under test: citizens write in true wire formats, colleagues work over REST."""

import re
from collections.abc import Mapping
from itertools import count
from types import TracebackType
from typing import Any, Self

import httpx

from tests.fakes.wechat_api import WeChatServer
from tests.stories.world import wechat_query, wechat_xml

PATIENCE = 30.0
NUMBER = re.compile(r"12345\d{13}")
_message = count(700_001)


class Street:
    """Everybody who is not in front of a browser."""

    def __init__(self, base: str, password: str, wechat: WeChatServer) -> None:
        self.base, self.password, self.wechat = base, password, wechat
        self.web = httpx.Client(base_url=base, timeout=PATIENCE)
        self.colleagues: dict[str, httpx.Client] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in (self.web, *self.colleagues.values()):
            client.close()

    def writes(self, text: str, openid: str = "") -> str:
        """A WeChat text, signed and in the vendor's XML, of a new person unless one is named; returns the number."""
        number = next(_message)
        person = openid or f"oBrowser{number:020d}"
        self.wechat.spoke(person)
        body = wechat_xml("text", number, f"<Content><![CDATA[{text}]]></Content>", person)
        answer = self.web.post(f"/in/wechat/demo/?{wechat_query()}", content=body.encode())
        assert answer.status_code == 200, answer.text
        found = NUMBER.search(answer.text)
        assert found, answer.text
        return found[0]

    def hands_in(self, text: str, **fields: Any) -> dict[str, str]:
        """A request by the open interface; returns its number and code."""
        number = next(_message)
        body = {"channel": "app", "external_id": f"browser-{number}", "sender": {"phone": f"139{number:08d}"}}
        headers = {"Authorization": "Bearer demo-api-key"}
        answer = self.web.post("/api/v1/requests", json={**body, "text": text, **fields}, headers=headers)
        assert answer.status_code == 201, answer.text
        made: dict[str, str] = answer.json()
        return made

    def colleague(self, username: str) -> httpx.Client:
        """A member of staff at another machine, signed in through the form."""
        if username not in self.colleagues:
            client = httpx.Client(base_url=self.base, timeout=PATIENCE)
            client.get("/login/")
            form = {"username": username, "password": self.password}
            form["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
            assert client.post("/login/", data=form).status_code == 302
            self.colleagues[username] = client
        return self.colleagues[username]

    def number_of(self, address: str) -> str:
        """The number of the ticket whose public code ends a citizen's address."""
        code = address.rstrip("/").rpartition("/")[2]
        [row] = self.colleague("agent1").get("/api/v1/tickets", params={"q": code}).json()["results"]
        return str(row["number"])

    def sees(self, username: str, number: str) -> dict[str, Any]:
        """The ticket as that person sees it."""
        answer = self.colleague(username).get(f"/api/v1/tickets/{number}")
        assert answer.status_code == 200, answer.text
        ticket: dict[str, Any] = answer.json()
        return ticket

    def does(self, username: str, verb: str, number: str, **fields: Any) -> dict[str, Any]:
        """A verb, on what the ticket is now."""
        client, version = self.colleague(username), self.sees(username, number)["version"]
        headers: Mapping[str, str] = {"X-CSRFToken": client.cookies["csrftoken"]}
        address = f"/api/v1/tickets/{number}/{verb}"
        answer = client.post(address, json={**fields, "version": version}, headers=headers)
        assert answer.status_code == 200, answer.text
        ticket: dict[str, Any] = answer.json()
        return ticket

    def dispatched(self, text: str, unit: str) -> str:
        """A ticket that waits for `unit` to sign; returns its number."""
        number = self.hands_in(text)["number"]
        self.does("agent1", "accept", number, type="help", title=text[:20])
        self.does("agent1", "dispatch", number, department=unit)
        return number
