"""The page docs/adding-a-channel.md is true: its channel works, and the start-up checks find faults."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from channels_ingest import checks, registry
from channels_ingest.adapter import Adapter, Capabilities
from channels_ingest.messages import Answer, Reply
from channels_ingest.models import ChannelAccount
from tests.channels_ingest import samples
from tests.channels_ingest.contract import WebhookContract

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-channel.md"


def blocks(language: str) -> list[str]:
    """What the page shows of it."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)


def ran(code: str, **names: Any) -> dict[str, Any]:
    """The names that a block of the page makes."""
    made: dict[str, Any] = {"__name__": "shown", **names}
    exec(compile(code, str(PAGE), "exec"), made)
    return made


ADAPTER, CONTRACT = blocks("python")
CityApp: type[Adapter] = ran(ADAPTER)["CityApp"]


@pytest.fixture(autouse=True, scope="module")
def with_the_channel_of_the_page() -> Iterator[None]:
    """As if its file stood among the others."""
    every = {**registry.all_adapters(), CityApp.slug: CityApp()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "all_adapters", lambda: every)
        yield


TestCityApp = ran(CONTRACT, WebhookContract=WebhookContract, replace=replace, WebRequest=object)["TestCityApp"]
"""The whole contract for the channel of the page, by the class and the samples that the page shows."""


def test_sample_of_the_page_is_the_one_that_is_read() -> None:
    [shown] = blocks("json")
    assert json.loads(shown) == samples.raw("city-app", "text")


def test_channel_of_the_page_answers_within_the_response() -> None:
    adapter, account, request = CityApp(), samples.account("city-app"), samples.request("city-app", "text")
    [message] = adapter.read(request, account)
    answer = adapter.acknowledge(request, account, [(message, Reply("已收到"))])
    assert answer == Answer('{"ok": true, "reply": "已收到"}'.encode(), "application/json; charset=utf-8")


def test_files_that_the_page_names_exist() -> None:
    root = PAGE.parents[1]
    named = re.findall(r"`((?:channels_ingest|tests)/[\w/.]+)`", PAGE.read_text())
    assert named
    assert [name for name in named if not (root / name).exists()] == []


class _Boaster(Adapter):
    slug = "Boaster"
    label = "x"
    capabilities = Capabilities(push=True, templates=True)
    verify = parse = acknowledge = None  # type: ignore[assignment]


def test_checks_find_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.adapters_are_whole() == []  # the page's too
    monkeypatch.setattr(registry, "all_adapters", lambda: {"Boaster": _Boaster()})
    found = [problem.id for problem in checks.adapters_are_whole()]
    assert found == ["channels_ingest.E001", "channels_ingest.E002", "channels_ingest.E003"]


@pytest.mark.django_db
def test_accounts_without_their_settings_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_OF_TEST", "from-outside")
    whole = ChannelAccount.objects.create(
        adapter="wechat", name="whole", settings='{"token": "env:TOKEN_OF_TEST", "appid": "wx"}'
    )
    ChannelAccount.objects.create(adapter="wechat", name="bare", settings='{"token": "env:ABSENT"}')
    ChannelAccount.objects.create(adapter="pigeon", name="x")
    found = {(problem.id, problem.msg) for problem in checks.accounts_are_configured(databases=["default"])}
    assert found == {
        ("channels_ingest.W011", "wechat/bare: token, appid missing."),
        ("channels_ingest.E010", "pigeon/x: there is no such channel."),
    }
    assert whole.options["token"] == "from-outside"
    assert checks.accounts_are_configured() == []


@pytest.mark.django_db
def test_secrets_of_an_account_are_sealed_in_the_database() -> None:
    from django.db import connection

    ChannelAccount.objects.create(
        adapter="sms-aliyun", name="demo", address="demo-secret", settings='{"k": "very-secret"}'
    )
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(a)::text, a.address, a.settings from channels_ingest_channelaccount a")
        row, address, sealed = cursor.fetchone()
    assert "secret" not in row
    assert b"secret" not in bytes(address) + bytes(sealed)


@pytest.mark.django_db
def test_an_account_of_a_channel_that_is_gone_does_not_close_the_list(admin_client: Client) -> None:
    ChannelAccount.objects.create(adapter="pigeon", name="loft")
    page = admin_client.get("/admin/channels_ingest/channelaccount/")
    assert page.status_code == 200
    assert "pigeon" in page.content.decode()
