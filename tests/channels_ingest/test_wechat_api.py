"""WeChat's server interface: one shared token, the 48-hour window, templates, media, no secret in errors."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from django.conf import settings

from channels_ingest import registry
from channels_ingest.errors import MediaUnavailable
from channels_ingest.messages import Media, Notice, Receipt
from tests.channels_ingest import samples
from tests.fakes.vendor import HANGS_UP, Said, said
from tests.fakes.wechat_api import Sent, WeChatServer

OPTIONS = samples.account("wechat").options
OPENID = "oJ5XbtwDq3ZkR9yN1mVh7LcGeUaE"
WeChat = registry.get("wechat")


@pytest.fixture
def server() -> Iterator[WeChatServer]:
    """The vendor, knowing the samples' account; no token is left over from another test."""
    store = redis.Redis.from_url(settings.REDIS_URL)
    store.delete(f"{settings.LIVE_PREFIX}:wechat:token:{OPTIONS['appid']}")
    with WeChatServer(OPTIONS["appid"], OPTIONS["secret"]) as vendor:
        vendor.templates = {
            "TplAnyNotice0001": {"character_string1", "phrase2", "thing3"},
            "TplClosed0001": {"character_string1", "thing2"},
        }
        vendor.spoke(OPENID)
        yield vendor
    store.close()


@pytest.fixture
def account(server: WeChatServer) -> samples.PlainAccount:
    return samples.PlainAccount("demo", {**OPTIONS, "api_base": server.url})


def notice(hours_ago: float | None = 1, **changes: Any) -> Notice:
    """A notice to a citizen who spoke some hours ago."""
    heard = None if hours_ago is None else datetime.now(UTC) - timedelta(hours=hours_ago)
    fields = {"number": "123452611210000017", "state": "办理中", "title": "路灯坏了", "short": "短"}
    values = {"kind": "accepted", "text": "编号123452611210000017的诉求已受理。", "fields": fields}
    return Notice(**{**values, "link": "https://12345.example/t/ABC/", "last_heard_at": heard, **changes})


def test_words_inside_the_window_go_as_a_customer_service_message(
    server: WeChatServer, account: samples.PlainAccount
) -> None:
    receipt = WeChat.send(account, OPENID, notice())
    assert receipt == Receipt(accepted=True, reference="custom")
    assert server.sent == [Sent("text", OPENID, "编号123452611210000017的诉求已受理。")]


def test_words_after_the_window_go_as_a_template(server: WeChatServer, account: samples.PlainAccount) -> None:
    receipt = WeChat.send(account, OPENID, notice(hours_ago=48.1))
    assert receipt == Receipt(accepted=True, reference="200163837")
    data = {"character_string1": "123452611210000017", "phrase2": "办理中", "thing3": "路灯坏了"}
    assert server.sent == [
        Sent("template", OPENID, template="TplAnyNotice0001", data=data, url="https://12345.example/t/ABC/")
    ]


def test_kind_of_notice_chooses_its_own_template(server: WeChatServer, account: samples.PlainAccount) -> None:
    WeChat.send(account, OPENID, notice(hours_ago=None, kind="closed"))
    assert [sent.template for sent in server.sent] == ["TplClosed0001"]


def test_template_values_are_cut_to_what_the_vendor_allows(server: WeChatServer, account: samples.PlainAccount) -> None:
    fields = {"number": "123452611210000017", "state": "已受理，等待派单", "title": "很长" * 20}
    assert WeChat.send(account, OPENID, notice(hours_ago=None, fields=fields)).accepted
    data = server.sent[0].data
    assert data is not None
    assert (data["phrase2"], len(data["thing3"])) == ("已受理，…", 20)


@pytest.mark.parametrize("closed_by", ["clock", "quota"])
def test_window_that_the_vendor_closes_first_falls_back_to_the_template(
    server: WeChatServer, account: samples.PlainAccount, closed_by: str
) -> None:
    if closed_by == "clock":
        server.spoke(OPENID, ago=timedelta(hours=49))
    else:
        server.quota = 0
    assert WeChat.send(account, OPENID, notice()).accepted
    assert [sent.kind for sent in server.sent] == ["template"]


def test_no_template_means_no_retry(server: WeChatServer, account: samples.PlainAccount) -> None:
    bare = samples.PlainAccount("demo", {**account.options, "templates": {}})
    receipt = WeChat.send(bare, OPENID, notice(hours_ago=50))
    assert receipt == Receipt(accepted=False, error="no template is set for accepted", retry=False)
    assert server.sent == []


def test_many_senders_fetch_one_token(server: WeChatServer, account: samples.PlainAccount) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: WeChat.send(account, OPENID, notice()), range(16)))
    assert all(receipt.accepted for receipt in receipts)
    asked_for_token = [asked for asked in server.asked if asked.path == "/cgi-bin/stable_token"]
    assert (len(asked_for_token), server.tokens_given, len(server.sent)) == (1, 1, 16)


def test_refused_token_is_renewed_once(server: WeChatServer, account: samples.PlainAccount) -> None:
    assert WeChat.send(account, OPENID, notice()).accepted
    server.expire_token()
    assert WeChat.send(account, OPENID, notice()).accepted
    assert (server.tokens_given, len(server.sent)) == (2, 2)


def test_token_refused_twice_is_left_for_later(server: WeChatServer, account: samples.PlainAccount) -> None:
    assert WeChat.send(account, OPENID, notice()).accepted
    before = len(server.asked)
    refusal = said({"errcode": 42001, "errmsg": "access_token expired"})
    server.instead.extend([refusal, said({"access_token": "token-1", "expires_in": 7200})])
    server.instead.extend([said({"access_token": "token-9", "expires_in": 7200}), refusal])
    receipt = WeChat.send(account, OPENID, notice())
    assert receipt == Receipt(accepted=False, error="customer-service message: errcode 42001", retry=True)
    # refused, the same token again, a forced one, refused: four requests and no endless loop
    assert len(server.asked) - before == 4


def test_token_is_shared_through_redis_with_an_end(server: WeChatServer, account: samples.PlainAccount) -> None:
    WeChat.send(account, OPENID, notice())
    with redis.Redis.from_url(settings.REDIS_URL) as store:
        key = f"{settings.LIVE_PREFIX}:wechat:token:{OPTIONS['appid']}"
        assert store.get(key) == b"token-1"
        assert 6800 < int(str(store.ttl(key))) <= 6900


@pytest.mark.parametrize(
    ("answer", "error", "retry"),
    [
        (said({"errcode": -1, "errmsg": "system error"}), "customer-service message: errcode -1", True),
        (said({"errcode": 45009, "errmsg": "limit"}), "customer-service message: errcode 45009", True),
        (said({"errcode": 40003, "errmsg": "openid"}), "customer-service message: errcode 40003", False),
        (Said(b"<html>busy</html>", 502, "text/html"), "customer-service message: errcode None", True),
    ],
)
def test_trouble_is_told_apart(
    server: WeChatServer, account: samples.PlainAccount, answer: Said, error: str, retry: bool
) -> None:
    WeChat.send(account, OPENID, notice())
    server.instead.append(answer)
    assert WeChat.send(account, OPENID, notice()) == Receipt(accepted=False, error=error, retry=retry)


def test_vendor_that_is_away_is_worth_a_retry(account: samples.PlainAccount, server: WeChatServer) -> None:
    away = samples.PlainAccount("demo", {**account.options, "api_base": "http://127.0.0.1:9"})
    receipt = WeChat.send(away, OPENID, notice())
    assert receipt == Receipt(accepted=False, error="access token: ConnectionError", retry=True)


def test_words_that_may_have_been_taken_are_not_sent_again(account: samples.PlainAccount, server: WeChatServer) -> None:
    WeChat.send(account, OPENID, notice())
    server.instead.append(HANGS_UP)
    receipt = WeChat.send(account, OPENID, notice())
    error = "customer-service message: ConnectionError"
    assert (receipt, len(server.sent)) == (Receipt(accepted=False, error=error, retry=True, unsure=True), 2)


def test_no_secret_is_told_or_logged(
    server: WeChatServer, account: samples.PlainAccount, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    wrong = samples.PlainAccount("demo", {**account.options, "secret": "wrong-but-secret-value"})
    receipt = WeChat.send(wrong, OPENID, notice())
    assert receipt == Receipt(accepted=False, error="access token: errcode 40125", retry=False)
    server.instead.append(said({"errcode": 40001, "errmsg": OPTIONS["secret"]}))
    told = f"{WeChat.send(account, OPENID, notice())} {caplog.text}"
    for secret in ("wrong-but-secret-value", OPTIONS["secret"], "token-1"):
        assert secret not in told


def test_media_is_fetched_with_its_true_type(server: WeChatServer, account: samples.PlainAccount) -> None:
    server.media["mVoice_1Zq8"] = (b"#!AMR\nvoice", "voice/amr")
    asked = Media("voice", "mVoice_1Zq8", content_type="audio/amr", filename="voice.amr")
    fetched = WeChat.fetch_media(account, asked)
    assert (fetched.content, fetched.content_type) == (b"#!AMR\nvoice", "voice/amr")


def test_video_is_fetched_from_where_the_vendor_points(server: WeChatServer, account: samples.PlainAccount) -> None:
    WeChat.send(account, OPENID, notice())
    server.instead.append(said({"video_url": f"{server.url}/down/1"}))
    server.instead.append(Said(b"....ftypmp42", content_type="video/mp4"))
    fetched = WeChat.fetch_media(account, Media("video", "mVideo_1", content_type="video/mp4"))
    assert fetched.content == b"....ftypmp42"


def test_a_page_that_tells_of_trouble_is_no_video(server: WeChatServer, account: samples.PlainAccount) -> None:
    WeChat.send(account, OPENID, notice())
    server.instead.append(said({"video_url": f"{server.url}/down/1"}))
    server.instead.append(Said(b"<html>Bad Gateway</html>", status=502, content_type="text/html"))
    with pytest.raises(MediaUnavailable) as caught:
        WeChat.fetch_media(account, Media("video", "mVideo_1", content_type="video/mp4"))
    assert (str(caught.value), caught.value.retry) == ("video: HTTPError", True)


@pytest.mark.parametrize(("code", "retry"), [(40007, False), (-1, True)])
def test_media_that_is_not_given(server: WeChatServer, account: samples.PlainAccount, code: int, retry: bool) -> None:
    WeChat.send(account, OPENID, notice())
    server.instead.append(said({"errcode": code, "errmsg": "no"}))
    with pytest.raises(MediaUnavailable) as caught:
        WeChat.fetch_media(account, Media("voice", "gone"))
    assert (str(caught.value), caught.value.retry) == (f"media: errcode {code}", retry)
