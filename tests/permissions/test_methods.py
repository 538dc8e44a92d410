"""What the matrix leaves: every other method, the doors of the sockets, keys that do not hold, protected words."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from agent_console import sockets
from hotline.people import apikeys
from hotline.people.models import ApiKey
from hotline.tickets.models import LedgerEntry, Ticket
from hotline.tickets.states import State
from tests.factories import Cast
from tests.permissions.askers import doors
from tests.permissions.relations import HOTLINE, RELATIONS, Relations
from tests.permissions.test_matrix import API, OPEN, ROLES, SEES_ALL, V1

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FILLED = {
    "<int:pk>": "1",
    "<str:name>": "type",
    "<uuid:uuid>": "00000000-0000-4000-8000-000000000000",
    "<uuid:call>": "00000000-0000-4000-8000-000000000000",
    "<path:rest>": "explode/now",
    "<str:number>": "",
    "<slug:slug>": "wechat",
    "<str:address>": "demo",
    "<str:code>": "AAAAAAAAAA",
    "<uuid:submission>": "00000000-0000-4000-8000-000000000000",
    "<int:attachment_id>": "1",
}
ALSO_READ = {("tickets/<str:number>/answer-check", asker, "GET"): 200 for asker in ("unit", "admin")}
"""Addresses that the matrix tries by one method and that have another, as declared."""
SOCKETS = {"ws/desk/": SEES_ALL, "ws/portal/": "unit other_unit", "ws/wallboard/": SEES_ALL}
BY_CODE, NOBODYS = "ws/chat/<str:code>/", "<path:anything>"
NAME, PHONE = "张三丰", "13800000001"  # of every ticket of the relations, told in its title as well


def url(path: str, number: str) -> str:
    for name, value in (FILLED | {"<str:number>": number}).items():
        path = path.replace(name, value)
    return path


def test_no_address_has_a_method_that_nobody_declared(cast: Cast) -> None:
    """Another method is no way around: refused, and nothing written."""
    row = cast.ticket_in(State.HANDLING)
    lines = LedgerEntry.objects.count()
    browsers = doors(cast)
    found = {}
    for path, (method, _expected) in API.items():
        for asker in ("nobody", "unit", "admin", "key"):
            for other in METHODS:
                if other == method or (path == "phone/tickets" and other == "POST") or "<path:rest>" in path:
                    continue
                answer = browsers[asker].generic(other, V1 + url(path, row.number), b"{}", "application/json")
                if answer.status_code not in (401, 403, 404, 405):
                    found[path, asker, other] = answer.status_code
    assert found == ALSO_READ
    assert LedgerEntry.objects.count() == lines
    assert Ticket.objects.get(pk=row.pk).version == row.version


def test_open_addresses_change_nothing_by_methods_that_a_link_or_a_robot_can_send(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    before = (LedgerEntry.objects.count(), Ticket.objects.count())
    client = Client()
    for path in OPEN:
        for code in (row.public_code, "AAAAAAAAAA"):
            for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"):
                answer = client.generic(method, "/" + url(path, row.number).replace("AAAAAAAAAA", code))
                assert answer.status_code < 500, (path, method)
    assert (LedgerEntry.objects.count(), Ticket.objects.count()) == before


def test_every_socket_is_declared_and_opens_for_its_roles(cast: Cast) -> None:
    found = {str(pattern.pattern): pattern.callback.consumer_class for pattern in sockets.urlpatterns}
    assert found.keys() == {*SOCKETS, BY_CODE, NOBODYS}
    people = {name: getattr(cast, {"unit": "clerk", "other_unit": "other_clerk"}.get(name, name)) for name in ROLES}
    for path, may in SOCKETS.items():
        consumer = found[path]()
        assert {name for name, person in people.items() if consumer.admits(person)} == set(may.split()), path
    assert not AnonymousUser().is_authenticated, "which is asked before the role is"


@pytest.mark.parametrize("what", ["from elsewhere", "expired", "revoked", "of another scope", "cut short"])
def test_a_key_that_does_not_hold_reads_nothing(what: str, cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    scopes = [ApiKey.Scope.REQUESTS_WRITE if what == "of another scope" else ApiKey.Scope.TICKETS_READ]
    key, plain = apikeys.issue(name="x", scopes=scopes)
    now = timezone.now()
    changes: dict[str, dict[str, Any]] = {
        "from elsewhere": {"allowed_networks": ["203.0.113.0/24"]},
        "expired": {"expires_at": now - timedelta(seconds=1)},
        "revoked": {"revoked_at": now},
    }
    ApiKey.objects.filter(pk=key.pk).update(**changes.get(what, {"name": "x"}))
    client = Client(headers={"authorization": f"Bearer {plain[:-1] if what == 'cut short' else plain}"})
    reading = [path for path, (method, expected) in API.items() if method == "GET" and expected["key"] == 200]
    reading = [path for path in reading if path not in ("openapi.json", "docs")]
    assert len(reading) > 10
    told = {client.get(V1 + url(path, row.number)).status_code for path in reading}
    assert told == ({403} if what == "of another scope" else {401})


def test_who_is_protected_is_named_to_the_hotline_alone() -> None:
    """What somebody may read of a confidential matter holds neither the name, which its title tells, nor the phone."""
    relations = Relations()
    row = relations.consultation()
    about = ("tickets", "alarms", "promises", "crowds", "supervision", "wallboard", "audit")
    reading = [path for path, (method, _e) in API.items() if method == "GET" and path.startswith(about)]
    reading = [path for path in reading if not path.endswith((".pdf", ".xlsx", "<path:rest>"))]
    named = set()
    for name in set(RELATIONS) - set(HOTLINE):
        client = Client()
        client.force_login(relations.people[name])
        for path in reading:
            answer = client.get(V1 + url(path, row.number))
            text = json.dumps(json.loads(answer.content), ensure_ascii=False)
            if PHONE in text or NAME in text:
                named.add((name, path))
    assert named == set()
