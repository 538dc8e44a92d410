"""An auditor in the administration: every table but the jobs to look at, nothing to write, no secret, no number."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from channels_ingest.models import ChannelAccount
from dispatch.models import RuleChange
from hotline.calls.models import CallBackTask, PhoneCall
from hotline.people import apikeys, reads
from hotline.people.auditing import WATCHED
from hotline.people.models import ApiKey, PersonalDataRead, Staff
from hotline.people.sealing import fingerprint
from hotline.tickets.models import Matter
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
CLOSED = {"dispatch.backgroundjob"}
"""Tables that the administration shows to administrators alone."""
OWN = ("login/", "logout/", "password_change/")
"""Addresses of one's own session."""
DEEDS = ("/add/", "/change/", "/delete/", "/password/", "/effect/", "/upload/", "/upload/1/")
REFUSED = {302, 403, 404, 405}
SECRET, ADDRESS, PHONE = "the-vendors-secret", "the-secret-address", "13800000001"


@pytest.fixture
def auditor(cast: Cast) -> Client:
    """Marked for the administration and, by mistake, as more than that."""
    Staff.objects.filter(pk=cast.auditor.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(cast.auditor, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def rows(cast: Cast) -> list[Model]:
    """Something to look at in the tables that hold secrets, records and histories."""
    now = timezone.now()
    key, _plain = apikeys.issue(name="自助终端", scopes=[ApiKey.Scope.TICKETS_READ])
    account = ChannelAccount.objects.create(
        adapter="wechat", name="look", address=ADDRESS, settings=f'{{"secret": "{SECRET}"}}'
    )
    call = PhoneCall.objects.create(uuid=uuid4(), started_at=now, caller=PHONE, called="12345")
    told = {"phone": PHONE, "fingerprint": fingerprint(PHONE), "reason": CallBackTask.Reason.NO_AGENT}
    task = CallBackTask.objects.create(**told, hour=now, first_at=now, last_at=now)
    Matter.objects.create(code="9901", name="路灯")
    row = ticket()
    reads.unmasked(cast.agent, citizen=None, reason="回拨", number=row.number)
    return [key, account, call, task, cast.agent, Matter.objects.get(code="9901"), PersonalDataRead.objects.get()]


def addresses(patterns: list[Any], before: str = "/admin/") -> Iterator[str]:
    """Every address of the administration, about row 1 where it is about a row."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield re.sub(r"<[^>]+>|\^?\(\[\^/\]\+\)", "1", route).removesuffix("$")
        else:
            yield from addresses(pattern.url_patterns, route)


def table_of(row: Model) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/"


def writes(queries: CaptureQueriesContext) -> list[str]:
    """Statements that change something, sessions left out."""
    said = [query["sql"] for query in queries.captured_queries]
    return [sql for sql in said if re.match(r"(insert|update|delete)", sql, re.I) and "django_session" not in sql]


def test_every_table_is_open_to_look_at_or_named_as_closed(auditor: Client) -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == WATCHED | CLOSED
    found = {name: auditor.get(f"/admin/{name.replace('.', '/')}/").status_code for name in WATCHED | CLOSED}
    assert found == dict.fromkeys(WATCHED, 200) | dict.fromkeys(CLOSED, 403)
    added = {name: auditor.get(f"/admin/{name.replace('.', '/')}/add/").status_code for name in WATCHED | CLOSED}
    assert set(added.values()) == {403}


def test_every_write_is_refused(auditor: Client, rows: list[Model]) -> None:
    patterns: list[Any] = get_resolver().url_patterns
    [root] = [pattern for pattern in patterns if str(pattern.pattern) == "admin/"]
    tried = [url for url in addresses(root.url_patterns) if not url.endswith(OWN)]
    tried += [f"{table_of(row)}{row.pk}/{deed}" for row in rows for deed in ("change/", "delete/", "history/")]
    assert len(tried) > 150
    with CaptureQueriesContext(connection) as queries:
        for url in tried:
            body = {"_save": "1", "name": "x", "post": "yes", "choice": "open", "action": "delete_selected"}
            answer = auditor.post(url, body | {"_selected_action": "1"})
            told = REFUSED if url.endswith(DEEDS) else REFUSED | {200}
            assert answer.status_code in told, url
    assert writes(queries) == []


def test_what_is_looked_at_holds_no_secret_and_nobodys_number(auditor: Client, rows: list[Model]) -> None:
    [key] = [row for row in rows if isinstance(row, ApiKey)]
    hidden = [SECRET, ADDRESS, PHONE, key.digest, "pbkdf2_", "argon2"]
    seen = ""
    for row in rows:
        for page in ("", f"{row.pk}/change/", f"{row.pk}/history/"):
            answer = auditor.get(table_of(row) + page)
            assert answer.status_code == 200, (row, page)
            seen += answer.content.decode()
    assert [word for word in hidden if word in seen] == []
    assert "自助终端" in seen
    assert "138****0001" in seen
    assert "回拨" in seen


def test_a_change_of_the_rules_is_read_but_not_decided(auditor: Client) -> None:
    change = RuleChange.objects.create(
        table="dispatch.policy", title="少一天", before=None, after=None, as_of=timezone.localdate(),
        state=RuleChange.State.READY, effect={"shown": []}, by=Staff.objects.earliest("pk"),
    )  # fmt: skip
    page = f"/admin/dispatch/rulechange/{change.pk}/effect/"
    shown = auditor.get(page)
    assert shown.status_code == 200
    assert 'name="choice"' not in shown.content.decode()
    assert auditor.post(page, {"choice": "open"}).status_code == 403


def test_only_the_marked_auditor_comes_in(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.auditor, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/people/staff/").status_code == 302
    Staff.objects.filter(pk=cast.agent.pk).update(is_staff=True)
    client.force_login(cast.agent, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/people/staff/").status_code == 403


def test_hidden_words_of_a_call_are_not_guessed_by_filters(auditor: Client, rows: list[Model]) -> None:
    for lookup in ("transcript__contains", "caller__startswith", "caller_fingerprint", "citizen"):
        assert auditor.get(f"/admin/calls/phonecall/?{lookup}=1").status_code == 400, lookup
    assert auditor.get("/admin/calls/phonecall/?state__exact=incoming").status_code == 200
