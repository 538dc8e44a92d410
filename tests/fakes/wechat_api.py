"""WeChat's server interface as its manual has it: tokens, customer-service and template messages, media."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.vendor import Asked, Said, Vendor, said

WINDOW = timedelta(hours=48)
FIELD_LIMITS = {"thing": 20, "character_string": 32, "phrase": 5}
LONGEST_TEXT = 2048  # bytes


@dataclass(frozen=True)
class Sent:
    """A message that reached a follower."""

    kind: str  # "text" or "template"
    to: str
    text: str = ""
    template: str = ""
    data: dict[str, str] | None = None
    url: str = ""


class WeChatServer(Vendor):
    """Knows one account, its followers, its templates and its media."""

    def __init__(self, appid: str, secret: str) -> None:
        super().__init__()
        self.appid, self.secret = appid, secret
        self.token, self.tokens_given = "", 0
        self.spoke_at: dict[str, datetime] = {}
        self.templates: dict[str, set[str]] = {}
        self.media: dict[str, tuple[bytes, str]] = {}
        self.sent: list[Sent] = []
        self.quota: int | None = None

    def spoke(self, openid: str, ago: timedelta = timedelta()) -> None:
        """A follower wrote to the account."""
        self.spoke_at[openid] = datetime.now(UTC) - ago

    def expire_token(self) -> None:
        """The token ends before its time, as when somebody refreshes it by hand."""
        self.token = ""

    def answer(self, asked: Asked) -> Said:
        """Route as the vendor does."""
        if asked.path == "/cgi-bin/stable_token":
            return self._token(asked)
        if asked.query.get("access_token") != self.token or not self.token:
            return self._error(40001, f"invalid credential, access_token is invalid {self.secret}")
        routes = {
            "/cgi-bin/message/custom/send": self._custom,
            "/cgi-bin/message/template/send": self._template,
            "/cgi-bin/media/get": self._media,
        }
        return routes[asked.path](asked)

    def _error(self, code: int, text: str) -> Said:
        return said({"errcode": code, "errmsg": text})

    def _token(self, asked: Asked) -> Said:
        body = asked.json()
        if body.get("grant_type") != "client_credential" or body.get("appid") != self.appid:
            return self._error(40013, "invalid appid")
        if body.get("secret") != self.secret:
            return self._error(40125, f"invalid appsecret {body.get('secret')}")
        if not self.token or body.get("force_refresh"):
            self.tokens_given += 1
            self.token = f"token-{self.tokens_given}"
        return said({"access_token": self.token, "expires_in": 7200})

    def _custom(self, asked: Asked) -> Said:
        if b"\\u" in asked.body:
            return self._error(40033, "escaped characters would be shown as they are")
        body: dict[str, Any] = json.loads(asked.body.decode("utf-8"))
        text = body["text"]["content"]
        if body["msgtype"] != "text" or len(text.encode()) > LONGEST_TEXT:
            return self._error(45002, "content size out of limit")
        spoke = self.spoke_at.get(body["touser"])
        if spoke is None or datetime.now(UTC) - spoke > WINDOW:
            return self._error(45015, "response out of time limit or subscription is canceled")
        if self.quota == 0:
            return self._error(45047, "out of response count limit")
        self.quota = None if self.quota is None else self.quota - 1
        self.sent.append(Sent("text", body["touser"], text))
        return self._error(0, "ok")

    def _template(self, asked: Asked) -> Said:
        body: dict[str, Any] = json.loads(asked.body.decode("utf-8"))
        wanted = self.templates.get(body["template_id"])
        if wanted is None:
            return self._error(40037, "invalid template_id")
        data = {name: item["value"] for name, item in body["data"].items()}
        if set(data) != wanted or not all(data.values()) or not all(map(_fits, data, data.values())):
            return self._error(47003, "argument invalid!")
        self.sent.append(
            Sent("template", body["touser"], template=body["template_id"], data=data, url=body.get("url", ""))
        )
        return said({"errcode": 0, "errmsg": "ok", "msgid": 200163836 + len(self.sent)})

    def _media(self, asked: Asked) -> Said:
        found = self.media.get(asked.query["media_id"])
        if found is None:
            return self._error(40007, "invalid media_id")
        content, content_type = found
        disposition = f'attachment; filename="{asked.query["media_id"]}"'
        return Said(content, content_type=content_type, headers={"Content-disposition": disposition})


def _fits(name: str, value: str) -> bool:
    return len(value) <= FIELD_LIMITS.get(name.rstrip("0123456789"), 200)
