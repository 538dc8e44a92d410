"""What no database can keep or give back is refused or left out at the door, never taken and lost."""

import json
import time
from typing import Any

import pytest
from django.test import Client
from wechatpy.crypto import WeChatCrypto

from channels_ingest.adapter import checked
from channels_ingest.messages import GeoPlace, Inbound, Sender
from channels_ingest.models import ChannelAccount, InboundMessage
from channels_ingest.signing import require_signature
from hotline.people import apikeys
from hotline.people.models import ApiKey
from hotline.tickets.models import Ticket
from tests.api.conftest import Browser
from tests.factories import staff

pytestmark = pytest.mark.django_db
BODY = {"channel": "app", "external_id": "1", "text": "路灯不亮"}


@pytest.fixture
def bearer() -> dict[str, str]:
    key = apikeys.issue(name="app", scopes=[ApiKey.Scope.REQUESTS_WRITE])[1]
    return {"authorization": f"Bearer {key}"}


def send(client: Client, bearer: dict[str, str], query: str = "", **fields: Any) -> Any:
    """Post to the open interface; json.dumps escapes half a surrogate pair and NUL as an attacker would."""
    body = json.dumps(BODY | fields)
    return client.post(f"/api/v1/requests{query}", body, content_type="application/json", headers=bearer)


@pytest.mark.parametrize(
    "moment",
    [
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T00:00:00",
    ],
)
def test_a_time_that_cannot_be_read_again_is_refused(client: Client, bearer: dict[str, str], moment: str) -> None:
    answer = send(client, bearer, occurred_at=moment)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["occurred_at"])
    assert not Ticket.objects.exists()


def test_a_far_offset_is_a_time_like_any_other_and_the_desk_goes_on(client: Client, bearer: dict[str, str]) -> None:
    assert send(client, bearer, occurred_at="2026-01-02T00:00:00+23:59").status_code == 201
    made = Ticket.objects.get()
    assert made.occurred_at is not None
    assert made.occurred_at.isoformat() == "2026-01-01T00:01:00+00:00"
    assert Browser(staff("agent")).get("/tickets").json()["results"][0]["number"] == made.number


@pytest.mark.parametrize("address", ["解放\0路", "解放\ud800路"])
def test_characters_that_cannot_be_kept_do_not_lose_the_request(
    client: Client, bearer: dict[str, str], address: str
) -> None:
    assert send(client, bearer, place={"address": address}).status_code == 201
    assert Ticket.objects.get().address in ("解放路", "解放?路")
    assert InboundMessage.objects.get().state == "done"


def test_a_query_that_cannot_be_kept_is_refused_for_good(client: Client, bearer: dict[str, str]) -> None:
    assert send(client, bearer, query="?x=%00").status_code == 400
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        (GeoPlace(float("nan"), 1.0, "桥头"), GeoPlace(None, None, "桥头")),
        (GeoPlace(1.0, float("inf")), None),
        (GeoPlace(5000.0, 1.0, ""), None),
        (GeoPlace(1.0, None, ""), None),
        (GeoPlace(23.1, 113.2, "长" * 300), GeoPlace(23.1, 113.2, "长" * 200)),
        (GeoPlace(23.1, 113.2, ""), GeoPlace(23.1, 113.2, "")),
    ],
)
def test_a_place_that_is_nowhere_is_left_out_of_the_message(place: GeoPlace, kept: GeoPlace | None) -> None:
    message = Inbound("1", Sender("a"), "location", "在这里", None, (), place)
    assert checked(message).place == kept


def test_a_wechat_position_that_is_nowhere_does_not_lose_the_words(client: Client) -> None:
    ChannelAccount.objects.create(adapter="wechat", name="demo", settings=json.dumps({"token": "t", "appid": "wx"}))
    xml = (
        "<xml><ToUserName>gh</ToUserName><FromUserName>o1</FromUserName><CreateTime>1790000000</CreateTime>"
        "<MsgType>location</MsgType><Location_X>nan</Location_X><Location_Y>1e999</Location_Y><Scale>1</Scale>"
        "<Label>解放路口</Label><MsgId>7</MsgId></xml>"
    )
    answer = client.post(f"/in/wechat/demo/?{signed('t')}", xml, content_type="text/xml")
    assert answer.status_code == 200
    made = Ticket.objects.get()
    assert (made.address, made.lat, made.lng) == ("解放路口", None, None)


def signed(token: str, *more: str) -> str:
    """The query of a WeChat push; `more` is the encrypted body, which msg_signature covers too."""
    stamp = str(int(time.time()))
    query = f"timestamp={stamp}&nonce=n&signature={_signature(token, stamp, 'n')}"
    if more:
        query += f"&encrypt_type=aes&msg_signature={_signature(token, stamp, 'n', *more)}"
    return query


def _signature(*parts: str) -> str:
    from hashlib import sha1

    made = sha1("".join(sorted(parts)).encode()).hexdigest()
    require_signature(made, *parts)
    return made


def test_an_envelope_too_short_to_open_is_refused(client: Client) -> None:
    aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE"
    account = {"token": "t", "appid": "wx", "aes_key": aes_key}
    ChannelAccount.objects.create(adapter="wechat", name="demo", settings=json.dumps(account))
    crypto = WeChatCrypto("t", aes_key, "wx")
    assert crypto.encrypt_message("<xml/>", "n", "1")  # the key is a right one
    encrypted = "A" * 43 + "="
    body = f"<xml><ToUserName>gh</ToUserName><Encrypt>{encrypted}</Encrypt></xml>"
    answer = client.post(f"/in/wechat/demo/?{signed('t', encrypted)}", body, content_type="text/xml")
    assert answer.status_code == 400


@pytest.mark.parametrize("seconds", [10**18, -(10**18), 10**30, "9" * 5000])
def test_a_time_beyond_the_clock_is_unreadable(client: Client, seconds: Any) -> None:
    ChannelAccount.objects.create(adapter="sms-tencent", name="demo", address="secret")
    body = {"extend": "", "mobile": "13900000001", "nationcode": "86", "sign": "x", "text": "路灯坏了", "time": seconds}
    answer = client.post("/in/sms-tencent/secret/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
