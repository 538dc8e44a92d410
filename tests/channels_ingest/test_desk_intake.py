"""POST /api/v1/phone/tickets as the desk uses it: made once, by those who speak with citizens, sealed like any call."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from channels_ingest import intake
from hotline.people import apikeys
from hotline.people.models import ApiKey, Citizen, Staff
from hotline.tickets.models import Ticket
from tests import factories
from tests.channels_ingest.contract import NOTHING, rows

pytestmark = pytest.mark.django_db
TEXT = "文昌路口的路灯坏了三天，晚上看不见台阶"


def typed(**fields: Any) -> dict[str, Any]:
    """What an agent typed."""
    said = {"caller": "138 0013-8000", "name": "李小明", "text": TEXT, "place": {"address": "文昌路12号"}}
    return {"key": str(uuid4())} | said | fields


def post(client: Client, body: Any) -> Any:
    """Post as the desk does."""
    return client.post("/api/v1/phone/tickets", body, content_type="application/json")


@pytest.fixture
def agent() -> Client:
    client = Client()
    client.force_login(factories.staff("agent"))
    return client


def test_ticket_is_made_once_whatever_comes_with_the_same_key(agent: Client) -> None:
    body = typed(type="help")
    first = post(agent, body)
    ticket = Ticket.objects.get()
    assert (first.status_code, first.json()) == (201, {"number": ticket.number, "fresh": True})
    assert (ticket.channel, ticket.type, ticket.text, ticket.address) == ("phone", "help", TEXT, "文昌路12号")
    line = ticket.ledger.get()
    assert (line.kind, line.actor, line.by) == ("received", "staff", Staff.objects.get()), "who typed it is on record"
    before = rows()
    again = post(agent, body | {"text": "其他的话"})
    assert (again.status_code, again.json()) == (200, {"number": ticket.number, "fresh": False})
    assert rows() == before


def test_caller_is_sealed_in_the_database_and_masked_on_the_ticket(agent: Client) -> None:
    number = post(agent, typed()).json()["number"]
    shown = agent.get(f"/api/v1/tickets/{number}").json()["citizen"]
    assert (shown["name"], shown["phone"]) == ("李**", "138****8000")
    with connection.cursor() as cursor:
        cursor.execute("select phone, name from people_citizen")
        [(phone, name)] = cursor.fetchall()
    assert b"13800138000" not in bytes(phone)
    assert "李小明".encode() not in bytes(name)


def test_caller_who_is_known_is_known_again_however_the_number_is_typed(agent: Client) -> None:
    post(agent, typed())
    post(agent, typed(caller="＋86 13800138000"))
    assert Citizen.objects.get().phone == "13800138000"
    assert Ticket.objects.count() == 2


def test_visitor_at_the_counter_needs_no_number(agent: Client) -> None:
    assert post(agent, {"key": str(uuid4()), "text": TEXT}).status_code == 201
    assert post(agent, typed(caller="", name="", place={"address": ""})).status_code == 201
    assert Citizen.objects.filter(phone="").count() == 2


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"text": " "}, {"text": ["This field may not be blank."]}),
        ({"caller": "12"}, {"caller": ["This is not a phone number. Please check it, or leave it empty."]}),
        ({"key": "1"}, {"key": ["Must be a valid UUID."]}),
        (
            {"text": "话" * 5001, "place": {"address": "路" * 201}},
            {
                "text": ["Ensure this field has no more than 5000 characters."],
                "place.address": ["Ensure this field has no more than 200 characters."],
            },
        ),
    ],
)
def test_wrong_fields_are_told_in_words_and_nothing_is_kept(
    agent: Client, fields: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    answer = agent.post("/api/v1/phone/tickets", typed(**fields), "application/json", headers={"accept-language": "en"})
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"] == errors
    assert rows() == NOTHING


def test_words_that_cannot_become_a_ticket_yet_are_kept(agent: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(intake, "take", fail)
    answer = post(agent, typed())
    assert (answer.status_code, answer.json()) == (202, {"number": None, "fresh": True})
    assert rows() == NOTHING | {"InboundMessage": 1}


@pytest.mark.parametrize("role", ["department", "admin", "auditor"])
def test_who_does_not_speak_with_citizens_is_refused(role: str) -> None:
    client = Client()
    client.force_login(factories.staff(role))
    assert post(client, typed()).status_code == 403
    assert rows() == NOTHING


def test_citizens_keys_and_other_sites_are_refused() -> None:
    assert post(Client(), typed()).status_code == 401
    _row, key = apikeys.issue(name="terminal", scopes=[ApiKey.Scope.REQUESTS_WRITE])
    assert post(Client(headers={"authorization": f"Bearer {key}"}), typed()).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.staff("agent"))
    assert post(strict, typed()).status_code == 403
    assert rows() == NOTHING


def test_endless_nesting_is_unreadable(agent: Client) -> None:
    assert post(agent, b"[" * 50_000).status_code == 400
    assert rows() == NOTHING
