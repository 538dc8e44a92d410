"""WeChat beyond the common contract: address check, safe mode, downgrade, passive replies byte for byte."""

from dataclasses import replace
from typing import Any

import pytest
from wechatpy.crypto import WeChatCrypto

from channels_ingest import inbox, registry
from channels_ingest.errors import BadPayload, BadSignature
from channels_ingest.messages import Answer, WebRequest
from channels_ingest.models import ChannelAccount, InboundMessage, OutboundMessage
from hotline.tickets import clock, lifecycle
from hotline.tickets.actors import staff
from hotline.tickets.models import Ticket
from tests import factories
from tests.channels_ingest import samples
from tests.channels_ingest.contract import NOTHING, WebhookContract, rows

OPTIONS = samples.account("wechat").options
WELCOME = (
    "您好，这里是12345政务服务便民热线。请直接说出您的诉求（文字、语音、图片、位置都可以）。"
    "回复“CX”查办理进度，回复“帮助”看怎么用。紧急情况请拨打110、119、120。"
)


def reply_xml(text: str) -> str:
    """The passive reply as the vendor takes it."""
    return f"""<xml>
<MsgType><![CDATA[text]]></MsgType>
<FromUserName><![CDATA[gh_8c2f5a1d3e7b]]></FromUserName>
<ToUserName><![CDATA[oJ5XbtwDq3ZkR9yN1mVh7LcGeUaE]]></ToUserName>
<CreateTime>1795225800</CreateTime>
<Content><![CDATA[{text}]]></Content>
</xml>"""


def crypto() -> WeChatCrypto:
    """The vendor's side of the envelope."""
    return WeChatCrypto(OPTIONS["token"], OPTIONS["aes_key"], OPTIONS["appid"])


def parts(xml: str) -> set[str]:
    """The elements of a reply, whose order is of no account."""
    return set(xml.splitlines())


class TestSafeMode(WebhookContract):
    """The whole contract again, with encrypted requests only."""

    slug = "wechat"
    signs_time = True
    unknown = "unknown_safe"

    @pytest.fixture
    def account(self) -> ChannelAccount:
        import json

        options = OPTIONS | {"safe_mode_only": True}
        return ChannelAccount.objects.create(adapter="wechat", name="demo", settings=json.dumps(options))

    def forged(self, request: WebRequest) -> WebRequest:
        """Another body under this msg_signature, which covers the body as `signature` does not."""
        other = samples.request("wechat", "subscribe_safe")
        return replace(request, body=other.body)

    @pytest.fixture(autouse=True)
    def _encrypted_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """`text` is the encrypted capture here."""
        plain = samples.raw
        monkeypatch.setattr(samples, "raw", lambda slug, name: plain(slug, "text_safe" if name == "text" else name))

    def test_other_encoding_is_refused(self, account: ChannelAccount) -> None:
        """The other encoding hides inside a true envelope."""
        query = samples.request("wechat", "text").query
        body = samples.request("wechat", "image").body.decode().replace("mImage", "投诉").encode("gb18030")
        sealed = crypto().encrypt_message(body, query["nonce"], query["timestamp"])
        fields = _leaves(sealed)
        body = f"<xml><Encrypt><![CDATA[{fields['Encrypt']}]]></Encrypt></xml>".encode()
        signed = {**query, "msg_signature": fields["MsgSignature"]}
        self.refused(account, samples.request("wechat", "text", body=body, query=signed), BadPayload)

    def test_plain_mode_is_refused(self, account: ChannelAccount) -> None:
        self.refused(account, samples.request("wechat", "image"), BadSignature)

    def test_reply_is_encrypted_for_this_account(self, account: ChannelAccount) -> None:
        request = samples.request("wechat", "text")
        answer, _kept = self.receive(account, request)
        fields = _leaves(answer.body.decode())
        opened = crypto().decrypt_message(
            answer.body.decode(), fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]
        )
        ticket = Ticket.objects.get()
        assert _leaves(opened)["Content"] == (
            f"您的诉求已收到，编号{ticket.number}，查询码{ticket.public_code}。"
            "我们会尽快受理。回复“CX”查进度，还有要补充的请接着说。"
        )

    def test_same_message_again_gives_the_same_answer_and_nothing_new(self, account: ChannelAccount) -> None:
        """Each envelope is sealed anew; what is inside is the same."""
        request = samples.request("wechat", "text")
        first, _kept = self.receive(account, request)
        before = rows()
        again, _kept = self.receive(account, request)
        assert rows() == before
        assert self._opened(again) == self._opened(first)

    def _opened(self, answer: Answer) -> str:
        fields = _leaves(answer.body.decode())
        body = answer.body.decode()
        opened = crypto().decrypt_message(body, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
        return str(opened)

    def test_another_accounts_envelope_is_refused(self, account: ChannelAccount) -> None:
        request = samples.request("wechat", "text")
        stranger = samples.PlainAccount("other", OPTIONS | {"appid": "wxother0000000000"})
        with pytest.raises(BadPayload):
            registry.get("wechat").read(request, stranger)


def _leaves(xml: str) -> dict[str, str]:
    from channels_ingest.xmlsafe import leaf_texts

    return leaf_texts(xml.encode())


@pytest.fixture
def account(db: None) -> ChannelAccount:
    import json

    return ChannelAccount.objects.create(adapter="wechat", name="demo", settings=json.dumps(OPTIONS))


def receive(account: ChannelAccount, name: str) -> tuple[Answer, list[inbox.Received]]:
    """Hand a sample to the inbox at its own time."""
    request = samples.request("wechat", name)
    with clock.at(request.received_at):
        return inbox.receive(registry.get("wechat"), account, request)


def test_address_check_gives_back_the_echo(account: ChannelAccount, client: Any) -> None:
    request = samples.request("wechat", "text")
    with clock.at(request.received_at):
        response = client.get("/in/wechat/demo/", {**request.query, "echostr": "5838479218293847"})
        forged = client.get("/in/wechat/demo/", {**request.query, "nonce": "1", "echostr": "5838479218293847"})
    assert (response.status_code, response.content) == (200, b"5838479218293847")
    assert (forged.status_code, forged.content) == (403, b"")
    assert rows() == NOTHING


def test_passive_reply_to_a_new_request(account: ChannelAccount) -> None:
    answer, _kept = receive(account, "text")
    ticket = Ticket.objects.get()
    words = (
        f"您的诉求已收到，编号{ticket.number}，查询码{ticket.public_code}。"
        "我们会尽快受理。回复“CX”查进度，还有要补充的请接着说。"
    )
    assert parts(answer.body.decode()) == parts(reply_xml(words))
    assert answer.content_type == "application/xml; charset=utf-8"
    told = OutboundMessage.objects.get()
    assert (told.state, told.reference, told.text) == ("sent", "passive", words)


@pytest.mark.parametrize("name", ["subscribe", "scan"])
def test_followers_are_welcomed_without_a_ticket(account: ChannelAccount, name: str) -> None:
    answer, _kept = receive(account, name)
    assert parts(answer.body.decode()) == parts(reply_xml(WELCOME))
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("name", ["view", "location_event", "unsubscribe"])
def test_silent_events_are_only_acknowledged(account: ChannelAccount, name: str) -> None:
    answer, _kept = receive(account, name)
    assert answer == Answer(b"success")
    assert Ticket.objects.count() == 0


def test_leaving_makes_a_citizen_unreachable_and_writing_again_reachable(account: ChannelAccount) -> None:
    receive(account, "unsubscribe")
    contact = InboundMessage.objects.get().contact
    assert contact is not None
    assert contact.reachable is False
    receive(account, "text")
    contact.refresh_from_db()
    assert contact.reachable is True


def test_menu_button_asks_for_progress(account: ChannelAccount) -> None:
    receive(account, "text")
    answer, _kept = receive(account, "click")
    ticket = Ticket.objects.get()
    assert parts(answer.body.decode()) == parts(reply_xml(f"{ticket.number} 已收到，等待受理"))


def test_location_carries_its_place_into_the_ticket(account: ChannelAccount) -> None:
    receive(account, "location")
    ticket = Ticket.objects.get()
    assert (ticket.lat, ticket.lng, ticket.address) == (23.137466, 113.352425, "云水市云东区新桥街12号")


def test_words_that_end_a_cdata_section_cannot_break_out(account: ChannelAccount) -> None:
    request = samples.request("wechat", "text")
    adapter = registry.get("wechat")
    message = adapter.read(request, samples.account("wechat"))[0]
    from channels_ingest.messages import Reply

    answer = adapter.acknowledge(request, account, [(message, Reply("a]]><b/>"))])
    assert _leaves(answer.body.decode())["Content"] == "a]] ><b/>"


def test_machine_does_not_speak_between_an_agent_and_a_citizen(account: ChannelAccount) -> None:
    receive(account, "text")
    answer, _kept = receive(account, "link")
    ticket = Ticket.objects.get()
    told = f"已补充到编号{ticket.number}的诉求。如果是另一件事，请回复“新诉求”。"
    assert parts(answer.body.decode()) == parts(reply_xml(told))
    with clock.at(samples.request("wechat", "text").received_at):
        agent = staff(factories.staff("agent"))
        lifecycle.reply(ticket=ticket, by=agent, version=ticket.version, text="您好，请问在哪里？")
    answer, _kept = receive(account, "location")
    assert answer == Answer(b"success")
    assert ticket.messages.count() == 4
