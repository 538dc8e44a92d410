"""WeChat official account (微信公众号): signed XML in, passive replies and API messages out."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext_lazy as _
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException
from wechatpy.messages import BaseMessage
from wechatpy.parser import parse_message
from wechatpy.replies import TextReply

from channels_ingest.adapter import Account, Adapter, Capabilities, Option
from channels_ingest.errors import BadPayload, BadSignature, SendFailed
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
from channels_ingest.vendors import console, wechat_api
from channels_ingest.xmlsafe import leaf_texts

MEDIA_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4"}


class WeChat(Adapter):
    """The account's token signs the query; in safe mode the body is AES-encrypted and signed as well."""

    slug = "wechat"
    label = _("WeChat")
    capabilities = Capabilities(
        passive_reply=True,
        push=True,
        push_window=timedelta(hours=48),
        templates=True,
        gives_up=True,  # three times within seconds, then never again
        max_text=600,
    )
    options = (
        Option("token", "Token", secret=True),
        Option("appid", "AppID"),
        Option("secret", "AppSecret", required=False, secret=True),
        Option("aes_key", "EncodingAESKey", required=False, secret=True),
        Option("safe_mode_only", "Refuse plain mode", required=False),
        Option("templates", "Template messages by kind of notice", required=False),
    )

    def verify(self, request: WebRequest, account: Account) -> None:
        query, token = request.query, account.options["token"]
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        require_signature(query.get("signature", ""), token, stamp, nonce)
        if request.method == "POST" and is_encrypted(request):
            # The plain signature does not cover the body, this one does.
            encrypted = leaf_texts(request.body).get("Encrypt", "")
            require_signature(query.get("msg_signature", ""), token, stamp, nonce, encrypted)
        elif request.method == "POST" and account.options.get("safe_mode_only"):
            raise BadSignature("this account accepts safe mode only")
        refuse_old(stamp, request.received_at)

    def handshake(self, request: WebRequest, account: Account) -> Answer | None:
        return Answer(request.query.get("echostr", "").encode())

    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        xml = decrypted(request, account) if is_encrypted(request) else request.body
        fields = leaf_texts(xml)
        message = parse_message(xml)
        return [self._inbound(message, fields)]

    def _inbound(self, message: BaseMessage, fields: dict[str, str]) -> Inbound:
        kind: InboundKind = KINDS.get(message.type, "unknown")
        event = fields.get("Event", "").lower() if kind == "event" else ""
        key = fields.get("EventKey", "")
        created = fields["CreateTime"]
        # Events have no MsgId; the vendor tells to recognise them by sender and time.
        external_id = fields.get("MsgId") or f"{fields['FromUserName']}:{created}:{event}:{key}"
        return Inbound(
            external_id=external_id[:200],
            sender=Sender(fields["FromUserName"]),
            kind=kind,
            text=words_of(fields, kind),
            sent_at=datetime.fromtimestamp(int(created), UTC),
            media=media_of(fields, kind),
            place=place_of(fields),
            event=event,
            extra={"to": fields["ToUserName"], "event_key": key},
        )

    def acknowledge(
        self, request: WebRequest, account: Account, replies: Sequence[tuple[Inbound, Reply | None]]
    ) -> Answer:
        message, reply = replies[0]
        if reply is None:
            return Answer(b"success")
        # The time is the message's own, so that the same message is answered with the same bytes.
        xml = TextReply(
            source=message.extra["to"],
            target=message.sender.id,
            time=int(message.sent_at.timestamp()) if message.sent_at else 0,
            content=reply.text.replace("]]>", "]] >"),
        ).render()
        if is_encrypted(request):
            query = request.query
            xml = crypto_of(account).encrypt_message(xml, query["nonce"], query["timestamp"])
        return Answer(xml.encode(), "application/xml; charset=utf-8")

    def fetch_media(self, account: Account, media: Media) -> Media:
        return wechat_api.client(account).fetch(media)

    def send(self, account: Account, recipient: str, notice: Notice) -> Receipt:
        if wechat_api.is_stage(account):
            return console.receipt(recipient, notice)
        api = wechat_api.client(account)
        try:
            if self._window_open(notice):
                try:
                    return Receipt(accepted=True, reference=api.send_text(recipient, notice.text))
                except SendFailed as failure:
                    if failure.code not in wechat_api.WINDOW_CLOSED:
                        raise
            return Receipt(accepted=True, reference=api.send_template(recipient, notice))
        except SendFailed as failure:
            return failure.receipt()

    def _window_open(self, notice: Notice) -> bool:
        window = self.capabilities.push_window
        assert window is not None
        return notice.last_heard_at is not None and datetime.now(UTC) - notice.last_heard_at < window


KINDS: dict[str, InboundKind] = {
    "text": "text",
    "voice": "voice",
    "image": "image",
    "video": "video",
    "shortvideo": "video",
    "location": "location",
    "link": "link",
    "event": "event",
}


def is_encrypted(request: WebRequest) -> bool:
    """Whether the vendor says that the body is in safe mode."""
    return request.query.get("encrypt_type") == "aes"


def crypto_of(account: Account) -> WeChatCrypto:
    """The vendor's AES envelope for this account."""
    options = account.options
    return WeChatCrypto(options["token"], options["aes_key"], options["appid"])


def decrypted(request: WebRequest, account: Account) -> bytes:
    """The XML inside the envelope; its signature was checked by `verify`."""
    query = request.query
    envelope = {"Encrypt": leaf_texts(request.body)["Encrypt"]}
    try:
        xml = crypto_of(account).decrypt_message(envelope, query["msg_signature"], query["timestamp"], query["nonce"])
    except (WeChatException, ValueError, IndexError, KeyError, struct.error) as error:
        raise BadPayload("the envelope cannot be opened with this account's key") from error
    return str(xml).encode()


def words_of(fields: dict[str, str], kind: InboundKind) -> str:
    """What the citizen said in words; a voice may carry WeChat's own recognition."""
    if kind == "link":
        return "\n".join(filter(None, (fields.get(name) for name in ("Title", "Description", "Url"))))
    if kind == "location":
        return fields.get("Label", "")
    return fields.get("Content") or fields.get("Recognition") or ""


def media_of(fields: dict[str, str], kind: InboundKind) -> tuple[Media, ...]:
    """The file that is to be fetched from the media API."""
    if kind not in ("image", "voice", "video") or not fields.get("MediaId"):
        return ()
    suffix = fields.get("Format") or {"image": "jpg", "video": "mp4"}.get(kind, "amr")
    content_type = "audio/speex" if suffix == "speex" else MEDIA_TYPES[kind]
    return (Media(kind, fields["MediaId"], content_type=content_type, filename=f"{kind}.{suffix}"),)


def place_of(fields: dict[str, str]) -> GeoPlace | None:
    """A sent location, or the position that the LOCATION event reports."""
    for lat, lng in (("Location_X", "Location_Y"), ("Latitude", "Longitude")):
        if fields.get(lat) and fields.get(lng):
            return GeoPlace(float(fields[lat]), float(fields[lng]), fields.get("Label", ""))
    return None
