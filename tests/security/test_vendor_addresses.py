"""Addresses that an account, a vendor's answer or a redirect names: none leads inside, none fills the memory."""

import gzip
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from pytest_django import Settings

from channels_ingest import registry
from channels_ingest.errors import MediaUnavailable, SendFailed
from channels_ingest.messages import Media, Notice
from channels_ingest.vendors import outside
from tests.channels_ingest import samples
from tests.fakes.vendor import Said, said
from tests.fakes.wechat_api import WeChatServer
from tests.fakes.weibo_api import WeiboServer

OPTIONS = samples.account("wechat").options
VIDEO, PICTURE = Media("video", "mVideo_1", content_type="video/mp4"), Media("image", "821804469")
INSIDE = "it lies inside (HOTLINE_VENDOR_NETWORKS)"
ADDRESSES = (
    "127.0.0.1",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.9",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "1.1.1.1@127.0.0.1",
)


@pytest.fixture
def wechat(settings: Settings) -> Iterator[WeChatServer]:
    """The vendor where the environment points, and nothing else of this machine allowed."""
    store = redis.Redis.from_url(settings.REDIS_URL)
    store.delete(f"{settings.LIVE_PREFIX}:wechat:token:{OPTIONS['appid']}")
    store.close()
    with WeChatServer(OPTIONS["appid"], OPTIONS["secret"]) as vendor:
        settings.WECHAT_API_BASE, settings.VENDOR_NETWORKS = vendor.url, []
        yield vendor


def fetch(slug: str, media: Media, **options: Any) -> Media:
    account = samples.PlainAccount("demo", {**samples.account(slug).options, **options})
    return registry.get(slug).fetch_media(account, media)


def refusal(slug: str, media: Media, **options: Any) -> str:
    with pytest.raises(MediaUnavailable) as refused:
        fetch(slug, media, **options)
    assert refused.value.retry is False, "it will lie inside tomorrow as well"
    return str(refused.value)


@pytest.mark.parametrize("host", ADDRESSES)
def test_a_vendors_answer_leads_nowhere_inside(wechat: WeChatServer, host: str, settings: Settings) -> None:
    with WeiboServer("another service of this machine") as inner:
        port = inner.url.rpartition(":")[2]
        fetch_token(wechat)
        wechat.instead.append(said({"video_url": f"http://{host}:{port}/secrets"}))
        assert INSIDE in refusal("wechat", VIDEO)
        wechat.instead.append(Said(b"", 302, headers={"Location": f"http://{host}:{port}/secrets"}))
        assert INSIDE in refusal("wechat", VIDEO)
        assert "address not called" in refusal("weibo", PICTURE, api_base=f"http://{host}:{port}")
        assert inner.asked == []


def fetch_token(wechat: WeChatServer) -> None:
    wechat.media["mVoice"] = (b"#!AMR\nvoice", "voice/amr")
    assert fetch("wechat", Media("voice", "mVoice")).content == b"#!AMR\nvoice"


@pytest.mark.parametrize("slug", ["sms-aliyun", "sms-tencent"])
def test_an_account_does_not_name_a_sender_inside(slug: str, settings: Settings) -> None:
    settings.VENDOR_NETWORKS = []
    account = samples.PlainAccount("x", {**samples.account(slug).options, "api_base": "http://169.254.169.254"})
    notice = Notice("received", "x", {"number": "1", "code": "A"}, key="line:1")
    receipt = registry.get(slug).send(account, "13800000001", notice)
    assert (receipt.accepted, receipt.retry, receipt.error) == (False, False, f"address not called: {INSIDE}")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://1.1.1.1/", "gopher://1.1.1.1/", "//1.1.1.1/", "http://", "x"]
)
def test_other_schemes_are_not_asked(wechat: WeChatServer, url: str) -> None:
    fetch_token(wechat)
    wechat.instead.append(said({"video_url": url}))
    with pytest.raises(MediaUnavailable):
        fetch("wechat", VIDEO)
    with pytest.raises(SendFailed, match=r"neither http nor https|it is none"):
        outside.ask("GET", url)


def test_a_name_that_means_another_address_a_moment_later_is_looked_up_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: judged as one address, called as another."""
    settings.VENDOR_NETWORKS = ["127.0.0.1/32"]
    looked_up: list[str] = []
    look_up = socket.getaddrinfo

    def rebinding(host: Any, *more: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name != "vendor.example":
            return look_up(host, *more, **options)
        looked_up.append(name)
        return look_up("127.0.0.1" if len(looked_up) == 1 else "127.0.0.9", *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with WeiboServer("token") as vendor:
        vendor.files["1"] = (b"\xff\xd8picture", "image/jpeg")
        base = vendor.url.replace("127.0.0.1", "vendor.example")
        found = fetch("weibo", Media("image", "1"), api_base=base, access_token="token")
        assert (found.content, looked_up) == (b"\xff\xd8picture", ["vendor.example"])
        looked_up.clear()
        answer = outside.session().get(f"{base}/2/mss/msget?access_token=token&fid=1")
        assert (answer.content, looked_up) == (b"\xff\xd8picture", ["vendor.example"])
        assert {asked.headers["host"] for asked in vendor.asked} == {base.removeprefix("http://")}


def test_a_name_one_of_whose_addresses_lies_inside_is_not_called(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **options: rows)
    with pytest.raises(SendFailed, match="lies inside"):
        outside.address_of("vendor.example", 80)
    rows.pop()
    assert outside.address_of("vendor.example", 80) == "1.1.1.1"


def test_a_redirect_keeps_neither_the_host_nor_the_way(wechat: WeChatServer) -> None:
    fetch_token(wechat)
    wechat.instead.append(said({"video_url": f"{wechat.url}/down/1"}))
    wechat.instead.append(Said(b"", 302, headers={"Location": f"{wechat.url}/down/2"}))
    wechat.instead.append(Said(b"....ftypmp42", content_type="video/mp4"))
    assert fetch("wechat", VIDEO).content == b"....ftypmp42"
    assert wechat.asked[-1].path == "/down/2"


@pytest.mark.parametrize("packed", [True, False])
def test_an_answer_without_end_is_not_read_to_its_end(wechat: WeChatServer, packed: bool, settings: Settings) -> None:
    settings.MAX_ATTACHMENT_BYTES = 100_000
    settings.VENDOR_NETWORKS = ["127.0.0.0/8"]
    body = bytes(50_000_000) if packed else bytes(100_001)
    answer = Said(gzip.compress(body, 1), 200, "video/mp4", {"Content-Encoding": "gzip"}) if packed else Said(body)
    fetch_token(wechat)
    wechat.instead.append(answer)
    assert refusal("wechat", VIDEO).endswith("the answer is too large")
    with WeiboServer("token") as weibo:
        weibo.instead.append(answer)
        assert refusal("weibo", PICTURE, api_base=weibo.url).endswith("the answer is too large")
