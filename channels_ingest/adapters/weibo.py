"""Weibo private messages (微博私信) of a verified account: signed JSON in, JSON reply and message API out."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from channels_ingest.adapter import Account, Adapter, Capabilities, Option, required_text
from channels_ingest.errors import BadPayload, SendFailed
from channels_ingest.messages import (
    Answer,
    GeoPlace,
    Inbound,
    InboundKind,
    Media,
    Notice,
    Receipt,
    Reply,
    Sender,
    WebRequest,
)
from channels_ingest.signing import refuse_old, require_signature
from channels_ingest.vendors import console, weibo_api

KINDS: dict[str, InboundKind] = {
    "text": "text",
    "image": "image",
    "voice": "voice",
    "position": "location",
    "event": "event",
}


class Weibo(Adapter):
    """The app secret signs the query of every request; messages carry no id of their own."""

    slug = "weibo"
    label = _("Weibo")
    capabilities = Capabilities(
        passive_reply=True,
        push=True,
        push_window=timedelta(hours=48),
        gives_up=True,  # three times within seconds, as WeChat does
        max_text=290,
    )
    options = (
        Option("app_secret", "App Secret", secret=True),
        Option("access_token", "Access token", required=False, secret=True),
    )

    def verify(self, request: WebRequest, account: Account) -> None:
        query = request.query
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        require_signature(query.get("signature", ""), account.options["app_secret"], stamp, nonce)
        refuse_old(stamp, request.received_at)

    def handshake(self, request: WebRequest, account: Account) -> Answer | None:
        return Answer(request.query.get("echostr", "").encode())

    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        row = json.loads(request.body.decode("utf-8"))
        if not isinstance(row, dict):
            raise BadPayload("a push is one object")
        return [self._inbound(row)]

    def _inbound(self, row: dict[str, Any]) -> Inbound:
        kind = KINDS.get(str(row["type"]), "unknown")
        data: dict[str, Any] = row.get("data") or {}
        return Inbound(
            external_id=identity(row),
            sender=Sender(required_text(row, "sender_id")),
            kind=kind,
            # The text of a picture or an event is the vendor's own placeholder, not the citizen's words.
            text=str(row.get("text") or "") if kind in ("text", "location") else "",
            sent_at=datetime.strptime(row["created_at"], "%a %b %d %H:%M:%S %z %Y"),
            media=media_of(kind, data),
            place=place_of(data),
            event=str(data.get("subtype") or "") if kind == "event" else "",
            extra={
                "to": required_text(row, "receiver_id"),
                "event_key": str(data.get("key") or ""),
            },
        )

    def acknowledge(
        self, request: WebRequest, account: Account, replies: Sequence[tuple[Inbound, Reply | None]]
    ) -> Answer:
        message, reply = replies[0]
        if reply is None:
            return Answer(b"")
        words = json.dumps({"text": reply.text[: self.capabilities.max_text]}, ensure_ascii=False)
        answer = {
            "result": True,
            "receiver_id": message.sender.id,
            "sender_id": message.extra["to"],
            "type": "text",
            "data": quote(words, safe=""),
        }
        return Answer(json.dumps(answer).encode(), "application/json; charset=utf-8")

    def fetch_media(self, account: Account, media: Media) -> Media:
        return weibo_api.fetch(account.options, media)

    def send(self, account: Account, recipient: str, notice: Notice) -> Receipt:
        if settings.DEMO and not account.options.get("access_token"):
            return console.receipt(recipient, notice)
        window = self.capabilities.push_window
        heard = notice.last_heard_at
        if window is None or heard is None or datetime.now(UTC) - heard >= window:
            return Receipt(accepted=False, error="more than 48 hours of silence")
        try:
            text = notice.text[: self.capabilities.max_text]
            return Receipt(accepted=True, reference=weibo_api.send_text(account.options, recipient, text))
        except SendFailed as failure:
            return failure.receipt()


def identity(row: dict[str, Any]) -> str:
    """An id from what makes a message this message; a repeated push is byte for byte the same in these."""
    named = {name: row.get(name) for name in ("sender_id", "created_at", "type", "text", "data")}
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


def media_of(kind: InboundKind, data: dict[str, Any]) -> tuple[Media, ...]:
    """A picture or a voice, fetched by the id made for the receiver."""
    if not data.get("tovfid"):
        return ()
    if kind == "image":
        return (Media("image", str(data["tovfid"]), content_type="image/jpeg", filename="image.jpg"),)
    return (Media("voice", str(data["tovfid"]), content_type="audio/amr", filename="voice.amr"),)


def place_of(data: dict[str, Any]) -> GeoPlace | None:
    """A sent position."""
    if "longitude" not in data or "latitude" not in data:
        return None
    return GeoPlace(float(data["latitude"]), float(data["longitude"]))
