"""POST /api/v1/requests as other systems use it: keys, scopes, one answer, all wrong fields at once."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hotline.people import apikeys
from hotline.people.models import ApiKey
from hotline.tickets.models import Ticket
from tests.channels_ingest import samples
from tests.channels_ingest.contract import NOTHING, rows

pytestmark = pytest.mark.django_db
BODY = json.loads(samples.raw("api", "text")["body"])


@pytest.fixture
def key() -> str:
    return apikeys.issue(name="terminal", scopes=[ApiKey.Scope.REQUESTS_WRITE])[1]


def post(client: Client, body: Any, key: str = "", **headers: Any) -> Any:
    """Post as another system does."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    if key:
        headers["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client.post("/api/v1/requests", content, content_type="application/json", **headers)


def test_request_is_made_and_the_same_one_again_answers_the_same(client: Client, key: str) -> None:
    first = post(client, BODY, key)
    ticket = Ticket.objects.get()
    assert first.status_code == 201
    assert first.json() == {"number": ticket.number, "public_code": ticket.public_code}
    again = post(client, BODY | {"text": "其他的话"}, key)
    assert (again.status_code, again.json()) == (200, first.json())
    assert Ticket.objects.count() == 1
    assert (ticket.channel, ticket.source, ticket.type) == ("api", "terminal", "help")


@pytest.mark.parametrize(
    ("written", "kept"),
    [("+86 138-0013-8000", "13800138000"), ("１３８００１３８０００", "13800138000"), ("+85291234567", "+85291234567")],
)
def test_a_number_is_kept_as_every_channel_knows_it(client: Client, key: str, written: str, kept: str) -> None:
    assert post(client, BODY | {"sender": {"phone": written}}, key).status_code == 201
    contact = Ticket.objects.get().contact
    assert (contact.external_id, contact.citizen.phone) == (kept, kept)


def test_same_id_of_another_channel_is_another_request(client: Client, key: str) -> None:
    post(client, BODY, key)
    assert post(client, BODY | {"channel": "app"}, key).status_code == 201
    assert Ticket.objects.count() == 2


def test_attachments_are_kept(client: Client, key: str, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    pdf = base64.b64encode(b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n<<>>\nendobj\n%%EOF\n").decode()
    body = BODY | {"attachments": [{"filename": "证明.pdf", "content": pdf}]}
    assert post(client, body, key).status_code == 201
    kept = Ticket.objects.get().attachments.get()
    assert (kept.content_type, kept.filename) == ("application/pdf", "证明.pdf")


@pytest.mark.parametrize("why", ["absent", "unknown", "expired", "revoked"])
def test_without_a_valid_key_nothing_is_read(client: Client, key: str, why: str) -> None:
    row = ApiKey.objects.get()
    if why == "expired":
        row.expires_at = timezone.now() - timedelta(seconds=1)
    if why == "revoked":
        row.revoked_at = timezone.now()
    row.save()
    response = post(client, BODY, {"absent": "", "unknown": "another"}.get(why, key))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"
    assert rows() == NOTHING


def test_key_without_the_scope_may_not_write(client: Client) -> None:
    _row, reader = apikeys.issue(name="reader", scopes=[ApiKey.Scope.TICKETS_READ])
    response = post(client, BODY, reader)
    assert response.status_code == 403
    assert response.json()["detail"] == "The key has no scope requests:write."
    assert rows() == NOTHING


def test_all_wrong_fields_are_told_at_once(client: Client, key: str) -> None:
    body = {
        "channel": "",
        "external_id": "x" * 121,
        "sender": {"phone": 13800000000},
        "text": " ",
        "type": "shouting",
        "place": {"lat": 91, "lng": 0},
        "occurred_at": "yesterday",
        "attachments": [{"filename": "a", "content": "***"}],
    }
    response = post(client, body, key)
    assert response.status_code == 422
    assert response.json()["errors"] == {
        "channel": "required",
        "external_id": "a text of at most 120 characters",
        "sender.phone": "a text of at most 20 characters",
        "text": "required",
        "type": "one of consultation, help, complaint, report, suggestion, praise, other",
        "place": "{address, lat, lng}: an address, or both coordinates",
        "occurred_at": "an ISO 8601 time with an offset, such as 2026-11-21T09:30:00+08:00",
        "attachments": "each file has a filename and a base64 content",
    }
    assert rows() == NOTHING


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 400), (b"\xff", 400), (b" " * (16 * 1024 * 1024 + 1), 413)]
)
def test_unreadable_bodies(client: Client, key: str, body: bytes, status: int) -> None:
    response = post(client, body, key)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert rows() == NOTHING


def test_nothing_but_posting(client: Client) -> None:
    assert client.get("/api/v1/requests").status_code == 405
