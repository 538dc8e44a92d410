"""Every address of the product × everybody who may knock, against a declared table.

A new address without a row here fails. Each row names the answer of each asker; a verb is tried
with an empty body, so 422 means "this is yours to do, but say how", and 403 "it is not".
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.urls import get_resolver

from hotline.tickets import files
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import Cast
from tests.permissions.askers import ASKERS, doors

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
ROLES = ("agent", "lead", "unit", "other_unit", "supervisor", "quality", "admin", "auditor")
HOTLINE = "agent lead supervisor quality"
SEES_ALL = f"{HOTLINE} admin auditor"
EVERYBODY = " ".join(ROLES)

Row = dict[str, int]


def row(*, ok: int, may: str, keys: int = 403, else_: int = 403, **others: int) -> Row:
    """`may` are answered `ok`, the reading key `keys`, `others` by name, other staff `else_`."""
    told = {"nobody": 401, "former": 401, "key": keys, "intake_key": 403}
    return told | {role: ok if role in may.split() else else_ for role in ROLES} | others


def of_ticket(*, ok: int, may: str, keys: int = 403, else_: int = 403) -> Row:
    """The same for one ticket, which does not exist for another unit."""
    return row(ok=ok, may=may, keys=keys, else_=else_, other_unit=404)


def for_all(status: int) -> Row:
    """The same answer whoever asks."""
    return dict.fromkeys(ASKERS, status)


READ = row(ok=200, may=EVERYBODY, keys=200)
READ_TICKET = of_ticket(ok=200, may=EVERYBODY, keys=200)
OWN = row(ok=200, may=EVERYBODY)

API: dict[str, tuple[str, Row]] = {
    "me": ("GET", OWN),
    "me/state": ("POST", row(ok=422, may=EVERYBODY)),
    "queue-counts": ("GET", OWN),
    "portal-groups": ("GET", row(ok=200, may="unit other_unit")),
    "departments": ("GET", READ),
    "matters": ("GET", READ),
    "areas": ("GET", READ),
    "reasons": ("GET", READ),
    "knowledge": ("GET", OWN),
    "knowledge/asked": ("POST", row(ok=422, may=EVERYBODY)),
    "knowledge/<int:pk>": ("GET", row(ok=404, may=EVERYBODY)),
    "rates": ("GET", READ),
    "scores": ("GET", READ),
    "scores.xlsx": ("GET", READ),
    "call-back-estimates": ("GET", READ),
    "alarms": ("GET", row(ok=200, may=HOTLINE)),
    "promises": ("GET", OWN),
    "promises/totals": ("GET", row(ok=200, may=SEES_ALL)),
    "studies": ("GET", row(ok=422, may=SEES_ALL)),
    "studies/hot-issues": ("POST", row(ok=422, may="supervisor admin")),
    "studies/replay": ("POST", row(ok=422, may="supervisor admin")),
    "studies/replay/changes": ("GET", row(ok=200, may=SEES_ALL)),
    "studies/<int:pk>": ("GET", row(ok=404, may=SEES_ALL)),
    "supervision": ("GET", row(ok=200, may=SEES_ALL)),
    "wallboard": ("GET", row(ok=200, may=SEES_ALL)),
    "learning": ("GET", row(ok=200, may=SEES_ALL)),
    "learning/train": ("POST", row(ok=201, may="supervisor", admin=422)),  # one at a time
    "learning/alarms/<int:pk>/seen": ("POST", row(ok=404, may="supervisor admin")),
    "learning/<str:name>": ("GET", row(ok=200, may=SEES_ALL)),
    **{
        f"learning/<str:name>/{act}": ("POST", row(ok=422, may="supervisor admin"))
        for act in ("promote", "roll-back", "pin", "set-free")
    },
    "openapi.json": ("GET", for_all(200)),
    "docs": ("GET", for_all(200)),
    "audit/personal-data": ("GET", row(ok=200, may="admin auditor")),
    "phone/tickets": ("POST", row(ok=422, may=HOTLINE)),
    "phone/token": ("POST", row(ok=200, may="agent lead supervisor quality auditor")),
    "phone/calls": ("GET", row(ok=200, may=SEES_ALL)),
    "phone/calls/<uuid:uuid>": ("GET", row(ok=404, may=SEES_ALL)),
    "phone/call-backs": ("GET", row(ok=200, may=HOTLINE)),
    **{
        f"phone/call-backs/<int:pk>/{verb}": ("POST", row(ok=404, may=HOTLINE))
        for verb in ("take", "release", "reveal", "done")
    },
    "phone/calls/<uuid:call>/recording": ("GET", row(ok=404, may="agent lead supervisor quality auditor")),
    "crowds": ("GET", row(ok=200, may=SEES_ALL)),
    "repeats": ("POST", row(ok=422, may=HOTLINE)),
    "tickets.xlsx": ("GET", OWN),
    "tickets": ("GET", READ),
    "tickets/<str:number>": ("GET", READ_TICKET),
    "tickets/<str:number>/ledger": ("GET", READ_TICKET),
    "tickets/<str:number>/accountability": ("GET", READ_TICKET),
    "tickets/<str:number>/story.json": ("GET", of_ticket(ok=200, may=EVERYBODY)),
    "tickets/<str:number>/story.pdf": ("GET", of_ticket(ok=200, may=EVERYBODY)),
    "tickets/<str:number>/suggestion": ("GET", READ_TICKET),
    "tickets/<str:number>/repeats": ("GET", of_ticket(ok=200, may=EVERYBODY)),
    "tickets/<str:number>/terms": ("GET", READ_TICKET),
    "tickets/<str:number>/answer-check": ("POST", of_ticket(ok=422, may=EVERYBODY)),
    "tickets/<str:number>/below": ("GET", of_ticket(ok=200, may=EVERYBODY)),
    "tickets/<str:number>/draft": ("PUT", of_ticket(ok=200, may=EVERYBODY)),
    "tickets/<str:number>/unmask": ("POST", of_ticket(ok=422, may=f"{HOTLINE} unit")),
    "tickets/<str:number>/attachments": ("POST", of_ticket(ok=415, may=f"{HOTLINE} unit admin")),
    "tickets/<str:number>/attachments/<int:pk>": ("GET", of_ticket(ok=200, may=EVERYBODY)),
    "tickets/<str:number>/<path:rest>": ("POST", row(ok=404, may=EVERYBODY)),
    "<path:rest>": ("GET", row(ok=404, may=EVERYBODY)),
}

DESK, CHECK, RULE, UNIT = "agent lead", HOTLINE, "lead supervisor", "unit"
VERBS = {
    "accept": DESK,
    "edit": DESK,
    "reply": DESK,
    "request-info": DESK,
    "refuse": DESK,
    "emergency": DESK,
    "answer-directly": DESK,
    "dispatch": DESK,
    "recall": DESK,
    "assist": DESK,
    "release": DESK,
    "pass-down": UNIT,
    "pass-up": UNIT,
    "relay": UNIT,
    "recuse": f"{HOTLINE} unit",
    "merge": DESK,
    "unmerge": DESK,
    "split": DESK,
    "set-aside": "lead supervisor quality",
    "rule-on-set-aside": "lead supervisor quality",
    "withdraw": DESK,
    "see-alarm": DESK,
    "settle-promise": f"{HOTLINE} unit",
    "sign": UNIT,
    "contact": UNIT,
    "return": UNIT,
    "request-extension": UNIT,
    "answer": UNIT,
    "rule-on-return": RULE,
    "rule-on-extension": RULE,
    "supervise": RULE,
    "end-supervision": RULE,
    "answer-order": UNIT,
    "opinion": "",  # for units heard in a consultation only; this ticket has none
    "suspend": RULE,
    "resume": RULE,
    "review": CHECK,
    "follow-up": CHECK,
    "rework": CHECK,
    "close": CHECK,
    "urge": CHECK,
    "archive": "lead quality",
    "note": f"{HOTLINE} unit admin",
}
API |= {f"tickets/<str:number>/{verb}": ("POST", of_ticket(ok=422, may=may)) for verb, may in VERBS.items()}

HERE = frozenset({200, 503})  # 503: the screen may be visited, but was not built in this checkout
LOGIN, FORBIDDEN = frozenset({302}), frozenset({403})
SCREENS: dict[str, str] = {
    "^desk/(?P<rest>.*)$": SEES_ALL,
    "^portal/(?P<rest>.*)$": "unit other_unit",
    "^supervision/(?P<rest>.*)$": SEES_ALL,
    "wallboard/": SEES_ALL,
    "password/": " ".join(ROLES),
}
OPEN = {
    "": "the citizens' front page",
    "healthz": "says only that the process lives",
    "readyz": "names no secret",
    "metrics": "kept inside by the proxy",
    "i18n/setlang/": "a cookie",
    "admin/": "tests below",
    "admin/login/": "leads to the way in; who is in already and may not: refused",
    "admin/password_change/": "leads to one's own password",
    "in/<slug:slug>/<str:address>/": "the vendor's signature or a secret address",
    "api/v1/requests": "an API key with requests:write, checked by the channels' tests",
    "login/": "the way in",
    "logout/": "the way out",
    "home/": "sends everybody to their own screen",
    "preferences/": "a cookie",
    "ask/": "everybody may ask",
    "ask/kept/<uuid:submission>/": "an unguessable name",
    "ask/done/<str:code>/": "the public code",
    "ask/answers/": "everybody may ask; counted by address",
    "knowledge/": "everybody may read what is for everybody",
    "knowledge/<int:pk>/": "everybody may read what is for everybody",
    "follow/": "number and code or phone tail",
    "t/<str:code>/": "the public code",
    "t/<str:code>/words/": "the public code",
    "t/<str:code>/withdraw/": "the public code",
    "t/<str:code>/urge/": "the public code",
    "t/<str:code>/files/<int:attachment_id>/": "the public code",
    "rate/<str:code>/": "the public code",
    "chat/": "everybody may ask",
    "chat/leave/": "one's own cookie",
    "chat/<str:code>/": "one's own cookie",
}
"""Addresses without a login: what opens them instead."""


def routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    """Every address of the product; Django's administration counts as one."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns") and route != "admin/":
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def test_every_address_is_declared() -> None:
    declared = {f"api/v1/{path}" for path in API} | SCREENS.keys() | OPEN.keys()
    found = set(routes(get_resolver().url_patterns))
    assert found - declared == set(), "declare who may come in"
    assert declared - found == set(), "these addresses are gone"


@pytest.fixture
def handled(cast: Cast) -> Ticket:
    """A ticket in handling with `unit`."""
    return cast.ticket_in(State.HANDLING)


def test_the_interface_answers_each_as_declared(cast: Cast, handled: Ticket, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = files.keep(handled, content=b"%PDF-1.4", filename="a.pdf", purpose="citizen", by=None)
    browsers = doors(cast)
    address = {
        "<str:number>": handled.number,
        "<int:pk>": str(file.pk),
        "<str:name>": "type",
        "<uuid:uuid>": str(uuid4()),
        "<path:rest>": "explode/now",
    }
    address["<uuid:call>"] = "00000000-0000-4000-8000-000000000000"
    found: dict[str, Row] = {}
    for path, (method, _expected) in API.items():
        url = V1 + path
        for name, value in address.items():
            url = url.replace(name, value)
        found[path] = {}
        for asker, browser in browsers.items():
            response = browser.generic(method, url, b"" if method == "GET" else b"{}", "application/json")
            if response.streaming:
                b"".join(response.streaming_content)
            found[path][asker] = response.status_code
    for path, (_method, expected) in API.items():
        assert found[path] == expected, path
    handled.refresh_from_db()
    assert handled.state == State.HANDLING, "an empty body must change nothing"


def test_the_screens_open_for_their_roles(cast: Cast) -> None:
    browsers = doors(cast)
    for pattern, may in SCREENS.items():
        url = "/" + pattern.removeprefix("^").removesuffix("(?P<rest>.*)$")
        for asker, browser in browsers.items():
            expected = HERE if asker in may.split() else FORBIDDEN if asker in ROLES else LOGIN
            assert browser.get(url).status_code in expected, (url, asker)


def test_the_administration_is_for_staff_so_marked(cast: Cast) -> None:
    for asker, browser in doors(cast).items():
        response = browser.get("/admin/")
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/admin/login/"), asker
