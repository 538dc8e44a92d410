"""Every channel keeps the contract; a channel without a class here fails the last test."""

from dataclasses import replace

from channels_ingest import registry
from channels_ingest.messages import WebRequest
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

    def forged(self, request: WebRequest) -> WebRequest:
        return replace(request, remote_ip="198.51.100.7")


class TestSmsTencent(WebhookContract):
    slug = "sms-tencent"
    address = "demo-secret"

    def forged(self, request: WebRequest) -> WebRequest:
        return replace(request, remote_ip="198.51.100.7")


class _Vouched(ChannelContract):
    def forged(self, request: WebRequest) -> WebRequest:
        return replace(request, vouched_by="")


class TestOpenInterface(_Vouched):
    slug = "api"


class TestWeb(_Vouched):
    slug = "web"


class TestPhone(_Vouched):
    slug = "phone"


def _contracts(cls: type[ChannelContract]) -> set[str]:
    own = {cls.slug} if "slug" in cls.__dict__ else set()
    return own.union(*(_contracts(sub) for sub in cls.__subclasses__()))


def test_every_channel_has_a_contract_test() -> None:
    assert _contracts(ChannelContract) == set(registry.all_adapters())
