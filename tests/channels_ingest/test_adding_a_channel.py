"""The page docs/adding-a-channel.md is true: its channel works, and the start-up checks find faults."""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channels_ingest import checks, registry
from channels_ingest.adapter import Adapter, Capabilities
from channels_ingest.errors import BadPayload, BadSignature
from channels_ingest.messages import Answer, Inbound, Reply, Sender, WebRequest
from channels_ingest.models import ChannelAccount
from tests.channels_ingest.samples import PlainAccount

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-channel.md"
ACCOUNT = PlainAccount("demo", {"secret": "a-shared-secret"})
BODY = '{"id": 7, "user": "u1", "text": "路灯坏了"}'.encode()


def shown() -> Adapter:
    """The adapter of the page."""
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {"__name__": "shown"}
    exec(compile(code, str(PAGE), "exec"), names)
    made: Adapter = names["CityApp"]()
    return made


def request(body: bytes = BODY, signature: str = "") -> WebRequest:
    signed = signature or hmac.new(b"a-shared-secret", body, hashlib.sha256).hexdigest()
    return WebRequest("POST", {}, {"x-signature": signed}, body, "203.0.113.9", datetime.now(UTC))


def test_channel_of_the_page_works() -> None:
    adapter = shown()
    message = Inbound("7", Sender("u1"), "text", "路灯坏了")
    assert adapter.read(request(), ACCOUNT) == [message]
    with pytest.raises(BadSignature):
        adapter.read(request(signature="0" * 64), ACCOUNT)
    with pytest.raises(BadPayload, match="not a city-app message: KeyError"):
        adapter.read(request(b"{}"), ACCOUNT)
    answer = adapter.acknowledge(request(), ACCOUNT, [(message, Reply("已收到"))])
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
    assert checks.adapters_are_whole() == []
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
