"""Short messages and Weibo words on their way out, against servers that check every signature."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels_ingest import registry
from channels_ingest.errors import MediaUnavailable
from channels_ingest.messages import Media, Notice, Receipt
from channels_ingest.vendors import aliyun_sms
from tests.channels_ingest import samples
from tests.channels_ingest.samples import PlainAccount
from tests.fakes import aliyun_sms as aliyun
from tests.fakes import tencent_sms as tencent
from tests.fakes import weibo_api as weibo
from tests.fakes.vendor import HANGS_UP, Said, said

FIELDS = {"number": "123452611210000017", "code": "ABCDEFGHJK"}
TEXT = "诉求已收到，编号123452611210000017，查询码ABCDEFGHJK。回复CX查进度。"
NOTICE = Notice("received", TEXT, FIELDS, key="line:7")


@pytest.fixture
def aliyun_server() -> Iterator[aliyun.AliyunSms]:
    options = samples.account("sms-aliyun").options
    templates = {"SMS_1000001": {"content"}, "SMS_1000002": {"number", "code"}}
    with aliyun.AliyunSms(options["access_key_id"], options["access_key_secret"], templates) as vendor:
        yield vendor


@pytest.fixture
def tencent_server() -> Iterator[tencent.TencentSms]:
    options = samples.account("sms-tencent").options
    with tencent.TencentSms(options["access_key_id"], options["access_key_secret"], {"449739": 1}) as vendor:
        yield vendor


@pytest.fixture
def weibo_server() -> Iterator[weibo.WeiboServer]:
    with weibo.WeiboServer(samples.account("weibo").options["access_token"]) as vendor:
        vendor.spoke("2489518277")
        yield vendor


def at(slug: str, url: str, **changes: Any) -> PlainAccount:
    """The samples' account, with its vendor at `url`."""
    return PlainAccount("demo", {**samples.account(slug).options, "api_base": url, **changes})


def test_aliyun_takes_a_signed_message_with_its_template(aliyun_server: aliyun.AliyunSms) -> None:
    account = at("sms-aliyun", aliyun_server.url)
    receipt = registry.get("sms-aliyun").send(account, "13800000001", NOTICE)
    assert receipt == Receipt(accepted=True, reference="biz-1")
    assert aliyun_server.sent == [aliyun.Sent("13800000001", "云水市12345", "SMS_1000002", FIELDS, "line:7")]


def test_aliyun_default_template_carries_the_whole_sentence(aliyun_server: aliyun.AliyunSms) -> None:
    notice = replace(NOTICE, kind="answer", text="符号 +&=~%/ 与“引号”")
    registry.get("sms-aliyun").send(at("sms-aliyun", aliyun_server.url), "13800000001", notice)
    assert [sent.blanks for sent in aliyun_server.sent] == [{"content": "符号 +&=~%/ 与“引号”"}]


def test_aliyun_query_is_sorted_and_encoded_as_it_is_signed() -> None:
    query = {"b": "1 2*3~/", "a": "路灯", "C": "+"}
    assert aliyun_sms.encoded(query) == "C=%2B&a=%E8%B7%AF%E7%81%AF&b=1%202%2A3~%2F"


def test_aliyun_wrong_secret_is_not_retried(aliyun_server: aliyun.AliyunSms) -> None:
    account = at("sms-aliyun", aliyun_server.url, access_key_secret="another-secret-value")
    receipt = registry.get("sms-aliyun").send(account, "13800000001", NOTICE)
    assert receipt == Receipt(accepted=False, error="SendSms: SignatureDoesNotMatch", retry=False)
    assert aliyun_server.sent == []


@pytest.mark.parametrize(
    ("answer", "error", "retry"),
    [
        (said({"Code": "isv.BUSINESS_LIMIT_CONTROL"}), "SendSms: isv.BUSINESS_LIMIT_CONTROL", True),
        (said({"Code": "isv.MOBILE_NUMBER_ILLEGAL"}), "SendSms: isv.MOBILE_NUMBER_ILLEGAL", False),
        (said({"Code": "ServiceUnavailable"}, 503), "SendSms: ServiceUnavailable", True),
        (Said(b"<html>", 502, "text/html"), "SendSms: JSONDecodeError", True),
    ],
)
def test_aliyun_trouble_is_told_apart(aliyun_server: aliyun.AliyunSms, answer: Said, error: str, retry: bool) -> None:
    aliyun_server.instead.append(answer)
    receipt = registry.get("sms-aliyun").send(at("sms-aliyun", aliyun_server.url), "13800000001", NOTICE)
    assert receipt == Receipt(accepted=False, error=error, retry=retry)


def test_words_that_a_vendor_may_have_taken_are_told_from_words_that_never_left(
    aliyun_server: aliyun.AliyunSms, tencent_server: tencent.TencentSms, weibo_server: weibo.WeiboServer
) -> None:
    heard = replace(NOTICE, last_heard_at=datetime.now(UTC))
    servers: dict[str, Any] = {"sms-aliyun": aliyun_server, "sms-tencent": tencent_server, "weibo": weibo_server}
    for slug, server in servers.items():
        number = "2489518277" if slug == "weibo" else "13800000001"
        for instead in (HANGS_UP, Said(b"<html>", 504, "text/html")):
            server.instead.append(instead)
            receipt = registry.get(slug).send(at(slug, server.url), number, heard)
            assert (receipt.accepted, receipt.unsure) == (False, True)
        assert len(server.sent) == 1  # what hung up had taken it
        away = registry.get(slug).send(at(slug, "http://127.0.0.1:9"), number, heard)
        assert (away.accepted, away.retry, away.unsure) == (False, True, False)


def test_missing_template_is_said_and_not_retried() -> None:
    account = at("sms-aliyun", "http://127.0.0.1:9", templates={})
    receipt = registry.get("sms-aliyun").send(account, "13800000001", NOTICE)
    assert receipt == Receipt(accepted=False, error="no template is set for received", retry=False)


def test_tencent_takes_a_signed_message_with_its_template(tencent_server: tencent.TencentSms) -> None:
    receipt = registry.get("sms-tencent").send(at("sms-tencent", tencent_server.url), "13800000003", NOTICE)
    assert receipt == Receipt(accepted=True, reference="2028:1")
    assert tencent_server.sent == [tencent.Sent("+8613800000003", "云水市12345", "449739", [TEXT], "line:7")]


@pytest.mark.parametrize(
    ("phone", "changes", "error", "retry"),
    [
        ("13800000003", {"access_key_secret": "another"}, "SendSms: AuthFailure.SignatureFailure", False),
        ("1380000000", {}, "SendSms: InvalidParameterValue.IncorrectPhoneNumber", False),
    ],
)
def test_tencent_refusals_are_not_retried(
    tencent_server: tencent.TencentSms, phone: str, changes: dict[str, str], error: str, retry: bool
) -> None:
    account = at("sms-tencent", tencent_server.url, **changes)
    assert registry.get("sms-tencent").send(account, phone, NOTICE) == Receipt(False, "", error, retry)
    assert tencent_server.sent == []


def test_tencent_limit_is_worth_a_retry(tencent_server: tencent.TencentSms) -> None:
    tencent_server.instead.append(said({"Response": {"Error": {"Code": "RequestLimitExceeded"}}}))
    receipt = registry.get("sms-tencent").send(at("sms-tencent", tencent_server.url), "13800000003", NOTICE)
    assert receipt == Receipt(accepted=False, error="SendSms: RequestLimitExceeded", retry=True)


def test_console_sends_nothing_and_masks_the_number(caplog: pytest.LogCaptureFixture) -> None:
    from hotline.logs import LineFormatter

    caplog.handler.setFormatter(LineFormatter())
    caplog.set_level(logging.INFO)
    account = at("sms-aliyun", "http://127.0.0.1:9", sender="console")
    receipt = registry.get("sms-aliyun").send(account, "13800000001", NOTICE)
    assert receipt.accepted
    assert f"to 138****0001: {TEXT}" in caplog.text
    assert "13800000001" not in caplog.text


def test_weibo_words_inside_the_window(weibo_server: weibo.WeiboServer) -> None:
    heard = replace(NOTICE, last_heard_at=datetime.now(UTC))
    receipt = registry.get("weibo").send(at("weibo", weibo_server.url), "2489518277", heard)
    assert receipt == Receipt(accepted=True, reference="message")
    assert weibo_server.sent == [weibo.Sent("2489518277", TEXT)]


def test_weibo_after_the_window_asks_nobody(weibo_server: weibo.WeiboServer) -> None:
    late = replace(NOTICE, last_heard_at=datetime.now(UTC) - timedelta(hours=49))
    receipt = registry.get("weibo").send(at("weibo", weibo_server.url), "2489518277", late)
    assert receipt == Receipt(accepted=False, error="more than 48 hours of silence")
    assert weibo_server.asked == []


@pytest.mark.parametrize(("code", "retry"), [(10023, True), (21332, False)])
def test_weibo_trouble_is_told_apart(weibo_server: weibo.WeiboServer, code: int, retry: bool) -> None:
    weibo_server.instead.append(said({"error": "x", "error_code": code}, 403))
    heard = replace(NOTICE, last_heard_at=datetime.now(UTC))
    receipt = registry.get("weibo").send(at("weibo", weibo_server.url), "2489518277", heard)
    assert receipt == Receipt(accepted=False, error=f"message: error_code {code}", retry=retry)


def test_weibo_file_is_fetched_and_a_lost_one_is_not_asked_again(weibo_server: weibo.WeiboServer) -> None:
    account = at("weibo", weibo_server.url)
    weibo_server.files["821804469"] = (b"\xff\xd8picture", "image/jpeg")
    fetched = registry.get("weibo").fetch_media(account, Media("image", "821804469"))
    assert (fetched.content, fetched.content_type) == (b"\xff\xd8picture", "image/jpeg")
    with pytest.raises(MediaUnavailable) as caught:
        registry.get("weibo").fetch_media(account, Media("image", "1"))
    assert (str(caught.value), caught.value.retry) == ("media: HTTP 404", False)
