"""Every door through which words, sound and pictures come in, each taking one spoilt input at a time."""

import asyncio
import io
import json
import logging
import math
import struct
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha1
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode
from uuid import UUID, uuid4

from aiosipua import SipUAC
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from PIL import Image
from wechatpy.crypto import WeChatCrypto

from channels_ingest.citizen_web import guard
from channels_ingest.messages import WebRequest
from channels_ingest.models import ChannelAccount, InboundMessage
from channels_ingest.sms_links import segments, uplinks
from channels_ingest.sms_links.cmpp import encode
from channels_ingest.sms_links.cmpp_dialect import CmppAccount, CmppDialect
from channels_ingest.sms_links.cmpp_messages import Deliver, Version
from channels_ingest.sms_links.dialect import Dialect, Malformed, Unacceptable, Uplink
from channels_ingest.sms_links.smpp_dialect import SmppAccount, SmppDialect
from channels_ingest.telephony.audiosocket import AudioSocketLeg
from channels_ingest.telephony.sip_signalling import UserAgent
from channels_ingest.telephony.sip_transport import SipTransport
from channels_ingest.telephony.wire import Decoder, Frame, Kind
from hotline.people import apikeys
from hotline.people.models import ApiKey
from hotline.tickets import clock, files
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import Attachment, Ticket
from nlp import speech
from tests.channels_ingest import samples
from tests.factories import contact, ticket
from tests.security import mutators
from tests.security.mutators import Chance

OTHERS = {"name": "欧阳无忌", "phone": "13555550123", "words": "只有我知道的一句话", "address": "秘密巷七号"}
Door = Callable[[Chance], str]
"""Takes one spoilt input and tells what became of it; raises AssertionError for a hole."""


class Hole(AssertionError):
    """An input did what no input may do."""


def rows() -> tuple[int, ...]:
    """How many rows there are of what a request can make."""
    return tuple(model.objects.count() for model in (InboundMessage, Ticket, Attachment))


class Hall:
    """A hotline with another citizen's ticket in it, whose words no answer may hold."""

    def __init__(self) -> None:
        other = ticket(OTHERS["words"], contact=contact(name=OTHERS["name"], phone=OTHERS["phone"]))
        other.address = OTHERS["address"]
        other.save()
        self.own = ticket("自己的事", contact=contact(phone="13800000077"))
        self.secrets = [value.encode() for value in (*OTHERS.values(), other.number, other.public_code)]
        self.client = Client()
        self.key = apikeys.issue(name="app", scopes=[ApiKey.Scope.REQUESTS_WRITE])[1]
        for slug in ("wechat", "weibo", "sms-aliyun", "sms-tencent", "sms-cmpp", "sms-smpp"):
            options = json.dumps(samples.account(slug).options)
            ChannelAccount.objects.create(adapter=slug, name="demo", address=f"demo-{slug}", settings=options)
        self.before = rows()

    def asked(self, send: Callable[[], Any]) -> str:
        """Send one input over HTTP; nothing of it stays."""
        with transaction.atomic():
            answer = send()
            self._judge(answer)
            transaction.set_rollback(True)
        return str(answer.status_code)

    def _judge(self, answer: Any) -> None:
        if answer.status_code >= 500:
            raise Hole(f"answered {answer.status_code}")
        content = answer.content + str(answer.headers).encode()
        if any(secret in content for secret in self.secrets):
            raise Hole("another citizen's data in the answer")
        if answer.status_code >= 400 and rows() != self.before:
            raise Hole(f"refused with {answer.status_code}, but something was made")
        failed = InboundMessage.objects.exclude(state=InboundMessage.State.DONE).values_list("error", flat=True)
        if failed:
            raise Hole(f"kept, but could not be processed: {list(failed)}")


# --- webhooks ---------------------------------------------------------------------------------------------


def webhook(
    hall: Hall, slug: str, spoil: Callable[[Chance, bytes], bytes], sign: Callable[[WebRequest], WebRequest]
) -> Door:
    """A vendor's push whose body is spoilt and whose signature is right: what a thief of the key can send."""
    names = [name for name in samples.names(slug) if not name.endswith("_safe")]

    def door(chance: Chance) -> str:
        true = samples.request(slug, chance.choice(names))
        request = sign(replace(true, body=spoil(chance, true.body)))
        with clock.at(request.received_at):
            return hall.asked(lambda: pushed(hall.client, slug, request))

    return door


def pushed(client: Client, slug: str, request: WebRequest) -> Any:
    """A request as it comes over the wire."""
    return client.generic(
        "POST",
        f"/in/{slug}/demo-{slug}/",
        request.body,
        content_type=request.headers.get("content-type", ""),
        query_params=dict(request.query),
        REMOTE_ADDR=request.remote_ip,
    )


def unsigned(request: WebRequest) -> WebRequest:
    """The plain signatures of WeChat and Weibo cover the query alone, and SMS pushes have none."""
    return request


def wechat_signature(request: WebRequest, encrypted: str) -> WebRequest:
    """The query of safe mode over this envelope."""
    stamp, nonce = request.query["timestamp"], request.query["nonce"]
    parts = sorted([samples.account("wechat").options["token"], stamp, nonce, encrypted])
    made = sha1("".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return replace(request, query={**request.query, "encrypt_type": "aes", "msg_signature": made})


def wechat_safe(hall: Hall) -> Door:
    """Spoilt XML inside a true envelope, or a true signature over a spoilt one."""
    options = samples.account("wechat").options
    crypto = WeChatCrypto(options["token"], options["aes_key"], options["appid"])
    names = [name for name in samples.names("wechat") if not name.endswith("_safe")]

    def door(chance: Chance) -> str:
        true = samples.request("wechat", chance.choice(names))
        xml = mutators.spoiled_xml(chance, true.body).decode("utf-8", "replace")
        sealed = crypto.encrypt_message(xml, true.query["nonce"], true.query["timestamp"])
        encrypted = sealed.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
        if chance.random() < 0.4:
            encrypted = mutators.spoiled(chance, encrypted.encode()).decode("utf-8", "replace").replace("]]>", "")
        body = f"<xml><ToUserName>gh</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()
        request = wechat_signature(replace(true, body=body), encrypted)
        with clock.at(request.received_at):
            return hall.asked(lambda: pushed(hall.client, "wechat", request))

    return door


def wechat_query(hall: Hall) -> Door:
    """Spoilt signatures, times, nonces and address checks."""

    def door(chance: Chance) -> str:
        true = samples.request("wechat", "text_safe")
        query = mutators.spoiled_form(chance, {**true.query, "echostr": "8021", "x": ""})
        url = f"/in/wechat/demo-wechat/?{urlencode(query, doseq=True)}"
        method = chance.choice(("GET", "POST"))
        with clock.at(true.received_at):
            return hall.asked(lambda: hall.client.generic(method, url, true.body, "text/xml"))

    return door


# --- the open interface and the citizens' pages -------------------------------------------------------------


def open_interface(hall: Hall) -> Door:
    """A system with a key that sends what it should not."""
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    more = {"enterprise": False, "wechat": "w"}
    headers = {"authorization": f"Bearer {hall.key}"}

    def door(chance: Chance) -> str:
        tree = json.loads(samples.request("api", chance.choice(samples.names("api"))).body)
        tree |= {"sender": tree.get("sender", {}) | more}
        tree |= {"attachments": [{"filename": "a.png", "content": picture}]} if chance.random() < 0.3 else {}
        body = mutators.spoiled_json(chance, json.dumps(tree).encode())
        kind = chance.choice(("application/json", "application/json; charset=utf-16", "text/plain", ""))
        return hall.asked(lambda: hall.client.generic("POST", "/api/v1/requests", body, kind, headers=headers))

    return door


FORMS: dict[str, dict[str, str]] = {
    "/ask/": {
        "text": "楼下施工吵", "type": "help", "address": "学府路3号", "lat": "23.1", "lng": "113.2",
        "phone": "13800000005",
        "name": "李先生", "confidential": "on", "enterprise": "on", "held": "x:y", "submission": str(uuid4()),
    },
    "/follow/": {"number": "123452611210000017", "proof": "0001"},
    "/chat/": {"text": "你好", "submission": str(uuid4())},
    "/t/{code}/words/": {"text": "在三栋", "held": "x:y", "submission": str(uuid4())},
    "/t/{code}/withdraw/": {"note": "不用了"},
    "/chat/{code}/": {"text": "你好", "submission": str(uuid4())},
    "/rate/{code}/": {"satisfied": "5", "solved": "yes", "words": "好", "submission": str(uuid4())},
    "/preferences/": {"large": "1", "next": "/ask/", "language": "en"},
    "/login/": {"username": "a", "password": "b", "next": "/desk/"},
    "/i18n/setlang/": {"language": "en", "next": "/"},
}  # fmt: skip
READ = (
    "/ask/kept/{word}/",
    "/ask/done/{word}/",
    "/t/{word}/",
    "/rate/{word}/",
    "/chat/{word}/",
    "/knowledge/?q={word}",
)
READ += ("/t/{word}/files/{word}/", "/follow/?number={word}", "/in/{word}/{word}/")


def citizen_form(hall: Hall) -> Door:
    """A page's form with fields of every kind, now and then as bytes that are no form at all."""

    def door(chance: Chance) -> str:
        path, fields = chance.choice(list(FORMS.items()))
        url = path.format(code=hall.own.public_code)
        form = mutators.spoiled_form(chance, fields)
        cache.clear()  # patience is tried elsewhere
        if chance.random() < 0.2:
            body = mutators.spoiled(chance, urlencode(form, doseq=True).encode())
            kind = chance.choice(("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"))
            return hall.asked(lambda: hall.client.generic("POST", url, body, kind))
        return hall.asked(lambda: hall.client.post(url, form))

    return door


def citizen_address(hall: Hall) -> Door:
    """An address with a word in it that is no code, number or file."""
    words = [word.encode("utf-8", "replace").decode()[:2_000] for word in mutators.HOSTILE]

    def door(chance: Chance) -> str:
        word = chance.choice(words) if chance.random() < 0.6 else chance.randbytes(12).decode("latin-1")
        url = chance.choice(READ).replace("{word}", urlencode({"": word})[1:])
        return hall.asked(lambda: hall.client.get(url))

    return door


# --- operators' links ---------------------------------------------------------------------------------------


def link(hall: Hall, slug: str, dialect: Dialect, true: list[bytes]) -> Door:
    """A PDU of a gateway: read, or refused in words; what was read is kept, or refused in words."""
    store = uplinks.UplinkStore(ChannelAccount.objects.get(adapter=slug))

    def door(chance: Chance) -> str:
        pdu = mutators.spoiled(chance, chance.choice(true))
        if len(pdu) > 4 and chance.random() < 0.7:
            pdu = struct.pack(">I", len(pdu)) + pdu[4:]  # the session cuts by the length: it is always right
        try:
            event = dialect.read(pdu)
        except Malformed as fault:
            dialect.refuse(fault)
            return "malformed"
        if not isinstance(event, Uplink):
            return type(event).__name__
        with transaction.atomic():
            try:
                store.keep(event)
                dialect.answer(event)
            except Unacceptable:
                return "unacceptable"
            finally:
                if InboundMessage.objects.exclude(state=InboundMessage.State.DONE).exists():
                    raise Hole("kept, but could not be processed")
                transaction.set_rollback(True)
        return "kept"

    return door


def cmpp(hall: Hall, version: Version) -> Door:
    """CMPP: words, parts of long words, reports, answers."""
    account = CmppAccount("901234", "secret", "1065712345", version)
    texts = [b"CX", "翠湖路垃圾桶满了".encode("utf-16-be"), bytes([5, 0, 3, 9, 2, 1]) + "前半".encode("utf-16-be")]
    words = [
        Deliver(7, "1065712345", "13800000001", text, 8 if number else 0, "12345", int(number == 2), 0, "")
        for number, text in enumerate(texts)
    ]
    dialect = CmppDialect(account)
    true = [encode(message, 5, version) for message in words]
    return link(hall, "sms-cmpp", dialect, [*true, dialect.test(1), dialect.goodbye(2)])


def smpp(hall: Hall) -> Door:
    """SMPP: the same."""
    dialect = SmppDialect(SmppAccount("hotline", "demo1234", "12345", "VMA"))
    pieces = [(0, 8, "路灯坏了".encode("utf-16-be")), (0x40, 8, segments.cut("很长的话" * 30, 3)[0])]
    pieces += [(4, 0, b"id:77 sub:001 dlvrd:001 submit date:2611 done date:2611 stat:DELIVRD err:000 Text:")]
    true = [deliver_sm(*piece) for piece in pieces]
    return link(hall, "sms-smpp", dialect, [*true, dialect.test(1), dialect.goodbye(2)])


def deliver_sm(esm_class: int, coding: int, content: bytes) -> bytes:
    """A message centre's deliver_sm with one optional parameter behind it."""
    body = b"\0\1\1" + b"8613800000001\0" + b"\1\1" + b"12345\0" + bytes([esm_class, 0, 0]) + b"\0\0" + bytes(2)
    body += bytes([coding, 0, len(content)]) + content + struct.pack(">HHH", 0x020C, 2, 9)
    return struct.pack(">4I", 16 + len(body), 5, 0, 7) + body


# --- the telephone ------------------------------------------------------------------------------------------

INVITE = (
    "INVITE sip:12345@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK{n}\r\nMax-Forwards: 70\r\n"
    "From: <sip:13900001234@127.0.0.1>;tag=a\r\nTo: <sip:12345@127.0.0.1>\r\nCall-ID: {n}@x\r\nCSeq: 1 {verb}\r\n"
    "Contact: <sip:13900001234@127.0.0.1:5070>\r\nContent-Type: application/sdp\r\n"
    "Content-Length: {length}\r\n\r\n{sdp}"
)
SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 0 101\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
)


class _Told(logging.Handler):
    """What the telephone's own net under its handlers caught: an error in handling, never one in reading."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.errors.append(f"{record.getMessage()} {record.exc_info and record.exc_info[1]!r}")


@contextmanager
def telephone() -> Iterator[Door]:
    """A user agent that answers into nowhere, with every datagram handed to its transport."""
    told = _Told()
    logging.getLogger("aiosipua").addHandler(told)
    loop = asyncio.new_event_loop()

    async def made() -> SipTransport:
        transport = SipTransport(("127.0.0.1", 0), ())
        transport.allows = lambda address: True  # type: ignore[method-assign]
        transport._out = lambda message, addr: bytes(message)  # type: ignore[method-assign,assignment,return-value]
        agent = UserAgent(transport, SipUAC(transport))
        transport.on_message = agent._on_message
        return transport

    transport = loop.run_until_complete(made())

    def door(chance: Chance) -> str:
        verb = chance.choice(("INVITE", "BYE", "ACK", "CANCEL", "INFO", "OPTIONS", "REFER", "REGISTER", "UPDATE"))
        text = INVITE.format(n=chance.randrange(10**9), verb=verb, sdp=SDP, length=len(SDP))
        data = mutators.spoiled(chance, text.replace("INVITE sip", f"{verb} sip", 1).encode())

        async def hear() -> None:
            transport._dispatch(data, ("127.0.0.1", 5070))
            for task in transport._repeating.values():
                task.cancel()

        loop.run_until_complete(hear())
        if told.errors:
            raise Hole(told.errors.pop())
        return "heard"

    try:
        yield door
    finally:
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        logging.getLogger("aiosipua").removeHandler(told)


def audiosocket(hall: Hall) -> Door:
    """Frames of an exchange, in any order, of any kind, torn anywhere."""
    sound = bytes(abs(int(8_000 * math.sin(n / 3))) & 0xFF for n in range(640))
    frames = [
        Frame(Kind.UUID, UUID(int=7).bytes),
        Frame(Kind.AUDIO_8K, sound[:320]),
        Frame(Kind.AUDIO_16K, sound),
        Frame(Kind.DTMF, b"5"),
        Frame(Kind.ERROR, b"\1"),
        Frame(0x77, b"new"),
    ]

    def door(chance: Chance) -> str:
        stream = b"".join(frame.encode() for frame in chance.choices(frames, k=chance.randrange(1, 9)))
        return asyncio.run(hear(chance, mutators.spoiled(chance, stream)))

    return door


async def hear(chance: Chance, stream: bytes) -> str:
    """A leg's frames through the decoder, in two pieces."""
    writer: Any = SimpleNamespace(is_closing=lambda: True, transport=None, write=lambda data: None)
    leg, decoder = AudioSocketLeg(uuid4(), writer, 8_000), Decoder()
    at = chance.randrange(len(stream) + 1)
    going_on = [leg.hear(decoder.feed(piece)) for piece in (stream[:at], stream[at:])]
    leg.send(b"\0\0" * 160)
    return "hung up" if False in going_on else "heard"


# --- files --------------------------------------------------------------------------------------------------


def pictures(hall: Hall) -> Door:
    """Uploads: kept clean, or refused with a sentence."""
    true = [picture(kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")]
    true += [b"%PDF-1.4\n%x", b"PK\x03\x04" + bytes(60), b"....ftypmp42" + bytes(40), b"<svg onload='x'/>"]

    def door(chance: Chance) -> str:
        try:
            return files.examine(mutators.spoiled(chance, chance.choice(true))).content_type
        except InvalidFields:
            return "refused"

    return door


def picture(kind: str) -> bytes:
    """A small picture with something written beside it."""
    out = io.BytesIO()
    Image.new("RGB", (24, 16), "green").save(out, kind, exif=_exif() if kind in ("JPEG", "PNG", "WEBP") else b"")
    return out.getvalue()


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (23.0, 8.0, 15.0), 3: "E", 4: (113.0, 21.0, 9.0)}
    return exif


def sounds(hall: Hall) -> Door:
    """Voices: decoded, or undecodable; also the copy that browsers play."""
    wav = io.BytesIO()
    with wave.open(wav, "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", int(9_000 * math.sin(n / 4))) for n in range(1_600)))
    true = [
        wav.getvalue(),
        b"#!AMR\n" + b"\x7c" * 30 + b"\x04" + bytes(12) * 3,
        b"OggS" + bytes(60),
        b"ID3" + bytes(40),
    ]

    def door(chance: Chance) -> str:
        data = mutators.spoiled(chance, chance.choice(true))[:20_000]
        try:
            examined = files.examine(data, hint=chance.choice(("", "audio/speex", "text/html")))
            speech.decode(data, examined.content_type)
        except InvalidFields:
            return "refused"
        except speech.Undecodable:
            return "undecodable"
        return "decoded"

    return door


@dataclass(frozen=True, slots=True)
class Intake:
    """A door, and of how many inputs in a hundred it gets which."""

    share: int
    opened: Callable[[Hall], Door]


JSON, XML = mutators.spoiled_json, mutators.spoiled_xml
INTAKES = {
    "wechat": Intake(10, lambda hall: webhook(hall, "wechat", XML, unsigned)),
    "wechat safe mode": Intake(7, wechat_safe),
    "wechat query": Intake(5, wechat_query),
    "weibo": Intake(8, lambda hall: webhook(hall, "weibo", JSON, unsigned)),
    "aliyun sms": Intake(7, lambda hall: webhook(hall, "sms-aliyun", JSON, unsigned)),
    "tencent sms": Intake(7, lambda hall: webhook(hall, "sms-tencent", JSON, unsigned)),
    "open interface": Intake(11, open_interface),
    "citizen forms": Intake(9, citizen_form),
    "citizen addresses": Intake(5, citizen_address),
    "cmpp 2.0": Intake(4, lambda hall: cmpp(hall, Version.V2)),
    "cmpp 3.0": Intake(3, lambda hall: cmpp(hall, Version.V3)),
    "smpp": Intake(6, smpp),
    "audiosocket": Intake(5, audiosocket),
    "pictures": Intake(4, pictures),
    "sounds": Intake(3, sounds),
    "sip": Intake(6, lambda hall: lambda chance: ""),
}


@contextmanager
def opened(name: str) -> Iterator[Door]:
    """A door, with no patience counted and no vendor asked."""
    with patch.object(guard.REQUESTS.__class__, "take", lambda *asked: True):
        if name == "sip":
            with telephone() as door:
                yield door
        else:
            yield INTAKES[name].opened(Hall())
