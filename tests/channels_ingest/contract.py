"""What every channel must do, inherited by the test class of each: see docs/adding-a-channel.md."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_ingest import inbox, registry
from channels_ingest.adapter import Adapter
from channels_ingest.errors import BadPayload, BadSignature, Refused, Replayed, TooLarge
from channels_ingest.messages import WebRequest
from channels_ingest.models import ChannelAccount, InboundMessage, OutboundMessage
from hotline.people.models import Citizen, ContactPoint
from hotline.tickets import clock
from hotline.tickets.models import Ticket
from tests.channels_ingest import samples

GARBAGE = [b"", b"\x00\xff\xfe", b"<xml>", b"{", b"[]", b"null", b'"x"', b"[1]", b"{}", b"[" * 50_000]
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY a "&lol;&lol;&lol;&lol;">]>
<xml><ToUserName>&a;</ToUserName></xml>"""
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>'


def rows() -> dict[str, int]:
    """How many rows there are of everything that a message can make."""
    made = (InboundMessage, OutboundMessage, ContactPoint, Citizen, Ticket)
    return {model.__name__: model.objects.count() for model in made}


NOTHING = {"InboundMessage": 0, "OutboundMessage": 0, "ContactPoint": 0, "Citizen": 0, "Ticket": 0}


@pytest.mark.django_db
class ChannelContract:
    """Inherit, set all three, have samples/<slug>/account.json and text.json, and write `forged`."""

    slug: ClassVar[str]
    signs_time: ClassVar[bool]  # the vendor signs a time, so an old request is a replay
    unknown: ClassVar[str | None]  # the sample of a message type that nobody knows; None where there is one type only

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One reading test for each sample."""
        if "sample" in metafunc.fixturenames:
            metafunc.parametrize("sample", samples.names(self.slug))

    @property
    def adapter(self) -> Adapter:
        return registry.get(self.slug)

    @pytest.fixture
    def account(self) -> ChannelAccount:
        """The account of the samples, in the database."""
        return ChannelAccount.objects.create(
            adapter=self.slug,
            name="demo",
            address="demo-secret" if self.adapter.secret_address else "demo",
            settings=json.dumps(samples.account(self.slug).options),
        )

    def forged(self, request: WebRequest) -> WebRequest:
        """The same request as somebody else would send it."""
        raise NotImplementedError

    def receive(self, account: ChannelAccount, request: WebRequest) -> Any:
        """Hand a request to the inbox at its own time."""
        with clock.at(request.received_at):
            return inbox.receive(self.adapter, account, request)

    def refused(self, account: ChannelAccount, request: WebRequest, *errors: type[Refused]) -> None:
        """The request is refused in one of these ways, and nothing at all is made of it."""
        with pytest.raises(errors or (Refused,)):
            self.receive(account, request)
        assert rows() == NOTHING

    def test_every_sample_reads_as_it_states(self, sample: str) -> None:
        request = samples.request(self.slug, sample)
        read = self.adapter.read(request, samples.account(self.slug))
        assert [samples.told(message) for message in read] == samples.expected(self.slug, sample)

    def test_every_sample_reads_the_same_from_what_is_kept_of_it(self, sample: str) -> None:
        request, account = samples.request(self.slug, sample), samples.account(self.slug)
        kept = inbox.request_of(json.loads(json.dumps(inbox.envelope(request))), request.body)
        assert self.adapter.reread(kept, account) == self.adapter.read(request, account)

    def test_good_request_is_kept_and_becomes_a_ticket(self, account: ChannelAccount) -> None:
        request = samples.request(self.slug, "text")
        answer, kept = self.receive(account, request)
        assert answer.status in (200, 204)
        ticket = Ticket.objects.get()
        assert [item.ticket for item in kept] == [ticket]
        assert ticket.text == samples.expected(self.slug, "text")[0]["text"]
        row = InboundMessage.objects.get()
        assert (row.state, row.error, bytes(row.body)) == ("done", "", request.body)

    def test_forged_request_is_refused(self, account: ChannelAccount) -> None:
        self.refused(account, self.forged(samples.request(self.slug, "text")), BadSignature)

    def test_old_request_is_refused(self, account: ChannelAccount) -> None:
        request = samples.request(self.slug, "text")
        late = samples.request(self.slug, "text", received_at=request.received_at + timedelta(hours=1))
        if self.signs_time:
            self.refused(account, late, Replayed)
        else:  # nothing to tell its age by: it is known again by its id instead
            self.receive(account, request)
            before = rows()
            self.receive(account, late)
            assert rows() == before

    def test_same_message_again_gives_the_same_answer_and_nothing_new(self, account: ChannelAccount) -> None:
        request = samples.request(self.slug, "text")
        first, kept_first = self.receive(account, request)
        before = rows()
        again, kept_again = self.receive(account, request)
        assert again == first
        assert [item.ticket for item in kept_again] == [item.ticket for item in kept_first]
        assert [item.fresh for item in kept_again] == [False]
        assert rows() == before

    @pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
    def test_garbage_is_refused(self, account: ChannelAccount, body: bytes) -> None:
        request = samples.request(self.slug, "text", body=body)
        self.refused(account, request)
        with pytest.raises(BadPayload):  # by its words too, where the signature covers the body
            self.adapter.reread(request, account)

    def test_null_is_no_id_no_sender_and_no_words(self) -> None:
        [stated] = samples.expected(self.slug, "text")
        request = samples.request(self.slug, "text")
        for body in samples.nulled(request.body, {stated["external_id"], stated["sender"], stated["text"]}):
            with suppress(BadPayload):
                [read] = self.adapter.reread(replace(request, body=body), samples.account(self.slug))
                assert "None" not in (read.external_id, read.sender.id, read.text)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    @given(
        body=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
    )
    def test_any_bytes_are_read_or_refused(self, body: bytes) -> None:
        request = samples.request(self.slug, "text", body=body)
        for read in (self.adapter.read, self.adapter.reread):
            with suppress(Refused):
                read(request, samples.account(self.slug))

    def test_huge_body_is_refused(self, account: ChannelAccount) -> None:
        huge = b" " * (self.adapter.capabilities.max_body + 1)
        self.refused(account, samples.request(self.slug, "text", body=huge), TooLarge)

    def test_other_encoding_is_refused(self, account: ChannelAccount) -> None:
        request = samples.request(self.slug, "text")
        self.refused(account, samples.request(self.slug, "text", body=request.body.decode().encode("gb18030")))

    @pytest.mark.parametrize("body", [LAUGHS, OUTSIDE], ids=["expansion", "external"])
    def test_xml_entities_are_refused(self, account: ChannelAccount, body: bytes) -> None:
        request = samples.request(self.slug, "text", body=body)
        self.refused(account, request, BadPayload, BadSignature)
        with pytest.raises(BadPayload):
            self.adapter.reread(request, account)

    def test_unknown_type_is_answered_politely(self, account: ChannelAccount) -> None:
        if self.unknown is None:
            assert {row["kind"] for row in samples.expected(self.slug, "text")} == {"text"}
            return
        answer, [kept] = self.receive(account, samples.request(self.slug, self.unknown))
        assert answer.status in (200, 204)
        passive = self.adapter.capabilities.passive_reply
        told = [kept.row.reply] if passive else list(OutboundMessage.objects.values_list("text", flat=True))
        assert told == ["抱歉，这种消息我们还看不了。请用文字、语音、图片或位置告诉我们。"]
        assert Ticket.objects.count() == 0


class WebhookContract(ChannelContract):
    """The same over HTTP, for channels that vendors push to."""

    address: ClassVar[str] = "demo"

    def post(self, client: Any, request: WebRequest, address: str = "") -> Any:
        """Post a sample to the webhook at its own time."""
        with clock.at(request.received_at):
            return client.generic(
                "POST",
                f"/in/{self.slug}/{address or self.address}/",
                request.body,
                content_type=request.headers.get("content-type", "application/octet-stream"),
                headers={name: value for name, value in request.headers.items() if name != "content-type"},
                query_params=dict(request.query),
                REMOTE_ADDR=request.remote_ip,
            )

    def test_webhook_keeps_and_acknowledges(self, account: ChannelAccount, client: Any) -> None:
        response = self.post(client, samples.request(self.slug, "text"))
        assert response.status_code == 200
        assert Ticket.objects.count() == 1

    def test_webhook_refuses_without_a_word(self, account: ChannelAccount, client: Any) -> None:
        response = self.post(client, self.forged(samples.request(self.slug, "text")))
        assert (response.status_code, response.content) == (403, b"")
        assert rows() == NOTHING

    def test_nobody_is_let_in_while_a_secret_is_not_set(self, account: ChannelAccount, client: Any) -> None:
        needed = [option.name for option in self.adapter.options if option.required and option.secret]
        assert needed or self.adapter.secret_address
        for name in needed:
            for empty in ("", "env:A_SECRET_THAT_NOBODY_SET", None):
                account.settings = json.dumps({**samples.account(self.slug).options, name: empty})
                account.save()
                self.refused(account, samples.request(self.slug, "text"), BadSignature)
                assert self.post(client, samples.request(self.slug, "text")).status_code == 403

    def test_characters_that_no_signature_has_are_only_refused(self, account: ChannelAccount, client: Any) -> None:
        request = samples.request(self.slug, "text")
        odd = [
            *(replace(request, query={**request.query, name: "签名"}) for name in request.query),
            *(replace(request, headers={**request.headers, name: "签名"}) for name in request.headers),
            replace(request, query={}, headers={}),
        ]
        for one in odd:
            with suppress(Refused):
                self.adapter.read(one, account)

    def test_webhook_does_not_know_another_address(self, account: ChannelAccount, client: Any) -> None:
        assert self.post(client, samples.request(self.slug, "text"), "another").status_code == 404
        assert rows() == NOTHING

    def test_webhook_refuses_a_huge_body(self, account: ChannelAccount, client: Any) -> None:
        huge = b" " * (self.adapter.capabilities.max_body + 1)
        assert self.post(client, samples.request(self.slug, "text", body=huge)).status_code == 413
        assert rows() == NOTHING

    def test_sleeping_account_is_closed(self, account: ChannelAccount, client: Any) -> None:
        account.active = False
        account.save()
        assert self.post(client, samples.request(self.slug, "text")).status_code == 404
