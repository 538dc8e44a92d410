"""What the product writes down about running names nobody: everything planted here is looked for in every log line."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError
from django.test import Client

from channels_ingest import registry
from channels_ingest.citizen_web import guard
from channels_ingest.messages import Notice
from channels_ingest.models import ChannelAccount
from hotline.logs import LineFormatter, without_personal_data
from hotline.people import apikeys
from hotline.people.models import ApiKey
from hotline.tickets import clock, lifecycle
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.channels_ingest import jobs, samples
from tests.factories import PASSWORD, Cast
from tests.fakes.vendor import said
from tests.fakes.weibo_api import WeiboServer

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent.parent
NAME, PHONE, IDENTITY, ADDRESS = "欧阳无忌", "13555550123", "440106198001011234", "秘密巷七号"
WORDS = f"我叫{NAME}，电话{PHONE}，身份证{IDENTITY}，住{ADDRESS}"
WRONG, SECRET = "my-wrong-passphrase-77", "demo-secret-31415926"


class _Book(logging.Handler):
    """Every line as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(LineFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def book() -> Iterator[_Book]:
    """All loggers, at the level of an installation."""
    kept, root = _Book(), logging.getLogger()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    yield kept
    root.removeHandler(kept)
    root.setLevel(before)


def names_nobody(book: _Book, *more: str) -> None:
    text = "\n".join(book.lines)
    assert text
    planted = (NAME, PHONE, IDENTITY, ADDRESS, WORDS, WRONG, PASSWORD, SECRET, *more)
    assert [word for word in planted if word in text] == []


@pytest.fixture
def key() -> str:
    return apikeys.issue(name="app", scopes=[ApiKey.Scope.REQUESTS_WRITE])[1]


def hand_in(client: Client, key: str, **more: Any) -> Any:
    body = {"channel": "app", "external_id": "1", "sender": {"name": NAME, "phone": PHONE}, "text": WORDS}
    body |= {"place": {"address": ADDRESS}} | more
    headers = {"authorization": f"Bearer {key}"}
    return client.post("/api/v1/requests", body, content_type="application/json", headers=headers)


def sms(content: str, address: str = SECRET) -> Any:
    row = {"phone_number": PHONE, "content": content, "send_time": "x", "sequence_id": 1}
    return Client().post(f"/in/sms-aliyun/{address}/", json.dumps([row]), content_type="application/json")


def test_intake_taken_refused_and_failing(
    client: Client, key: str, book: _Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure's traceback names where it was, not what was said."""
    ChannelAccount.objects.create(adapter="sms-aliyun", name="demo", address=SECRET)
    assert hand_in(client, key).status_code == 201
    assert hand_in(client, key, type=WORDS, external_id="2").status_code == 422
    assert hand_in(client, key + "x").status_code == 401
    assert [sms(WORDS).status_code, sms(WORDS, f"{SECRET}x").status_code] == [400, 404]

    def failing(**told: Any) -> None:
        try:
            int(WORDS)
        except ValueError as error:
            raise DataError(f"bad value\nDETAIL:  Key (name)=({NAME}, {ADDRESS})") from error

    with monkeypatch.context() as broken:
        broken.setattr(lifecycle, "receive", failing)
        assert hand_in(client, key, external_id="3").status_code == 202
        jobs.run("process_inbound")
    assert any("DataError" in line and "in failing" in line for line in book.lines), (
        "what is needed to mend it is there"
    )
    names_nobody(book, key, Ticket.objects.get().public_code)


def test_the_citizens_pages(client: Client, book: _Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each refusal is logged with its address, of which the code is a part."""
    row = Cast().ticket_in(State.HANDLING)
    code = row.public_code
    client.raise_request_exception = False
    asked = [
        client.get(f"/t/{code}/nowhere/"),
        client.get(f"/t/{code}/urge/"),
        client.post(f"/t/{code}/words/", {"text": ""}),
        client.post("/follow/", {"number": row.number, "proof": WRONG}),
    ]
    monkeypatch.setattr(guard.REQUESTS.__class__, "take", lambda *asked: False)
    asked.append(
        client.post(f"/t/{code}/words/", {"text": WORDS, "submission": "6f6bb2c0-0000-4000-8000-000000000000"})
    )
    monkeypatch.undo()
    monkeypatch.setattr("channels_ingest.citizen_web.following.show", lambda *told, **more: int(WORDS))
    asked.append(client.get(f"/t/{code}/"))
    assert [answer.status_code for answer in asked] == [404, 405, 422, 422, 429, 500]
    assert sum("/t/***" in line for line in book.lines) >= 5
    names_nobody(book, code)


def test_signing_in_and_verbs(client: Client, book: _Book) -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    form = {"username": cast.agent.username, "password": WRONG}
    assert [client.post("/login/", form).status_code for _ in range(6)][-1] == 429
    clerk = Browser(cast.clerk)
    clerk.client.raise_request_exception = False
    assert clerk.act(row.number, "note", row.version + 7, text=WORDS).status_code == 409
    assert clerk.act(row.number, "return", row.version, reason=WORDS).status_code == 422
    assert clerk.act(row.number, "close", row.version, note=WORDS).status_code == 403
    assert clerk.act(row.number, "note", row.version, text=WORDS).status_code == 200
    assert clerk.get("/tickets", q=NAME, state=WORDS).status_code == 422
    names_nobody(book, row.public_code)


def test_vendors_that_repeat_what_they_were_told(book: _Book, settings: Any) -> None:
    with WeiboServer("token-271828") as vendor:
        options = {**samples.account("weibo").options, "api_base": vendor.url, "access_token": "token-271828"}
        account = samples.PlainAccount("demo", options)
        for answer in (said({"error": WORDS, "error_code": 10001}, 500), said({"error": WORDS, "error_code": 1}, 403)):
            vendor.instead.append(answer)
            receipt = registry.get("weibo").send(account, "1", Notice("answer", WORDS, last_heard_at=clock.now()))
            assert not receipt.accepted
            assert WORDS not in receipt.error
    book.lines.append("the vendor was asked")
    names_nobody(book, "token-271828", options["app_secret"])


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Not Found: /t/ABCDEFGHJK/", "Not Found: /t/***/"),
        ("Bad Request: /in/sms-aliyun/s3cret/", "Bad Request: /in/sms-aliyun/***/"),
        ("GET /ask/done/ABCDEFGHJK/?changed=1", "GET /ask/done/***/?changed=1"),
        ("WebSocket HANDSHAKING /ws/chat/ABCDEFGHJK/ [1]", "WebSocket HANDSHAKING /ws/chat/***/ [1]"),
        ("url: /cgi-bin/media/get?access_token=abc&id=1", "url: /cgi-bin/media/get?access_token=***&id=1"),
        ('{"password": "hunter2", "a": 1}', '{"password": "***", "a": 1}'),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("access token: errcode 40125", "access token: errcode 40125"),
        ("call of 13912345678", "call of 139****5678"),
        ("ticket 123452611210000017", "ticket 123452611210000017"),
    ],
)
def test_a_line(line: str, written: str) -> None:
    assert without_personal_data(line) == written


def test_the_proxy_writes_no_code_and_no_query() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    told = re.search(r"log_format without_codes '([^']*)';", text)
    assert told is not None
    assert {"$request", "$request_uri", "$uri", "$args", "$query_string", "$http_referer"} & set(
        told[1].split()
    ) == set()
    assert re.findall(r"access_log (\S+) ?(\w*);", text) == [
        ("/var/log/nginx/access.log", "without_codes"),
        ("off", ""),
    ]
    hidden = re.search(r"~(\^\S+) /\$place", text)
    assert hidden is not None
    pattern = re.compile(hidden[1].replace("?<", "?P<"))
    for address in ("/t/ABCDEFGHJK/words/", "/rate/ABCDEFGHJK/", "/in/sms-aliyun/secret/", "/ws/chat/ABCDEFGHJK/"):
        assert pattern.match(address), address
    assert not pattern.match("/tickets/")
