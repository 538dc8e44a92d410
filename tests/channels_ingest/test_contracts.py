"""Every channel keeps the contract; a channel without a class here fails the last test."""

from dataclasses import replace
from typing import ClassVar

import pytest

from channels_ingest import registry
from channels_ingest.errors import BadSignature
from channels_ingest.messages import WebRequest
from tests.channels_ingest import samples
from tests.channels_ingest.contract import ChannelContract, WebhookContract


class TestWeChatPlain(WebhookContract):
    slug = "wechat"
    signs_time = True
    unknown = "unknown"

    def forged(self, request: WebRequest) -> WebRequest:
        return replace(request, query={**request.query, "signature": "0" * 40})


class TestWeibo(WebhookContract):
    slug = "weibo"
    signs_time = True
    unknown = "unknown"

    def forged(self, request: WebRequest) -> WebRequest:
        return replace(request, query={**request.query, "nonce": "another"})


class TestSmsAliyun(WebhookContract):
    slug = "sms-aliyun"
    address = "demo-secret"
    signs_time = False
    unknown = None

    def forged(self, request: WebRequest) -> WebRequest:
        return replace(request, remote_ip="198.51.100.7")


class TestSmsTencent(WebhookContract):
    slug = "sms-tencent"
    address = "demo-secret"
    signs_time = False
    unknown = None

    def forged(self, request: WebRequest) -> WebRequest:
        return replace(request, remote_ip="198.51.100.7")


def test_a_connection_without_an_address_is_not_on_the_vendors_list() -> None:
    request = samples.request("sms-aliyun", "text", remote_ip="")
    with pytest.raises(BadSignature):
        registry.get("sms-aliyun").read(request, samples.account("sms-aliyun"))


class _Vouched(ChannelContract):
    signs_time = False
    unknown: ClassVar[str | None] = None

    def forged(self, request: WebRequest) -> WebRequest:
        return replace(request, vouched_by="")


class TestOpenInterface(_Vouched):
    slug = "api"


class TestWeb(_Vouched):
    slug = "web"


class TestPhone(_Vouched):
    slug = "phone"


class TestSmsCmpp(_Vouched):
    slug = "sms-cmpp"
    unknown = "unknown"


class TestSmsSmpp(_Vouched):
    slug = "sms-smpp"
    unknown = "unknown"


def _contracts(cls: type[ChannelContract]) -> set[str]:
    own = {cls.slug} if "slug" in cls.__dict__ else set()
    return own.union(*(_contracts(sub) for sub in cls.__subclasses__()))


def test_every_channel_has_a_contract_test() -> None:
    assert set(registry.all_adapters()) <= _contracts(ChannelContract)
