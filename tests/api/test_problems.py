"""Errors: problem+json of the right status, with what helps to go on, and nothing changed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hotline.people import apikeys
from hotline.people.models import ApiKey
from hotline.tickets import clock
from hotline.tickets.models import LedgerEntry, ListEntry, Matter, Ticket
from hotline.tickets.states import State
from tests.api.conftest import V1, Browser
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db


def problem(response: Any, status: int) -> dict[str, Any]:
    """The body of a problem of that status."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert (body["status"], body["type"]) == (status, "about:blank")
    assert body["detail"]
    return body


def test_a_stale_version_answers_the_ticket_as_it_is_now(cast: Cast) -> None:
    row = ticket()
    first, second = Browser(cast.agent), Browser(cast.lead)
    assert first.act(row.number, "accept", 1, title="先到").status_code == 200
    body = problem(second.act(row.number, "accept", 1, title="后到"), 409)
    assert (body["ticket"]["title"], body["ticket"]["version"], body["ticket"]["state"]) == (
        "先到",
        2,
        "accepted",
    )
    assert body["ticket"]["messages"][0]["text"] == row.text
    assert LedgerEntry.objects.filter(ticket=row).count() == 2


def test_a_replayed_verb_changes_nothing(cast: Cast) -> None:
    row = cast.ticket_in(State.FOLLOW_UP)
    quality = Browser(cast.quality)
    assert quality.act(row.number, "close", row.version).status_code == 200
    problem(quality.act(row.number, "close", row.version), 409)
    assert LedgerEntry.objects.filter(ticket=row, kind="closed").count() == 1


def test_a_wrong_state_names_the_verbs_open_now(cast: Cast) -> None:
    row = cast.ticket_in(State.RECEIVED)
    body = problem(Browser(cast.agent).act(row.number, "close", row.version), 422)
    assert body["allowed"] == Browser(cast.agent).get(f"/tickets/{row.number}").json()["allowed"]
    assert "accept" in body["allowed"]
    assert "close" not in body["allowed"]


@pytest.mark.parametrize(
    ("verb", "state", "who", "fields", "wrong"),
    [
        ("dispatch", State.ACCEPTED, "agent", {}, ["department"]),
        ("dispatch", State.ACCEPTED, "agent", {"department": "nobody"}, ["department"]),
        ("dispatch", State.ACCEPTED, "agent", {"department": "SELF", "assisting": ["SELF"]}, ["assisting"]),
        ("accept", State.RECEIVED, "agent", {"type": "x", "place": {"lat": 200}}, ["place.lat", "type"]),
        ("accept", State.RECEIVED, "agent", {"version": None}, ["version"]),
        ("accept", State.RECEIVED, "agent", {"title": "长" * 81}, ["title"]),
        ("edit", State.ACCEPTED, "agent", {}, ["fields"]),
        ("emergency", State.RECEIVED, "agent", {"service": "911"}, ["service"]),
        ("answer", State.HANDLING, "clerk", {"public": "  "}, ["public"]),
        (
            "answer",
            State.HANDLING,
            "clerk",
            {"public": "好", "contacted": {}},
            ["contacted.at", "contacted.whom"],
        ),
        ("return", State.HANDLING, "clerk", {"reason": "lazy", "basis": "x"}, ["reason"]),
        (
            "return",
            State.HANDLING,
            "clerk",
            {"reason": "unclear", "basis": "x", "proposed_department": "SELF"},
            ["proposed_department"],
        ),
        ("review", State.ANSWER_REVIEW, "quality", {"approved": False}, ["note"]),
        ("follow-up", State.FOLLOW_UP, "quality", {"reached": True, "satisfied": 6}, ["satisfied"]),
        ("follow-up", State.FOLLOW_UP, "quality", {"reached": False, "satisfied": 5}, ["satisfied"]),
        ("merge", State.RECEIVED, "agent", {"into": "123451"}, ["into"]),
        ("supervise", State.HANDLING, "supervisor", {"level": 4, "note": "x"}, ["level"]),
        ("request-extension", State.HANDLING, "clerk", {"working_days": 0, "reason": "x"}, ["working_days"]),
    ],
)
def test_wrong_fields_are_named_and_change_nothing(
    cast: Cast, verb: str, state: State, who: str, fields: dict[str, Any], wrong: list[str]
) -> None:
    row = cast.ticket_in(state)
    own = {"SELF": cast.unit.code, "version": row.version}
    body = {"version": row.version} | {
        name: own.get(value, value) if isinstance(value, str) else value for name, value in fields.items()
    }
    if body.get("assisting"):
        body["assisting"] = [cast.unit.code]
    response = Browser(getattr(cast, who)).post(f"/tickets/{row.number}/{verb}", **body)
    found = problem(response, 422)
    assert sorted(found["errors"]) == wrong
    assert all(texts for texts in found["errors"].values())
    assert "allowed" in found
    after = Ticket.objects.get(pk=row.pk)
    assert (after.version, after.ledger_length) == (row.version, row.ledger_length)


def test_a_contact_that_has_not_been_yet_is_refused(cast: Cast) -> None:
    row, clerk = cast.ticket_in(State.HANDLING), Browser(cast.clerk)
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with clock.at(moment):
        soon, now = ((moment + timedelta(seconds=s)).isoformat() for s in (61, 59))
        refused = clerk.post(f"/tickets/{row.number}/contact", version=row.version, whom="张先生", at=soon)
        assert list(problem(refused, 422)["errors"]) == ["at"]
        answer = {"public": "好", "contacted": {"whom": "张先生", "at": soon}}
        refused = clerk.post(f"/tickets/{row.number}/answer", version=row.version, **answer)
        assert list(problem(refused, 422)["errors"]) == ["contacted.at"]
        done = clerk.post(f"/tickets/{row.number}/contact", version=row.version, whom="张先生", at=now)
    assert done.status_code == 200


def test_a_matter_that_has_ended_is_given_to_nobody_any_more(cast: Cast) -> None:
    row, agent = cast.ticket_in(State.RECEIVED), Browser(cast.agent)
    matter = Matter.objects.create(code="z77", name="已停用", to_date="2020-12-31")
    refused = agent.post(f"/tickets/{row.number}/accept", version=row.version, matter="z77")
    assert list(problem(refused, 422)["errors"]) == ["matter"]
    assert "z77" not in [found["code"] for found in agent.get("/matters").json()["results"]]
    matter.to_date = None
    matter.save()
    assert agent.post(f"/tickets/{row.number}/accept", version=row.version, matter="z77").status_code == 200
    assert [version.to_date for version in matter.history.order_by("history_id")] == [date(2020, 12, 31), None]


def test_levels_and_services_are_those_of_the_closed_lists(cast: Cast) -> None:
    supervisor, agent = Browser(cast.supervisor), Browser(cast.agent)
    ListEntry.objects.create(list="supervision", code="4", name="四级督办", from_date="2026-01-01")
    ListEntry.objects.filter(list="supervision", code="1").update(to_date="2026-01-01")
    row = cast.ticket_in(State.HANDLING)
    refused = supervisor.post(f"/tickets/{row.number}/supervise", version=row.version, level=1, note="x")
    assert list(problem(refused, 422)["errors"]) == ["level"]
    ordered = supervisor.post(f"/tickets/{row.number}/supervise", version=row.version, level=3, note="x").json()
    assert "supervise" in ordered["allowed"], "the fourth is stronger still"
    ordered = supervisor.post(f"/tickets/{row.number}/supervise", version=ordered["version"], level=4, note="x").json()
    assert (ordered["supervision_level"], "supervise" in ordered["allowed"]) == (4, False)

    row = cast.ticket_in(State.RECEIVED)
    refused = agent.post(f"/tickets/{row.number}/emergency", version=row.version, service="12395")
    assert list(problem(refused, 422)["errors"]) == ["service"]
    ListEntry.objects.create(list="emergency", code="12395", name="海上搜救", from_date="2026-01-01")
    handed = agent.post(f"/tickets/{row.number}/emergency", version=row.version, service="12395").json()
    assert handed["partner"] == "12395"


def test_outside_ones_duty_is_403_whatever_the_body(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    problem(Browser(cast.clerk).post(f"/tickets/{row.number}/close"), 403)
    problem(Browser(cast.agent).post(f"/tickets/{row.number}/answer"), 403)
    problem(Browser(cast.auditor).post(f"/tickets/{row.number}/note", version=row.version, text="x"), 403)


def test_what_is_not_there_is_404(cast: Cast) -> None:
    row = ticket()
    agent = Browser(cast.agent)
    problem(agent.get("/tickets/123450000"), 404)
    problem(agent.get(f"/tickets/{row.number}/explode"), 404)
    for verb in ("explode", "rate", "add-words", "sign-automatically", "suggest"):
        problem(agent.post(f"/tickets/{row.number}/{verb}", version=1), 404)


def test_a_verb_is_posted(cast: Cast) -> None:
    problem(Browser(cast.agent).get(f"/tickets/{ticket().number}/accept"), 405)


def test_nobody_is_401(cast: Cast) -> None:
    response = Browser().get("/tickets")
    problem(response, 401)
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    problem(Browser(authorization="Bearer nonsense").get("/tickets"), 401)


def test_a_key_reads_masked_and_may_do_nothing(cast: Cast) -> None:
    _row, plain = apikeys.issue(name="app", scopes=[ApiKey.Scope.TICKETS_READ])
    system = Browser(authorization=f"Bearer {plain}")
    row = cast.ticket_in(State.HANDLING)
    body = system.get(f"/tickets/{row.number}").json()
    assert body["citizen"] == {"name": "张**", "phone": "138****0001"}
    assert body["allowed"] == []
    assert "13800000001" not in system.get("/tickets").content.decode()
    problem(system.act(row.number, "note", row.version, text="x"), 403)
    problem(system.post(f"/tickets/{row.number}/unmask", reason="x"), 403)
    problem(system.put(f"/tickets/{row.number}/draft", reply="x"), 403)
    problem(system.get("/me"), 403)


def test_a_key_without_the_scope_reads_nothing(cast: Cast) -> None:
    _row, plain = apikeys.issue(name="terminal", scopes=[ApiKey.Scope.REQUESTS_WRITE])
    problem(Browser(authorization=f"Bearer {plain}").get("/tickets"), 403)


def test_a_session_needs_the_csrf_token(cast: Cast) -> None:
    row = ticket()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.agent)
    response = strict.post(f"{V1}/tickets/{row.number}/accept", {"version": 1}, content_type="application/json")
    problem(response, 403)
    assert Ticket.objects.get(pk=row.pk).state == State.RECEIVED


def test_a_body_that_is_no_json_is_400(cast: Cast) -> None:
    client = Browser(cast.agent).client
    path = f"{V1}/tickets/{ticket().number}/accept"
    problem(client.post(path, b"{", content_type="application/json"), 400)
    problem(client.post(path, b"[1]", content_type="application/json"), 422)
    problem(client.post(path, b"x=1", content_type="application/x-www-form-urlencoded"), 415)


@pytest.mark.parametrize("bad", ["\x00", "\ud800"])
def test_characters_that_cannot_be_kept_are_refused(cast: Cast, bad: str) -> None:
    row = ticket()
    agent = Browser(cast.agent)
    problem(agent.put(f"/tickets/{row.number}/draft", fields={"title": bad}), 422)
    assert agent.get("/tickets/%00").status_code in (404, 422)


def test_nothing_is_kept_by_a_cache(cast: Cast) -> None:
    row = ticket()
    agent = Browser(cast.agent)
    for path in ("/me", "/tickets", f"/tickets/{row.number}", f"/tickets/{row.number}/nothing"):
        assert agent.get(path).headers["Cache-Control"] == "private, no-store", path
    response = agent.post(f"/tickets/{row.number}/unmask", reason="回拨")
    assert response.headers["Cache-Control"] == "private, no-store"
