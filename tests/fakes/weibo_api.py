"""Weibo's message interface: private messages inside 48 hours, and files by the receiver's id."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from tests.fakes.vendor import Asked, Said, Vendor, said

WINDOW = timedelta(hours=48)
LONGEST_TEXT = 300


@dataclass(frozen=True)
class Sent:
    """A private message that arrived."""

    to: str
    text: str


class WeiboServer(Vendor):
    """Knows one access token, who wrote when, and the files."""

    def __init__(self, access_token: str) -> None:
        super().__init__()
        self.access_token = access_token
        self.spoke_at: dict[str, datetime] = {}
        self.files: dict[str, tuple[bytes, str]] = {}
        self.sent: list[Sent] = []

    def spoke(self, uid: str, ago: timedelta = timedelta()) -> None:
        """A citizen wrote to the account."""
        self.spoke_at[uid] = datetime.now(UTC) - ago

    def answer(self, asked: Asked) -> Said:
        """Route as the vendor does."""
        if asked.path == "/2/mss/msget":
            return self._file(asked)
        form = dict(parse_qsl(asked.body.decode()))
        if asked.path != "/2/messages/reply.json" or asked.method != "POST":
            return said({"error": "Request Api not found!", "error_code": 10020}, 404)
        if form.get("access_token") != self.access_token:
            return said({"error": "invalid_access_token", "error_code": 21332}, 403)
        text = json.loads(form["data"])["text"]
        spoke = self.spoke_at.get(form["receiver_id"])
        if spoke is None or datetime.now(UTC) - spoke > WINDOW:
            return said({"error": "out of time limit", "error_code": 20801}, 403)
        if form["type"] != "text" or len(text) > LONGEST_TEXT:
            return said({"error": "parameter (data)'s value invalid", "error_code": 10017}, 400)
        self.sent.append(Sent(form["receiver_id"], text))
        return said({"result": True, "sender_id": "1902538057", "receiver_id": form["receiver_id"]})

    def _file(self, asked: Asked) -> Said:
        if asked.query.get("access_token") != self.access_token or asked.query["fid"] not in self.files:
            return said({"error": "file not exists", "error_code": 20404}, 404)
        content, content_type = self.files[asked.query["fid"]]
        return Said(content, content_type=content_type)
