"""Several requests at the same moment on a real database: one message stays one, one citizen one draft."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from procrastinate.exceptions import ConnectorException

from channels_ingest import inbox, registry, spool
from channels_ingest.messages import WebRequest
from channels_ingest.models import ChannelAccount, InboundMessage
from hotline.people.models import Citizen, ContactPoint
from hotline.tickets import clock
from hotline.tickets.models import Ticket
from tests.channels_ingest import samples

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime.fromisoformat("2026-11-21T12:00:00+08:00")


@pytest.fixture
def account() -> ChannelAccount:
    return ChannelAccount.objects.create(adapter="sms-aliyun", name="demo", address="demo-secret")


def sms(number: int, text: str) -> WebRequest:
    row = {"phone_number": "13800000001", "content": text, "send_time": "", "sequence_id": number}
    return WebRequest("POST", {}, {}, json.dumps([row]).encode(), "203.0.113.9", NOON)


def together(*work: Callable[[], Any]) -> list[Any]:
    """Run all at once, each on a connection of its own."""

    def run(one: Callable[[], Any]) -> Any:
        try:
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_same_message_many_times_at_once_is_one(account: ChannelAccount) -> None:
    adapter = registry.get("sms-aliyun")
    results = together(*[lambda: inbox.receive(adapter, account, sms(1, "路灯坏了"))] * 6)
    assert Ticket.objects.count() == InboundMessage.objects.count() == 1
    assert sorted(kept[0].fresh for _, kept in results) == [False] * 5 + [True]
    assert {kept[0].ticket.pk for _, kept in results} == {Ticket.objects.get().pk}


def test_first_words_of_one_citizen_at_once_are_one_ticket(account: ChannelAccount) -> None:
    adapter = registry.get("sms-aliyun")
    texts = [f"第{n}句" for n in range(6)]
    together(*[lambda n=n, t=t: inbox.receive(adapter, account, sms(n, t)) for n, t in enumerate(texts)])
    assert (Citizen.objects.count(), ContactPoint.objects.count()) == (1, 1)
    assert sorted(Ticket.objects.get().text.split("\n")) == texts


def test_contact_that_somebody_holds_does_not_hold_up_the_acknowledgement(
    account: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "LOCK_TIMEOUT", "set local lock_timeout = '50ms'")
    adapter = registry.get("sms-aliyun")
    inbox.receive(adapter, account, sms(1, "路灯坏了"))
    with transaction.atomic():
        ContactPoint.objects.select_for_update().get()
        [(answer, kept)] = together(lambda: inbox.receive(adapter, account, sms(2, "在新桥街")))
    assert answer.status == 200
    assert (kept[0].row.state, kept[0].ticket) == ("failed", None)
    inbox.retry(kept[0].row.pk)
    assert Ticket.objects.get().text == "路灯坏了\n在新桥街"


WEBHOOKS = [slug for slug, adapter in registry.all_adapters().items() if adapter.webhook]


@pytest.mark.parametrize(
    ("slug", "gives_up", "status", "waiting", "error"),
    [
        *((slug, True, 200, 1, OperationalError) for slug in WEBHOOKS),
        ("wechat", False, 503, 0, OperationalError),
        ("wechat", True, 200, 1, ConnectorException),  # the queue of jobs was the first to notice
    ],
)
def test_database_that_is_away(
    slug: str,
    gives_up: bool,
    status: int,
    waiting: int,
    error: type[Exception],
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who sends again for hours is not answered; who gives up is, once the words are on the disk."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(spool, "_away_until", 0.0)
    adapter = registry.get(slug)
    assert adapter.capabilities.gives_up, "every vendor of ours gives up after a few times"
    monkeypatch.setattr(type(adapter), "capabilities", replace(adapter.capabilities, gives_up=gives_up))
    ChannelAccount.objects.create(adapter=slug, name="demo", settings=json.dumps(samples.account(slug).options))
    request = samples.request(slug, "text")
    with (
        clock.at(request.received_at),
        mock.patch.object(InboundMessage.objects, "get_or_create", side_effect=error("away")),
    ):
        response = Client().generic(
            "POST",
            f"/in/{slug}/demo/",
            request.body,
            request.headers["content-type"],
            query_params=dict(request.query),
            REMOTE_ADDR=request.remote_ip,
        )
    assert (response.status_code, len(spool.waiting())) == (status, waiting)
    assert InboundMessage.objects.count() == 0
    assert spool.take_in() == waiting
    assert (InboundMessage.objects.count(), len(spool.waiting())) == (waiting, 0)


@pytest.fixture
def kept(account: ChannelAccount, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> ChannelAccount:
    """Words that came while the database was away and still wait on the disk; it is back now."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(spool, "_away_until", time.monotonic())
    assert spool.keep(registry.get("sms-aliyun"), account, sms(1, "路灯坏了"))
    return account


def test_what_comes_after_the_database_is_back_does_not_overtake_what_waits(kept: ChannelAccount) -> None:
    response = Client().post("/in/sms-aliyun/demo-secret/", sms(2, "在新桥街").body, "application/json")
    assert (response.status_code, len(spool.waiting()), InboundMessage.objects.count()) == (200, 2, 0)
    assert spool.take_in() == 2
    assert Ticket.objects.get().text == "路灯坏了\n在新桥街"


def test_what_cannot_be_taken_in_for_long_holds_up_nothing_new(
    kept: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "_away_until", time.monotonic() - spool.BEHIND_SECONDS)
    response = Client().post("/in/sms-aliyun/demo-secret/", sms(2, "在新桥街").body, "application/json")
    assert (response.status_code, len(spool.waiting())) == (200, 1)
    assert Ticket.objects.get().text == "在新桥街"


def test_what_waits_for_an_account_switched_off_meanwhile_is_not_taken_in(kept: ChannelAccount) -> None:
    ChannelAccount.objects.filter(pk=kept.pk).update(active=False)
    assert spool.take_in() == 1
    assert (InboundMessage.objects.count(), len(spool.waiting()), len(spool.aside())) == (0, 0, 1)


def test_a_message_that_comes_again_too_soon_does_not_make_the_database_away(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor was impatient while the first was still being kept: only the second waits on the disk."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(spool, "_away_until", 0.0)
    monkeypatch.setattr(inbox, "LOCK_TIMEOUT", "set local lock_timeout = '50ms'")
    account = ChannelAccount.objects.create(
        adapter="wechat", name="demo", settings=json.dumps(samples.account("wechat").options)
    )
    request = samples.request("wechat", "text")

    def again() -> int:
        with clock.at(request.received_at):
            response = Client().generic("POST", "/in/wechat/demo/", request.body, query_params=dict(request.query))
        return response.status_code

    with transaction.atomic():
        inbox.receive(registry.get("wechat"), account, request)
        assert together(again) == [200]
    assert (len(spool.waiting()), spool.is_away()) == (1, False)
    assert spool.take_in() == 1
    assert (InboundMessage.objects.count(), Ticket.objects.count()) == (1, 1)
