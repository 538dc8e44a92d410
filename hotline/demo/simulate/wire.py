"""The vendors' wire formats from their side: an utterance becomes the HTTP request that they would send."""

import hashlib
import json
import secrets
import time
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol

import httpx
from defusedxml.ElementTree import fromstring
from wechatpy.crypto import WeChatCrypto

from hotline.demo.city import files
from hotline.demo.simulate.traffic import Utterance

BEIJING = timezone(timedelta(hours=8))
PUBLIC_NAME = "gh_yunshui12345"
API_KEY = "demo-api-key"


class Wire(Protocol):
    """One channel's way of sending, and of reading the answer."""

    async def prepare(self, client: httpx.AsyncClient, spoken: Utterance) -> httpx.Request:
        """The request to send; to send it twice is what a vendor does that saw no answer."""

    def accepted(self, response: httpx.Response) -> bool:
        """Whether the answer says that the message is kept."""


def account(adapter: str) -> files.ChannelRow:
    """The demonstration's account of a channel, with its secrets."""
    return next(row for row in files.channel_accounts() if row.adapter == adapter)


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, as WeChat and Weibo sign."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def signed_query(token: str) -> dict[str, str]:
    """What a platform puts behind the address of every push."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(5)
    return {"signature": signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}


class WeChat:
    """XML of the public platform; every other message in safe mode (AES)."""

    def __init__(self) -> None:
        row = account("wechat")
        self._path, self._token = f"/in/wechat/{row.address}/", row.settings["token"]
        self._crypto = WeChatCrypto(self._token, row.settings["aes_key"], row.settings["appid"])

    async def prepare(self, client: httpx.AsyncClient, spoken: Utterance) -> httpx.Request:
        """Signed; plain or encrypted by the person's number."""
        xml, query = wechat_xml(spoken), signed_query(self._token)
        if spoken.number % 2:
            xml, query["msg_signature"] = self._sealed(xml, query)
            query["encrypt_type"] = "aes"
        headers = {"Content-Type": "text/xml"}
        return client.build_request("POST", self._path, params=query, content=xml.encode(), headers=headers)

    def _sealed(self, xml: str, query: dict[str, str]) -> tuple[str, str]:
        """The encrypted envelope as the platform sends it, and its signature."""
        made = fromstring(self._crypto.encrypt_message(xml, query["nonce"], query["timestamp"]))
        encrypted, signed = made.findtext("Encrypt"), made.findtext("MsgSignature")
        return f"<xml>{_field('ToUserName', PUBLIC_NAME)}{_field('Encrypt', encrypted)}</xml>", signed

    def accepted(self, response: httpx.Response) -> bool:
        """`success` or a reply."""
        return response.status_code == 200


def wechat_xml(spoken: Utterance) -> str:
    """A text or a location message."""
    head = (
        _field("ToUserName", PUBLIC_NAME)
        + _field("FromUserName", spoken.sender)
        + f"<CreateTime>{spoken.sent_at}</CreateTime>"
        + _field("MsgType", spoken.kind)
    )
    body = _field("Content", spoken.text)
    if spoken.kind == "location":
        body = (
            f"<Location_X>{spoken.lat}</Location_X><Location_Y>{spoken.lng}</Location_Y>"
            f"<Scale>16</Scale>{_field('Label', spoken.address)}"
        )
    # The platform's ids are rising 64-bit numbers; a person's words and place differ in the last digit.
    number = 24_000_000_000_000_000 + spoken.number * 10 + (spoken.kind != "text")
    return f"<xml>{head}{body}<MsgId>{number}</MsgId></xml>"


def _field(name: str, value: Any) -> str:
    return f"<{name}><![CDATA[{value}]]></{name}>"


class SmsAliyun:
    """SmsUp: a JSON array."""

    def __init__(self) -> None:
        self._path = f"/in/sms-aliyun/{account('sms-aliyun').address}/"

    async def prepare(self, client: httpx.AsyncClient, spoken: Utterance) -> httpx.Request:
        """One message in an array of its own."""
        sent = datetime.fromtimestamp(spoken.sent_at, BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        row = {
            "phone_number": spoken.phone,
            "content": spoken.text,
            "send_time": sent,
            "dest_code": "12345",
            "sequence_id": f"sim{spoken.number}",
        }
        return client.build_request("POST", self._path, json=[row])

    def accepted(self, response: httpx.Response) -> bool:
        """Code 0."""
        return response.status_code == 200 and response.json().get("code") == 0


class SmsTencent:
    """A JSON object without an id."""

    def __init__(self) -> None:
        self._path = f"/in/sms-tencent/{account('sms-tencent').address}/"

    async def prepare(self, client: httpx.AsyncClient, spoken: Utterance) -> httpx.Request:
        """One message."""
        row = {
            "extend": "",
            "mobile": spoken.phone,
            "nationcode": "86",
            "sign": "云水12345",
            "text": spoken.text,
            "time": spoken.sent_at,
        }
        return client.build_request("POST", self._path, json=row)

    def accepted(self, response: httpx.Response) -> bool:
        """Result 0."""
        return response.status_code == 200 and response.json().get("result") == 0


class Weibo:
    """Signed JSON of a private message."""

    def __init__(self) -> None:
        row = account("weibo")
        self._path, self._secret = f"/in/weibo/{row.address}/", row.settings["app_secret"]

    async def prepare(self, client: httpx.AsyncClient, spoken: Utterance) -> httpx.Request:
        """One message."""
        row = {
            "type": "text",
            "receiver_id": 12345,
            "sender_id": 5_000_000_000 + spoken.number,
            "created_at": datetime.fromtimestamp(spoken.sent_at, BEIJING).strftime("%a %b %d %H:%M:%S %z %Y"),
            "text": spoken.text,
            "data": {},
        }
        return client.build_request("POST", self._path, params=signed_query(self._secret), json=row)

    def accepted(self, response: httpx.Response) -> bool:
        """Empty, or a reply."""
        return response.status_code == 200


class Api:
    """The open interface, as an app or a self-service terminal uses it."""

    async def prepare(self, client: httpx.AsyncClient, spoken: Utterance) -> httpx.Request:
        """One request, with its place when it has one."""
        body: dict[str, Any] = {
            "channel": ("app", "terminal")[spoken.number % 2],
            "external_id": f"sim-{spoken.number}",
            "sender": {"phone": spoken.phone, "name": spoken.name},
            "text": spoken.text,
            "type": spoken.type,
        }
        if spoken.lat is not None:
            body["place"] = {"address": spoken.address, "lat": spoken.lat, "lng": spoken.lng}
        headers = {"Authorization": f"Bearer {API_KEY}"}
        return client.build_request("POST", "/api/v1/requests", json=body, headers=headers)

    def accepted(self, response: httpx.Response) -> bool:
        """201 for a new request, 200 for one that was seen before."""
        return response.status_code in (200, 201) and "number" in json.loads(response.content)
